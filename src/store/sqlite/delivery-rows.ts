import type { StatementSync } from 'node:sqlite'
import { type ApprovalId, isApprovalId } from '../../approval/approval.ts'
import { type Delivery, DELIVERY_STATES, type NewDelivery, STEPS } from '../../approval/delivery.ts'
import type { NumberedEvent } from '../../approval/rows.ts'
import type { DeliveryRows } from '../../notify/rows.ts'
import { genuineEvents } from './approval-events.ts'
import { damaged, numberAt, type Row, textAt } from './columns.ts'
import type { ControlDatabase } from './control.ts'
import type { RowMac } from './row-mac.ts'

const SQL = {
  unplanned:
    'SELECT n, approval, event, mac FROM approval_event WHERE notified = 0 AND recorded = 1 ORDER BY n LIMIT ?',
  planned: 'UPDATE approval_event SET notified = 1 WHERE n = ?',
  insert: `INSERT INTO approval_delivery (approval, step, receiver, at_ms, state, tries, due_ms)
    VALUES (?1, ?2, ?3, ?4, 'waiting', 0, ?4) ON CONFLICT (approval, receiver, step) DO NOTHING`,
  due: "SELECT DISTINCT receiver FROM approval_delivery WHERE state = 'waiting' AND due_ms <= ?",
  next: `SELECT * FROM approval_delivery AS one WHERE receiver = ? AND state = 'waiting' AND due_ms <= ?
    AND NOT EXISTS (SELECT 1 FROM approval_delivery AS before WHERE before.approval = one.approval
      AND before.receiver = one.receiver AND before.state = 'waiting' AND before.n < one.n)
    ORDER BY due_ms, n LIMIT 1`,
  sent: "UPDATE approval_delivery SET state = 'sent', tries = ?, ended_ms = ?, remote = ?, why = NULL WHERE n = ?",
  retry: 'UPDATE approval_delivery SET tries = ?, due_ms = ?, why = ? WHERE n = ?',
  giveUp: "UPDATE approval_delivery SET state = 'given_up', tries = ?, ended_ms = ?, why = ? WHERE n = ?",
  of: 'SELECT * FROM approval_delivery WHERE approval = ? ORDER BY n',
  remote:
    'SELECT remote FROM approval_delivery WHERE approval = ? AND receiver = ? AND remote IS NOT NULL ORDER BY n LIMIT 1',
} as const

/** What people outside are told, in control.db, where the events are that it is about. */
export class SqliteDeliveryRows implements DeliveryRows {
  readonly #control: ControlDatabase
  readonly #mac: RowMac
  readonly #prepared = new Map<string, StatementSync>()

  constructor(control: ControlDatabase, mac: RowMac) {
    this.#control = control
    this.#mac = mac
  }

  unplanned(limit: number): readonly NumberedEvent[] {
    const rows = this.#sql(SQL.unplanned).all(limit)
    return genuineEvents(rows, this.#mac, (n) => this.#sql(SQL.planned).run(n))
  }

  plan(events: readonly number[], deliveries: readonly NewDelivery[]): void {
    this.#control.transaction(() => {
      for (const { approval, step, receiver, atMs } of deliveries)
        this.#sql(SQL.insert).run(approval, step, receiver, atMs)
      for (const n of events) this.#sql(SQL.planned).run(n)
    })
  }

  due(nowMs: number): readonly string[] {
    return this.#sql(SQL.due)
      .all(nowMs)
      .map((row) => textAt(row, 'receiver'))
  }

  next(receiver: string, nowMs: number): Delivery | undefined {
    const row = this.#sql(SQL.next).get(receiver, nowMs)
    return row === undefined ? undefined : toDelivery(row)
  }

  sent(n: number, { tries, endedMs, remote }: { tries: number; endedMs: number; remote: string | undefined }): void {
    this.#sql(SQL.sent).run(tries, endedMs, remote ?? null, n)
  }

  retry(n: number, { tries, dueMs, why }: { tries: number; dueMs: number; why: string }): void {
    this.#sql(SQL.retry).run(tries, Math.ceil(dueMs), why, n)
  }

  giveUp(n: number, { tries, endedMs, why }: { tries: number; endedMs: number; why: string }): void {
    this.#sql(SQL.giveUp).run(tries, endedMs, why, n)
  }

  of(approval: ApprovalId): readonly Delivery[] {
    return this.#sql(SQL.of).all(approval).map(toDelivery)
  }

  remoteOf(approval: ApprovalId, receiver: string): string | undefined {
    const row = this.#sql(SQL.remote).get(approval, receiver)
    return row === undefined ? undefined : textAt(row, 'remote')
  }

  #sql(text: string): StatementSync {
    const prepared = this.#prepared.get(text) ?? this.#control.database.prepare(text)
    this.#prepared.set(text, prepared)
    return prepared
  }
}

function toDelivery(row: Row): Delivery {
  const approval = textAt(row, 'approval')
  if (!isApprovalId(approval)) throw damaged('approval')
  return {
    n: numberAt(row, 'n'),
    approval,
    step: oneOf(row, 'step', STEPS),
    receiver: textAt(row, 'receiver'),
    atMs: numberAt(row, 'at_ms'),
    state: oneOf(row, 'state', DELIVERY_STATES),
    tries: numberAt(row, 'tries'),
    endedMs: row['ended_ms'] === null ? undefined : numberAt(row, 'ended_ms'),
    why: row['why'] === null ? undefined : textAt(row, 'why'),
  }
}

function oneOf<T extends string>(row: Row, column: string, known: readonly T[]): T {
  const text = textAt(row, column)
  const found = known.find((one) => one === text)
  if (found === undefined) throw damaged(column)
  return found
}
