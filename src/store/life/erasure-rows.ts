import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { isObject, type JsonObject, type JsonValue, parseJson, stringifyJson } from '../../base/json.ts'
import type { SeqRange } from '../../audit/tombstone.ts'
import { type Row, textAt } from '../sqlite/columns.ts'
import { classMonthJson, readClassMonth } from './class-month.ts'
import type { Found } from './find-records.ts'
import { ALL_PARTS } from './retention.ts'

/** An erasure that somebody asked for. It happens once somebody else has approved exactly what was found then. */
export interface Erasure {
  readonly id: string
  readonly basis: string
  readonly request: string
  readonly requester: string
  readonly approver: string | undefined
  readonly found: Found
  readonly state: 'requested' | 'approved' | 'done'
  readonly report: JsonObject | undefined
}

/** Returns the id that a second person approves. */
export function requestErasure(
  database: DatabaseSync,
  erasure: Pick<Erasure, 'basis' | 'request' | 'requester' | 'found'>,
  nowMs: number,
): string {
  const id = randomUUID()
  const { basis, found, request, requester } = erasure
  database
    .prepare(
      "INSERT INTO audit_erasure (id, basis, request, requester, made_ms, what, state) VALUES (?, ?, ?, ?, ?, ?, 'requested')",
    )
    .run(id, basis, request, requester, nowMs, stringifyJson(foundJson(found)))
  return id
}

export type Approval = 'approved' | 'unknown' | 'same person' | 'not open'

/** Never by who asked. */
export function approveErasure(database: DatabaseSync, id: string, approver: string): Approval {
  const erasure = findErasure(database, id)
  if (erasure === undefined) return 'unknown'
  if (erasure.state !== 'requested') return 'not open'
  if (erasure.requester === approver) return 'same person'
  database.prepare("UPDATE audit_erasure SET approver = ?, state = 'approved' WHERE id = ?").run(approver, id)
  return 'approved'
}

export function findErasure(database: DatabaseSync, id: string): Erasure | undefined {
  const row = database.prepare('SELECT * FROM audit_erasure WHERE id = ?').get(id)
  return row && toErasure(row)
}

export function listErasures(database: DatabaseSync): Erasure[] {
  return database.prepare('SELECT * FROM audit_erasure ORDER BY made_ms').all().map(toErasure)
}

/** It happened. Which sessions they were is kept no longer. */
export function erasureDone(database: DatabaseSync, { found, id }: Erasure, report: JsonObject): void {
  database
    .prepare("UPDATE audit_erasure SET state = 'done', report = ?, what = ? WHERE id = ?")
    .run(stringifyJson(report), stringifyJson(foundJson({ ...found, sessions: [], principals: [] })), id)
}

function toErasure(row: Row): Erasure {
  const state = textAt(row, 'state')
  const { approver, report } = row
  const said = typeof report === 'string' ? parseJson(report) : undefined
  return {
    id: textAt(row, 'id'),
    basis: textAt(row, 'basis'),
    request: textAt(row, 'request'),
    requester: textAt(row, 'requester'),
    approver: typeof approver === 'string' ? approver : undefined,
    found: readFound(parseJson(textAt(row, 'what'))),
    state: state === 'approved' || state === 'done' ? state : 'requested',
    report: isObject(said) ? said : undefined,
  }
}

function foundJson({ month, parts, ...rest }: Found): JsonObject {
  return { ...rest, month: month && classMonthJson(month), parts: parts.map(({ part, ranges }) => ({ part, ranges })) }
}

function readFound(value: JsonValue): Found {
  const from = isObject(value) ? value : {}
  const parts = listIn(from['parts']).flatMap((one) => {
    const part = isObject(one) ? ALL_PARTS.find((name) => name === one['part']) : undefined
    return part === undefined || !isObject(one) ? [] : [{ part, ranges: rangesIn(one['ranges']) }]
  })
  return {
    sessions: textsIn(from['sessions']),
    principals: textsIn(from['principals']),
    whole: rangesIn(from['whole']),
    parts,
    month: readClassMonth(from['month']),
    records: typeof from['records'] === 'number' ? from['records'] : 0,
    held: typeof from['held'] === 'number' ? from['held'] : undefined,
    connections: textsIn(from['connections']),
    days: textsIn(from['days']),
  }
}

function listIn(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : []
}

function textsIn(value: JsonValue | undefined): string[] {
  return listIn(value).filter((one) => typeof one === 'string')
}

function rangesIn(value: JsonValue | undefined): SeqRange[] {
  return listIn(value).flatMap((one): SeqRange[] => {
    const [first, last] = listIn(one)
    return typeof first === 'number' && typeof last === 'number' ? [[first, last]] : []
  })
}
