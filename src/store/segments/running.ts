import { Buffer } from 'node:buffer'
import { fromBase64, fromHex, toBase64 } from '../../base/bytes.ts'
import type { JsonValue } from '../../base/json.ts'
import type { EntryKind } from '../../audit/entry.ts'

/**
 * Sessions whose last record is remembered, at most. The chain of one that is forgotten begins anew: of those that were used least
 * recently, half at a time, so that using one again costs a look and no place in a list. About 200 bytes each.
 */
export const SESSIONS_MAX = 100_000

const NO_LEAF = new Uint8Array(0)

/** What the writer must know of records that are durable: the last of each session, and intents without an outcome. */
export class Running {
  /** Sessions of late, and those that were in use before them. */
  #leaves = new Map<string, Uint8Array>()
  #older = new Map<string, Uint8Array>()
  /** As many as there are calls in flight, which the gateway limits. */
  readonly #open = new Map<number, string>()

  /** `session` is its 16 bytes as latin1 text, or empty. */
  prevOf(session: string): Uint8Array | undefined {
    return session === '' ? undefined : (this.#leaves.get(session) ?? this.#older.get(session))
  }

  /** The leaf may be overwritten afterwards. */
  note(record: { kind: EntryKind; seq: number; session: string; leaf: Uint8Array; of: number | undefined }): void {
    const { kind, session } = record
    if (session !== '') this.#remember(session, kind === 'session.end' ? NO_LEAF : record.leaf)
    if (kind === 'intent') this.#open.set(record.seq, session)
    else if (kind === 'outcome' && record.of !== undefined) this.#open.delete(record.of)
  }

  get open(): readonly OpenIntent[] {
    return Array.from(this.#open, ([seq, session]) => ({ seq, session }))
  }

  /** For the record at the head of a segment, so that a restart need not read the segments before it. */
  toJson(): JsonValue {
    return this.open.map(({ seq, session }) => [seq, toHex(session), toBase64(this.prevOf(session) ?? NO_LEAF)])
  }

  /** Takes over what `toJson` wrote; false where there is nothing to take over. */
  load(json: JsonValue | undefined): boolean {
    if (!isList(json)) return false
    this.#open.clear()
    for (const item of json) {
      const open = readOpen(item)
      if (open === undefined) return false
      this.#open.set(open.seq, open.session)
      if (this.prevOf(open.session) === undefined) this.#remember(open.session, open.leaf)
    }
    return true
  }

  /** Without a leaf it is forgotten. */
  #remember(session: string, leaf: Uint8Array): void {
    const known = this.#leaves.get(session)
    // The last one's memory is used again.
    if (known !== undefined && leaf.length > 0) return known.set(leaf)
    const older = this.#older.get(session)
    this.#older.delete(session)
    if (leaf.length === 0) return void this.#leaves.delete(session)
    const kept = older ?? new Uint8Array(leaf.length)
    kept.set(leaf)
    this.#leaves.set(session, kept)
    if (this.#leaves.size < SESSIONS_MAX / 2) return
    this.#older = this.#leaves
    this.#leaves = new Map()
  }
}

export interface OpenIntent {
  readonly seq: number
  readonly session: string
}

function toHex(session: string): string {
  return Buffer.from(session, 'latin1').toString('hex')
}

function readOpen(item: JsonValue): (OpenIntent & { readonly leaf: Uint8Array }) | undefined {
  if (!isList(item)) return undefined
  const [seq, session, leaf] = item
  if (typeof seq !== 'number' || typeof session !== 'string' || typeof leaf !== 'string') return undefined
  const sessionBytes = fromHex(session)
  const leafBytes = fromBase64(leaf)
  if (sessionBytes === undefined || leafBytes === undefined) return undefined
  return { seq, session: Buffer.from(sessionBytes).toString('latin1'), leaf: leafBytes }
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}
