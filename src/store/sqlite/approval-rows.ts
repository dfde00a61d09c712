import type { StatementSync } from 'node:sqlite'
import {
  type Approval,
  APPROVAL_STATES,
  type ApprovalId,
  type ApprovalState,
  isApprovalId,
  type NewAsk,
  type Vote,
} from '../../approval/approval.ts'
import type { ApprovalEvent } from '../../approval/event.ts'
import type { ApprovalFilter, ApprovalRows, Change, NumberedEvent } from '../../approval/rows.ts'
import type { PrincipalId } from '../../base/ids.ts'
import type { SealedBox } from '../../base/sealed-box.ts'
import { conditionsOf } from './approval-filter.ts'
import { readAsk, readEvent, readVote, write, writeAsk } from './approval-json.ts'
import { bytesAt, damaged, numberAt, type Row, textAt } from './columns.ts'
import type { ControlDatabase } from './control.ts'

const OPEN = "state IN ('pending', 'approved', 'executing')"

export const SQL = {
  get: 'SELECT * FROM approval WHERE id = ?',
  byHash: `SELECT * FROM approval WHERE hash = ? ORDER BY ${OPEN} DESC, asked_ms DESC LIMIT 1`,
  openByCall: `SELECT * FROM approval WHERE call_hash = ? AND ${OPEN}`,
  votes: 'SELECT vote FROM approval_vote WHERE approval = ? ORDER BY n',
  pending: "SELECT count(*) AS n FROM approval WHERE state = 'pending'",
  pendingOf:
    "SELECT count(*) AS n FROM approval INDEXED BY approval_pending_of WHERE state = 'pending' AND principal = ?",
  insert: `INSERT INTO approval (id, state, hash, call_hash, fingerprint, principal, session, connection, once, ask, reason,
    asks, uses, asked_ms, expires_ms, exact_nonce, exact) VALUES (?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING`,
  line: 'INSERT OR IGNORE INTO approval_line (grp, approval) VALUES (?, ?)',
  reason: "UPDATE approval SET reason = ? WHERE id = ? AND state = 'pending' AND reason IS NULL",
  vote: `INSERT INTO approval_vote (approval, n, vote)
    SELECT id, (SELECT count(*) FROM approval_vote WHERE approval = id), ? FROM approval WHERE id = ? AND state = 'pending'`,
  claim: `UPDATE approval SET state = 'executing', uses = uses + 1
    WHERE id = ? AND state = 'approved' AND once = 1 AND usable_until_ms > ?`,
  finish: "UPDATE approval SET state = ?, ended_ms = ?, why = ? WHERE id = ? AND state = 'executing'",
  giveBack: "UPDATE approval SET state = 'approved', uses = uses - 1 WHERE id = ? AND state = 'executing'",
  count: 'UPDATE approval SET asks = asks + ?, uses = uses + ? WHERE id = ?',
  overdue: `SELECT * FROM (
    SELECT * FROM approval INDEXED BY approval_pending_end WHERE state = 'pending' AND expires_ms <= ?1
    UNION ALL SELECT * FROM approval INDEXED BY approval_approved_end WHERE state = 'approved' AND usable_until_ms <= ?1) LIMIT ?2`,
  exact: 'SELECT exact_nonce, exact FROM approval WHERE id = ?',
  event: 'INSERT INTO approval_event (approval, event) VALUES (?, ?)',
  unrecorded: 'SELECT n, event FROM approval_event WHERE recorded = 0 ORDER BY n LIMIT ?',
  recorded: 'UPDATE approval_event SET recorded = 1 WHERE n = ?',
} as const

/** Approvals, in control.db. */
export class SqliteApprovalRows implements ApprovalRows {
  readonly #control: ControlDatabase
  readonly #prepared = new Map<string, StatementSync>()

  constructor(control: ControlDatabase) {
    this.#control = control
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
    const statement = this.#sql(`SELECT * FROM approval ${where} ORDER BY asked_ms DESC, id DESC LIMIT ?`)
    return statement.all(...values, filter.limit).map((row) => this.#toApproval(row))
  }

  countPending(principal?: PrincipalId): number {
    const row = principal === undefined ? this.#sql(SQL.pending).get() : this.#sql(SQL.pendingOf).get(principal)
    return row === undefined ? 0 : numberAt(row, 'n')
  }

  insert(id: ApprovalId, ask: NewAsk, event: ApprovalEvent): number | undefined {
    const { hash, callHash, fingerprint, requester, session, connection, scope, reason, expiresMs, exact } = ask
    return this.#together(event, () => {
      const named = [id, hash, callHash, fingerprint, requester.principal, session, connection]
      const said = [scope === 'once' ? 1 : 0, writeAsk(ask), reason ?? null]
      const values = [...named, ...said, event.atMs, expiresMs, exact.nonce, exact.ciphertext]
      const { changes } = this.#sql(SQL.insert).run(...values)
      if (changes !== 1) return changes
      for (const { group } of ask.lines) this.#sql(SQL.line).run(group, id)
      return changes
    })
  }

  giveReason(id: ApprovalId, reason: string, event: ApprovalEvent): number | undefined {
    return this.#together(event, () => this.#sql(SQL.reason).run(reason, id).changes)
  }

  addVote(id: ApprovalId, vote: Vote, event: ApprovalEvent): number | undefined {
    return this.#together(event, () => this.#sql(SQL.vote).run(write(vote), id).changes)
  }

  change(from: readonly ApprovalState[], event: ApprovalEvent, change: Change): number | undefined {
    const { decidedMs, usableUntilMs, endedMs, why } = change
    const states = from.map(() => '?').join(', ')
    const statement = this.#sql(
      `UPDATE approval SET state = ?, decided_ms = coalesce(?, decided_ms), usable_until_ms = coalesce(?, usable_until_ms),
       ended_ms = coalesce(?, ended_ms), why = coalesce(?, why) WHERE id = ? AND state IN (${states})`,
    )
    const set = [event.state, decidedMs ?? null, usableUntilMs ?? null, endedMs ?? null, why ?? null]
    return this.#together(event, () => statement.run(...set, event.approval, ...from).changes)
  }

  claim(event: ApprovalEvent): number | undefined {
    return this.#together(event, () => this.#sql(SQL.claim).run(event.approval, event.atMs).changes)
  }

  finish(id: ApprovalId, to: 'executed' | 'failed', { endedMs, why }: Change): boolean {
    return this.#sql(SQL.finish).run(to, endedMs ?? null, why ?? null, id).changes === 1
  }

  giveBack(id: ApprovalId): void {
    this.#sql(SQL.giveBack).run(id)
  }

  tell(event: ApprovalEvent): number {
    return Number(this.#sql(SQL.event).run(event.approval, write(event)).lastInsertRowid)
  }

  count(id: ApprovalId, { asks, uses }: { readonly asks: number; readonly uses: number }): void {
    this.#sql(SQL.count).run(asks, uses, id)
  }

  overdue(nowMs: number, limit: number): readonly Approval[] {
    return this.#sql(SQL.overdue)
      .all(nowMs, limit)
      .map((row) => this.#toApproval(row))
  }

  exact(id: ApprovalId): SealedBox | undefined {
    const row = this.#sql(SQL.exact).get(id)
    return row === undefined ? undefined : { nonce: bytesAt(row, 'exact_nonce'), ciphertext: bytesAt(row, 'exact') }
  }

  unrecorded(limit: number): readonly NumberedEvent[] {
    return this.#sql(SQL.unrecorded)
      .all(limit)
      .map((row) => ({ n: numberAt(row, 'n'), event: readEvent(row) }))
  }

  recorded(numbers: readonly number[]): void {
    this.#control.transaction(() => {
      for (const n of numbers) this.#sql(SQL.recorded).run(n)
    })
  }

  /** What changes and the event that tells of it, or neither. */
  #together(event: ApprovalEvent, change: () => number | bigint): number | undefined {
    return this.#control.transaction(() => (change() === 1 ? this.tell(event) : undefined))
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
    return {
      ...readAsk(row),
      id,
      state: stateAt(row),
      reason: maybe(row, 'reason', textAt),
      asks: numberAt(row, 'asks'),
      uses: numberAt(row, 'uses'),
      askedMs: numberAt(row, 'asked_ms'),
      expiresMs: numberAt(row, 'expires_ms'),
      decidedMs: maybe(row, 'decided_ms', numberAt),
      usableUntilMs: maybe(row, 'usable_until_ms', numberAt),
      endedMs: maybe(row, 'ended_ms', numberAt),
      why: maybe(row, 'why', textAt),
      votes: this.#sql(SQL.votes).all(id).map(readVote),
    }
  }
}

function stateAt(row: Row): ApprovalState {
  const text = textAt(row, 'state')
  const state = APPROVAL_STATES.find((known) => known === text)
  if (state === undefined) throw damaged('state')
  return state
}

function maybe<T>(row: Row, column: string, read: (row: Row, column: string) => T): T | undefined {
  return row[column] === null ? undefined : read(row, column)
}
