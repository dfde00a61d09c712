import type { ApprovalId } from '../../approval/approval.ts'
import type { Emergency, EmergencyRows } from '../../approval/break-glass.ts'
import { isObject, parseJson } from '../../base/json.ts'
import { damaged, type Row, textAt } from './columns.ts'
import type { ControlDatabase } from './control.ts'

const SQL = {
  insert: 'INSERT INTO break_glass (id, emergency, started_ms) VALUES (?, ?, ?)',
  get: 'SELECT * FROM break_glass WHERE id = ?',
  all: 'SELECT * FROM break_glass ORDER BY started_ms DESC LIMIT ?',
  open: 'SELECT * FROM break_glass WHERE ended_ms IS NULL OR reviewed_ms IS NULL ORDER BY started_ms DESC LIMIT ?',
  end: 'UPDATE break_glass SET ended_ms = ? WHERE id = ? AND ended_ms IS NULL',
  review: 'UPDATE break_glass SET reviewed_ms = ?, review = ? WHERE id = ? AND reviewed_ms IS NULL',
} as const

/** Emergencies, in control.db. */
export class SqliteEmergencyRows implements EmergencyRows {
  readonly #control: ControlDatabase

  constructor(control: ControlDatabase) {
    this.#control = control
  }

  insert(emergency: Emergency): void {
    this.#sql(SQL.insert).run(emergency.id, JSON.stringify(emergency), emergency.startedMs)
  }

  get(id: ApprovalId): Emergency | undefined {
    const row = this.#sql(SQL.get).get(id)
    return row === undefined ? undefined : toEmergency(row)
  }

  list(open: boolean, limit: number): readonly Emergency[] {
    return this.#sql(open ? SQL.open : SQL.all)
      .all(limit)
      .map(toEmergency)
  }

  end(id: ApprovalId, atMs: number): boolean {
    return this.#sql(SQL.end).run(atMs, id).changes === 1
  }

  review(id: ApprovalId, by: Emergency['reviewedBy'], said: { readonly atMs: number; readonly note: string }): boolean {
    const review = JSON.stringify({ reviewedBy: by, reviewedMs: said.atMs, note: said.note })
    return this.#sql(SQL.review).run(said.atMs, review, id).changes === 1
  }

  #sql(text: string) {
    return this.#control.database.prepare(text)
  }
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
