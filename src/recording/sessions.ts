import { sessionId, type SessionId } from '../base/ids.ts'
import type { Micros } from '../base/clock.ts'
import { stringifyJson } from '../base/json.ts'
import { isoMicros } from '../audit/iso-time.ts'
import type { StoredRecord } from '../audit/stored.ts'
import { safe, whoOf } from './print.ts'
import { readRecorded, type RecordedRecord, textAt } from './read.ts'

export interface SessionSummary {
  readonly id: SessionId
  /** On what it rests that these records are one session (audit.md, 13). */
  readonly basis: string | undefined
  readonly era: string | undefined
  readonly who: string | undefined
  readonly client: string | undefined
  readonly connection: string | undefined
  readonly first: Micros
  readonly last: Micros
  readonly records: number
  readonly calls: number
  readonly refused: number
}

/** Every session that was recorded, in the order of their first record. */
export async function listSessions(records: AsyncIterable<StoredRecord>): Promise<readonly SessionSummary[]> {
  const sessions = new Map<SessionId, SessionSummary>()
  for await (const record of readRecorded(records)) {
    const { session } = record.stored.entry
    if (session === undefined) continue
    const id = sessionId(session)
    sessions.set(id, withRecord(sessions.get(id), id, record))
  }
  return [...sessions.values()]
}

/** Prints them, one on a line, as text or as JSON. */
export async function printSessions(
  records: AsyncIterable<StoredRecord>,
  options: { readonly json?: boolean | undefined; readonly sink: (line: string) => void },
): Promise<void> {
  for (const session of await listSessions(records))
    options.sink(options.json === true ? asJson(session) : asLine(session))
}

function withRecord(
  before: SessionSummary | undefined,
  id: SessionId,
  { envelope, stored }: RecordedRecord,
): SessionSummary {
  const { kind, time } = stored.entry
  const { calls, records, refused } = before ?? { calls: 0, records: 0, refused: 0 }
  return {
    id,
    ...saidLast(before, {
      basis: textAt(envelope, 'session', 'basis'),
      era: textAt(envelope, 'mcp', 'era'),
      who: whoOf(envelope),
      client: textAt(envelope, 'actor', 'client', 'name'),
      connection: textAt(envelope, 'conn', 'name'),
    }),
    first: before?.first ?? time,
    last: time,
    records: records + 1,
    calls: kind === 'intent' ? calls + 1 : calls,
    refused: kind === 'refused' ? refused + 1 : refused,
  }
}

type Said = Pick<SessionSummary, 'basis' | 'era' | 'who' | 'client' | 'connection'>

/** Not every record says everything. */
function saidLast(before: Said | undefined, now: Said): Said {
  return {
    basis: now.basis ?? before?.basis,
    era: now.era ?? before?.era,
    who: now.who ?? before?.who,
    client: now.client ?? before?.client,
    connection: now.connection ?? before?.connection,
  }
}

function asLine({ basis, calls, client, connection, first, id, last, records, refused, who }: SessionSummary): string {
  const seconds = Math.round((last - first) / 1_000_000)
  const words = [
    id,
    isoMicros(first).replace(/\.\d+Z$/, 'Z'),
    `${seconds} s`,
    who ?? '-',
    connection ?? '-',
    client ?? '-',
    `by ${basis ?? '?'}`,
  ]
  return safe([...words, `${calls} calls`, `${refused} refused`, `${records} records`].join('  '))
}

function asJson({ first, last, ...session }: SessionSummary): string {
  return stringifyJson({ ...session, first: isoMicros(first), last: isoMicros(last) })
}
