// The thread that seals, and that looks after what is sealed. Nothing a call waits for runs here.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { assert } from '../../base/assert.ts'
import { clock } from '../../base/clock.ts'
import { KeyRing } from '../packs/keys.ts'
import { ControlDatabase } from '../sqlite/control.ts'
import { lifeHooks } from './hooks.ts'
import { LifeJob } from './job.ts'
import type { Life } from './life.ts'
import type { LifeOrder, LifeReport, LifeThreadData } from './life-messages.ts'

assert(parentPort !== null, 'the life of records has a thread of its own')
run(parentPort, workerData)

/** How often is looked whether something has ended, or was asked for. */
function run(port: MessagePort, data: LifeThreadData): void {
  const report = (what: LifeReport): void => port.postMessage(what)
  const control = ControlDatabase.open(data.dataFolder)
  const appends = new Appends(report)
  const life: Life = {
    ...data,
    database: control.database,
    keys: new KeyRing(control.database, data.master),
    append: (kind, members) => appends.append(kind, members),
    roll: () => report({ kind: 'roll' }),
    now: () => clock.nowMicros(),
    hooks: lifeHooks(data.dataFolder),
  }
  const job = new LifeJob({
    life,
    capBytes: data.capBytes,
    roomBytes: SPARES * data.segmentBytes,
    onRoom: ({ capped, freeBytes, fullInMs }, alarm) =>
      report({ kind: 'room', freeBytes, fullInMs, alarm, full: capped }),
  })
  let trouble: string | undefined
  let busy: Promise<void> | undefined
  const work = async (full: boolean): Promise<void> => {
    const now = await job.turn(full).then(
      () => undefined,
      (failure: unknown) => (failure instanceof Error ? failure.message : String(failure)),
    )
    if (now !== undefined) job.failed()
    if (now !== trouble) report({ kind: 'trouble', why: now })
    trouble = now
    busy = undefined
  }
  const turn = (full = false): void => {
    busy ??= work(full)
  }
  const timer = setInterval(() => turn(), EVERY_MS)
  turn()
  port.on('message', (order: LifeOrder) => {
    if (order.kind === 'full') return turn(true)
    if (order.kind !== 'close') return appends.settle(order)
    clearInterval(timer)
    // What was begun goes on at the next start.
    appends.close()
    void Promise.resolve(busy).then(() => {
      control.close()
      process.exit(0)
    })
  })
}

/** A person who asked for a hold waits for it. */
const EVERY_MS = 2_000
const SPARES = 2

/** Records that the main thread appends for us. */
class Appends {
  readonly #report: (what: LifeReport) => void
  readonly #waiting = new Map<number, { resolve: (seq: number) => void; reject: (failure: Error) => void }>()
  #next = 0
  #closed = false

  constructor(report: (what: LifeReport) => void) {
    this.#report = report
  }

  append(...[entry, members]: Parameters<Life['append']>): Promise<number> {
    if (this.#closed) return Promise.reject(new Error('the log is being closed'))
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#report({ kind: 'append', id, entry, members })
    })
  }

  settle(order: Extract<LifeOrder, { kind: 'appended' | 'refused' }>): void {
    const waiter = this.#waiting.get(order.id)
    this.#waiting.delete(order.id)
    if (order.kind === 'appended') waiter?.resolve(order.seq)
    else waiter?.reject(new Error(order.why))
  }

  close(): void {
    this.#closed = true
    for (const { reject } of this.#waiting.values()) reject(new Error('the log is being closed'))
    this.#waiting.clear()
  }
}
