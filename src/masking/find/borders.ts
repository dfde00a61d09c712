import type { Span } from '../decoded-view.ts'
import { ALNUM, tableOf } from '../scan/bytes-tables.ts'
import { ownName } from './own-name.ts'
import type { View } from './view.ts'

const BACKSLASH = 0x5c
const SPACE = 0x20
const QUOTE = 0x22
const APOSTROPHE = 0x27
const NEWLINE = 0x0a
const TAB = 0x09
const COMMA = 0x2c
const SEMICOLON = 0x3b
const BAR = 0x7c
const EQUALS = 0x3d
const UNDERSCORE = 0x5f
const ENDS_SENTENCE = tableOf('.!?')

/**
 * Whether a word says nothing of a value because it stands in another field or line: of a row of commas, bars or tabs, of JSON
 * in a text, of lines that each name what they hold. The word that ends the field before is the name of the value all the same:
 * `ssn | 078051123`. And a value that has a line for itself belongs to the line above.
 */
export function areParted(view: View, word: Span, value: Span): boolean {
  if (word.start >= value.end)
    return hasBorder(view, value.end, word.start) || hasBorderBehind(view, value.end, word.start)
  if (word.end > value.start) return false
  if (isOfOtherField(view, word, value)) return true
  const line = lineStart(view, word.end, value.start)
  const isAlone = line > word.end && !hasWord(view, line, value.start) && endsLine(view, value.end)
  const to = isAlone ? wordEnd(view, word.end, line) : value.start
  return hasBorder(view, word.end, to) && hasWord(view, word.end, value.start)
}

/** What stands behind a value says nothing of it in another sentence, or behind a name of its own: `id=… state=card`. */
function hasBorderBehind({ bytes }: View, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if (bytes[at] === EQUALS) return true
    if (ENDS_SENTENCE[bytes[at] ?? 0] === 1 && bytes[at + 1] === SPACE) return true
  }
  return false
}

/** `state=card id=…`, `state="no card" id=…`: the word belongs to the field before. */
function isOfOtherField(view: View, word: Span, value: Span): boolean {
  const { bytes } = view
  const name = bytes[value.start - 1] === EQUALS ? ownName(view, value) : undefined
  if (name === undefined || name.start < word.end || bytes[name.start - 1] !== SPACE) return false
  let start = word.start
  while (isLetterOrDigit(bytes[start - 1]) || bytes[start - 1] === UNDERSCORE) start--
  return bytes[start - 1] === EQUALS || isQuote(bytes[name.start - 2])
}

function hasBorder(view: View, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (isBorder(view, at)) return true
  return false
}

function isBorder(view: View, at: number): boolean {
  const { bytes } = view
  const byte = bytes[at] ?? 0
  if (byte === COMMA || byte === SEMICOLON) return !isOfSentence(bytes, at)
  return byte === NEWLINE || byte === TAB || byte === BAR || escaped(view, at) !== 0
}

/** A comma and a space: two fields have quotes there, or none of it. */
function isOfSentence(bytes: Uint8Array, at: number): boolean {
  if (bytes[at + 1] !== SPACE) return false
  return !isQuote(bytes[at - 1]) && !isQuote(bytes[at + 2]) && bytes[at + 2] !== BACKSLASH
}

function isQuote(byte: number | undefined): boolean {
  return byte === QUOTE || byte === APOSTROPHE
}

/** The character that an escape of JSON stands for whose letter is here; 0 where there is none. */
function escaped({ bytes, raw }: View, at: number): number {
  if (!raw || bytes[at - 1] !== BACKSLASH) return 0
  return bytes[at] === 0x6e ? NEWLINE : bytes[at] === 0x74 ? TAB : 0
}

/** The place behind the last line break between two places; the first of them where there is none. */
function lineStart(view: View, from: number, to: number): number {
  for (let at = to - 1; at >= from; at--) if (view.bytes[at] === NEWLINE || escaped(view, at) === NEWLINE) return at + 1
  return from
}

/** Nothing but signs stands before the end of the line or of the text. */
function endsLine(view: View, from: number): boolean {
  const { bytes, raw } = view
  let at = from
  while (at < bytes.length && bytes[at] !== NEWLINE && !isLetterOrDigit(bytes[at])) {
    if (raw && bytes[at] === QUOTE && bytes[at - 1] !== BACKSLASH) return true
    if (bytes[at] === BAR || bytes[at] === COMMA) return false
    at++
  }
  return at >= bytes.length || bytes[at] === NEWLINE || escaped(view, at) === NEWLINE
}

/** The end of the last word between two places; the first of them where there is none. */
function wordEnd(view: View, from: number, to: number): number {
  let end = to
  while (end > from && !hasWord(view, end - 1, end)) end--
  return end
}

function hasWord(view: View, from: number, to: number): boolean {
  for (let at = from; at < to; at++)
    if (isLetterOrDigit(view.bytes[at]) && !(view.raw && view.bytes[at - 1] === BACKSLASH)) return true
  return false
}

function isLetterOrDigit(byte: number | undefined): boolean {
  return byte !== undefined && (ALNUM[byte] === 1 || byte >= 0x80)
}
