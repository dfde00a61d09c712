import { concat, encodeUtf8, toBase64, toHex } from '../base/bytes.ts'
import { sha256 } from './hash.ts'

/** Signature type of an Ed25519 note (C2SP signed-note). */
const ED25519 = 0x01

/** `name+hex(id)+base64(type ‖ public key)`: what a verifier anywhere needs to check our signed heads. `publicKey` is raw, 32 bytes. */
export function verifierKey(name: string, publicKey: Uint8Array): string {
  const typed = concat([Uint8Array.of(ED25519), publicKey])
  return `${name}+${toHex(keyId(name, typed))}+${toBase64(typed)}`
}

function keyId(name: string, typed: Uint8Array): Uint8Array {
  return sha256(concat([encodeUtf8(`${name}\n`), typed])).slice(0, 4)
}
