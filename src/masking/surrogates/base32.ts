/** Crockford's alphabet in lower case: no i, l, o, u, so nothing is misread and hardly a word comes out. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const BITS_PER_CHARACTER = 5

/** The first `length` times 5 bits of the bytes, which must have that many. */
export function toBase32(bytes: Uint8Array, length: number): string {
  let text = ''
  for (let i = 0; i < length; i += 1) {
    const bit = i * BITS_PER_CHARACTER
    const at = bit >> 3
    const two = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
    text += ALPHABET.charAt((two >> (16 - BITS_PER_CHARACTER - (bit & 7))) & 31)
  }
  return text
}
