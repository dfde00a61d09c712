import type { StoredRecord } from '../audit/stored.ts'
import { isSessionId, type RuleId } from '../base/ids.ts'
import { principalId } from '../identity/principal.ts'
import { Limits, type Lease } from '../limits/limits.ts'
import type { LimitRows } from '../limits/rows.ts'
import type { Obligations } from '../policy/decide.ts'
import type { RecordedQuestion } from '../policy/recorded-question.ts'
import { numberAt, textAt, type RecordedRecord } from '../recording/read.ts'

/** Nothing is there at the beginning, and nothing is kept. */
const NO_ROWS: LimitRows = { load: () => [], save: () => undefined }

/** The limits of a policy, held against recorded calls in their order. Full at the beginning: what was before is not seen. */
export class ReplayedLimits {
  #limits: Limits | undefined
  /** Of calls that passed, by the number of their intent, until their outcome comes. */
  readonly #running = new Map<number, Lease>()

  /** The rule whose limit has no room for this call; undefined where all have, and then it counts against them. */
  take(
    limits: Obligations['limits'],
    { asked, record }: { asked: RecordedQuestion; record: RecordedRecord },
  ): RuleId | undefined {
    if (limits.length === 0) return undefined
    const { atMs, client } = asked.circumstances
    this.#limits ??= new Limits(NO_ROWS, { nowMs: atMs })
    const taken = this.#limits.take(limits, { ...subjectOf(asked, record), client: client.id }, atMs)
    if (taken.kind === 'exhausted') return taken.rule
    // What was refused then has no reply of which anybody knows the size.
    if (record.stored.entry.kind === 'intent') this.#running.set(record.stored.seq, taken.lease)
    else taken.lease.end()
    return undefined
  }

  /** A reply, or an event of one: its bytes count, and a reply ends its call. */
  came({ stored, envelope }: RecordedRecord): void {
    const of = numberAt(envelope, 'of')
    const lease = of === undefined ? undefined : this.#running.get(of)
    if (of === undefined || lease === undefined) return
    lease.bytes(numberAt(envelope, 'io', 'bytes_out') ?? bytesOf(stored), stored.entry.time / 1000)
    if (stored.entry.kind !== 'outcome') return
    lease.end()
    this.#running.delete(of)
  }
}

function bytesOf({ parts }: StoredRecord): number {
  return parts.response?.bytes.byteLength ?? 0
}

function subjectOf({ who, connection, about }: RecordedQuestion, { envelope }: RecordedRecord) {
  const session = textAt(envelope, 'session', 'id') ?? ''
  return {
    identity: principalId(who.issuer ?? '', who.subject),
    connection: connection.name,
    tool: 'name' in about ? about.name : 'uri' in about ? about.uri : '',
    session: isSessionId(session) ? session : NO_SESSION,
  }
}

const NO_SESSION = 'ses_'
