// First looks: everything that could be worth a closer look is found here in a few passes over the bytes, and nothing
// else is (masking.md, 3.1 and 3.2). A scan finds too much rather than too little, is linear whatever the bytes, makes no
// strings, and knows nothing of what is looked for but its shape.
import type { View } from '../find/view.ts'

const BACKSLASH = 0x5c
const LETTER_U = 0x75

/** Four bytes are read at once in some places, the first of them in the lowest bits. Few processors have it the other way round. */
export const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

/** Classes of bytes: 1 where a byte belongs, 0 where not. */
export const DIGIT = tableOf('0123456789')
export const UPPER = tableOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ')
export const LOWER = tableOf('abcdefghijklmnopqrstuvwxyz')
export const HEX = tableOf('0123456789abcdefABCDEF')
/** Letters and digits. A byte of a character beyond ASCII counts as a letter here and in WORD. */
export const ALNUM = union(DIGIT, UPPER, LOWER, beyondAscii())
/** Letters, digits, underscore. */
export const WORD = union(ALNUM, tableOf('_'))
/** Both alphabets of RFC 4648, without padding. */
export const BASE64 = union(DIGIT, UPPER, LOWER, tableOf('+/-_'))
/** What may follow one backslash in JSON. */
export const ESCAPE_LETTER = tableOf('"\\/bfnrtu')

/** Whether a word may begin at `at`: what stands before it is no part of a word, or belongs to an escape. */
export function startsWord({ bytes, raw }: View, at: number): boolean {
  const before = bytes[at - 1]
  if (before === undefined || WORD[before] === 0) return true
  if (raw && isEscapeLetter(bytes, at - 1)) return true
  if (raw && at >= 6 && bytes[at - 5] === LETTER_U && bytes[at - 6] === BACKSLASH)
    return isEscapeBoundary(bytes, at - 4)
  return before >= 0x80 && !isWordCode(codeBefore(bytes, at))
}

/** Whether a word may end before `at`: what stands there is no part of a word. A backslash is none. */
export function endsWord({ bytes }: View, at: number): boolean {
  const after = bytes[at]
  if (after === undefined || WORD[after] === 0) return true
  return after >= 0x80 && !isWordCode(codeAt(bytes, at))
}

/**
 * Whether the byte is the letter of an escape: it may not be replaced. JSON inside JSON writes a newline with two
 * backslashes or more, so the text `\n` of a path of Windows is taken for one as well.
 */
export function isEscapeLetter(bytes: Uint8Array, at: number): boolean {
  return bytes[at - 1] === BACKSLASH && ESCAPE_LETTER[bytes[at] ?? 0] === 1
}

/** The first place from `at` on, `end` at most, that is not inside an escape: where a replaced span may begin. */
export function skipEscape({ bytes, raw }: View, at: number, end: number): number {
  if (!raw) return at
  for (let back = 2; back <= 5; back += 1)
    if (bytes[at - back] === BACKSLASH && bytes[at - back + 1] === LETTER_U) return Math.min(end, at - back + 6)
  if (!isEscapeLetter(bytes, at)) return at
  return Math.min(end, bytes[at] === LETTER_U ? at + 5 : at + 1)
}

/** Whether four hexadecimal digits name a character that is no part of a word. */
function isEscapeBoundary(bytes: Uint8Array, at: number): boolean {
  let code = 0
  for (let i = at; i < at + 4; i += 1) {
    const byte = bytes[i] ?? 0
    if (HEX[byte] === 0) return false
    code = code * 16 + (byte & 0x0f) + (byte > 0x39 ? 9 : 0)
  }
  return !isWordCode(code)
}

/** The character that ends before `at`, beyond ASCII, of valid UTF-8. */
function codeBefore(bytes: Uint8Array, at: number): number {
  let first = at - 1
  while (first > 0 && at - first < 4 && ((bytes[first] ?? 0) & 0xc0) === 0x80) first -= 1
  return codeAt(bytes, first)
}

function codeAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0
  const more = (i: number): number => (bytes[at + i] ?? 0) & 0x3f
  if (lead >= 0xf0) return ((lead & 0x07) << 18) | (more(1) << 12) | (more(2) << 6) | more(3)
  if (lead >= 0xe0) return ((lead & 0x0f) << 12) | (more(1) << 6) | more(2)
  return ((lead & 0x1f) << 6) | more(1)
}

/**
 * Whether a character makes one word with what it touches. Punctuation and symbols do not; nor do Chinese, Japanese and
 * Korean letters, which are written without spaces, so that a card number follows its label at once.
 */
function isWordCode(code: number): boolean {
  if (code < 0x80) return WORD[code] === 1
  if (code < 0xc0) return code === 0xaa || code === 0xb5 || code === 0xba
  if (code === 0xd7 || code === 0xf7) return false
  return code < 0x2000 || (code >= 0x2c00 && code < 0x2e00)
}

export function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256)
  for (let i = 0; i < characters.length; i += 1) table[characters.charCodeAt(i)] = 1
  return table
}

export function union(...tables: readonly Uint8Array[]): Uint8Array {
  const table = new Uint8Array(256)
  for (const one of tables)
    for (let byte = 0; byte < 256; byte += 1) table[byte] = (table[byte] ?? 0) | (one[byte] ?? 0)
  return table
}

export function beyondAscii(): Uint8Array {
  return new Uint8Array(256).fill(1, 0x80)
}

/** What is asked about is short: to look at each byte is done before a call of the platform has begun. */
export function hasBackslash(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) if (bytes[at] === BACKSLASH) return true
  return false
}
