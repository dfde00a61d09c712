import type { Hit } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { isQuote } from './lead.ts'
import { afterVerb } from './separator.ts'
import type { JsonString } from './siblings.ts'
import {
  afterBackslashes,
  BACKSLASH,
  backslashesBefore,
  byteAt,
  COLON,
  afterNewline,
  COMMA,
  DASH,
  EQUALS,
  isDigit,
  isEscapeLetter,
  isLetter,
  isLower,
  isUpper,
  LESS,
  LETTER_T,
  nameEnd,
  NEWLINE,
  PIPE,
  SLASH,
  RETURN,
  SPACE,
  SEMICOLON,
  TAB,
} from './text-bytes.ts'
import { BEGINS, GLUES, SHIFTS } from './triggers.ts'

/** Where the word begins, if it can be a word of a name there and not a part of another or of an escape; else -1. */
export function boundedStart({ view: { bytes }, start, end }: Hit, flags: number): number {
  const at = (flags & SHIFTS) === 0 ? start : start + 1
  if (isEscapeLetter(bytes, at)) return -1
  if ((flags & GLUES) === 0 && isWordByte(byteAt(bytes, at - 1)) && !startsInside(bytes, at)) return -1
  return (flags & BEGINS) !== 0 || endsWord(bytes, end) ? at : -1
}

/** A new word, though a letter stands before it. */
function startsInside(bytes: Uint8Array, at: number): boolean {
  return isHump(bytes, at) || isEscapeLetter(bytes, at - 1)
}

function endsWord(bytes: Uint8Array, end: number): boolean {
  const after = byteAt(bytes, end)
  if (isLower(after) && isLower(byteAt(bytes, end - 1))) return isPluralEnd(bytes, end)
  return after < 0x80 || after === 0xef || after === 0xe2 || after === 0xc2
}

function isWordByte(byte: number): boolean {
  return isLetter(byte) || isDigit(byte)
}

/** A capital after a small letter or a digit, or before a small one: `cardNo`, `oauth2Token`, `APIToken`. */
function isHump(bytes: Uint8Array, at: number): boolean {
  return isUpper(byteAt(bytes, at)) && (!isUpper(byteAt(bytes, at - 1)) || isLower(byteAt(bytes, at + 1)))
}

const LETTER_E = 0x65
const LETTER_S = 0x73

function isPluralEnd(bytes: Uint8Array, end: number): boolean {
  const s = bytes[end] === LETTER_E ? end + 1 : end
  return bytes[s] === LETTER_S && !isLower(bytes[s + 1] ?? 0)
}

export function isQuoteAt(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at]
  return isQuote(byte) || (byte === BACKSLASH && isQuote(bytes[afterBackslashes(bytes, at)]))
}

function isTabAt(bytes: Uint8Array, at: number): boolean {
  return bytes[afterBackslashes(bytes, at)] === LETTER_T
}

/** Names with spaces in them go on for so many bytes and words at most, to either side. */
const LABEL_MAX = 48
const LABEL_WORDS_MAX = 4

/** Signs, blanks and ends of lines behind which something else begins. */
const ENDS: ReadonlySet<number> = new Set([COLON, EQUALS, PIPE, COMMA, SEMICOLON, TAB, NEWLINE, RETURN])

/** 0: no part of a label. 1: part of one. 2: a space. 3: ends one. 4: a backslash, which may stand before a quote. */
const LABEL_KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === SPACE) return 2
  if (ENDS.has(byte) || isQuote(byte)) return 3
  if (byte === BACKSLASH) return 4
  return isLetter(byte) || isInLabel(byte) ? 1 : 0
})

/** Whether a label with spaces ends soon: with a quote, a sign that gives it a value, a dash, its line, or its text. */
export function endsLabelSoon(bytes: Uint8Array, from: number): boolean {
  const most = Math.min(bytes.length, from + LABEL_MAX)
  let words = 0
  for (let at = from; at < most; at++) {
    const kind = LABEL_KINDS[bytes[at] ?? 0] ?? 0
    if (kind === 1) {
      if (bytes[at - 1] === SPACE && isDashAt(bytes, at)) return true
      continue
    }
    if (kind !== 2) return kind === 3 || endsLabel(bytes, at)
    // Blanks that fill a column up end a name.
    if (bytes[at - 1] === SPACE) return true
    if (++words > LABEL_WORDS_MAX) return false
  }
  return most === bytes.length
}

/** A hyphen, or a dash of prose, with a blank behind it. */
function isDashAt(bytes: Uint8Array, at: number): boolean {
  const isLong = bytes[at] === 0xe2 && bytes[at + 1] === 0x80 && (bytes[at + 2] === 0x93 || bytes[at + 2] === 0x94)
  return (isLong || bytes[at] === DASH) && bytes[at + (isLong ? 3 : 1)] === SPACE
}

/** A quote, a tabulator or the end of the line, or a closing tag. */
function endsLabel(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] === LESS) return bytes[afterBackslashes(bytes, at + 1)] === SLASH
  return isQuoteAt(bytes, at) || isTabAt(bytes, at) || afterNewline(bytes, at) >= 0
}

function isInLabel(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x23 && byte <= 0x2f && byte !== COMMA) || byte === 0x5f
}

/** The string in quotes that the name stands in, if it is not much more than the name. */
export function quotedAround({ bytes }: View, start: number, end: number): JsonString | undefined {
  const left = labelStart(bytes, start)
  const quote = bytes[left - 1]
  // What stands between two strings of code: `"address " + e.addr + ": "`.
  if (!isQuote(quote) || (bytes[left] === SPACE && bytes[left + 1] === PLUS)) return undefined
  let right = end
  while (right - end < LABEL_MAX && !isQuoteAt(bytes, right)) right++
  const close = afterBackslashes(bytes, right)
  if (bytes[close] !== quote) return undefined
  const depth = backslashesBefore(bytes, left - 1)
  if (close - right !== depth) return undefined
  return { open: left - 1 - depth, start: left, end: right, after: close + 1, depth }
}

function labelStart(bytes: Uint8Array, from: number): number {
  const least = Math.max(0, from - LABEL_MAX)
  let start = from
  while (start > least && (LABEL_KINDS[byteAt(bytes, start - 1)] ?? 0) % 3 !== 0 && bytes[start - 1] !== BACKSLASH)
    start--
  return start
}

const PLUS = 0x2b

/** Words that a label goes on with, at most. */
const MORE_WORDS_MAX = 3

/** Where a name of several words ends before a verb, a number or a tag: `API key is`; `from` itself where none follows so soon. */
export function phraseEnd(bytes: Uint8Array, from: number): number {
  let end = from
  for (let i = 0; i <= MORE_WORDS_MAX; i++) {
    if (bytes[end] === LESS) return end
    if (bytes[end] !== SPACE) break
    const next = byteAt(bytes, end + 1)
    if (isDigit(next) || afterVerb(bytes, end) >= 0) return end
    if (!isLetter(next)) break
    end = nameEnd(bytes, end + 1)
  }
  return from
}

/** Where a label of several words ends: `First Name: Joe`, a cell of a header line. */
export function labelEnd(bytes: Uint8Array, from: number): number {
  let end = from
  for (let i = 0; i < MORE_WORDS_MAX && bytes[end] === SPACE; i++) {
    const next = nameEnd(bytes, end + 1)
    // A dash beyond ASCII is no word.
    if (next === end + 1 || !isLetter(byteAt(bytes, end + 1))) break
    end = next
  }
  return end
}
