import { encodeUtf8, indexOf, toHex } from '../../base/bytes.ts'
import { stringifyJson } from '../../base/json.ts'
import type { PartName } from '../../audit/commitment.ts'
import { CLASS } from '../../audit/entry.ts'
import { type Hold, isBy } from '../../audit/hold.ts'
import type { StoredPart, StoredRecord } from '../../audit/stored.ts'
import { rangesOf, type SeqRange } from '../../audit/tombstone.ts'
import { recorded } from '../../recording/read.ts'
import type { PackKeys } from '../packs/keys.ts'
import { dayName, dayOf } from '../packs/payload.ts'
import { BLOCK_RECORDS } from '../packs/block-files.ts'
import { readRecords } from '../segments/read-records.ts'
import type { ClassMonth } from './class-month.ts'
import { covers } from './holds.ts'

/** Which records are meant. Several together: each record that fits any of them. */
export interface Sought {
  /** Subject or e-mail address: all of that person's sessions, whole, and their records outside of sessions. */
  readonly subject?: string | undefined
  /** Parts of records, of whoever they are, in which this text stands. */
  readonly containing?: string | undefined
  /** Single records. */
  readonly seqs?: readonly SeqRange[] | undefined
  /** Everything of a class and month, by the days of its blocks: what one key of the month opens. The month is over. */
  readonly month?: ClassMonth | undefined
}

/** What was found, without a word of what was sought: it is kept until a second person has approved. */
export interface Found {
  /** Whole sessions, hexadecimal. */
  readonly sessions: readonly string[]
  /** Records that go whole: those of the sessions, and single ones. */
  readonly whole: readonly SeqRange[]
  /** Records of which some parts go. */
  readonly parts: readonly { readonly part: PartName; readonly ranges: readonly SeqRange[] }[]
  /** Whose stand-ins go too: ids that are hashes of issuer and subject. */
  readonly principals?: readonly string[] | undefined
  /** Whose key goes, where a whole month of a class does. */
  readonly month?: ClassMonth | undefined
  readonly records: number
  /** How many of the records stay: some record of their block is under a hold now. */
  readonly held?: number | undefined
  readonly connections: readonly string[]
  /** First and last UTC day. */
  readonly days: readonly string[]
}

const PARTS: readonly PartName[] = ['envelope', 'request', 'response']

/** Where to look. */
export interface SearchedLog {
  readonly folder: string
  readonly keys: PackKeys | undefined
  /** Those in force. */
  readonly holds: readonly Hold[]
}

/** Reads the whole log, twice where a person is sought: a session is known as theirs only when one of its records says so. */
export async function findRecords({ folder, holds, keys }: SearchedLog, sought: Sought): Promise<Found> {
  const collected = new Collected(holds)
  if (sought.month !== undefined) return await recordsOfMonth({ folder, keys, month: sought.month }, collected)
  const sessions = sought.subject === undefined ? new Set<string>() : await sessionsOf(folder, sought.subject, keys)
  for await (const record of readRecords({ folder, keys })) {
    collected.see(record)
    if (record.entry.retentionClass === CLASS.log) continue
    if (isWhole(record, sought, sessions)) collected.add(record, 'whole')
    else if (sought.containing !== undefined)
      for (const part of PARTS) if (stands(sought.containing, record.parts[part]?.bytes)) collected.add(record, part)
  }
  return collected.found(sessions)
}

/** A block that is not complete ends in a later month, since that one is over. */
async function recordsOfMonth(
  { folder, keys, month }: { folder: string; keys: PackKeys | undefined; month: ClassMonth },
  collected: Collected,
): Promise<Found> {
  let block: StoredRecord[] = []
  let newest = 0
  for await (const record of readRecords({ folder, keys })) {
    if (record.seq % BLOCK_RECORDS === 0) {
      block = []
      newest = 0
    }
    newest = Math.max(newest, record.entry.time)
    collected.see(record)
    // Its content is not needed, and may be long.
    if (record.entry.retentionClass === month.retentionClass) block.push(withoutBodies(record))
    if (record.seq % BLOCK_RECORDS !== BLOCK_RECORDS - 1 || !dayName(dayOf(newest)).startsWith(month.month)) continue
    for (const one of block) collected.add(one, 'whole')
  }
  return { ...collected.found(new Set()), month }
}

function withoutBodies(record: StoredRecord): StoredRecord {
  const parts: Partial<Record<PartName, StoredPart>> = {}
  for (const name of PARTS) {
    const part = record.parts[name]
    if (part !== undefined) parts[name] = name === 'envelope' ? part : { ...part, bytes: NOTHING }
  }
  return { ...record, parts }
}

const NOTHING = new Uint8Array(0)

async function sessionsOf(folder: string, subject: string, keys: PackKeys | undefined): Promise<Set<string>> {
  const sessions = new Set<string>()
  for await (const record of readRecords({ folder, keys }))
    if (record.entry.session !== undefined && isBy(recorded(record).envelope, subject))
      sessions.add(toHex(record.entry.session))
  return sessions
}

function isWhole(record: StoredRecord, { seqs = [], subject }: Sought, sessions: ReadonlySet<string>): boolean {
  const { entry, seq } = record
  if (entry.session !== undefined && sessions.has(toHex(entry.session))) return true
  if (seqs.some(([first, last]) => first <= seq && seq <= last)) return true
  return subject !== undefined && isBy(recorded(record).envelope, subject)
}

/** As it is, and as it is written inside of JSON, once and twice: a result of a tool is often JSON in a text in JSON. */
function stands(text: string, bytes: Uint8Array | undefined): boolean {
  if (bytes === undefined) return false
  const once = stringifyJson(text).slice(1, -1)
  const twice = stringifyJson(once).slice(1, -1)
  return [text, once, twice].some((form) => indexOf(bytes, encodeUtf8(form)) !== -1)
}

function blockOf(seq: number): number {
  return Math.floor(seq / BLOCK_RECORDS)
}

class Collected {
  readonly #seqs = new Map<'whole' | PartName, number[]>()
  readonly #records = new Set<number>()
  readonly #connections = new Set<string>()
  readonly #days = new Set<string>()
  readonly #holds: readonly Hold[]
  readonly #heldBlocks = new Set<number>()

  constructor(holds: readonly Hold[]) {
    this.#holds = holds
  }

  /** What is deleted is deleted by block, so that a hold on one record keeps all of its block. */
  see(record: StoredRecord): void {
    const block = blockOf(record.seq)
    if (!this.#heldBlocks.has(block) && this.#holds.some(({ predicate }) => covers(predicate, record)))
      this.#heldBlocks.add(block)
  }

  add(record: StoredRecord, what: 'whole' | PartName): void {
    // Nothing is left of it that could go.
    if (Object.keys(record.parts).length === 0) return
    const seqs = this.#seqs.get(what)
    if (seqs === undefined) this.#seqs.set(what, [record.seq])
    else seqs.push(record.seq)
    this.#records.add(record.seq)
    this.#days.add(new Date(record.entry.time / 1000).toISOString().slice(0, 'YYYY-MM-DD'.length))
    const connection = recorded(record).envelope['conn']
    if (typeof connection === 'object' && connection !== null && 'name' in connection)
      if (typeof connection['name'] === 'string') this.#connections.add(connection['name'])
  }

  found(sessions: ReadonlySet<string>): Found {
    const days = [...this.#days].toSorted()
    return {
      sessions: [...sessions],
      whole: rangesOf(this.#seqs.get('whole') ?? []),
      parts: PARTS.flatMap((part) => {
        const seqs = this.#seqs.get(part)
        return seqs === undefined ? [] : [{ part, ranges: rangesOf(seqs) }]
      }),
      records: this.#records.size,
      held: [...this.#records].filter((seq) => this.#heldBlocks.has(blockOf(seq))).length,
      connections: [...this.#connections].toSorted(),
      days: days.length > 1 ? [days[0] ?? '', days.at(-1) ?? ''] : days,
    }
  }
}
