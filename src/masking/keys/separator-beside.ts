import { afterBar, BAR, boxBefore } from './bars.ts'
import { isLineStart } from './lead.ts'
import type { Span } from './look.ts'
import { endsRow, isRuling, nextLine, skipPlainBlanks } from './table-lines.ts'
import {
  afterNewline,
  afterTab,
  backslashesBefore,
  byteAt,
  COMMA,
  DASH,
  isDigit,
  isLetter,
  LETTER_T,
  PIPE,
  QUOTE,
  SEMICOLON,
  skipBlanks,
  SPACE,
  STAR,
  TAB,
} from './text-bytes.ts'

/** The separator beside a name in a line, or 0: what may be a cell of a table. */
export function separatorBeside(bytes: Uint8Array, name: Span): number {
  const after = skipPlainBlanks(bytes, behindStars(bytes, name.end))
  const byte = byteAt(bytes, after)
  if (isSeparator(byte)) return byte
  if (afterTab(bytes, after) >= 0) return TAB
  if (afterBar(bytes, after) >= 0) return BAR
  if (isBlanks(bytes, name, after)) return SPACE
  const isLineEnd = afterNewline(bytes, after) >= 0
  const isEnd = isLineEnd || byte === QUOTE || skipBlanks(bytes, after) >= bytes.length
  const before = isEnd ? separatorBefore(bytes, name.start) : 0
  return before === 0 && isLineEnd ? separatorOfLast(bytes, name.start, after) : before
}

/** Two blanks or more behind a name, and something on its line behind them. */
function isBlanks(bytes: Uint8Array, { start, end }: Span, after: number): boolean {
  return after - end >= 2 && bytes[start] !== DASH && !endsRow(bytes, after) && afterNewline(bytes, after) < 0
}

/** The separator before the last name of a line, where it is of blanks. Alone on a line over a ruling it is the header of one column. */
function separatorOfLast(bytes: Uint8Array, start: number, end: number): number {
  const isFirst = beginsLine(bytes, start)
  if (!isFirst && hasBlanksBefore(bytes, start)) return SPACE
  if (!isRuling({ bytes }, nextLine(bytes, end))) return 0
  return isFirst ? PIPE : SPACE
}

/** Bytes before a name that may be of the same heading. */
const HEADING_MAX = 32

/** Two blanks on the line before a name, and nothing but words of its heading between. */
function hasBlanksBefore(bytes: Uint8Array, start: number): boolean {
  const least = Math.max(1, start - HEADING_MAX)
  for (let at = start - 1; at >= least; at--) {
    if (bytes[at] !== SPACE) {
      if (!isLetter(byteAt(bytes, at)) && !isDigit(byteAt(bytes, at))) return false
    } else if (bytes[at - 1] === SPACE) return !beginsLine(bytes, at)
  }
  return false
}

/** `**Password**` is a name in bold. */
function behindStars(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at] === STAR) at++
  return at
}

function beginsLine(bytes: Uint8Array, start: number): boolean {
  const first = skipPlainBlanksBack(bytes, start)
  return isLineStart(bytes, first) || bytes[first - 1] === QUOTE
}

function separatorBefore(bytes: Uint8Array, start: number): number {
  const first = skipPlainBlanksBack(bytes, start)
  const before = byteAt(bytes, first - 1)
  if (isSeparator(before) || before === TAB) return before
  if (afterBar(bytes, boxBefore(bytes, first)) === first) return BAR
  const isTab = before === LETTER_T && afterTab(bytes, start - 1 - backslashesBefore(bytes, start - 1)) === start
  return isTab ? TAB : 0
}

function isSeparator(byte: number): boolean {
  return byte === COMMA || byte === SEMICOLON || byte === PIPE
}

function skipPlainBlanksBack(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at - 1] === SPACE) at--
  return at
}
