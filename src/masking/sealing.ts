import { createHash, type KeyObject } from 'node:crypto'
import { concat, fromBase64Url, toBase64Url } from '../base/bytes.ts'
import { seal, unseal } from '../base/sealed-box.ts'
import { HOUR_MS } from '../base/units.ts'
import { derive, type RootKey } from './surrogates/scope.ts'

/** What a server hands out and must get back byte for byte. A `nextCursor` comes back as `cursor`, so they are one field. */
export type SealedField = 'cursor' | 'requestState'

/** Whose text it is and what for; it opens only where all of it is the same. */
export interface SealPlace {
  readonly tenant: string
  readonly principal: string
  readonly client: string
  readonly connection: string
  readonly upstream: string
  readonly method: string
  readonly field: SealedField
  /** `requestDigest` of what the state belongs to; undefined for cursors. */
  readonly request?: string | undefined
}

/** Marks the text, and with it the version of what is in it. */
const MARK = 'sl1.'
/** A list is read on for a working day at most; a question to a person waits an hour. */
const SEAL_LIFETIME_MS: Readonly<Record<SealedField, number>> = {
  cursor: 8 * HOUR_MS,
  requestState: HOUR_MS,
}
/** One key is used for as long as anything sealed lives, so the key before it opens all that may still come. */
const KEY_PERIOD_MS = 8 * HOUR_MS
const NONCE_BYTES = 12
const EXPIRY_BYTES = 8

/**
 * Seals what an upstream hands out for itself. It may hold anything, personal data included, and a client must neither
 * read it nor change it nor use another person's (masking.md, 9.4). The keys change with time and hang on the root key.
 */
export class Sealer {
  readonly #root: RootKey
  readonly #previous: RootKey | undefined

  /** `previous`: the root key before this one, for as long as what was sealed with it lives. */
  constructor(root: RootKey, previous?: RootKey) {
    this.#root = root
    this.#previous = previous
  }

  /** `bytes` is what stands between the quotes, escapes included; the result needs none. */
  seal(bytes: Uint8Array, place: SealPlace, nowMs: number): string {
    const expiresMs = nowMs + SEAL_LIFETIME_MS[place.field]
    const box = seal(keyOf(this.#root, periodOf(nowMs)), concat([bytes, expiryBytes(expiresMs)]), context(place))
    return MARK + toBase64Url(concat([box.nonce, box.ciphertext]))
  }

  /** The very bytes that were sealed; undefined where they are another's, altered, or too old: nothing goes upstream then. */
  open(text: string, place: SealPlace, nowMs: number): Uint8Array | undefined {
    const bytes = text.startsWith(MARK) ? fromBase64Url(text.slice(MARK.length)) : undefined
    if (bytes === undefined || bytes.length < NONCE_BYTES) return undefined
    const box = { nonce: bytes.subarray(0, NONCE_BYTES), ciphertext: bytes.subarray(NONCE_BYTES) }
    const now = periodOf(nowMs)
    for (const root of [this.#root, this.#previous]) {
      if (root === undefined) continue
      // Another node's clock may be in the next period already.
      for (const period of [now, now - 1, now + 1]) {
        const plain = unseal(keyOf(root, period), box, context(place))
        if (plain !== undefined) return unexpired(plain, nowMs)
      }
    }
    return undefined
  }
}

/** What a `requestState` belongs to: the name, and the arguments as they stood in the request. */
export function requestDigest(name: string, args: Uint8Array): string {
  return createHash('sha256').update(JSON.stringify(name)).update(args).digest('base64url')
}

function periodOf(nowMs: number): number {
  return Math.floor(nowMs / KEY_PERIOD_MS)
}

function keyOf(root: RootKey, period: number): KeyObject {
  return derive(root.key, new Uint8Array(), `sallyport seal 1 ${period}`)
}

function context(place: SealPlace): readonly string[] {
  const { tenant, principal, client, connection, upstream, method, field, request = '' } = place
  return [MARK, tenant, principal, client, connection, upstream, method, field, request]
}

function expiryBytes(expiresMs: number): Uint8Array {
  const bytes = new Uint8Array(EXPIRY_BYTES)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(Math.trunc(expiresMs)))
  return bytes
}

function unexpired(plain: Uint8Array, nowMs: number): Uint8Array | undefined {
  const end = plain.length - EXPIRY_BYTES
  if (end < 0) return undefined
  const expiresMs = new DataView(plain.buffer, plain.byteOffset + end, EXPIRY_BYTES).getBigUint64(0)
  return BigInt(Math.trunc(nowMs)) < expiresMs ? plain.subarray(0, end) : undefined
}
