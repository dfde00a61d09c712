import { createHash } from 'node:crypto'

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const VALUES = new Int8Array(128).fill(-1)
for (let i = 0; i < ALPHABET.length; i += 1) VALUES[ALPHABET.charCodeAt(i)] = i
/** A version, a hash of twenty bytes, and the check. */
const ADDRESS_BYTES = 25
const CHECK_BYTES = 4

export function isBase58(byte: number): boolean {
  return (VALUES[byte] ?? -1) >= 0
}

/** Whether the characters are an address: 21 bytes and the first four of their double SHA-256. */
export function passesBase58Check(text: Uint8Array): boolean {
  const bytes = decode(text)
  if (bytes === undefined) return false
  const body = bytes.subarray(0, ADDRESS_BYTES - CHECK_BYTES)
  const hash = sha256(sha256(body))
  for (let i = 0; i < CHECK_BYTES; i += 1) if (hash[i] !== bytes[ADDRESS_BYTES - CHECK_BYTES + i]) return false
  return true
}

/** Undefined where the number does not fit, or has a character that is not of the alphabet. */
function decode(text: Uint8Array): Uint8Array | undefined {
  const bytes = new Uint8Array(ADDRESS_BYTES)
  for (const character of text) {
    let carry = VALUES[character] ?? -1
    if (carry < 0) return undefined
    for (let i = ADDRESS_BYTES - 1; i >= 0; i -= 1) {
      carry += 58 * (bytes[i] ?? 0)
      bytes[i] = carry & 0xff
      carry >>= 8
    }
    if (carry > 0) return undefined
  }
  return bytes
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}
