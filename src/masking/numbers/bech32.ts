const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const
/** BIP 173 for version 0, BIP 350 for later ones. */
const CONSTANTS: readonly number[] = [1, 0x2bc830a3]

/** Whether a text in small letters, such as `bc1q…`, has a right check of bech32 or bech32m. */
export function passesBech32(text: string): boolean {
  const one = text.lastIndexOf('1')
  if (one < 1 || text.length - one - 1 < 6) return false
  let check = 1
  const step = (value: number): void => {
    const top = check >>> 25
    check = ((check & 0x1ffffff) << 5) ^ value
    GENERATORS.forEach((generator, i) => {
      if (((top >>> i) & 1) === 1) check ^= generator
    })
  }
  const prefix = Array.from(text.slice(0, one), (character) => character.charCodeAt(0))
  for (const code of prefix) step(code >> 5)
  step(0)
  for (const code of prefix) step(code & 31)
  for (const character of text.slice(one + 1)) {
    const value = ALPHABET.indexOf(character)
    if (value < 0) return false
    step(value)
  }
  return CONSTANTS.includes(check)
}
