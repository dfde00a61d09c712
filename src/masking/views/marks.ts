// Where a text may hide a value by the way it is written. A mark is cheap to find and rare in prose: umlauts, Cyrillic,
// Chinese and emoji are none, nor are a soft hyphen or a wide space that touch nothing a value is made of.
import { indexOf, isAscii } from '../../base/bytes.ts'
import { BACKSLASH, hexAt, PERCENT } from '../decoded-view.ts'
import { tableOf } from '../scan/bytes-tables.ts'
import { type Character, isCharacterMark, isLetterOfAddress } from './character-marks.ts'
import { characterReferenceAt } from './character-references.ts'
import { codeAt, lengthOf } from './utf8.ts'

const AMPERSAND = 0x26
const SLASH = 0x2f
const LETTER_U = 0x75
const UNICODE_ESCAPE_BYTES = 6
const UNICODE_ESCAPE = Uint8Array.of(BACKSLASH, LETTER_U)
/** No word of the triggers is longer. */
const TRIGGER_BYTES_MAX = 12
/** Runs of backslashes are looked at so far: five levels of JSON in JSON. */
const BACKSLASHES_MAX = 32

/** Whether the trigger word that ends at a place (`end`) is a mark: most escapes of prose are none. */
export function isMarkBefore(bytes: Uint8Array, end: number): boolean {
  for (let at = end - 1; at >= Math.max(0, end - TRIGGER_BYTES_MAX); at--)
    if (ASCII_MARKS[bytes[at] ?? 0] === 1) return isMarkAt(bytes, at)
  return false
}

/** The next mark at or after a place that is a character beyond ASCII, as itself; -1 where there is none. */
export function nextUnicodeMark(bytes: Uint8Array, from: number): number {
  if (from === 0 && isAscii(bytes)) return -1
  for (let at = from; at < bytes.length; at++) {
    if ((bytes[at] ?? 0) >= 0xc2 && isMarkAt(bytes, at)) return at
  }
  return -1
}

/** Whether an escape `\uXXXX` is a mark anywhere. */
export function hasEscapeMark(bytes: Uint8Array): boolean {
  for (let at = indexOf(bytes, UNICODE_ESCAPE); at >= 0; at = indexOf(bytes, UNICODE_ESCAPE, at + 2))
    if (isEscapeMark(bytes, at)) return true
  return false
}

/** The next mark of any kind at or after a place; -1 where there is none. */
export function nextMark(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    if (ANY_MARKS[bytes[at] ?? 0] === 0) continue
    if (isMarkAt(bytes, at)) return at
    if (bytes[at] === BACKSLASH) at = lastBackslash(bytes, at)
  }
  return -1
}

const ASCII_MARKS = tableOf('\\%&')
const ANY_MARKS = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0xc2 ? 1 : (ASCII_MARKS[byte] ?? 0)))

function isMarkAt(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at] ?? 0
  if (byte >= 0xc2) return isCharacterMark(bytes, { code: codeAt(bytes, at), start: at, end: at + lengthOf(byte) })
  if (byte === PERCENT) return isPercentMark(bytes, at)
  if (byte === AMPERSAND) return characterReferenceAt(bytes, at) !== undefined
  return byte === BACKSLASH && isEscapeMark(bytes, at)
}

/** Bytes of ASCII, and those that begin a wide space, a full-width or an Arabic digit, or a zero-width character. */
function isPercentMark(bytes: Uint8Array, at: number): boolean {
  const value = hexAt(bytes, at + 1, 2)
  if (value === undefined) return false
  // Of a character beyond ASCII more bytes follow: `%DB_PASSWORD%` is the variable of a shell.
  return value < 0x80 || (WIDE_LEADS.has(value) && bytes[at + PERCENT_BYTES] === PERCENT)
}

const PERCENT_BYTES = 3

const WIDE_LEADS: ReadonlySet<number> = new Set([0xc2, 0xd9, 0xdb, 0xe2, 0xef])

function isEscapeMark(bytes: Uint8Array, at: number): boolean {
  const last = lastBackslash(bytes, at)
  const letter = bytes[last + 1]
  if (letter === SLASH) return true
  const code = letter === LETTER_U ? escapedCode(bytes, last) : undefined
  if (code === undefined) return false
  if (code < 0x80) return true
  const end = last + (code > 0xffff ? 2 * UNICODE_ESCAPE_BYTES : UNICODE_ESCAPE_BYTES)
  const character: Character = { code, start: firstBackslash(bytes, at), end }
  return isCharacterMark(bytes, character) || isLetterOfAddress(bytes, character)
}

function lastBackslash(bytes: Uint8Array, at: number): number {
  let last = at
  while (last - at < BACKSLASHES_MAX && bytes[last + 1] === BACKSLASH) last++
  return last
}

function firstBackslash(bytes: Uint8Array, at: number): number {
  let first = at
  while (at - first < BACKSLASHES_MAX && bytes[first - 1] === BACKSLASH) first--
  return first
}

/** What `\uXXXX` stands for, both halves where there are two. */
function escapedCode(bytes: Uint8Array, at: number): number | undefined {
  const first = hexAt(bytes, at + 2, 4)
  if (first === undefined || first < 0xd800 || first >= 0xdc00 || bytes[at + 7] !== LETTER_U) return first
  const second = hexAt(bytes, at + 8, 4) ?? 0
  return second >= 0xdc00 && second < 0xe000 ? 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00) : first
}
