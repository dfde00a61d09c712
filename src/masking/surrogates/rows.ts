import type { SealedBox } from '../../base/sealed-box.ts'
import type { ScopeName } from './scope.ts'

/** An epoch of a scope, as it is stored. */
export interface ScopeRecord {
  /** Its number in the store, never given twice. */
  readonly scope: number
  /** When its salt was made. Milliseconds, as all times here. */
  readonly epochMs: number
  readonly endsMs: number
  readonly salt: Uint8Array
  /** Counts what was saved to it, by whomever. */
  readonly version: number
}

/** A surrogate as it is stored. Nothing in it says anything about its value to who has no key. */
export interface SealedRow extends SealedBox {
  readonly id: string
  readonly entity: string
  /** HMAC of the value: one row of a value in a scope. */
  readonly index: Uint8Array
  readonly createdMs: number
  readonly expiresMs: number
}

/**
 * `stale`: somebody else saved to the scope since `base`. `gone`: it was forgotten. `full`: the tenant has as many rows as
 * it may. Nothing was saved with any of them.
 */
export type SaveOutcome =
  | { readonly kind: 'saved'; readonly version: number }
  | { readonly kind: 'stale' | 'gone' | 'full' }

/** Whose surrogates are forgotten. */
export type Forgotten =
  | { readonly kind: 'all' }
  | { readonly kind: 'principal'; readonly principal: string }
  | { readonly kind: 'group'; readonly group: string }

/** What was erased with its salts. */
export interface Erased {
  readonly scopes: number
  readonly surrogates: number
}

/** Where surrogates survive a restart. Every method is one transaction. Throws GatewayError where what it reads was altered. */
export interface SurrogateRows {
  /** The latest epoch of a scope that ends after `nowMs` and began after `sinceMs`, under the root key of that id. */
  find(name: ScopeName, at: { rootId: string; nowMs: number; sinceMs: number }): ScopeRecord | undefined
  /** The same; where there is none, it begins now with this salt, if nobody else begins one at the same moment. */
  begin(
    name: ScopeName,
    at: { rootId: string; nowMs: number; sinceMs: number },
    fresh: { salt: Uint8Array; endsMs: number },
  ): ScopeRecord
  /** Rows that were saved to the scope after that version; undefined where it is gone. */
  load(scope: number, after: number): { readonly version: number; readonly rows: readonly SealedRow[] } | undefined
  /** How many rows the scopes of a tenant have. */
  count(tenant: string): number
  /** Adds and replaces rows, all or none, if nobody saved since version `base` and the tenant stays within `tenantMax`. */
  save(
    scope: number,
    change: { base: number; rows: readonly SealedRow[]; added: number; tenantMax: number },
  ): SaveOutcome
  /** Counts that values went back. */
  restored(scope: number, ids: readonly string[], nowMs: number): void
  /** Erases scopes that ended, with their salts. How many. */
  expire(nowMs: number): number
  forget(whose: Forgotten): Erased
  /** Numbers of all scopes there are. */
  scopes(): ReadonlySet<number>
}
