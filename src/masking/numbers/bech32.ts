const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const NO_VALUE = 255
/** By the code of a character; of those that are none of ASCII, by the last of them, which is none either. */
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = ALPHABET.indexOf(String.fromCharCode(code))
  return value < 0 ? NO_VALUE : value
})
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const
/** What five bits that leave the check at its top change in it. */
const CHANGES = Int32Array.from({ length: 32 }, (_, top) =>
  GENERATORS.reduce((change, generator, i) => (((top >>> i) & 1) === 1 ? change ^ generator : change), 0),
)
/** BIP 173 for version 0, BIP 350 for later ones. */
const CONSTANTS: readonly number[] = [1, 0x2bc830a3]

/** Whether a text in small letters, such as `bc1q…`, has a right check of bech32 or bech32m. */
export function passesBech32(text: string): boolean {
  const one = text.lastIndexOf('1')
  if (one < 1 || text.length - one - 1 < 6) return false
  // Digests begin with `bc1` too, and nearly all of them have a letter that no address has.
  for (let i = one + 1; i < text.length; i++) if (valueAt(text, i) === NO_VALUE) return false
  let check = 1
  for (let i = 0; i < one; i++) check = stepped(check, text.charCodeAt(i) >> 5)
  check = stepped(check, 0)
  for (let i = 0; i < one; i++) check = stepped(check, text.charCodeAt(i) & 31)
  for (let i = one + 1; i < text.length; i++) check = stepped(check, valueAt(text, i))
  return CONSTANTS.includes(check)
}

function valueAt(text: string, at: number): number {
  return VALUES[Math.min(text.charCodeAt(at), VALUES.length - 1)] ?? NO_VALUE
}

function stepped(check: number, value: number): number {
  return ((check & 0x1ffffff) << 5) ^ value ^ (CHANGES[check >>> 25] ?? 0)
}
