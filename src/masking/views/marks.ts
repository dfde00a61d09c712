// Where a text may hide a value by the way it is written. A mark is cheap to find and rare in prose: umlauts, Cyrillic,
// Chinese and emoji are none, nor are a soft hyphen or a wide space that touch nothing a value is made of.
import { isAscii } from '../../base/bytes.ts'
import { BACKSLASH, hexAt, PERCENT } from '../decoded-view.ts'
import { ALNUM, DIGIT, LOWER, tableOf, UPPER } from '../scan/bytes-tables.ts'
import { characterReferenceAt } from './character-references.ts'
import { DROPPED, foldOf, lookAlikeOf } from './characters.ts'
import { codeAt, lengthOf } from './utf8.ts'

const AMPERSAND = 0x26
const SLASH = 0x2f
const LETTER_U = 0x75
const UNICODE_ESCAPE_BYTES = 6
/** No word of the triggers is longer. */
const TRIGGER_BYTES_MAX = 12
/** Runs of backslashes are looked at so far: five levels of JSON in JSON. */
const BACKSLASHES_MAX = 32

/** Whether the trigger word that ends at a place (`end`) is a mark: most escapes of prose are none. */
export function isMarkBefore(bytes: Uint8Array, end: number): boolean {
  for (let at = end - 1; at >= Math.max(0, end - TRIGGER_BYTES_MAX); at--)
    if (ASCII_MARKS[bytes[at] ?? 0] === 1) return markLength(bytes, at) > 0
  return false
}

/** The next mark at or after a place that is a character beyond ASCII, as itself; -1 where there is none. */
export function nextUnicodeMark(bytes: Uint8Array, from: number): number {
  if (from === 0 && isAscii(bytes)) return -1
  for (let at = from; at < bytes.length; at++) {
    if ((bytes[at] ?? 0) < 0xc2) continue
    const length = markLength(bytes, at)
    if (length > 0) return at
  }
  return -1
}

/** The next mark of any kind at or after a place; -1 where there is none. */
export function nextMark(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    if (ANY_MARKS[bytes[at] ?? 0] === 0) continue
    if (markLength(bytes, at) > 0) return at
    if (bytes[at] === BACKSLASH) at = lastBackslash(bytes, at)
  }
  return -1
}

const ASCII_MARKS = tableOf('\\%&')
const ANY_MARKS = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0xc2 ? 1 : (ASCII_MARKS[byte] ?? 0)))

/** How long the mark is that begins here, in bytes; 0 where none does. */
function markLength(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] ?? 0
  if (byte >= 0xc2) return matters(bytes, { code: codeAt(bytes, at), start: at, end: at + lengthOf(byte) }) ? 1 : 0
  if (byte === PERCENT) return isPercentMark(bytes, at) ? 3 : 0
  if (byte === AMPERSAND) return characterReferenceAt(bytes, at)?.length ?? 0
  return byte === BACKSLASH ? escapeMarkLength(bytes, at) : 0
}

/** Bytes of ASCII, and those that begin a wide space, a full-width or an Arabic digit, or a zero-width character. */
function isPercentMark(bytes: Uint8Array, at: number): boolean {
  const value = hexAt(bytes, at + 1, 2)
  if (value === undefined) return false
  return value < 0x80 || WIDE_LEADS.has(value)
}

const WIDE_LEADS: ReadonlySet<number> = new Set([0xc2, 0xd9, 0xdb, 0xe2, 0xef])

function escapeMarkLength(bytes: Uint8Array, at: number): number {
  const last = lastBackslash(bytes, at)
  const letter = bytes[last + 1]
  if (letter === SLASH) return last + 2 - at
  if (letter !== LETTER_U) return 0
  const code = escapedCode(bytes, last)
  if (code === undefined) return 0
  const end = last + (code > 0xffff ? 2 * UNICODE_ESCAPE_BYTES : UNICODE_ESCAPE_BYTES)
  const start = firstBackslash(bytes, at)
  const isMark = code < 0x80 || matters(bytes, { code, start, end }) || isLetterOfAddress(bytes, { code, start, end })
  return isMark ? end - at : 0
}

function lastBackslash(bytes: Uint8Array, at: number): number {
  let last = at
  while (bytes[last + 1] === BACKSLASH) last++
  return last
}

function firstBackslash(bytes: Uint8Array, at: number): number {
  let first = at
  while (first > 0 && at - first < BACKSLASHES_MAX && bytes[first - 1] === BACKSLASH) first--
  return first
}

/** What `\uXXXX` stands for, both halves where there are two. */
function escapedCode(bytes: Uint8Array, at: number): number | undefined {
  const first = hexAt(bytes, at + 2, 4)
  if (first === undefined || first < 0xd800 || first >= 0xdc00 || bytes[at + 7] !== LETTER_U) return first
  const second = hexAt(bytes, at + 8, 4) ?? 0
  return second >= 0xdc00 && second < 0xe000 ? 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00) : first
}

interface Character {
  readonly code: number
  readonly start: number
  readonly end: number
}

/** Whether reading the character as something plainer could show a value, by what it touches. */
function matters(bytes: Uint8Array, character: Character): boolean {
  const { code, start, end } = character
  if (lookAlikeOf(code) !== 0) return isAsciiLetter(bytes, start - 1, start) || LETTER[bytes[end] ?? 0] === 1
  const fold = foldOf(code)
  if (fold === 0) return false
  const before = bytes[start - 1] ?? 0
  const after = bytes[end] ?? 0
  if (fold === DROPPED) return isGraphic(before) || isGraphic(after)
  if (ASCII_ALNUM[fold] === 1 || fold === AT) return true
  if (fold === SPACE) return opensValue(after) || hasDigitBefore(bytes, start)
  if (fold === DASH) return joinsNumbers(bytes, character)
  const isAssignment = fold === COLON || fold === EQUALS
  return ASCII_ALNUM[after] === 1 && (isAssignment || ASCII_ALNUM[before] === 1)
}

const AT = 0x40
const SPACE = 0x20
const DASH = 0x2d
const COLON = 0x3a
const EQUALS = 0x3d
const LETTER = Uint8Array.from({ length: 256 }, (_, byte) => (UPPER[byte] ?? 0) | (LOWER[byte] ?? 0))
const ASCII_ALNUM = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 0x80 ? (ALNUM[byte] ?? 0) : 0))

/** The last digit of `\u043f` is a letter of no word. */
function isAsciiLetter(bytes: Uint8Array, at: number, end: number): boolean {
  return LETTER[bytes[at] ?? 0] === 1 && !(bytes[end - 5] === LETTER_U && bytes[end - 6] === BACKSLASH)
}

function isGraphic(byte: number): boolean {
  return byte > SPACE && byte < 0x7f && byte !== 0x22 && byte !== BACKSLASH
}

function opensValue(byte: number): boolean {
  return ASCII_ALNUM[byte] === 1 || byte === 0x2b || byte === 0x28
}

/** A number or an id ends with this; prose of French has its wide spaces after words. */
function hasDigitBefore(bytes: Uint8Array, end: number): boolean {
  for (let at = end - 1; at >= Math.max(0, end - ID_TAIL_BYTES); at--) {
    if (DIGIT[bytes[at] ?? 0] === 1) return true
    if (ASCII_ALNUM[bytes[at] ?? 0] === 0) return false
  }
  return false
}

const ID_TAIL_BYTES = 12

/** Dashes of prose touch words or spaces; those of numbers have a digit on either side, after a space at most. */
function joinsNumbers(bytes: Uint8Array, { code, start, end }: Character): boolean {
  const before = bytes[start - 1] === SPACE ? start - 2 : start - 1
  const after = bytes[end] === SPACE ? end + 1 : end
  if (DIGIT[bytes[before] ?? 0] === 1 && DIGIT[bytes[after] ?? 0] === 1) return true
  const isHyphen = code !== EN_DASH && code !== EM_DASH && code !== BAR
  const touches = ASCII_ALNUM[bytes[start - 1] ?? 0] === 1 && ASCII_ALNUM[bytes[end] ?? 0] === 1
  return touches && (isHyphen || DIGIT[bytes[start - 1] ?? 0] === 1 || DIGIT[bytes[end] ?? 0] === 1)
}

const EN_DASH = 0x2013
const EM_DASH = 0x2014
const BAR = 0x2015

/** `m\u00fcller@…`: seen raw, the address begins in the middle of the name. */
function isLetterOfAddress(bytes: Uint8Array, { code, start, end }: Character): boolean {
  if (code < 0xc0 || code > LATIN_LAST) return false
  for (let at = end; at < Math.min(bytes.length, end + ADDRESS_BYTES_MAX); at++) {
    if (bytes[at] === AT) return true
    if (!isInAddress(bytes[at] ?? 0)) break
  }
  for (let at = start - 1; at >= Math.max(0, start - ADDRESS_BYTES_MAX); at--) {
    if (bytes[at] === AT) return true
    if (!isInAddress(bytes[at] ?? 0)) break
  }
  return false
}

const LATIN_LAST = 0x24f
const ADDRESS_BYTES_MAX = 64

function isInAddress(byte: number): boolean {
  return byte > SPACE && byte !== 0x22 && byte !== 0x2c && byte !== 0x3c && byte !== 0x3e
}
