// From a name to its value, in whatever language: `NAME="v"`, `name: v`, `"name" => "v"`, `name := v`, `<name>v</name>`,
// `<add key="name" value="v"/>`, `f("NAME", "v")`, `name | v`, `string name = "v"`, `name: string = "v"`. Quotes and line
// ends may be escapes of any depth, since this runs over JSON as it came.
import type { View } from '../find/view.ts'
import {
  afterGap,
  afterSeparator,
  BESIDE_OPERATOR,
  BLANK,
  classAt,
  GAP,
  LETTER,
  NAME,
  OPERATOR,
  QUOTE,
  TOKEN,
  afterBackslashes,
  BACKSLASH,
  isGluedBefore,
  WORD,
} from './chars.ts'

type Bytes = View['bytes']

/** Bytes of a name that may follow the word in it, its type included: `Token string`. */
const NAME_MAX = 32
/** Quotes and brackets that close a name: `\\"]`, `')`. */
const CLOSERS_MAX = 5
/** `:::=`, `||=`. */
const OPERATORS_MAX = 5
/** Blanks, quotes and brackets before a value; an indented line is the longest. */
const OPENERS_MAX = 40
const MINUS = 0x2d
const PLUS = 0x2b
const OPENING_ROUND = 0x28
const OPENING_SQUARE = 0x5b
const CLOSING: readonly (number | undefined)[] = [0x29, 0x5d, 0x7d]
const EQUALS = 0x3d
/** A type between colon and equals sign: `string`, `Optional`. */
const TYPE_MAX = 16

/** Where the value begins that is given to the name whose word ends at `from`; -1 where no value is given. */
export function valueAfter(bytes: Bytes, from: number): number {
  let end = from
  while (end - from < NAME_MAX && (classAt(bytes, end) & (NAME | BLANK)) !== 0) end++
  return valueAfterName(bytes, end)
}

/** The same for a name that ends at `end`. */
export function valueAfterName(bytes: Bytes, end: number): number {
  const closed = afterClosers(bytes, end)
  const attribute = afterValueWord(bytes, closed)
  if (attribute >= 0) return attribute
  const operated = afterOperator(bytes, closed)
  if (operated < 0) return isQuoteAfterBlank(bytes, end, closed) ? closed : -1
  const opened = afterOpeners(bytes, operated)
  const paired = afterValueWord(bytes, opened)
  return paired >= 0 ? paired : afterType(bytes, opened)
}

/** Where the word ends that begins at `start`: letters, digits and `_ - . = + / ~`, and `/` as `\/`; at most `max` bytes. */
export function tokenEnd(bytes: Bytes, start: number, max: number): number {
  let end = start
  while (end - start < max) {
    if ((classAt(bytes, end) & TOKEN) !== 0) end++
    else {
      const slash = bytes[end] === BACKSLASH ? afterBackslashes(bytes, end) : end
      if (bytes[slash] !== 0x2f || slash === end) break
      end = slash + 1
    }
  }
  return end
}

/** Where the name begins that the word at `start` stands in, at most `max` bytes before it. */
export function nameStart(bytes: Bytes, start: number, max: number): number {
  let at = start
  while (start - at < max && isGluedBefore(bytes, at, NAME)) at--
  return at
}

function afterClosers(bytes: Bytes, at: number): number {
  let end = at
  for (let count = 0; count < CLOSERS_MAX; count++) {
    const next = CLOSING.includes(bytes[end]) ? end + 1 : afterSeparator(bytes, end)
    if (next === end) break
    end = next
  }
  return end
}

/** `:=`, `?=`, `||=`, `=>`: signs of arithmetic before the operator belong to it, those after it to the value. */
function afterOperator(bytes: Bytes, at: number): number {
  let end = at
  while (end - at < OPERATORS_MAX && (classAt(bytes, end) & (OPERATOR | BESIDE_OPERATOR)) === BESIDE_OPERATOR) end++
  const operator = end
  while (end - at < OPERATORS_MAX && (classAt(bytes, end) & OPERATOR) !== 0) end++
  return end === operator ? -1 : end
}

function afterOpeners(bytes: Bytes, at: number): number {
  let end = at
  for (let count = 0; count < OPENERS_MAX; count++) {
    const next = isOpening(bytes, end) ? end + 1 : afterSeparator(bytes, end)
    if (next === end) break
    end = next
  }
  return end
}

/** Brackets of calls and lists; `=`, `|` and `>` after another operator, and the rest of what begins a YAML block (`|-`). */
function isOpening(bytes: Bytes, at: number): boolean {
  const byte = bytes[at]
  if (byte === MINUS || byte === PLUS) return isBar(bytes[at - 1])
  return byte === OPENING_ROUND || byte === OPENING_SQUARE || byte === EQUALS || isBar(byte)
}

/** `|` and `>`. */
function isBar(byte: number | undefined): boolean {
  return byte === 0x7c || byte === 0x3e
}

/** After `value=` or `"value":` and what opens the value; -1 where the next word is another one. */
function afterValueWord(bytes: Bytes, at: number): number {
  const word = 'value'
  for (let index = 0; index < word.length; index++)
    if (((bytes[at + index] ?? 0) | 0x20) !== word.charCodeAt(index)) return -1
  const closed = afterClosers(bytes, at + word.length)
  const operated = afterOperator(bytes, closed)
  return operated < 0 ? -1 : afterOpeners(bytes, operated)
}

/** After `string = "` where a type stands first; `at` itself where none does. */
function afterType(bytes: Bytes, at: number): number {
  let end = at
  while (end - at < TYPE_MAX && (classAt(bytes, end) & LETTER) !== 0) end++
  if (end === at || (classAt(bytes, end) & BLANK) === 0) return at
  const equals = afterGap(bytes, end, 2)
  return bytes[equals] === EQUALS && (classAt(bytes, equals + 1) & (GAP | QUOTE)) !== 0
    ? afterOpeners(bytes, equals + 1)
    : at
}

/** `#define NAME "value"`, `ENV NAME "value"`: nothing but a blank and a quote between the two. */
function isQuoteAfterBlank(bytes: Bytes, nameEnd: number, at: number): boolean {
  const isQuote = (classAt(bytes, at - 1) & QUOTE) !== 0
  return isQuote && (classAt(bytes, nameEnd - 1) & BLANK) !== 0 && (classAt(bytes, at) & WORD) !== 0
}
