import { hash } from 'node:crypto'

/** Bytes of a SHA-256 digest. */
export const HASH_BYTES = 32

/** SHA-256 of one contiguous piece: the one-shot call costs half of a streaming one (audit.md, appendix B). */
export function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer')
}
