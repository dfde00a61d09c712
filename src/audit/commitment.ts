import { writeUint32 } from '../base/bytes.ts'
import { HASH_BYTES, sha256 } from './hash.ts'

/** The parts of a record. Each has a salt of its own, so that showing the decision does not help to guess the body. */
export const PART = { envelope: 1, request: 2, response: 3 } as const
export type PartName = keyof typeof PART

export const SALT_BYTES = 32

const DOMAIN = 'sallyport/commit/v1\0'
/** Bytes before the content: domain ‖ part ‖ salt ‖ length. */
export const COMMIT_HEAD_BYTES = DOMAIN.length + 1 + SALT_BYTES + 8

/** Commitment to the bytes written (audit.md, 4.5): binding, and without the salt no guess at the content can be tested. */
export function commit(part: PartName, salt: Uint8Array, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(COMMIT_HEAD_BYTES + content.length)
  writeCommitHead(bytes, 0, { part: PART[part], length: content.length })
  bytes.set(salt, SALT_AT)
  bytes.set(content, COMMIT_HEAD_BYTES)
  return sha256(bytes)
}

/** Where the salt stands in the head. Part and salt stand side by side, as they do in a record frame. */
export const SALT_AT = DOMAIN.length + 1
/** Behind the salt: 8 bytes, of which the last four are those that a record frame has there. */
export const LENGTH_AT = SALT_AT + SALT_BYTES

/** Writes domain, part and length; the salt is left to the caller, who copies it from a pool. */
export function writeCommitHead(bytes: Uint8Array, at: number, of: { part: number; length: number }): void {
  for (let i = 0; i < DOMAIN.length; i++) bytes[at + i] = DOMAIN.charCodeAt(i)
  bytes[at + DOMAIN.length] = of.part
  writeUint32(bytes, at + LENGTH_AT, 0)
  writeUint32(bytes, at + LENGTH_AT + 4, of.length)
}

export function opens(
  commitment: Uint8Array,
  opening: { part: PartName; salt: Uint8Array; content: Uint8Array },
): boolean {
  const expected = commit(opening.part, opening.salt, opening.content)
  return commitment.length === HASH_BYTES && expected.every((byte, i) => byte === commitment[i])
}
