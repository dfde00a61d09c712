import { BACKSLASH } from '../decoded-view.ts'
import { ALNUM, beyondAscii, DIGIT, LOWER, tableOf, union, UPPER } from '../scan/bytes-tables.ts'
import { DROPPED, foldOf, lookAlikeOf } from './characters.ts'

/** A character as it stands in a text, as itself or as an escape. */
export interface Character {
  readonly code: number
  readonly start: number
  readonly end: number
}

/**
 * Whether reading a character as something plainer could show a value, by what it touches: an invisible one between letters
 * could, one in an emoji could not; a look-alike next to an ASCII letter could, one in a Russian word could not.
 */
export function isCharacterMark(bytes: Uint8Array, character: Character): boolean {
  const { code, start, end } = character
  if (lookAlikeOf(code) !== 0) return isLetterBefore(bytes, start) || has(LETTER, bytes[end])
  const fold = foldOf(code)
  switch (fold) {
    case 0:
      return false
    case DROPPED:
      return has(GRAPHIC, bytes[start - 1]) || has(GRAPHIC, bytes[end])
    case SPACE:
      return has(OPENING, bytes[end]) || hasDigitBefore(bytes, start)
    case DASH:
      return isOfValue(bytes, character)
    case COLON:
    case EQUALS:
      return has(ASCII_ALNUM, bytes[end])
  }
  return has(OF_VALUES, fold) || isBetweenAlnum(bytes, character)
}

/** Whether a letter beyond ASCII is part of an address: seen raw, `m\u00fcller@…` begins in the middle of the name. */
export function isLetterOfAddress(bytes: Uint8Array, { code, start, end }: Character): boolean {
  if (code < LATIN_FIRST || code > LATIN_LAST) return false
  for (let at = end; at < end + ADDRESS_BYTES_MAX && has(IN_ADDRESS, bytes[at]); at++) if (bytes[at] === AT) return true
  for (let at = start - 1; at >= start - ADDRESS_BYTES_MAX && has(IN_ADDRESS, bytes[at]); at--)
    if (bytes[at] === AT) return true
  return false
}

const SPACE = 0x20
const DASH = 0x2d
const COLON = 0x3a
const EQUALS = 0x3d
const AT = 0x40
const LETTER_U = 0x75
const EN_DASH = 0x2013
const BAR = 0x2015
const LATIN_FIRST = 0xc0
const LATIN_LAST = 0x24f
/** As long as what may stand before the at sign. */
const ADDRESS_BYTES_MAX = 64
/** A number or an id has a digit so near its end. */
const ID_TAIL_BYTES = 12

const LETTER = union(UPPER, LOWER)
const ASCII_ALNUM = Uint8Array.from(ALNUM, (value, byte) => (byte < 0x80 ? value : 0))
/** What is a mark wherever it stands: wide digits, letters and at signs are rare enough. */
const OF_VALUES = union(ASCII_ALNUM, tableOf('@'))
const OPENING = union(ASCII_ALNUM, tableOf('+('))
const GRAPHIC = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte > SPACE && byte < 0x7f && byte !== 0x22 && byte !== BACKSLASH ? 1 : 0,
)
const IN_ADDRESS = union(ASCII_ALNUM, beyondAscii(), tableOf(".!#$%&'*+/=?^_`{|}~-@\\"))

function has(table: Uint8Array, byte: number | undefined): boolean {
  return byte !== undefined && table[byte] === 1
}

/** The last digit of `\u043f` is a letter of no word. */
function isLetterBefore(bytes: Uint8Array, start: number): boolean {
  return has(LETTER, bytes[start - 1]) && !(bytes[start - 5] === LETTER_U && bytes[start - 6] === BACKSLASH)
}

/** French has its wide spaces after words; a number or an id has a digit near its end. */
function hasDigitBefore(bytes: Uint8Array, end: number): boolean {
  for (let at = end - 1; at >= end - ID_TAIL_BYTES && has(ASCII_ALNUM, bytes[at]); at--)
    if (has(DIGIT, bytes[at])) return true
  return false
}

/**
 * A hyphen that touches a letter or a digit may be one of a value, wherever in it. Dashes of prose touch words or spaces; those
 * of numbers have a digit on either side, after a space at most, and those of ids on one side.
 */
function isOfValue(bytes: Uint8Array, { code, start, end }: Character): boolean {
  if (code < EN_DASH || code > BAR) return has(ASCII_ALNUM, bytes[start - 1]) || has(ASCII_ALNUM, bytes[end])
  const before = bytes[start - 1] === SPACE ? start - 2 : start - 1
  const after = bytes[end] === SPACE ? end + 1 : end
  if (has(DIGIT, bytes[before]) && has(DIGIT, bytes[after])) return true
  const isInside = has(GRAPHIC, bytes[start - 1]) && has(GRAPHIC, bytes[end])
  return isInside && (has(DIGIT, bytes[start - 1]) || has(DIGIT, bytes[end]))
}

function isBetweenAlnum(bytes: Uint8Array, { start, end }: Character): boolean {
  return has(ASCII_ALNUM, bytes[start - 1]) && has(ASCII_ALNUM, bytes[end])
}
