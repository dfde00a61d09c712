import type { Span } from './decoded-view.ts'
import type { Document } from './document.ts'
import { afterValue, containerStart } from './keys/json-walk.ts'
import {
  afterNewline,
  backslashesBefore,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACKET,
  QUOTE,
  skipBlanks,
  skipSpace,
  skipSpaceBack,
} from './keys/text-bytes.ts'
import { tableOf } from './scan/bytes-tables.ts'
import type { Located } from './structure/locate.ts'

// JSON also stands in texts that are none as a whole: a line of a log, lines of JSON, a block of Markdown, `data:` of a stream.
// What is no string there has no quotes, and a word in its place would break the document for whoever reads it.

export interface TokenInText extends Span {
  readonly kind: 'number' | 'literal'
}

/** A text of a message, and how many backslashes the quotes in it have. */
interface Text extends Span {
  readonly bytes: Uint8Array
  readonly depth: number
}

const APOSTROPHE = 0x27
const LITERAL = /^(?:true|false)$/
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][+-]?\d+)?$/
const BEGINS = tableOf('-0123456789tf')
const OF_NUMBER = tableOf('-+.0123456789Ee')
/** Before a number where none begins: of most values this decides. */
const NEVER_BEFORE = tableOf('"\'=/@(_')
/** Digits of a token beside the value, on each side, and of the value. */
const BESIDE_MAX = 64
const VALUE_MAX = 1_024
/** Bytes before the element of an array in which it begins. */
const ARRAY_MAX = 512

/** The number, `true` or `false` of JSON that a value of a text lies in; undefined where it is of the text itself. */
export function tokenInText(document: Document, value: Span, at: Located | undefined): TokenInText | undefined {
  const { bytes } = document
  if (BEGINS[bytes[value.start] ?? 0] !== 1 || NEVER_BEFORE[bytes[value.start - 1] ?? 0] === 1) return undefined
  const text = textAt(document, at)
  if (text === undefined) return undefined
  const token = tokenAround(text, value)
  return token !== undefined && endsValue(text, token.end) && beginsValue(text, token.start) ? token : undefined
}

function textAt({ bytes }: Document, at: Located | undefined): Text | undefined {
  if (at === undefined) return { bytes, start: 0, end: bytes.length, depth: 0 }
  const { structure, token } = at
  if (structure.kind(token) !== 'string') return undefined
  return {
    bytes,
    start: structure.innerStart(token),
    end: structure.innerEnd(token),
    depth: 2 ** (structure.level + 1) - 1,
  }
}

function tokenAround(text: Text, value: Span): TokenInText | undefined {
  const { bytes } = text
  if (value.end > text.end || value.end - value.start > VALUE_MAX) return undefined
  const least = Math.max(text.start, value.start - BESIDE_MAX)
  const most = Math.min(text.end, value.end + BESIDE_MAX)
  let { start, end } = value
  while (start > least && OF_NUMBER[bytes[start - 1] ?? 0] === 1) start--
  while (end < most && OF_NUMBER[bytes[end] ?? 0] === 1) end++
  const written = String.fromCharCode(...bytes.subarray(start, end))
  if (NUMBER.test(written)) return { start, end, kind: 'number' }
  return LITERAL.test(written) ? { start, end, kind: 'literal' } : undefined
}

function endsValue({ bytes, end: textEnd }: Text, end: number): boolean {
  const after = skipBlanks(bytes, end)
  if (after >= textEnd || afterNewline(bytes, after) >= 0) return true
  const sign = bytes[after]
  return sign === COMMA || sign === CLOSE_BRACE || sign === CLOSE_BRACKET
}

function beginsValue(text: Text, start: number): boolean {
  const before = skipSpaceBack(text.bytes, start) - 1
  if (before < text.start) return false
  const sign = text.bytes[before]
  return sign === COLON
    ? isKeyBefore(text, before)
    : (sign === COMMA || sign === OPEN_BRACKET) && isInArray(text, start)
}

/** A key in quotes of the text, or of a program that writes others. */
function isKeyBefore({ bytes, depth }: Text, colon: number): boolean {
  const quote = skipSpaceBack(bytes, colon) - 1
  return bytes[quote] === APOSTROPHE || (bytes[quote] === QUOTE && backslashesBefore(bytes, quote) === depth)
}

/** Whether all that stands before it in brackets is JSON too. */
function isInArray({ bytes, start, depth }: Text, at: number): boolean {
  const open = containerStart(bytes, at, depth, Math.max(start, at - ARRAY_MAX))
  if (open < 0 || bytes[open] !== OPEN_BRACKET) return false
  const before = bytes.subarray(open + 1, at)
  let next = skipSpace(before, 0)
  while (next < before.length) {
    const after = afterValue(before, next, depth)
    const comma = after < 0 ? -1 : skipSpace(before, after)
    if (before[comma] !== COMMA) return false
    next = skipSpace(before, comma + 1)
  }
  return true
}
