// The thread that seals, and that looks after what is sealed. Nothing a call waits for runs here.
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { assert } from '../../base/assert.ts'
import { clock } from '../../base/clock.ts'
import { KeyRing } from '../packs/keys.ts'
import { ControlDatabase } from '../sqlite/control.ts'
import { LifeAppends } from './life-appends.ts'
import { lifeHooks } from './hooks.ts'
import { LifeJob } from './job.ts'
import type { Life } from './life.ts'
import type { LifeOrder, LifeReport, LifeThreadData } from './life-messages.ts'

/** How often is looked whether something has ended or was asked for: a person who asked for a hold waits for it. */
const EVERY_MS = 2_000
const SPARES = 2

assert(parentPort !== null, 'the life of records has a thread of its own')
run(parentPort, workerData)

function run(port: MessagePort, data: LifeThreadData): void {
  const report = (what: LifeReport): void => port.postMessage(what)
  const control = ControlDatabase.open(data.dataFolder)
  const appends = new LifeAppends(report)
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
