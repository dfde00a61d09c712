import { concat, decodeUtf8, encodeUtf8, fromBase64, toBase64, toHex } from '../base/bytes.ts'
import { sha256 } from './hash.ts'

/** Types of signatures (C2SP signed-note): an Ed25519 note, a timestamped Ed25519 cosignature, an ML-DSA-44 cosignature. */
export const SIGNATURE_TYPE = { ed25519: 0x01, cosignature: 0x04, mlDsa44: 0x06 } as const
export type SignatureType = (typeof SIGNATURE_TYPE)[keyof typeof SIGNATURE_TYPE]

/** Bytes of the raw public key. */
const PUBLIC_KEY_BYTES: Readonly<Record<SignatureType, number>> = { 0x01: 32, 0x04: 32, 0x06: 1312 }

/** The key that verifies what one name signs. */
export interface VerifierKey {
  readonly name: string
  readonly type: SignatureType
  /** As the algorithm writes it, without the type. */
  readonly publicKey: Uint8Array
  /** Four bytes; with the name they say which key signed. */
  readonly id: Uint8Array
}

export function verifierKeyOf(name: string, type: SignatureType, publicKey: Uint8Array): VerifierKey {
  const typed = concat([Uint8Array.of(type), publicKey])
  return { name, type, publicKey, id: sha256(concat([encodeUtf8(`${name}\n`), typed])).slice(0, 4) }
}

/** `name+hex(id)+base64(type ‖ public key)`: what a verifier anywhere needs to check our signed heads. */
export function writeVerifierKey({ id, name, publicKey, type }: VerifierKey): string {
  return `${name}+${toHex(id)}+${toBase64(concat([Uint8Array.of(type), publicKey]))}`
}

/** Undefined for what is no key, for types we do not know, and where the id is not that of the key. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? []
  const typed = fromBase64(encoded ?? '')
  if (name === undefined || !isKeyName(name) || typed === undefined) return undefined
  const type = Object.values(SIGNATURE_TYPE).find((known) => known === typed[0])
  if (type === undefined || typed.length !== 1 + PUBLIC_KEY_BYTES[type]) return undefined
  const key = verifierKeyOf(name, type, typed.slice(1))
  return toHex(key.id) === id ? key : undefined
}

/** Not empty, and without a space of any script, a plus sign or a control character (C2SP signed-note). */
export function isKeyName(name: string): boolean {
  return name !== '' && !/[\s\p{Z}\p{Cc}+]/u.test(name) && decodeUtf8(encodeUtf8(name)) === name
}
