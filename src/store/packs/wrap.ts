import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { KEY_ID_BYTES } from './format.ts'

/** A key under another key: nonce 12, ciphertext 32, tag 16. */
export type Wrapped = Uint8Array

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES

export interface NewKey {
  readonly id: Uint8Array
  readonly key: KeyObject
  readonly wrapped: Wrapped
}

/** A fresh key, wrapped for keeping. `purpose` binds it to what it is for, so that no wrap can stand in the place of another. */
export function newKey(under: KeyObject, purpose: string): NewKey {
  const id = randomBytes(KEY_ID_BYTES)
  return { id, ...wrapNewKey(under, { id, purpose }) }
}

/** The same with a context that the caller knows already. */
export function wrapNewKey(under: KeyObject, of: { id: Uint8Array; purpose: string }): Omit<NewKey, 'id'> {
  const bytes = randomBytes(KEY_BYTES)
  const wrapped = wrap(under, bytes, of)
  const key = createSecretKey(bytes)
  bytes.fill(0)
  return { key, wrapped }
}

/** Undefined: wrapped under another key, or for another purpose, or altered. */
export function unwrapKey(
  under: KeyObject,
  wrapped: Wrapped,
  of: { id: Uint8Array; purpose: string },
): KeyObject | undefined {
  const bytes = unwrap(under, wrapped, of)
  if (bytes === undefined) return undefined
  const key = createSecretKey(bytes)
  bytes.fill(0)
  return key
}

/** The same key under another one; undefined where it does not open. */
export function rewrap(
  keys: { from: KeyObject; to: KeyObject },
  wrapped: Wrapped,
  of: { id: Uint8Array; purpose: string },
): Wrapped | undefined {
  const bytes = unwrap(keys.from, wrapped, of)
  if (bytes === undefined) return undefined
  const again = wrap(keys.to, bytes, of)
  bytes.fill(0)
  return again
}

function wrap(under: KeyObject, bytes: Uint8Array, of: { id: Uint8Array; purpose: string }): Wrapped {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, under, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(contextOf(of))
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

function unwrap(under: KeyObject, wrapped: Wrapped, of: { id: Uint8Array; purpose: string }): Buffer | undefined {
  if (wrapped.length !== WRAPPED_BYTES) return undefined
  const tagAt = NONCE_BYTES + KEY_BYTES
  const decipher = createDecipheriv(CIPHER, under, wrapped.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(contextOf(of))
  decipher.setAuthTag(wrapped.subarray(tagAt))
  const bytes = decipher.update(wrapped.subarray(NONCE_BYTES, tagAt))
  try {
    decipher.final()
    return bytes
  } catch {
    bytes.fill(0)
    return undefined
  }
}

/** `"sallyport/wrap/v1\0" ‖ key id ‖ purpose` (audit.md, 10.3). */
function contextOf({ id, purpose }: { id: Uint8Array; purpose: string }): Uint8Array {
  return Buffer.concat([Buffer.from('sallyport/wrap/v1\0', 'latin1'), id, Buffer.from(purpose, 'utf8')])
}
