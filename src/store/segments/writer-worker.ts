// The writer's thread. It does synchronous calls only while it commits, so that no one else waits for the disk.
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { assert } from '../../base/assert.ts'
import { diskIo, type Io } from './io.ts'
import type { Batch } from './batch.ts'
import { HeadRhythm } from './head-rhythm.ts'
import { LogOfLogs } from './log-of-logs.ts'
import { SharedTrouble } from './shared-trouble.ts'
import type { NextHead } from './head-signing.ts'
import { Writer } from './writer.ts'
import {
  type Faults,
  type Trouble,
  troubleOf,
  type WriterEvents,
  type WriterOrder,
  type WriterReport,
  type WriterThreadData,
} from './writer-messages.ts'

assert(parentPort !== null, 'the writer runs in a thread of its own')
await run(parentPort, workerData)

async function run(port: MessagePort, { faults, logOfLogs, options, rhythm }: WriterThreadData): Promise<void> {
  const report = (what: WriterReport): void => port.postMessage(what)
  const headsTrouble = new SharedTrouble((trouble) => report({ kind: 'heads', trouble: told(trouble) }))
  const events: WriterEvents = {
    onDurable: (firstSeq, records, { bytes, receipts, syncMicros }) =>
      report({ kind: 'durable', firstSeq, records, bytes, syncMicros, receipts }),
    onRoom: (trouble) => report({ kind: 'room', trouble: told(trouble) }),
    onHeads: headsTrouble.of('own'),
  }
  try {
    const io = await ioOf(faults)
    const writer = await Writer.open(io, options, events)
    const both = { ...events, onHeads: headsTrouble.of('all') }
    const all = await LogOfLogs.open(io, logOfLogs, { origin: options.origin, events: both })
    const heads = new HeadRhythm({ writer, all, rhythm, onHead: (size) => report({ kind: 'head', size }) })
    await heads.begin()
    report({ kind: 'ready', nextSeq: writer.nextSeq })
    await write(port, writer, heads)
    await heads.end()
    report({ kind: 'closed' })
  } catch (failure) {
    report({ kind: 'failed', trouble: troubleOf(failure) })
  }
  // Also ends what still works on a spare: nobody will need it.
  process.exit(0)
}

function told(trouble: unknown): Trouble | undefined {
  return trouble === undefined ? undefined : troubleOf(trouble)
}

/**
 * Natural group commit, without a timer: what arrived during the last sync is the next commit. Each turn of the loop takes all
 * there is, so that the making of spares, which is asynchronous, gets its turn between two commits.
 */
function write(port: MessagePort, writer: Writer, heads: HeadRhythm): Promise<void> {
  const waiting: (WriterOrder | HeadOrder)[] = []
  let busy = false
  return new Promise((resolve, reject) => {
    const turn = async (): Promise<void> => {
      for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port))
        waiting.push(got.message)
      // One by one: a list of them all would hold each until the last one is written.
      for (let order = waiting.shift(); order !== undefined; order = waiting.shift()) {
        if (order.kind === 'close') {
          clearInterval(ticks)
          return resolve()
        }
        if (order.kind === 'tick') void begin(await heads.tick())
        else if (order.kind === 'head') await heads.sign(order.next, order.trouble)
        else if (order.kind === 'roll') await writer.roll()
        else await append(writer, order.batch)
      }
      writer.commit()
      busy = false
      if (waiting.length > 0) soon()
    }
    const soon = (): void => {
      if (busy) return
      busy = true
      setImmediate(() => void turn().catch(reject))
    }
    // Signed in its turn too, a head behind what was recorded meanwhile.
    const begin = async (next: NextHead | undefined): Promise<void> => {
      if (next === undefined) return
      waiting.push({ kind: 'head', next, trouble: await next.tiles })
      soon()
    }
    port.on('message', (order: WriterOrder) => {
      waiting.push(order)
      soon()
    })
    // In its turn, between two commits: a head is signed over what is durable.
    const ticks = setInterval(() => {
      waiting.push({ kind: 'tick' })
      soon()
    }, heads.everyMs)
  })
}

type HeadOrder =
  | { readonly kind: 'tick' }
  | { readonly kind: 'head'; readonly next: NextHead; readonly trouble: unknown }

async function append(writer: Writer, batch: Batch): Promise<void> {
  await writer.append(batch)
  // What was copied into a commit is freed now: the collector would come for megabytes much later.
  batch.memory.transfer(0)
}

async function ioOf(faults: Faults | undefined): Promise<Io> {
  if (faults === undefined) return diskIo
  const module: { wrapIo: (io: Io, data: unknown) => Io } = await import(faults.module)
  return module.wrapIo(diskIo, faults.data)
}
