import type { View } from '../find/view.ts'
import { afterBar, afterBox, BAR, isFrame } from './bars.ts'
import { isLineStart } from './lead.ts'
import type { Span } from './look.ts'
import { closesMember, closesString, endsText } from './string-ends.ts'
import {
  afterBackslashes,
  afterNewline,
  afterTab,
  BACKSLASH,
  backslashesBefore,
  COLON,
  COMMA,
  DASH,
  EQUALS,
  LETTER_N,
  LETTER_R,
  NEWLINE,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  RETURN,
  SPACE,
  skipBlanksBack,
  skipSpaceBack,
  TAB,
} from './text-bytes.ts'

/** A line of a table that is longer, in bytes, is none. */
export const LINE_MAX = 1_048_576

/** A line of a table. */
export interface Row {
  readonly cells: readonly Span[]
  /** With an empty one before a separator that the line begins with, and behind one that it ends with. */
  readonly all: readonly Span[]
  /** Where its newline stands, or its text ends. */
  readonly end: number
}

/** The cells of the line that begins at `from`. Quoted cells are without their quotes, all are without blanks around them. */
export function readRow({ bytes, raw }: View, from: number, separator: number): Row {
  const cells: Span[] = []
  let start = from
  let at = from
  for (;;) {
    const first = skipPlainBlanks(bytes, start)
    const quoted = quotedCell(bytes, first, { separator, raw })
    if (quoted === undefined) {
      at = cellEnd(bytes, first, { separator, raw })
      cells.push({ start: first, end: skipBlanksBack(bytes, at) })
    } else {
      cells.push(quoted.cell)
      at = quoted.after
    }
    const next = afterSeparator(bytes, at, separator)
    if (next < 0) return { cells: isFrame(separator) ? withoutOuter(cells) : cells, all: cells, end: at }
    start = next
  }
}

/** Blanks that are no separator themselves. */
export function skipPlainBlanks(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at] === SPACE) at++
  return at
}

interface CellRule {
  readonly separator: number
  readonly raw: boolean
}

function cellEnd(bytes: Uint8Array, from: number, { separator, raw }: CellRule): number {
  let at = from
  let isQuoted = false
  while (afterSeparator(bytes, at, separator) < 0) {
    const next = afterSign({ bytes, raw }, at, separator)
    if (next < 0) return at
    if (bytes[next - 1] === QUOTE) {
      // One that opens nothing in the cell ends the key that the table stands in.
      if (!isQuoted && bytes[next] === COLON) return at
      isQuoted = !isQuoted
    }
    at = next
  }
  return at
}

/** Just after the sign of a cell at `at`, with its backslashes; -1 where its line ends, or the string of JSON that it stands in. */
export function afterSign({ bytes, raw }: View, at: number, separator: number): number {
  const byte = bytes[at]
  if (byte === undefined || afterNewline(bytes, at) >= 0) return -1
  if (byte === QUOTE && (raw || (separator === COMMA ? closesMember(bytes, at + 1) : closesString(bytes, at + 1))))
    return -1
  if (byte !== BACKSLASH) return at + 1
  const end = afterBackslashes(bytes, at)
  // A quote inside an unquoted cell ends the text of a document in a document.
  if (bytes[end] !== QUOTE) return end
  return (end - at) % 2 === 0 || endsText(bytes, end + 1) ? -1 : end + 1
}

/** A cell in quotes; a quote inside is doubled. Undefined where none opens, or where what it opens is no cell. */
function quotedCell(
  bytes: Uint8Array,
  at: number,
  { separator, raw }: CellRule,
): { cell: Span; after: number } | undefined {
  const open = afterBackslashes(bytes, at)
  const depth = open - at
  if (bytes[open] !== QUOTE || (raw && depth === 0)) return undefined
  const end = closingQuote(bytes, open + 1, { depth, raw })
  if (end < 0) return undefined
  const after = skipPlainBlanks(bytes, end + 1)
  const isEnd = afterSeparator(bytes, after, separator) >= 0 || afterNewline(bytes, after) >= 0 || endsRow(bytes, after)
  return isEnd ? { cell: { start: open + 1, end: end - depth }, after } : undefined
}

/** Where the quote stands that closes a cell and is not doubled; -1 where the text ends before. */
function closingQuote(bytes: Uint8Array, from: number, { depth, raw }: { depth: number; raw: boolean }): number {
  for (let i = from; i < bytes.length; i++) {
    const end = afterBackslashes(bytes, i)
    if (bytes[end] !== QUOTE) {
      i = end
      continue
    }
    if (raw && (end - i) % 2 === 0) return -1
    const next = afterBackslashes(bytes, end + 1)
    if (bytes[next] !== QUOTE || next - end - 1 !== depth) return end
    i = next
  }
  return -1
}

export function endsRow(bytes: Uint8Array, at: number): boolean {
  return at >= bytes.length || bytes[afterBackslashes(bytes, at)] === QUOTE
}

/** Just after the separator at `at`; -1 where none stands there. A tabulator may be an escape. */
export function afterSeparator(bytes: Uint8Array, at: number, separator: number): number {
  if (separator === TAB) return afterTab(bytes, at)
  if (separator === BAR) return afterBar(bytes, at)
  return bytes[at] === separator ? at + 1 : -1
}

function isEmpty(cell: Span | undefined): boolean {
  return cell !== undefined && cell.end <= cell.start
}

/** The cells of a row of a table with so many columns: of psql, the first or last of them may be empty. Undefined where it is none. */
export function cellsOf({ cells, all }: Row, count: number): readonly Span[] | undefined {
  return cells.length === count ? cells : all.length === count ? all : undefined
}

/** Lines of Markdown have separators around them; in lines of psql, which begin with none, the last cell may be empty. */
function withoutOuter(cells: readonly Span[]): readonly Span[] {
  return isEmpty(cells[0]) ? cells.slice(1, isEmpty(cells.at(-1)) ? -1 : undefined) : cells
}

/** Where the line begins that `at` is on; -1 where it is further than `most` bytes. */
export function lineStartOf({ bytes, raw }: View, at: number, most: number): number {
  const least = Math.max(0, at - most)
  for (let start = at; start > least; start--) {
    const byte = bytes[start - 1]
    if (isLineStart(bytes, start)) return start
    if (byte !== QUOTE) continue
    const count = backslashesBefore(bytes, start - 1)
    if (raw && count % 2 === 0) return start
    const before = bytes[skipSpaceBack(bytes, start - 1 - count) - 1]
    if (before === COLON || before === OPEN_BRACKET || before === OPEN_BRACE) return start
  }
  return least === 0 ? 0 : -1
}

/** Whether the line is only the ruling of a table: `|---|---|`, `+----+`, `----+----`, `├────┼────┤`. None begins at -1. */
export function isRuling({ bytes }: Pick<View, 'bytes'>, from: number): boolean {
  if (from < 0) return false
  let at = from
  let dashes = 0
  for (let next = from; next >= 0; next = afterRule(bytes, at)) {
    if (next > from && isDash(bytes, at)) dashes++
    at = next
  }
  return dashes >= 2 && (afterNewline(bytes, at) >= 0 || endsRow(bytes, at))
}

/** Just after a sign of a ruling; -1 where another stands. */
function afterRule(bytes: Uint8Array, at: number): number {
  return RULING[bytes[at] ?? 0] === 1 ? at + 1 : afterBox(bytes, at)
}

function isDash(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === DASH || bytes[at] === EQUALS || (afterBox(bytes, at) >= 0 && afterBar(bytes, at) < 0)
}

const RULING = Uint8Array.from({ length: 256 }, (_, byte) => ('|+-=: '.includes(String.fromCharCode(byte)) ? 1 : 0))

/** Where the line after the one that ends at `end` begins; -1 where there is none. `\r\n` is one newline. */
export function nextLine(bytes: Uint8Array, end: number): number {
  const next = afterNewline(bytes, end)
  if (next < 0) return -1
  const last = bytes[next - 1]
  const isReturn = last === RETURN || last === LETTER_R
  const second = isReturn ? afterNewline(bytes, next) : -1
  return second >= 0 && (bytes[second - 1] === NEWLINE || bytes[second - 1] === LETTER_N) ? second : next
}

/** Where the line before the one that begins at `start` begins; -1 where there is none. */
export function previousLine(view: View, start: number, most: number): number {
  const end = skipNewlineBack(view.bytes, start)
  return end === start ? -1 : lineStartOf(view, end, most)
}

function skipNewlineBack(bytes: Uint8Array, start: number): number {
  let at = start
  for (let i = 0; i < 2 && at > 0 && isLineStart(bytes, at); i++) {
    const byte = bytes[at - 1]
    at = byte === NEWLINE || byte === RETURN ? at - 1 : at - 1 - backslashesBefore(bytes, at - 1)
    if (byte !== NEWLINE && byte !== LETTER_N) break
    if (bytes[at - 1] !== RETURN && bytes[at - 1] !== LETTER_R) break
  }
  return at
}
