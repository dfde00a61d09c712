const ZERO = 48
const NINE = 57
const A = 65
const Z = 90
const SMALL_A = 97
const SMALL_Z = 122
/** The value of A where letters go on after 9. */
const VALUE_OF_A = 10

/** A table that says of every byte whether it is one of these ASCII characters. */
export function oneOf(characters: string): Uint8Array {
  const table = new Uint8Array(256)
  for (let i = 0; i < characters.length; i++) table[characters.charCodeAt(i)] = 1
  return table
}

export function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE
}

export function isCapital(byte: number): boolean {
  return byte >= A && byte <= Z
}

/** The byte as a capital, if it is a small ASCII letter; else as it is. */
export function capital(byte: number): number {
  return byte >= SMALL_A && byte <= SMALL_Z ? byte - SMALL_A + A : byte
}

/** Whether `code` has this pattern from `from` on: 9 stands for a digit, A for a capital, * for either, others for themselves. */
export function fits(code: Uint8Array, pattern: string, from = 0): boolean {
  for (let i = 0; i < pattern.length; i++) if (!fitsOne(code[from + i] ?? 0, pattern.charCodeAt(i))) return false
  return true
}

/** Whether the characters from `from` on are these. */
export function isText(code: Uint8Array, text: string, from = 0): boolean {
  for (let i = 0; i < text.length; i++) if (code[from + i] !== text.charCodeAt(i)) return false
  return true
}

/** Values of digits and capitals: 0 to 9, then A is 10 and Z is 35. */
export function valuesOf(code: Uint8Array, length: number): Uint8Array {
  const values = new Uint8Array(length)
  for (let i = 0; i < length; i++) values[i] = valueOf(code[i] ?? ZERO)
  return values
}

/** Digits, where each capital becomes two of them: A is 01, Z is 26. */
export function digitsWithPlacesOfLetters(code: Uint8Array, length: number): Uint8Array {
  const digits: number[] = []
  for (let i = 0; i < length; i++) {
    const value = valueOf(code[i] ?? ZERO)
    if (value < VALUE_OF_A) digits.push(value)
    else digits.push(Math.trunc((value - VALUE_OF_A + 1) / 10), (value - VALUE_OF_A + 1) % 10)
  }
  return Uint8Array.from(digits)
}

/** How many of the bytes from `from` up to `to` are in the table. */
export function count(code: Uint8Array, table: Uint8Array, from: number, to: number): number {
  let found = 0
  for (let i = from; i < to; i++) found += table[code[i] ?? 0] ?? 0
  return found
}

function fitsOne(byte: number, wanted: number): boolean {
  if (wanted === NINE) return isDigit(byte)
  if (wanted === A) return isCapital(byte)
  if (wanted === 42) return isDigit(byte) || isCapital(byte)
  return byte === wanted
}

function valueOf(byte: number): number {
  return isDigit(byte) ? byte - ZERO : byte - A + VALUE_OF_A
}
