import { type SessionId, sessionId } from '../base/ids.ts'
import type { StoredRecord } from '../audit/stored.ts'
import { printJson, printWhole } from './print.ts'
import { readRecorded, type RecordedRecord } from './read.ts'

/** The records of one session, in order. */
export async function* sessionRecords(
  records: AsyncIterable<StoredRecord>,
  session: SessionId,
): AsyncGenerator<RecordedRecord, void, undefined> {
  for await (const record of readRecorded(records)) {
    const { session: bytes } = record.stored.entry
    if (bytes !== undefined && sessionId(bytes) === session) yield record
  }
}

export interface ReplayOptions {
  /** The id, or its beginning, as `sessions` and `tail` print it. */
  readonly session: string
  readonly json?: boolean | undefined
  readonly sink: (line: string) => void
}

/** `none`: there is no such session. `several`: the beginning fits more than one, and these are they. */
export type Replayed =
  | { readonly kind: 'one'; readonly session: SessionId; readonly records: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly sessions: readonly SessionId[] }

/** Prints one session as it went: each record with its bodies. `source` is read twice, first to find the session. */
export async function printReplay(
  source: () => AsyncIterable<StoredRecord>,
  options: ReplayOptions,
): Promise<Replayed> {
  const found = await findSessions(source(), options.session)
  const [session] = found
  if (session === undefined) return { kind: 'none' }
  if (found.length > 1) return { kind: 'several', sessions: found }
  let count = 0
  for await (const record of sessionRecords(source(), session)) {
    count++
    if (options.json === true) options.sink(printJson(record))
    else for (const line of printWhole(record)) options.sink(line)
  }
  return { kind: 'one', session, records: count }
}

async function findSessions(records: AsyncIterable<StoredRecord>, beginning: string): Promise<readonly SessionId[]> {
  const found = new Set<SessionId>()
  const whole = beginning.startsWith('ses_') ? beginning : `ses_${beginning}`
  for await (const { entry } of records) {
    if (entry.session === undefined) continue
    const id = sessionId(entry.session)
    if (id.startsWith(whole)) found.add(id)
  }
  return [...found]
}
