import type { ApprovalId } from '../../approval/approval.ts'
import type { Emergency, EmergencyRows } from '../../approval/break-glass.ts'
import { isObject, parseJson } from '../../base/json.ts'
import { damaged, type Row, textAt } from './columns.ts'
import type { ControlDatabase } from './control.ts'
import type { RowMac } from './row-mac.ts'

const TABLE = 'break_glass'

const SQL = {
  insert: 'INSERT INTO break_glass (id, emergency, started_ms, mac) VALUES (?, ?, ?, ?)',
  get: 'SELECT * FROM break_glass WHERE id = ?',
  all: 'SELECT * FROM break_glass ORDER BY started_ms DESC LIMIT ?',
  open: 'SELECT * FROM break_glass WHERE ended_ms IS NULL OR reviewed_ms IS NULL ORDER BY started_ms DESC LIMIT ?',
  end: 'UPDATE break_glass SET ended_ms = ?, mac = ? WHERE id = ? AND ended_ms IS NULL',
  review: 'UPDATE break_glass SET reviewed_ms = ?, review = ?, mac = ? WHERE id = ? AND reviewed_ms IS NULL',
} as const

/** Emergencies, in control.db. One that somebody else wrote lifts nothing: it is not there, and that is told. */
export class SqliteEmergencyRows implements EmergencyRows {
  readonly #control: ControlDatabase
  readonly #mac: RowMac

  constructor(control: ControlDatabase, mac: RowMac) {
    this.#control = control
    this.#mac = mac
  }

  insert(emergency: Emergency): void {
    const { id, startedMs } = emergency
    const row = { id, emergency: JSON.stringify(emergency), started_ms: startedMs }
    this.#sql(SQL.insert).run(...Object.values(row), this.#macOf(row))
  }

  get(id: ApprovalId): Emergency | undefined {
    const row = this.#genuine(id)
    return row === undefined ? undefined : toEmergency(row)
  }

  list(open: boolean, limit: number): readonly Emergency[] {
    return this.#sql(open ? SQL.open : SQL.all)
      .all(limit)
      .filter((row) => this.#isGenuine(row))
      .map(toEmergency)
  }

  end(id: ApprovalId, atMs: number): boolean {
    return this.#control.transaction(() => {
      const row = this.#genuine(id)
      if (row === undefined) return false
      return this.#sql(SQL.end).run(atMs, this.#macOf({ ...row, ended_ms: atMs }), id).changes === 1
    })
  }

  review(id: ApprovalId, by: Emergency['reviewedBy'], { atMs, note }: { atMs: number; note: string }): boolean {
    const review = JSON.stringify({ reviewedBy: by, reviewedMs: atMs, note })
    return this.#control.transaction(() => {
      const row = this.#genuine(id)
      if (row === undefined) return false
      const mac = this.#macOf({ ...row, reviewed_ms: atMs, review })
      return this.#sql(SQL.review).run(atMs, review, mac, id).changes === 1
    })
  }

  #genuine(id: ApprovalId): Row | undefined {
    const row = this.#sql(SQL.get).get(id)
    return row !== undefined && this.#isGenuine(row) ? row : undefined
  }

  #isGenuine(row: Row): boolean {
    if (this.#mac.holds(row['mac'], TABLE, valuesOf(row))) return true
    this.#mac.tellAltered(TABLE, textAt(row, 'id'))
    return false
  }

  #macOf(row: Row): Uint8Array {
    return this.#mac.of(TABLE, valuesOf(row))
  }

  #sql(text: string) {
    return this.#control.database.prepare(text)
  }
}

const COVERED = ['id', 'emergency', 'started_ms', 'ended_ms', 'reviewed_ms', 'review'] as const

function valuesOf(row: Row) {
  return COVERED.map((column) => row[column] ?? null)
}

function toEmergency(row: Row): Emergency {
  const kept: unknown = parseJson(textAt(row, 'emergency'))
  if (!isEmergency(kept)) throw damaged('emergency')
  const review = row['review'] === null ? {} : parseJson(textAt(row, 'review'))
  if (!isObject(review)) throw damaged('review')
  const endedMs = row['ended_ms']
  return { ...kept, ...review, endedMs: typeof endedMs === 'number' ? endedMs : undefined }
}

function isEmergency(value: unknown): value is Emergency {
  if (!isObject(value)) return false
  const { id, person, reason, overrides, untilMs } = value
  return (
    typeof id === 'string' &&
    isObject(person) &&
    typeof reason === 'string' &&
    Array.isArray(overrides) &&
    typeof untilMs === 'number'
  )
}
