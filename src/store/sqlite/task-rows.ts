import type { SQLInputValue, StatementSync } from 'node:sqlite'
import { type ApprovalId, isApprovalId } from '../../approval/approval.ts'
import {
  HELD_STATUSES,
  type HeldStatus,
  type HeldTask,
  type TaskChange,
  type TaskRows,
} from '../../approval/held-task.ts'
import { toHex } from '../../base/bytes.ts'
import { isPrincipalId, type PrincipalId } from '../../base/ids.ts'
import type { SealedBox } from '../../base/sealed-box.ts'
import { bytesAt, damaged, numberAt, type Row, textAt } from './columns.ts'
import type { ControlDatabase } from './control.ts'
import { NewestMacs } from './newest-macs.ts'
import type { RowMac } from './row-mac.ts'

const TABLE = 'held_task'

/** All that is decided by, and which call and which answer belong to it; these two are sealed on their own. */
const COVERED = [
  ...(['id', 'principal', 'client', 'connection', 'tool', 'approval', 'status', 'round'] as const),
  ...(['created_ms', 'updated_ms', 'ends_ms', 'call_nonce', 'answer_nonce'] as const),
] as const
const WRITTEN = [...COVERED, 'call', 'answer', 'mac'] as const

const SQL = {
  put: `INSERT OR REPLACE INTO held_task (${WRITTEN.join(', ')}) VALUES (${WRITTEN.map(() => '?').join(', ')})`,
  get: 'SELECT * FROM held_task WHERE id = ?',
  count: 'SELECT count(*) AS n FROM held_task WHERE principal = ?',
  shared: `SELECT 1 FROM held_task WHERE approval = ? AND id <> ? AND status IN ('working', 'sent', 'input_required') LIMIT 1`,
  forget: 'DELETE FROM held_task WHERE ends_ms <= ?',
} as const

/**
 * Calls that wait as tasks, in control.db, beside the approvals that they wait for. A row that somebody else wrote, or put back, is
 * none: it could send a call a second time.
 */
export class SqliteTaskRows implements TaskRows {
  readonly #control: ControlDatabase
  readonly #mac: RowMac
  readonly #newest = new NewestMacs()
  readonly #prepared = new Map<string, StatementSync>()

  constructor(control: ControlDatabase, mac: RowMac) {
    this.#control = control
    this.#mac = mac
  }

  insert(task: HeldTask, call: SealedBox): void {
    this.#newest.wrote(task.id, this.#put(toRow(task, call, undefined)))
  }

  get(id: string): HeldTask | undefined {
    const row = this.#row(id)
    return row === undefined ? undefined : toTask(row)
  }

  call(id: string): SealedBox | undefined {
    const row = this.#row(id)
    return row === undefined ? undefined : boxAt(row, 'call')
  }

  answer(id: string): SealedBox | undefined {
    const row = this.#row(id)
    return row === undefined || row['answer'] === null ? undefined : boxAt(row, 'answer')
  }

  change(id: string, from: readonly HeldStatus[], change: TaskChange): boolean {
    const mac = this.#control.transaction(() => {
      const row = this.#row(id)
      if (row === undefined || !from.includes(toTask(row).status)) return undefined
      return this.#put(changed(row, change))
    })
    // Only now is it durable.
    if (mac !== undefined) this.#newest.wrote(id, mac)
    return mac !== undefined
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

  /** The row as it was written here last. */
  #row(id: string): Row | undefined {
    const row = this.#sql(SQL.get).get(id)
    if (row === undefined) return undefined
    const { mac } = row
    if (mac instanceof Uint8Array && this.#newest.mayBe(id, mac) && this.#mac.holds(mac, TABLE, covered(row)))
      return row
    this.#mac.tellAltered(TABLE, id)
    return undefined
  }

  #put(row: Written): Uint8Array {
    const mac = this.#mac.of(TABLE, covered(row))
    this.#sql(SQL.put).run(...WRITTEN.map((column) => (column === 'mac' ? mac : (row[column] ?? null))))
    return mac
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
  if (!isPrincipalId(principal)) throw damaged('principal')
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

function toRow(task: HeldTask, call: SealedBox, answer: SealedBox | undefined): Written {
  const { id, owner, tool, approval = null, status, round, createdMs, updatedMs, endsMs } = task
  const { principal, client, connection } = owner
  return {
    id,
    principal,
    client,
    connection,
    tool,
    approval,
    status,
    round,
    created_ms: createdMs,
    updated_ms: updatedMs,
    ends_ms: endsMs,
    call_nonce: call.nonce,
    call: call.ciphertext,
    answer_nonce: answer?.nonce ?? null,
    answer: answer?.ciphertext ?? null,
  }
}

function changed(row: Row, change: TaskChange): Written {
  const { call, answer, approval, ...plain } = change
  const task = toTask(row)
  const kept = row['answer'] === null ? undefined : boxAt(row, 'answer')
  return toRow(
    { ...task, ...plain, approval: approval === undefined ? task.approval : (approval ?? undefined) },
    call ?? boxAt(row, 'call'),
    answer === undefined ? kept : (answer ?? undefined),
  )
}

/** Bytes in one spelling, or the same row would have two MACs. */
function covered(row: Row | Written) {
  return COVERED.map((column) => {
    const value = row[column] ?? null
    return ArrayBuffer.isView(value) ? toHex(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) : value
  })
}

type Written = Readonly<Record<string, SQLInputValue>>

function boxAt(row: Row, column: 'call' | 'answer'): SealedBox {
  return { nonce: bytesAt(row, `${column}_nonce`), ciphertext: bytesAt(row, column) }
}
