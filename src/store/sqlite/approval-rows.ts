import type { StatementSync } from 'node:sqlite'
import {
  type Approval,
  type ApprovalId,
  type ApprovalState,
  isApprovalId,
  type NewAsk,
  type ShownCall,
  type Vote,
} from '../../approval/approval.ts'
import type { ApprovalEvent } from '../../approval/event.ts'
import type { ApprovalFilter, ApprovalRows, Change, NumberedEvent } from '../../approval/rows.ts'
import type { PrincipalId } from '../../base/ids.ts'
import type { SealedBox } from '../../base/sealed-box.ts'
import { conditionsOf, listSql } from './approval-filter.ts'
import { SQL } from './approval-sql.ts'
import { eventMac, genuineEvents } from './approval-events.ts'
import { write } from './approval-json.ts'
import { ApprovalMacs, type KeptApproval } from './approval-macs.ts'
import { newRow, readKept, shownHash } from './approval-row.ts'
import { bytesAt, damaged, numberAt, type Row, textAt } from './columns.ts'
import type { ControlDatabase } from './control.ts'
import type { RowMac } from './row-mac.ts'

const NOTHING_SHOWN: ShownCall = { shown: 'null', facts: 'null' }

/** Why an approval ended that somebody else had a hand in. */
export const ALTERED = 'its row in control.db is not as the gateway wrote it'

/** What is written and how the row is afterwards: what is signed is what we meant, and not what stands there then. */
interface Step {
  readonly write: () => number | bigint
  readonly sets: Row
  readonly vote?: string
}

/**
 * Approvals, in control.db. One that is not as this gateway wrote it last is over as soon as anybody looks at it: it counts for
 * nothing, is on record, and is asked for anew.
 */
export class SqliteApprovalRows implements ApprovalRows {
  readonly #control: ControlDatabase
  readonly #mac: RowMac
  readonly #macs: ApprovalMacs
  readonly #nowMs: () => number
  readonly #prepared = new Map<string, StatementSync>()

  constructor(control: ControlDatabase, mac: RowMac, nowMs: () => number) {
    this.#control = control
    this.#mac = mac
    this.#macs = new ApprovalMacs(mac)
    this.#nowMs = nowMs
  }

  get(id: ApprovalId): Approval | undefined {
    return this.#one(SQL.get, id)
  }

  byHash(hash: string): Approval | undefined {
    return this.#one(SQL.byHash, hash)
  }

  openByCall(callHash: string): readonly Approval[] {
    return this.#sql(SQL.openByCall)
      .all(callHash)
      .map((row) => this.#toApproval(row))
  }

  list(filter: ApprovalFilter): readonly Approval[] {
    const { where, values } = conditionsOf(filter)
    const statement = this.#sql(listSql(where))
    return statement.all(...values, filter.limit).map((row) => this.#toApproval(row))
  }

  countPending(principal?: PrincipalId): number {
    if (principal === undefined) return countIn(this.#sql(SQL.pending).get())
    const cancelled = countIn(this.#sql(SQL.cancelledOf).get(principal, this.#nowMs()))
    return countIn(this.#sql(SQL.pendingOf).get(principal)) + cancelled
  }

  insert(id: ApprovalId, ask: NewAsk, event: ApprovalEvent): number | undefined {
    const { exact } = ask
    const row = newRow(id, ask, event.atMs)
    const mac = this.#macs.of({ row: { ...row, state: 'pending' }, votes: [] })
    const n = this.#control.transaction(() => {
      if (this.#sql(SQL.insert).run(...Object.values(row), mac).changes !== 1) return undefined
      this.#sql(SQL.insertShown).run(id, ask.shown, ask.facts, exact.nonce, exact.ciphertext)
      for (const { group } of ask.lines) this.#sql(SQL.line).run(group, id)
      return this.tell(event)
    })
    if (n !== undefined) this.#macs.wrote(id, mac)
    return n
  }

  giveReason(id: ApprovalId, reason: string, event: ApprovalEvent): number | undefined {
    return this.#together(event, { write: () => this.#sql(SQL.reason).run(reason, id).changes, sets: { reason } })
  }

  addVote(id: ApprovalId, vote: Vote, event: ApprovalEvent): number | undefined {
    const text = write(vote)
    return this.#together(event, { write: () => this.#sql(SQL.vote).run(text, id).changes, sets: {}, vote: text })
  }

  change(from: readonly ApprovalState[], event: ApprovalEvent, change: Change): number | undefined {
    const { decidedMs, usableUntilMs, endedMs, why } = change
    const set = { decided_ms: decidedMs, usable_until_ms: usableUntilMs, ended_ms: endedMs, why }
    const given = Object.fromEntries(
      Object.entries(set).flatMap(([name, value]) => (value == null ? [] : [[name, value]])),
    )
    const sets = { state: event.state, ...given }
    const names = Object.keys(sets).map((name) => `${name} = ?`)
    const states = from.map(() => '?').join(', ')
    const statement = this.#sql(`UPDATE approval SET ${names.join(', ')} WHERE id = ? AND state IN (${states})`)
    const values = [...Object.values(sets), event.approval, ...from]
    return this.#together(event, { write: () => statement.run(...values).changes, sets })
  }

  claim(event: ApprovalEvent): number | undefined {
    const run = () => this.#sql(SQL.claim).run(event.approval, event.atMs).changes
    return this.#together(event, { write: run, sets: { state: 'executing' } })
  }

  finish(id: ApprovalId, to: 'executed' | 'failed', { endedMs, why }: Change): boolean {
    const sets = { state: to, ended_ms: endedMs ?? null, why: why ?? null }
    const run = () => this.#sql(SQL.finish).run(...Object.values(sets), id).changes
    return this.#signed(id, { write: run, sets }, () => true) ?? false
  }

  giveBack(id: ApprovalId): void {
    this.#signed(id, { write: () => this.#sql(SQL.giveBack).run(id).changes, sets: { state: 'approved' } }, () => true)
  }

  tell(event: ApprovalEvent): number {
    const { approval } = event
    const text = write(event)
    return Number(this.#sql(SQL.event).run(approval, text, eventMac(this.#mac, approval, text)).lastInsertRowid)
  }

  count(id: ApprovalId, { asks, uses }: { readonly asks: number; readonly uses: number }): void {
    this.#sql(SQL.count).run(asks, uses, id)
  }

  overdue(nowMs: number, limit: number): readonly Approval[] {
    return this.#sql(SQL.overdue)
      .all(nowMs, limit)
      .map((row) => this.#toApproval(row))
  }

  forget(beforeMs: number, limit: number): void {
    const ids = this.#sql(SQL.ended).all(beforeMs, limit)
    if (ids.length === 0) return
    this.#control.transaction(() => {
      for (const row of ids)
        for (const [table, column] of KEPT_IN)
          this.#sql(`DELETE FROM ${table} WHERE ${column} = ?`).run(textAt(row, 'id'))
    })
  }

  shown(id: ApprovalId): ShownCall {
    const row = this.#sql(SQL.get).get(id)
    const long = this.#sql(SQL.shown).get(id)
    if (row === undefined || long === undefined) return NOTHING_SHOWN
    const call = { shown: textAt(long, 'shown'), facts: textAt(long, 'facts') }
    if (shownHash(call) === row['shown_hash']) return call
    this.#discarded(id, { row, votes: this.#votesOf(id) })
    return NOTHING_SHOWN
  }

  exact(id: ApprovalId): SealedBox | undefined {
    const row = this.#sql(SQL.exact).get(id)
    return row === undefined ? undefined : { nonce: bytesAt(row, 'exact_nonce'), ciphertext: bytesAt(row, 'exact') }
  }

  unrecorded(limit: number): readonly NumberedEvent[] {
    const rows = this.#sql(SQL.unrecorded).all(limit)
    return genuineEvents(rows, this.#mac, (n) => this.#sql(SQL.forgedEvent).run(n))
  }

  recorded(numbers: readonly number[]): void {
    this.#control.transaction(() => {
      for (const n of numbers) this.#sql(SQL.recorded).run(n)
    })
  }

  /** What changes and the event that tells of it, or neither. */
  #together(event: ApprovalEvent, step: Step): number | undefined {
    return this.#signed(event.approval, step, () => this.tell(event))
  }

  /** Undefined where nothing was changed; nothing is where somebody else had changed it before. */
  #signed<T>(id: ApprovalId, { write: run, sets, vote }: Step, then: () => T): T | undefined {
    const done = this.#control.transaction(() => {
      const row = this.#sql(SQL.get).get(id)
      if (row === undefined) return undefined
      const votes = this.#votesOf(id)
      if (!this.#macs.holds(id, { row, votes }) || run() !== 1) return undefined
      const mac = this.#macs.of({ row: { ...row, ...sets }, votes: vote === undefined ? votes : [...votes, vote] })
      this.#sql(SQL.mac).run(mac, id)
      return { mac, result: then() }
    })
    if (done === undefined) return undefined
    this.#macs.wrote(id, done.mac)
    return done.result
  }

  #votesOf(id: ApprovalId): readonly string[] {
    return this.#sql(SQL.votes)
      .all(id)
      .map((row) => textAt(row, 'vote'))
  }

  #one(sql: string, key: string): Approval | undefined {
    const row = this.#sql(sql).get(key)
    return row === undefined ? undefined : this.#toApproval(row)
  }

  #sql(text: string): StatementSync {
    const prepared = this.#prepared.get(text) ?? this.#control.database.prepare(text)
    this.#prepared.set(text, prepared)
    return prepared
  }

  #toApproval(row: Row): Approval {
    const id = textAt(row, 'id')
    if (!isApprovalId(id)) throw damaged('id')
    const kept = { row, votes: this.#votesOf(id) }
    return readKept(id, this.#macs.holds(id, kept) ? kept : this.#discarded(id, kept))
  }

  /** What somebody else wrote is over; that it is will be on record with the next events. */
  #discarded(id: ApprovalId, { row, votes }: KeptApproval): KeptApproval {
    const atMs = this.#nowMs()
    const over = { row: { ...row, state: 'revoked', why: ALTERED, ended_ms: atMs }, votes }
    const mac = this.#macs.of(over)
    this.#control.transaction(() => {
      this.#sql(SQL.discard).run(ALTERED, atMs, mac, id)
      this.tell({ kind: 'approval.revoked', approval: id, atMs, state: 'revoked', detail: ALTERED })
    })
    this.#macs.wrote(id, mac)
    this.#macs.tellAltered(id)
    return over
  }
}

/** Where an approval is kept; itself last. */
const KEPT_IN = [
  ...(['approval_vote', 'approval_line', 'approval_event', 'approval_shown', 'approval_delivery'] as const).map(
    (table) => [table, 'approval'] as const,
  ),
  ['approval', 'id'],
] as const

function countIn(row: Row | undefined): number {
  return row === undefined ? 0 : numberAt(row, 'n')
}
