import { assert, GatewayError } from '../../base/assert.ts'
import { HOUR_MS } from '../../base/units.ts'
import { type HeldRow, openRow, sealRow } from './held-row.ts'
import { type HeldScope, OpenScope } from './open-scope.ts'
import type { Erased, Forgotten, ScopeRecord, SealedRow, SurrogateRows } from './rows.ts'
import { hashKey, type RootKey, SALT_BYTES, type ScopeKeys, scopeKeys, type ScopeName } from './scope.ts'
import { ScopeBook } from './scope-book.ts'

/** A working day: what was found in the morning can be used in the afternoon, and is unlinkable the day after. */
const EPOCH_MS = 8 * HOUR_MS
/** Longer than this no configuration makes it. */
const EPOCH_MS_MAX = 24 * HOUR_MS
/** About 60 MB of memory where all are in use. */
const ROWS_PER_SCOPE_MAX = 100_000
const ROWS_PER_TENANT_MAX = 1_000_000
/** Rows of all scopes in memory; the scope that was not used for longest is read again when it is. */
const ROWS_IN_MEMORY_MAX = 500_000
const SCOPES_IN_MEMORY_MAX = 10_000
/** Nodes that save to one scope at once; each loser tries again with what the winner saved. */
const SAVE_TRIES = 8

export interface VaultParts {
  readonly rows: SurrogateRows
  readonly root: RootKey
  /** Bytes of chance. */
  readonly random: (bytes: number) => Uint8Array
  readonly epochMs?: number | undefined
  readonly rowsPerScopeMax?: number | undefined
  readonly rowsPerTenantMax?: number | undefined
}

/**
 * `saved`: the message may leave. `again`: it may not; open the scope anew and mask the original once more. Another node
 * was first with another id, the scope was forgotten, or the tenant is full.
 */
export type Saved = { readonly kind: 'saved' } | { readonly kind: 'again'; readonly why: 'moved' | 'gone' | 'full' }

/** Keeps the scopes: in memory while they are used, and sealed in a store. Throws GatewayError where the store fails. */
export class SurrogateVault {
  readonly #parts: VaultParts
  readonly #epochMs: number
  readonly #rowsPerTenantMax: number
  /** By number, the one that was used last at the end. */
  readonly #held = new Map<number, HeldScope>()

  constructor(parts: VaultParts) {
    this.#parts = parts
    this.#epochMs = Math.min(parts.epochMs ?? EPOCH_MS, EPOCH_MS_MAX)
    this.#rowsPerTenantMax = parts.rowsPerTenantMax ?? ROWS_PER_TENANT_MAX
    assert(this.#epochMs > 0, 'an epoch has a length')
  }

  /** The scope as it is now, others' changes included; a new epoch begins if none is open. */
  open(name: ScopeName, nowMs: number): OpenScope {
    const { rows, random } = this.#parts
    const at = this.#at(nowMs)
    const record =
      rows.find(name, at) ?? rows.begin(name, at, { salt: random(SALT_BYTES), endsMs: nowMs + this.#epochMs })
    return this.#hold(name, record)
  }

  /** The scope if it is open; undefined where nothing can come back because nothing was given out. */
  find(name: ScopeName, nowMs: number): OpenScope | undefined {
    const record = this.#parts.rows.find(name, this.#at(nowMs))
    return record === undefined ? undefined : this.#hold(name, record)
  }

  /**
   * Stores what the scope gave out and nobody stored yet, of this message and of others. Nothing that was masked with the
   * scope may leave before this says `saved`; if it throws, nothing may leave either, and the next call tries it all again.
   */
  save(open: OpenScope): Saved {
    const { held } = open
    for (let tries = 0; tries < SAVE_TRIES; tries += 1) {
      const outcome = this.#saveOnce(held)
      if (outcome === 'saved') return open.isOverruled ? { kind: 'again', why: 'moved' } : { kind: 'saved' }
      if (outcome !== 'stale') return this.#letGo(held, outcome)
      if (!this.#refresh(held)) return this.#letGo(held, 'gone')
    }
    throw new GatewayError(
      'masking_blocked',
      'Surrogates could not be stored: others store to the same scope all the time.',
    )
  }

  /** Counts values that went back to their upstream. */
  restored(open: OpenScope, ids: readonly string[], nowMs: number): void {
    this.#parts.rows.restored(open.held.scope, ids, nowMs)
  }

  /**
   * Erases what has ended, and lets go of what others erased. To be called by the minute; both are looked at with every use
   * besides, and memory that nobody can reach any more still holds values.
   */
  expire(nowMs: number): number {
    const erased = this.#parts.rows.expire(nowMs)
    if (this.#held.size === 0) return erased
    const left = this.#parts.rows.scopes()
    for (const scope of this.#held.keys()) if (!left.has(scope)) this.#held.delete(scope)
    return erased
  }

  /** Scopes in memory. */
  get held(): number {
    return this.#held.size
  }

  /** Erases scopes for good; their surrogates are unknown from now on, to every node. */
  forget(whose: Forgotten): Erased {
    this.#held.clear()
    return this.#parts.rows.forget(whose)
  }

  /** A shorter epoch in the configuration ends open scopes, too. */
  #at(nowMs: number): { rootId: string; nowMs: number; sinceMs: number } {
    return { rootId: this.#parts.root.id, nowMs, sinceMs: nowMs - this.#epochMs }
  }

  #hold(name: ScopeName, record: ScopeRecord): OpenScope {
    const known = this.#held.get(record.scope)
    if (known !== undefined && known.version !== record.version) this.#refresh(known)
    const held = known ?? this.#load(name, record)
    this.#held.delete(record.scope)
    this.#held.set(record.scope, held)
    if (known === undefined) this.#makeRoom()
    return new OpenScope(held)
  }

  #load(name: ScopeName, record: ScopeRecord): HeldScope {
    const { rows, root, random, rowsPerScopeMax = ROWS_PER_SCOPE_MAX } = this.#parts
    const keys = scopeKeys(root, name, record)
    const stored = rows.load(record.scope, 0) ?? { version: record.version, rows: [] }
    const roomOfTenant = Math.max(0, this.#rowsPerTenantMax - rows.count(name.tenant))
    const book = new ScopeBook({
      keys,
      hashKey: hashKey(root, name),
      endsMs: Math.min(record.endsMs, record.epochMs + this.#epochMs),
      rowsMax: Math.min(rowsPerScopeMax, stored.rows.length + roomOfTenant),
      random,
    })
    book.absorb(opened(keys, stored.rows))
    return { scope: record.scope, keys, book, version: stored.version }
  }

  /** Takes over what others saved; false where the scope is gone. */
  #refresh(held: HeldScope): boolean {
    const news = this.#parts.rows.load(held.scope, held.version)
    if (news === undefined) return false
    held.book.absorb(opened(held.keys, news.rows))
    held.version = news.version
    return true
  }

  #saveOnce(held: HeldScope): 'saved' | 'stale' | 'gone' | 'full' {
    const { rows: unsaved, added } = held.book.unsaved
    if (unsaved.length === 0) return 'saved'
    const rows = unsaved.map((row) => sealRow(held.keys, row))
    const change = { base: held.version, rows, added, tenantMax: this.#rowsPerTenantMax }
    const outcome = this.#parts.rows.save(held.scope, change)
    if (outcome.kind !== 'saved') return outcome.kind
    held.version = outcome.version
    held.book.settle()
    return 'saved'
  }

  /** Another look at the scope reads it from the store, or begins it anew. */
  #letGo(held: HeldScope, why: 'gone' | 'full'): Saved {
    if (this.#held.get(held.scope) === held) this.#held.delete(held.scope)
    return { kind: 'again', why }
  }

  #makeRoom(): void {
    let rows = 0
    for (const { book } of this.#held.values()) rows += book.size
    for (const [scope, { book }] of this.#held) {
      const fits = rows <= ROWS_IN_MEMORY_MAX && this.#held.size <= SCOPES_IN_MEMORY_MAX
      if (fits || this.#held.size === 1) return
      // What is unsaved may be in a message that is under way; it stays until that is over.
      if (book.unsaved.rows.length > 0) continue
      rows -= book.size
      this.#held.delete(scope)
    }
  }
}

function opened(keys: ScopeKeys, rows: readonly SealedRow[]): readonly HeldRow[] {
  return rows.map((row) => {
    const held = openRow(keys, row)
    if (held !== undefined) return held
    // Whoever can write the database could take rows away, too; but not put values in the place of others.
    throw new GatewayError('masking_blocked', 'A stored surrogate was altered or damaged; have the scope forgotten.')
  })
}
