import { equal, toHex } from '../base/bytes.ts'
import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import type { PartName } from './commitment.ts'
import { decodeEntry, type EntryFields } from './entry.ts'
import { GoneParts } from './gone.ts'
import { intentOf } from './pair.ts'
import { openPart, partsExpected, partsNotKept } from './stored.ts'
import { leafHash } from './tree.ts'

export type FindingCode =
  | 'segment_damaged'
  | 'segment_missing'
  | 'root_mismatch'
  | 'seq_gap'
  | 'entry_mismatch'
  | 'payload_altered'
  | 'payload_missing'
  | 'chain_broken'
  | 'pair_missing'
  | 'tombstone_invalid'
  | 'hold_violated'
  | 'erasure_incomplete'
  | 'head_signature'
  | 'head_conflict'
  | 'witness_missing'
  | 'rolled_back'
  | 'tile_mismatch'
  | 'tile_missing'
  | 'stream_silent'
  | 'clock'

/** What is wrong, where, and what to do about it. */
export interface Finding {
  readonly code: FindingCode
  readonly seq?: number | undefined
  readonly file: string
  readonly offset?: number | undefined
  readonly what: string
  readonly do: string
}

/** A record as it lies on disk, its entry not yet decoded. */
export interface RecordFound {
  readonly seq: number
  readonly entry: Uint8Array
  readonly parts: Readonly<Partial<Record<PartName, { readonly salt: Uint8Array; readonly content: Uint8Array }>>>
  readonly file: string
  readonly offset: number
  /** Its content is encrypted, and no key was given: what is not in `parts` is not looked for. */
  readonly locked?: boolean | undefined
}

const RESTORE = 'Compare with a backup or a copy elsewhere; until then treat what this record says as unknown.'

/** Checks record after record what can be checked without a tree: entries, commitments, chains of sessions, pairs. Pure. */
export class RecordChecker {
  readonly #sessions = new Map<string, { readonly seq: number; readonly leaf: Uint8Array }>()
  readonly #open = new Map<number, { readonly file: string; readonly offset: number; readonly session: string }>()
  readonly #report: (finding: Finding) => void
  readonly #start: number
  readonly #gone: GoneParts
  /** By session: outcomes whose envelope is gone or locked, so that nobody can say which intent they close. */
  readonly #unreadOutcomes = new Map<string, number>()
  #resumedAt = -1
  #next: number
  readonly #proven: number
  /** One state each; `not_kept` besides: bodies that their class does not record, which is no finding. */
  readonly records = { verified: 0, altered: 0, missing: 0, erased: 0, locked: 0, unwitnessed: 0, not_kept: 0 }

  /** `start`: entries below it were pruned. `proven`: records from here on are below no head that counts. */
  constructor(report: (finding: Finding) => void, start = 0, proven = Infinity) {
    this.#proven = proven
    this.#report = report
    this.#start = start
    this.#next = start
    this.#gone = new GoneParts(start)
  }

  check(found: RecordFound): void {
    if (found.seq !== this.#next)
      this.#find(found, 'seq_gap', `records ${this.#next} to ${found.seq - 1} are not there`)
    this.#next = found.seq + 1
    const entry = decodeEntry(found.entry)
    if (entry === undefined || entry.seq !== found.seq) {
      this.records.altered++
      return this.#find(found, 'entry_mismatch', 'the entry is not one of version 1, or it belongs to another place')
    }
    const state = this.#checkParts(found, entry)
    if (partsNotKept(entry).length > 0) this.records.not_kept++
    if (state === 'verified' && found.seq >= this.#proven) this.records.unwitnessed++
    else if (state !== 'gone') this.records[state]++
    this.#checkSession(found, entry)
    this.#checkPair(found, entry)
  }

  /** After the last record: every call that was open when the log was resumed has been closed since, and what is gone is accounted for. */
  finish(): void {
    for (const [seq, place] of this.#open) {
      if (seq >= this.#resumedAt || this.#closedUnread(place.session)) continue
      this.#find({ seq, ...place }, 'pair_missing', 'the intent has no outcome, though the log was resumed after it')
    }
    const { erased, missing } = this.#gone.judge(({ code, seq, what }) =>
      this.#report({ code, seq, file: '', what, do: RESTORE }),
    )
    this.records.erased += erased
    this.records.missing += missing
  }

  #closedUnread(session: string): boolean {
    const left = this.#unreadOutcomes.get(session) ?? 0
    this.#unreadOutcomes.set(session, left - 1)
    return left > 0
  }

  #checkParts(found: RecordFound, entry: EntryFields): 'verified' | 'altered' | 'locked' | 'gone' {
    const expected = partsExpected(entry)
    const absent = expected.filter((name) => found.parts[name] === undefined)
    const present = expected.filter((name) => found.parts[name] !== undefined)
    const opened = present.filter((name) => this.#opens(found, entry, name))
    const altered = opened.length < present.length
    const locked = found.locked === true && absent.length > 0
    const said = altered ? undefined : parsed(found.parts.envelope?.content)
    this.#gone.note(entry, { present, absent: locked ? [] : absent }, said)
    if (altered) return 'altered'
    if (locked) return 'locked'
    if (absent.includes('envelope')) return 'gone'
    if (saysTheSame(said, entry)) return absent.length > 0 ? 'gone' : 'verified'
    this.#find(found, 'entry_mismatch', 'entry and envelope name different kinds or sessions')
    return 'altered'
  }

  #opens(found: RecordFound, entry: EntryFields, name: PartName): boolean {
    const part = found.parts[name]
    if (part !== undefined && openPart(entry, name, part).opens) return true
    this.#find(found, 'payload_altered', `the ${name} is not what was recorded`)
    return false
  }

  /** Each session is a chain of its own. It may begin anew where the writer did: after `session.end` and after a restart. */
  #checkSession(found: RecordFound, entry: EntryFields): void {
    if (entry.kind === 'log.resume') this.#resumedAt = found.seq
    if (entry.session === undefined) return
    const session = toHex(entry.session)
    const before = this.#sessions.get(session)
    const broken =
      entry.prev === undefined
        ? before !== undefined && before.seq > this.#resumedAt
        : before === undefined
          ? this.#start === 0
          : !equal(entry.prev, before.leaf)
    if (broken) this.#find(found, 'chain_broken', 'the record does not follow the one before it in its session')
    if (entry.kind === 'session.end') this.#sessions.delete(session)
    else this.#sessions.set(session, { seq: found.seq, leaf: leafHash(found.entry) })
  }

  #checkPair(found: RecordFound, entry: EntryFields): void {
    const session = entry.session === undefined ? '' : toHex(entry.session)
    if (entry.kind === 'intent') this.#open.set(found.seq, { file: found.file, offset: found.offset, session })
    if (entry.kind !== 'outcome') return
    const envelope = found.parts.envelope
    if (envelope === undefined) {
      this.#unreadOutcomes.set(session, (this.#unreadOutcomes.get(session) ?? 0) + 1)
      return
    }
    const of = intentOf(envelope.content)
    if (of === undefined || (!this.#open.delete(of) && of >= this.#start))
      this.#find(found, 'pair_missing', `the outcome names ${of ?? 'no intent'}, which is no open intent`)
  }

  #find({ file, offset, seq }: Pick<RecordFound, 'seq' | 'file' | 'offset'>, code: FindingCode, what: string): void {
    this.#report({ code, seq, file, offset, what, do: RESTORE })
  }
}

function saysTheSame(envelope: JsonObject | undefined, entry: EntryFields): boolean {
  if (envelope === undefined || envelope['kind'] !== entry.kind) return false
  const session = envelope['session']
  if (!isObject(session) || session['id'] === undefined) return true
  return entry.session !== undefined && session['id'] === `ses_${toHex(entry.session)}`
}

function parsed(text: Uint8Array | undefined): JsonObject | undefined {
  if (text === undefined) return undefined
  try {
    const value = parseJson(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
