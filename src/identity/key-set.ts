import { calculateJwkThumbprint, createLocalJWKSet, errors, type JWK, type LocalJWKSet } from 'jose'
import { discoverJwksUri } from './discovery.ts'
import { fetchJson } from './fetch-json.ts'
import type { IssuerConfig } from './issuer.ts'

/** Milliseconds after which keys are fetched again, so that a withdrawn key stops working without a restart. */
const KEYS_FRESH_MS = 10 * 60_000
/** Milliseconds that keys are used while the issuer cannot be reached. Longer than a repair, shorter than a working day. */
export const KEYS_KEPT_MS = 2 * 60 * 60_000
/** Milliseconds between fetches for a key we do not have: made-up key ids must not become a flood at the issuer. */
export const REFETCH_COOLDOWN_MS = 30_000
/** Milliseconds between attempts while the issuer cannot be reached. */
export const RETRY_COOLDOWN_MS = 5_000
/** Keys of one issuer. Providers publish two to five. */
const KEYS_MAX = 100

/** The members of public keys that count. Private ones, certificates and URLs are not even kept. */
const JWK_MEMBERS = ['kty', 'kid', 'use', 'key_ops', 'alg', 'crv', 'n', 'e', 'x', 'y'] as const

interface Keys {
  readonly resolve: LocalJWKSet
  /** RFC 7638: what a key is, whatever its id. */
  readonly thumbprints: ReadonlySet<string>
  readonly fetchedMs: number
}

export type KeyLookup = { readonly kind: 'keys'; readonly resolve: LocalJWKSet } | { readonly kind: 'unavailable' }

/** The keys of one issuer. Only this class fetches them, and at most one fetch runs at a time. */
export class KeySet {
  readonly #config: IssuerConfig
  readonly #onTrouble: (issuer: string, error: Error) => void
  #keys: Keys | undefined
  #jwksUri: string | undefined
  #attemptMs = Number.NEGATIVE_INFINITY
  #running: Promise<void> | undefined

  constructor(config: IssuerConfig, onTrouble: (issuer: string, error: Error) => void) {
    this.#config = config
    this.#onTrouble = onTrouble
  }

  /** Keys that may be used now; fetches them if there are none. */
  async current(nowMs: number): Promise<KeyLookup> {
    if (!this.usable(nowMs)) await this.#refresh(nowMs, RETRY_COOLDOWN_MS)
    const keys = this.#keys
    return keys !== undefined && this.usable(nowMs) ? { kind: 'keys', resolve: keys.resolve } : { kind: 'unavailable' }
  }

  /** Fetches again for a key that was not found; false where it is too early for that or the issuer did not answer. */
  async renew(nowMs: number): Promise<boolean> {
    const before = this.#keys
    await this.#refresh(nowMs, REFETCH_COOLDOWN_MS)
    return this.#keys !== before
  }

  /** Whether this key still is one of the issuer's. Starts a fetch in the background when the keys are getting old. */
  vouches(thumbprint: string, nowMs: number): boolean {
    return this.usable(nowMs) && this.#keys?.thumbprints.has(thumbprint) === true
  }

  /** Whether there are keys that are not too old. */
  usable(nowMs: number): boolean {
    if (this.#keys === undefined) return false
    const ageMs = nowMs - this.#keys.fetchedMs
    if (ageMs > KEYS_FRESH_MS) void this.#refresh(nowMs, RETRY_COOLDOWN_MS)
    return ageMs <= KEYS_KEPT_MS
  }

  #refresh(nowMs: number, cooldownMs: number): Promise<void> {
    if (this.#running !== undefined) return this.#running
    if (nowMs - this.#attemptMs < cooldownMs) return Promise.resolve()
    this.#attemptMs = nowMs
    this.#running = this.#fetch(nowMs).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** On failure the old keys stay, until KEYS_KEPT_MS, and the operator hears of it. */
  async #fetch(nowMs: number): Promise<void> {
    const { issuer, jwksUri } = this.#config
    try {
      this.#jwksUri ??= jwksUri ?? (await discoverJwksUri(issuer))
      this.#keys = await readKeys(await fetchJson(this.#jwksUri, issuer), nowMs)
    } catch (error) {
      // The address may have moved: the next attempt begins with discovery.
      this.#jwksUri = undefined
      this.#onTrouble(issuer, error instanceof Error ? error : new Error('the keys cannot be fetched'))
    }
  }
}

async function readKeys(document: unknown, fetchedMs: number): Promise<Keys> {
  if (!isKeyList(document) || document.keys.length > KEYS_MAX) throw new errors.JWKSInvalid('not a key set')
  const keys = document.keys.map(publicPart).filter((key) => key !== undefined)
  const thumbprints = new Set<string>()
  for (const key of keys) thumbprints.add(await calculateJwkThumbprint(key))
  return { resolve: createLocalJWKSet({ keys }), thumbprints, fetchedMs }
}

/** Undefined for a shared secret or a kind of key that none of our algorithms uses. */
function publicPart(key: Readonly<Record<string, unknown>>): JWK | undefined {
  const part = Object.fromEntries(JWK_MEMBERS.filter((name) => name in key).map((name) => [name, key[name]]))
  return isPublicJwk(part) ? part : undefined
}

function isPublicJwk(key: Readonly<Record<string, unknown>>): key is JWK & Record<string, unknown> {
  const has = (...names: readonly string[]) => names.every((name) => typeof key[name] === 'string')
  if (key['kty'] === 'RSA') return has('n', 'e')
  return key['kty'] === 'EC' ? has('crv', 'x', 'y') : key['kty'] === 'OKP' && has('crv', 'x')
}

function isKeyList(value: unknown): value is { readonly keys: readonly Readonly<Record<string, unknown>>[] } {
  if (typeof value !== 'object' || value === null || !('keys' in value) || !Array.isArray(value.keys)) return false
  return value.keys.every((key) => typeof key === 'object' && key !== null && !Array.isArray(key))
}
