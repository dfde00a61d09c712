// What a byte can be in the places where secrets stand, as one table: detectors ask it instead of comparing ranges.
import type { View } from '../find/view.ts'

type Bytes = View['bytes']

export const LOWER = 1
export const UPPER = 2
export const DIGIT = 4
export const UNDERSCORE = 8
/** Minus and full stop: inside of names, not at their ends. */
export const JOINER = 16
/** Space and tab. */
export const BLANK = 32
export const NEWLINE = 64
export const QUOTE = 128
/** Between a name and its value: `=`, `:`, `,`, `>`, `|`. */
export const OPERATOR = 256
/** Beside an operator: `?=`, `+=`, `~=`, `!=`. */
export const BESIDE_OPERATOR = 512
/** Other characters of base64 and of tokens: `=`, `+`, `/`, `~`. */
export const TOKEN_SIGN = 1024

export const LETTER = LOWER | UPPER
export const ALNUM = LETTER | DIGIT
export const WORD = ALNUM | UNDERSCORE
/** What names of settings are made of. */
export const NAME = WORD | JOINER
/** What a value without quotes, blanks and brackets is made of. */
export const TOKEN = NAME | TOKEN_SIGN
export const GAP = BLANK | NEWLINE

export const BACKSLASH = 0x5c
const CLASSES = tableOf([
  ['abcdefghijklmnopqrstuvwxyz', LOWER],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', UPPER],
  ['0123456789', DIGIT],
  ['_', UNDERSCORE],
  ['-.', JOINER],
  [' \t', BLANK],
  ['\r\n', NEWLINE],
  ['"\'`', QUOTE],
  ['=:,>|', OPERATOR],
  ['?+~!', BESIDE_OPERATOR],
  ['=+/~', TOKEN_SIGN],
])

/** The classes of the byte at `at`; none before the beginning and after the end. */
export function classAt(bytes: Bytes, at: number): number {
  return CLASSES[bytes[at] ?? 0] ?? 0
}

/**
 * Whether the byte before `at` is of these classes, so that what begins at `at` is the rest of something longer. A letter
 * after a backslash belongs to an escape and glues nothing (design 3.3).
 */
export function isGluedBefore(bytes: Bytes, at: number, classes: number): boolean {
  return (classAt(bytes, at - 1) & classes) !== 0 && bytes[at - 2] !== BACKSLASH
}

/** Backslashes in a row that are looked at: JSON in JSON in JSON in JSON has 15. */
const BACKSLASHES_MAX = 16

/** Where the backslashes that begin at `at` end; `at` itself where there are none. */
export function afterBackslashes(bytes: Bytes, at: number): number {
  let end = at
  while (bytes[end] === BACKSLASH && end - at < BACKSLASHES_MAX) end++
  return end
}

/**
 * After one blank, line end or quote, be it written as itself or as an escape of any depth (`\"`, `\\n`); `at` itself where
 * there is none.
 */
export function afterSeparator(bytes: Bytes, at: number): number {
  if (bytes[at] !== BACKSLASH) return (classAt(bytes, at) & (GAP | QUOTE)) === 0 ? at : at + 1
  const letter = afterBackslashes(bytes, at)
  return isEscapeOfSeparator(bytes[letter]) ? letter + 1 : at
}

/** After blanks and line ends, at most `max` of them. */
export function afterGap(bytes: Bytes, at: number, max: number): number {
  let end = at
  for (let count = 0; count < max; count++) {
    const next = afterBlankOrLine(bytes, end)
    if (next === end) return end
    end = next
  }
  return end
}

function afterBlankOrLine(bytes: Bytes, at: number): number {
  if (bytes[at] !== BACKSLASH) return (classAt(bytes, at) & GAP) === 0 ? at : at + 1
  const letter = afterBackslashes(bytes, at)
  return isEscapeOfLine(bytes[letter]) ? letter + 1 : at
}

/** n, r, t. */
export function isEscapeOfLine(byte: number | undefined): boolean {
  return byte === 0x6e || byte === 0x72 || byte === 0x74
}

function isEscapeOfSeparator(byte: number | undefined): boolean {
  return isEscapeOfLine(byte) || byte === 0x22 || byte === 0x27 || byte === 0x60
}

/** A table with 1 for each of the characters. */
export function setOf(characters: string): Uint8Array {
  const table = new Uint8Array(256)
  for (const character of characters) table[character.charCodeAt(0)] = 1
  return table
}

function tableOf(classes: readonly (readonly [string, number])[]): Uint16Array {
  const table = new Uint16Array(256)
  for (const [characters, kind] of classes)
    for (const character of characters) {
      const byte = character.charCodeAt(0)
      table[byte] = (table[byte] ?? 0) | kind
    }
  return table
}
