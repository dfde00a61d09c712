import type { StatementSync } from 'node:sqlite'
import { type ApprovalId, isApprovalId } from '../../approval/approval.ts'
import {
  HELD_STATUSES,
  type HeldStatus,
  type HeldTask,
  type TaskChange,
  type TaskRows,
} from '../../approval/held-task.ts'
import type { PrincipalId } from '../../base/ids.ts'
import type { SealedBox } from '../../base/sealed-box.ts'
import { bytesAt, damaged, numberAt, type Row, textAt } from './columns.ts'
import type { ControlDatabase } from './control.ts'

const SQL = {
  insert: `INSERT INTO held_task (id, principal, client, connection, tool, approval, status, round, created_ms, updated_ms,
    ends_ms, call_nonce, call) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  get: `SELECT id, principal, client, connection, tool, approval, status, round, created_ms, updated_ms, ends_ms
    FROM held_task WHERE id = ?`,
  call: 'SELECT call_nonce AS nonce, call AS box FROM held_task WHERE id = ?',
  answer: 'SELECT answer_nonce AS nonce, answer AS box FROM held_task WHERE id = ? AND answer IS NOT NULL',
  count: 'SELECT count(*) AS n FROM held_task WHERE principal = ?',
  shared: `SELECT 1 FROM held_task WHERE approval = ? AND id <> ? AND status IN ('working', 'sent', 'input_required') LIMIT 1`,
  forget: 'DELETE FROM held_task WHERE ends_ms <= ?',
} as const

/** Calls that wait as tasks, in control.db, beside the approvals that they wait for. */
export class SqliteTaskRows implements TaskRows {
  readonly #control: ControlDatabase
  readonly #prepared = new Map<string, StatementSync>()

  constructor(control: ControlDatabase) {
    this.#control = control
  }

  insert(task: HeldTask, call: SealedBox): void {
    const { id, owner, tool, approval = null, status, round, createdMs, updatedMs, endsMs } = task
    const { principal, client, connection } = owner
    const named = [id, principal, client, connection, tool, approval, status, round]
    this.#sql(SQL.insert).run(...named, createdMs, updatedMs, endsMs, call.nonce, call.ciphertext)
  }

  get(id: string): HeldTask | undefined {
    const row = this.#sql(SQL.get).get(id)
    return row === undefined ? undefined : toTask(row)
  }

  call(id: string): SealedBox | undefined {
    return toBox(this.#sql(SQL.call).get(id))
  }

  answer(id: string): SealedBox | undefined {
    return toBox(this.#sql(SQL.answer).get(id))
  }

  change(id: string, from: readonly HeldStatus[], change: TaskChange): boolean {
    const { status, approval, round, call, answer, updatedMs, endsMs } = change
    const sets: [string, string | number | Uint8Array | null | undefined][] = [
      ['status', status],
      ['approval', approval],
      ['round', round],
      ['call_nonce', call?.nonce],
      ['call', call?.ciphertext],
      ['answer_nonce', answer === null ? null : answer?.nonce],
      ['answer', answer === null ? null : answer?.ciphertext],
      ['updated_ms', updatedMs],
      ['ends_ms', endsMs],
    ]
    const given = sets.flatMap(([column, value]) => (value === undefined ? [] : [{ column, value }]))
    const columns = given.map(({ column }) => `${column} = ?`).join(', ')
    const states = from.map(() => '?').join(', ')
    const statement = this.#sql(`UPDATE held_task SET ${columns} WHERE id = ? AND status IN (${states})`)
    return statement.run(...given.map(({ value }) => value), id, ...from).changes === 1
  }

  countOf(principal: PrincipalId): number {
    const row = this.#sql(SQL.count).get(principal)
    return row === undefined ? 0 : numberAt(row, 'n')
  }

  isShared(approval: ApprovalId, id: string): boolean {
    return this.#sql(SQL.shared).get(approval, id) !== undefined
  }

  forget(nowMs: number): void {
    this.#sql(SQL.forget).run(nowMs)
  }

  #sql(text: string): StatementSync {
    const known = this.#prepared.get(text) ?? this.#control.database.prepare(text)
    this.#prepared.set(text, known)
    return known
  }
}

function toTask(row: Row): HeldTask {
  const principal = textAt(row, 'principal')
  const status = HELD_STATUSES.find((each) => each === row['status'])
  const approval = row['approval'] === null ? undefined : textAt(row, 'approval')
  if (!isPrincipal(principal)) throw damaged('principal')
  if (status === undefined) throw damaged('status')
  if (approval !== undefined && !isApprovalId(approval)) throw damaged('approval')
  return {
    id: textAt(row, 'id'),
    owner: { principal, client: textAt(row, 'client'), connection: textAt(row, 'connection') },
    tool: textAt(row, 'tool'),
    approval,
    status,
    round: numberAt(row, 'round'),
    createdMs: numberAt(row, 'created_ms'),
    updatedMs: numberAt(row, 'updated_ms'),
    endsMs: numberAt(row, 'ends_ms'),
  }
}

function isPrincipal(text: string): text is PrincipalId {
  return text.startsWith('pri_')
}

function toBox(row: Row | undefined): SealedBox | undefined {
  return row === undefined ? undefined : { nonce: bytesAt(row, 'nonce'), ciphertext: bytesAt(row, 'box') }
}
