import { equal, toHex } from '../base/bytes.ts'
import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import type { PartName } from './commitment.ts'
import { decodeEntry, type EntryFields } from './entry.ts'
import { intentOf } from './pair.ts'
import { openPart, partsExpected } from './stored.ts'
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
}

const RESTORE = 'Compare with a backup or a copy elsewhere; until then treat what this record says as unknown.'

/** Checks record after record what can be checked without a tree: entries, commitments, chains of sessions, pairs. Pure. */
export class RecordChecker {
  readonly #sessions = new Map<string, { readonly seq: number; readonly leaf: Uint8Array }>()
  readonly #open = new Map<number, { readonly file: string; readonly offset: number }>()
  readonly #report: (finding: Finding) => void
  #resumedAt = -1
  #next = 0
  readonly records = { verified: 0, altered: 0, missing: 0 }

  constructor(report: (finding: Finding) => void) {
    this.#report = report
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
    this.records[state]++
    this.#checkSession(found, entry)
    this.#checkPair(found, entry)
  }

  /** After the last record: every call that was open when the log was resumed has been closed since. */
  finish(): void {
    for (const [seq, place] of this.#open)
      if (seq < this.#resumedAt)
        this.#find({ seq, ...place }, 'pair_missing', 'the intent has no outcome, though the log was resumed after it')
  }

  #checkParts(found: RecordFound, entry: EntryFields): 'verified' | 'altered' | 'missing' {
    let state: 'verified' | 'altered' | 'missing' = 'verified'
    for (const name of partsExpected(entry)) {
      const part = found.parts[name]
      if (part === undefined) {
        state = 'missing'
        this.#find(found, 'payload_missing', `the ${name} is not there`)
      } else if (!openPart(entry, name, part).opens) {
        state = 'altered'
        this.#find(found, 'payload_altered', `the ${name} is not what was recorded`)
      }
    }
    if (state === 'verified' && !saysTheSame(found, entry)) {
      this.#find(found, 'entry_mismatch', 'entry and envelope name different kinds or sessions')
      return 'altered'
    }
    return state
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
        : before === undefined || !equal(entry.prev, before.leaf)
    if (broken) this.#find(found, 'chain_broken', 'the record does not follow the one before it in its session')
    if (entry.kind === 'session.end') this.#sessions.delete(session)
    else this.#sessions.set(session, { seq: found.seq, leaf: leafHash(found.entry) })
  }

  #checkPair(found: RecordFound, entry: EntryFields): void {
    if (entry.kind === 'intent') this.#open.set(found.seq, { file: found.file, offset: found.offset })
    if (entry.kind !== 'outcome') return
    const of = intentOf(found.parts.envelope?.content ?? new Uint8Array(0))
    if (of === undefined || !this.#open.delete(of))
      this.#find(found, 'pair_missing', `the outcome names ${of ?? 'no intent'}, which is no open intent`)
  }

  #find({ file, offset, seq }: Pick<RecordFound, 'seq' | 'file' | 'offset'>, code: FindingCode, what: string): void {
    this.#report({ code, seq, file, offset, what, do: RESTORE })
  }
}

function saysTheSame(found: RecordFound, entry: EntryFields): boolean {
  const envelope = parsed(found.parts.envelope?.content)
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
