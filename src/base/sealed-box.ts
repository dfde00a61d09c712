import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'
import { concat } from './bytes.ts'

/** AES-256-GCM (NIST SP 800-38D). The tag stands at the end of the ciphertext. */
export interface SealedBox {
  readonly nonce: Uint8Array
  readonly ciphertext: Uint8Array
}

const CIPHER = 'aes-256-gcm'
/** Bytes. Random ones are safe for 2^32 boxes under one key; no key here seals that many before it is replaced. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Encrypts. `context` says what the box is and where it belongs; it is not stored, and the box opens only for who names
 * the same. So nobody who can write the database can put one connection's secret in the place of another's.
 */
export function seal(key: KeyObject, plain: Uint8Array, context: readonly string[]): SealedBox {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(contextBytes(context))
  return { nonce, ciphertext: concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]) }
}

/** Decrypts; undefined for another key, another context, or a single flipped bit. */
export function unseal(key: KeyObject, box: SealedBox, context: readonly string[]): Uint8Array | undefined {
  const { nonce, ciphertext } = box
  if (nonce.length !== NONCE_BYTES || ciphertext.length < TAG_BYTES) return undefined
  const end = ciphertext.length - TAG_BYTES
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(contextBytes(context))
  decipher.setAuthTag(ciphertext.subarray(end))
  const plain = decipher.update(ciphertext.subarray(0, end))
  try {
    decipher.final()
    return plain
  } catch {
    plain.fill(0)
    return undefined
  }
}

/** Unambiguous: no two lists of strings have the same JSON. */
function contextBytes(context: readonly string[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(context))
}
