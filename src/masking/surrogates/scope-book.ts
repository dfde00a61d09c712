import type { KeyObject } from 'node:crypto'
import { toBase64 } from '../../base/bytes.ts'
import { HOUR_MS } from '../../base/units.ts'
import type { EntityName } from '../entities.ts'
import { toBase32 } from './base32.ts'
import { canonical, isKept, needsRandomId } from './canonical.ts'
import { addOrigin, type HeldRow, type Origin } from './held-row.ts'
import { isMark, markOf } from './spellings.ts'
import { hmac, type ScopeKeys } from './scope.ts'
import { computedId, ID_RANDOM_BYTES, isGenuine, randomId } from './surrogate-id.ts'

/** Characters. Longer values are documents, not values that somebody hands back; they are redacted. */
const VALUE_LENGTH_MAX = 8_192
/** A value has few shapes: a text, a number, one that a schema asks for, another spelling in a URI. */
const ALIASES_MAX = 16
/** Of one kind. */
const SPELLINGS_MAX = 10_000
/** Bytes of a row's index: 128 bits tell values of one scope apart. */
const INDEX_BYTES = 16
/** 80 bits. */
const HASH_CHARACTERS = 16

export interface ScopeBookParts {
  readonly keys: ScopeKeys
  /** Of the tenant and purpose, not of the scope. */
  readonly hashKey: KeyObject
  /** From then on nothing comes back. */
  readonly endsMs: number
  /** Rows that may be held. */
  readonly rowsMax: number
  readonly random: (bytes: number) => Uint8Array
}

/** The rows of one scope in memory, every way round. Messages use it by `MessageBook`s; only the vault saves it. */
export class ScopeBook {
  readonly endsMs: number
  readonly #parts: ScopeBookParts
  readonly #byId = new Map<string, HeldRow>()
  readonly #byIndex = new Map<string, HeldRow>()
  readonly #byValue = new Map<string, HeldRow>()
  readonly #byAlias = new Map<string, HeldRow>()
  /** What `mint` has found, by kind and value as it is spelled: most come again with the next message. */
  readonly #bySpelling = new Map<EntityName, Map<string, HeldRow>>()
  readonly #new = new Set<HeldRow>()
  readonly #changed = new Set<HeldRow>()
  #moves = 0
  #toldFullMs = -Infinity

  constructor(parts: ScopeBookParts) {
    this.#parts = parts
    this.endsMs = parts.endsMs
  }

  get size(): number {
    return this.#byId.size
  }

  /** No value gets a stand-in any more that has none yet. */
  get isFull(): boolean {
    return this.#byId.size >= this.#parts.rowsMax
  }

  /** Whether to tell somebody now that it is full: once an hour is enough. */
  tellsFull(atMs: number): boolean {
    if (atMs - this.#toldFullMs < HOUR_MS) return false
    this.#toldFullMs = atMs
    return true
  }

  /**
   * Grows when something that was given out and not saved yet stands no longer, because another node had been first. Whatever
   * was masked before that must be masked again.
   */
  get moves(): number {
    return this.#moves
  }

  /** Rows that were never saved, and all that were not saved as they are now. */
  get unsaved(): { readonly rows: readonly HeldRow[]; readonly added: number } {
    return { rows: [...this.#new, ...this.#changed], added: this.#new.size }
  }

  /** The row of a value, made if there is none and there is room; undefined means: redact it. */
  mint(entity: EntityName, value: string, origin: Origin): { row: HeldRow; isNew: boolean } | undefined {
    const known = this.#bySpelling.get(entity)?.get(value) ?? this.#find(entity, value)
    if (known === 'not kept') return undefined
    if (known !== undefined) {
      if (addOrigin(known, origin)) this.#note(known)
      return { row: known, isNew: false }
    }
    if (this.isFull) return undefined
    const row = this.#make(entity, value, origin)
    this.#put(row)
    this.#new.add(row)
    return { row, isNew: true }
  }

  #find(entity: EntityName, value: string): HeldRow | 'not kept' | undefined {
    // Two texts with lone surrogates can have the same UTF-8.
    if (!isKept(entity) || value.length > VALUE_LENGTH_MAX || !value.isWellFormed()) return 'not kept'
    const found = this.#byValue.get(`${entity}\0${canonical(entity, value)}`)
    if (found === undefined) return undefined
    const spellings = this.#bySpelling.get(entity) ?? new Map<string, HeldRow>()
    if (spellings.size >= SPELLINGS_MAX) spellings.clear()
    this.#bySpelling.set(entity, spellings.set(value, found))
    return found
  }

  /** Lets a text stand for a row; false if it stands for another one. */
  alias(id: string, text: string, spelling: string | undefined): boolean {
    const row = this.#byId.get(id)
    if (row === undefined) return false
    const holder = this.#byAlias.get(text)
    if (holder !== undefined) return holder === row
    if (row.aliases.size >= ALIASES_MAX) return false
    row.aliases.set(text, spelling ?? row.value)
    this.#byAlias.set(text, row)
    this.#note(row)
    return true
  }

  /** The mark of a spelling of a row's value; undefined where there is no room for one more. */
  spell(id: string, spelling: string): string | undefined {
    const row = this.#byId.get(id)
    if (row === undefined) return undefined
    for (let nth = 1; nth <= ALIASES_MAX; nth += 1) {
      const mark = markOf(nth)
      if (row.aliases.get(mark) === spelling || this.#addSpelling(row, mark, spelling)) return mark
    }
    return undefined
  }

  #addSpelling(row: HeldRow, mark: string, spelling: string): boolean {
    if (row.aliases.has(mark) || row.aliases.size >= ALIASES_MAX) return false
    row.aliases.set(mark, spelling)
    this.#note(row)
    return true
  }

  /** One way: equal values of a tenant are equal for one purpose. */
  hash(entity: EntityName, value: string): string {
    return toBase32(hmac(this.#parts.hashKey, `${entity}\0${canonical(entity, value)}`), HASH_CHARACTERS)
  }

  /** An id from which nothing comes back: another one than the value has, and no row is kept of it. */
  oneWayId(entity: EntityName, value: string): string {
    const { oneWay } = this.#parts.keys
    const keys = { id: oneWay, check: oneWay }
    return needsRandomId(entity)
      ? randomId(keys, entity, this.#parts.random(ID_RANDOM_BYTES))
      : computedId(keys, entity, canonical(entity, value))
  }

  find(id: string): HeldRow | undefined {
    return this.#byId.get(id)
  }

  /** Whether texts stand for values that do not look like surrogates. */
  get hasAliases(): boolean {
    return this.#byAlias.size > 0
  }

  findAlias(text: string): HeldRow | undefined {
    return this.#byAlias.get(text)
  }

  /** Whether this scope made the id; it may be gone all the same. */
  isGenuine(entity: string, id: string): boolean {
    return isGenuine(this.#parts.keys, entity, id)
  }

  /** Takes over what others saved. What they gave out first wins over what is not saved here. */
  absorb(rows: readonly HeldRow[]): void {
    for (const row of rows) this.#absorbOne(row)
  }

  /** Everything is saved as it is now. */
  settle(): void {
    this.#new.clear()
    this.#changed.clear()
  }

  #make(entity: EntityName, value: string, origin: Origin): HeldRow {
    const { keys, endsMs, random } = this.#parts
    const plain = canonical(entity, value)
    return {
      id: needsRandomId(entity) ? randomId(keys, entity, random(ID_RANDOM_BYTES)) : computedId(keys, entity, plain),
      entity,
      value,
      index: hmac(keys.index, `${entity}\0${plain}`).subarray(0, INDEX_BYTES),
      createdMs: origin.atMs,
      expiresMs: endsMs,
      origins: [origin],
      aliases: new Map(),
    }
  }

  #absorbOne(row: HeldRow): void {
    const mine = this.#byIndex.get(toBase64(row.index))
    if (mine !== undefined) this.#drop(mine)
    this.#yieldAliases(row)
    this.#put(row)
    if (mine === undefined) return
    for (const origin of mine.origins) if (addOrigin(row, origin)) this.#note(row)
    // Where the id is another one, nothing of `mine` was released yet, its aliases neither.
    if (mine.id !== row.id) this.#moves += 1
    else for (const [text, spelling] of mine.aliases) if (!this.#keeps(row, text, spelling)) this.#moves += 1
  }

  #keeps(row: HeldRow, text: string, spelling: string): boolean {
    if (!isMark(text)) return this.alias(row.id, text, spelling)
    return row.aliases.get(text) === spelling || this.#addSpelling(row, text, spelling)
  }

  /** A text can stand for one value only; the one that was saved with it keeps it. */
  #yieldAliases(row: HeldRow): void {
    for (const text of row.aliases.keys()) {
      if (this.#byAlias.get(text)?.aliases.delete(text) === true) this.#moves += 1
    }
  }

  #put(row: HeldRow): void {
    this.#byId.set(row.id, row)
    this.#byIndex.set(toBase64(row.index), row)
    this.#byValue.set(`${row.entity}\0${canonical(row.entity, row.value)}`, row)
    for (const text of row.aliases.keys()) if (!isMark(text)) this.#byAlias.set(text, row)
  }

  #drop(row: HeldRow): void {
    this.#bySpelling.delete(row.entity)
    this.#byId.delete(row.id)
    this.#byIndex.delete(toBase64(row.index))
    this.#byValue.delete(`${row.entity}\0${canonical(row.entity, row.value)}`)
    for (const text of row.aliases.keys()) this.#byAlias.delete(text)
    this.#new.delete(row)
    this.#changed.delete(row)
  }

  #note(row: HeldRow): void {
    if (!this.#new.has(row)) this.#changed.add(row)
  }
}
