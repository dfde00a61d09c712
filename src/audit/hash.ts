import { hash } from 'node:crypto'

/** Bytes of a SHA-256 digest. */
export const HASH_BYTES = 32

/** SHA-256 of one contiguous piece. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const digest = new Uint8Array(HASH_BYTES)
  sha256Into(bytes, digest, 0)
  return digest
}

/**
 * Writes the digest to where it is wanted, which may be within the bytes that it is of. It is fetched as text of one character
 * for each byte: a Buffer for 32 bytes costs twice what the hash of an entry does (decisions/048).
 */
export function sha256Into(bytes: Uint8Array, into: Uint8Array, at: number): void {
  const digest = hash('sha256', bytes, 'binary')
  for (let i = 0; i < HASH_BYTES; i++) into[at + i] = digest.charCodeAt(i)
}
