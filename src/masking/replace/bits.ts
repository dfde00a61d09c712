/** Crockford's alphabet in lower case, as ids are written. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
/** A character class of the alphabet, for patterns. */
export const BASE32_CLASS = '[0-9a-hjkmnp-tv-z]'

/** The bits of a text of base32, five for each character; the first character is the highest. */
export function base32Bits(text: string): bigint {
  let bits = 0n
  for (const character of text) bits = (bits << 5n) | BigInt(Math.max(0, ALPHABET.indexOf(character)))
  return bits
}

/** The text of `length` characters that has these bits. */
export function bitsToBase32(bits: bigint, length: number): string {
  let text = ''
  for (let i = length - 1; i >= 0; i -= 1) text += ALPHABET.charAt(Number((bits >> BigInt(i * 5)) & 31n))
  return text
}

/** 64 bits for the `i`th try with a seed; tries that follow each other have nothing in common (splitmix64). */
export function mixed(seed: bigint, i: bigint): bigint {
  let bits = BigInt.asUintN(64, (seed ^ (seed >> 64n)) + (i + 1n) * 0x9e3779b97f4a7c15n)
  bits = BigInt.asUintN(64, (bits ^ (bits >> 30n)) * 0xbf58476d1ce4e5b9n)
  bits = BigInt.asUintN(64, (bits ^ (bits >> 27n)) * 0x94d049bb133111ebn)
  return bits ^ (bits >> 31n)
}
