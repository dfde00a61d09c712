import { type SessionId, sessionId } from '../base/ids.ts'
import type { StoredRecord } from '../audit/stored.ts'
import { recorded, type RecordedRecord, textAt } from './read.ts'
import { replayEvent, type ReplayEvent } from './replay-event.ts'

/** One recorded session, whole. */
export interface RecordedSession {
  readonly id: SessionId
  readonly origin: string
  /** On what it rests that these records are one session (audit.md, 13). */
  readonly basis: string | undefined
  readonly records: readonly RecordedRecord[]
  /** One for each record. */
  readonly events: readonly ReplayEvent[]
}

/** `none`: there is no such session. `several`: the beginning fits more than one. `large`: it does not fit in memory. */
export type LoadedSession =
  | { readonly kind: 'one'; readonly session: RecordedSession }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly sessions: readonly SessionId[] }
  | { readonly kind: 'large'; readonly bytes: number }

/** A page of this size still opens in a browser; more than anybody looks through. */
const BODY_BYTES_MAX = 64 * 1024 * 1024

/** `beginning` is the id, or its first digits, as `sessions` and `tail` print it. The log is read once. */
export async function loadSession(
  records: AsyncIterable<StoredRecord>,
  beginning: string,
  bodyBytesMax = BODY_BYTES_MAX,
): Promise<LoadedSession> {
  const whole = beginning.startsWith('ses_') ? beginning : `ses_${beginning}`
  const found = new Set<SessionId>()
  const kept: StoredRecord[] = []
  let bytes = 0
  for await (const record of records) {
    if (record.entry.session === undefined) continue
    const id = sessionId(record.entry.session)
    if (!id.startsWith(whole)) continue
    found.add(id)
    bytes += sizeOf(record)
    if (found.size === 1 && bytes <= bodyBytesMax) kept.push(record)
  }
  const [id] = found
  if (id === undefined) return { kind: 'none' }
  if (found.size > 1) return { kind: 'several', sessions: [...found] }
  if (bytes > bodyBytesMax) return { kind: 'large', bytes }
  return { kind: 'one', session: sessionOf(id, kept) }
}

function sizeOf({ parts: { envelope, request, response } }: StoredRecord): number {
  return [envelope, request, response].reduce((sum, part) => sum + (part?.bytes.length ?? 0), 0)
}

function sessionOf(id: SessionId, stored: readonly StoredRecord[]): RecordedSession {
  const records = stored.map(recorded)
  const bases = records.map(({ envelope }) => textAt(envelope, 'session', 'basis'))
  return {
    id,
    origin: stored[0]?.origin ?? '',
    basis: bases.findLast((basis) => basis !== undefined),
    records,
    events: records.map(replayEvent),
  }
}
