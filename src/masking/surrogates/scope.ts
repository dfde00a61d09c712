// Surrogates: stand-ins of values, and the way back. A surrogate means something inside one scope alone, which is one
// person with one client towards one group of upstreams for one purpose, for some hours. Outside of it nobody can tell
// that two surrogates stand for the same value, and nothing comes back. Deleting a scope's salt erases it.
import { createHash, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/** Where surrogates hold. Two scopes that differ in any part share nothing. */
export interface ScopeName {
  readonly tenant: string
  readonly principal: string
  readonly client: string
  /** One upstream, or a group that policy declares. */
  readonly group: string
  /** Why values come back: what the connection says. */
  readonly purpose: string
}

/** A key that stands outside the database; `id` names it and says nothing about it. */
export interface RootKey {
  readonly key: KeyObject
  readonly id: string
}

export interface ScopeKeys {
  /** Ids of surrogates. */
  readonly id: KeyObject
  /** Their check characters. */
  readonly check: KeyObject
  /** Rows at rest. */
  readonly seal: KeyObject
  /** Finds the row of a value without saying which value it is. */
  readonly index: KeyObject
  /** Forms that nothing comes back from. */
  readonly oneWay: KeyObject
}

const KEY_BYTES = 32
/** Bytes. HKDF wants as many as its hash has (RFC 5869, 3.1). */
export const SALT_BYTES = 32

/** The keys of one epoch of a scope; without the salt there is no way to them. */
export function scopeKeys(
  root: RootKey,
  name: ScopeName,
  { epochMs, salt }: { epochMs: number; salt: Uint8Array },
): ScopeKeys {
  const scope = derive(root.key, salt, `sallyport surrogates 1 ${digestOf([...partsOf(name), `${epochMs}`])}`)
  const part = (label: string) => derive(scope, new Uint8Array(), `sallyport surrogates 1 ${label}`)
  return { id: part('id'), check: part('check'), seal: part('seal'), index: part('index'), oneWay: part('one way') }
}

/** The key of hashes: equal values of a tenant are equal for one purpose, whoever sees them, and only there. */
export function hashKey(root: RootKey, { tenant, purpose }: Pick<ScopeName, 'tenant' | 'purpose'>): KeyObject {
  return derive(root.key, new Uint8Array(), `sallyport hashes 1 ${digestOf([tenant, purpose])}`)
}

/** The parts in their one order. */
export function partsOf({ tenant, principal, client, group, purpose }: ScopeName): readonly string[] {
  return [tenant, principal, client, group, purpose]
}

export function hmac(key: KeyObject, text: string): Uint8Array {
  return createHmac('sha256', key).update(text, 'utf8').digest()
}

/** HKDF-SHA-256 (RFC 5869). */
export function derive(key: KeyObject, salt: Uint8Array, info: string): KeyObject {
  return createSecretKey(new Uint8Array(hkdfSync('sha256', key, salt, info, KEY_BYTES)))
}

/** Node limits the info of HKDF to 1 KiB, and a client id may be a URL of any length. */
function digestOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts), 'utf8').digest('base64url')
}
