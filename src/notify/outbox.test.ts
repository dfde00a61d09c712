import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Approval, approvalId, type ApprovalId } from '../approval/approval.ts'
import type { Delivery } from '../approval/delivery.ts'
import type { ApprovalEvent } from '../approval/event.ts'
import { ControlDatabase } from '../store/sqlite/control.ts'
import { newRowMac } from '../../test/support/row-mac.ts'
import { SqliteApprovalRows } from '../store/sqlite/approval-rows.ts'
import { SqliteDeliveryRows } from '../store/sqlite/delivery-rows.ts'
import { newAsk } from '../../test/support/new-ask.ts'
import { type Notice, noticeOf } from './notice.ts'
import { Outbox, TRIES_MAX } from './outbox.ts'
import type { Sent } from './receiver.ts'

let folder: string
let control: ControlDatabase
let nowMs = 0
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-outbox-'))
  control = ControlDatabase.open(folder)
  nowMs = 1_000_000
})
afterEach(() => {
  control.close()
  rmSync(folder, { recursive: true })
})

/** An outbox with a receiver `webhook:a` that answers as it is told to. */
function world(answer: (notice: Notice, tries: number) => Sent | Promise<Sent>) {
  const mac = newRowMac()
  const approvals = new SqliteApprovalRows(control, mac, () => nowMs)
  const rows = new SqliteDeliveryRows(control, mac)
  const sent: string[] = []
  const warned: string[] = []
  const outbox = new Outbox({
    rows,
    receivers: [
      {
        name: 'webhook:a',
        send: async (notice) => {
          sent.push(notice.key)
          return answer(notice, sent.length)
        },
      },
    ],
    approval: (id) => approvals.get(id),
    notice: (delivery) => {
      const approval = approvals.get(delivery.approval)
      return (
        approval &&
        noticeOf({ ...newAsk(), ...approval }, delivery, { link: '', hide: (text) => text, detail: 'summary' })
      )
    },
    nowMs: () => nowMs,
    random: () => 0.999,
    warn: (what) => warned.push(what),
  })
  const run = async (): Promise<void> => {
    outbox.tick()
    await outbox.settled()
  }
  return { approvals, rows, sent, warned, outbox, run }
}

let next = 0

function ask(approvals: SqliteApprovalRows, more: Partial<Approval> = {}): ApprovalId {
  next += 1
  const id = approvalId(new Uint8Array([next % 50, next / 50, 0, 0, 0, 0, 0, 0]))
  const ask1 = newAsk({ hash: `hash ${next}`, notify: ['webhook:a'], ...more })
  const event: ApprovalEvent = {
    kind: 'approval.requested',
    approval: id,
    atMs: nowMs,
    state: 'pending',
    reason: ask1.reason,
  }
  const n = approvals.insert(id, ask1, event)
  if (n === undefined) throw new Error('it was not inserted')
  return id
}

/** As the recorder does once they are in the log. */
function recordAll(approvals: SqliteApprovalRows): void {
  approvals.recorded(approvals.unrecorded(1_000).map(({ n }) => n))
}

function deny(approvals: SqliteApprovalRows, id: ApprovalId): void {
  approvals.change(['pending'], { kind: 'approval.denied', approval: id, atMs: nowMs, state: 'denied' }, {})
}

const seen = (deliveries: readonly Delivery[]) => deliveries.map(({ step, state, tries }) => [step, state, tries])

it('tells nobody of what is not on record yet, and everybody once of what is', async () => {
  const { approvals, sent, run } = world(() => ({ kind: 'sent' }))
  const id = ask(approvals)
  await run()
  expect(sent).toEqual([])
  recordAll(approvals)
  await run()
  await run()
  expect(sent).toEqual([`${id}.requested`])
})

it('waits longer after each failure, keeps the order of steps, and gives up in the end with a warning', async () => {
  const { approvals, rows, sent, warned, run } = world(() => ({ kind: 'failed', why: 'away' }))
  const id = ask(approvals)
  deny(approvals, id)
  recordAll(approvals)
  const pauses: number[] = []
  await run()
  for (let tries = 1; tries < TRIES_MAX; tries += 1) {
    const before = nowMs
    while (sent.length === tries) {
      nowMs += 500
      await run()
    }
    pauses.push(Math.round((nowMs - before) / 1000))
  }
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
  // Only once nobody tries the first any more comes the second.
  expect(sent).toEqual([...Array.from({ length: TRIES_MAX }, () => `${id}.requested`), `${id}.denied`])
  expect(warned.map((what) => what.includes('nobody tries any more'))).toEqual([false, true, false])
  expect(seen(rows.of(id))).toEqual([
    ['requested', 'given_up', TRIES_MAX],
    ['denied', 'waiting', 1],
  ])
})

it('one approval whose message fails holds up no other', async () => {
  const { approvals, sent, run } = world(({ id }) => (id === bad ? { kind: 'failed', why: 'away' } : { kind: 'sent' }))
  const bad = ask(approvals)
  const good = ask(approvals)
  recordAll(approvals)
  await run()
  expect(sent).toEqual([`${bad}.requested`, `${good}.requested`])
})

it('asks again no sooner than a receiver wants, within reason', async () => {
  const { approvals, sent, run } = world(() => ({ kind: 'failed', why: 'busy', afterMs: 60_000 }))
  ask(approvals)
  recordAll(approvals)
  await run()
  nowMs += 59_000
  await run()
  expect(sent.length).toBe(1)
  nowMs += 2_000
  await run()
  expect(sent.length).toBe(2)
})

it('does not try again what a receiver never wants, nor one that is not configured any more', async () => {
  const { approvals, rows, run, warned } = world(() => ({ kind: 'unwanted', why: 'gone' }))
  const gone = ask(approvals)
  const unknown = ask(approvals, { notify: ['webhook:b'] })
  recordAll(approvals)
  await run()
  expect(seen(rows.of(gone))).toEqual([['requested', 'given_up', 1]])
  expect(rows.of(unknown)).toMatchObject([
    { state: 'given_up', why: 'the configuration has no such receiver any more' },
  ])
  expect(warned.length).toBe(2)
})

it('a receiver that throws has failed, and nothing else', async () => {
  const { approvals, rows, run } = world(() => Promise.reject(new Error('a bug')))
  const id = ask(approvals)
  recordAll(approvals)
  await run()
  expect(rows.of(id)).toMatchObject([{ state: 'waiting', tries: 1, why: 'a bug' }])
})

it('when it ends it waits for nobody, and what was on its way is there for the next start', async () => {
  const { approvals, rows, outbox } = world(() => new Promise(() => undefined))
  const id = ask(approvals)
  recordAll(approvals)
  outbox.tick()
  await outbox[Symbol.asyncDispose]()
  expect(rows.of(id)).toMatchObject([{ state: 'waiting', tries: 0 }])
})

it('looks at many events in small pieces', () => {
  const { approvals, rows, outbox } = world(() => ({ kind: 'sent' }))
  const ids = Array.from({ length: 60 }, () => ask(approvals))
  recordAll(approvals)
  expect(outbox.tick()).toBe(true)
  expect(outbox.tick()).toBe(false)
  expect(ids.every((id) => rows.of(id).length === 1)).toBe(true)
})
