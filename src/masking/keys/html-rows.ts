import { decodeLatin1 } from '../../base/bytes.ts'
import type { View } from '../find/view.ts'
import type { Span } from './look.ts'
import { afterBackslashes, BACKSLASH, byteAt, GREATER, LESS, QUOTE, skipSpace, skipSpaceBack } from './text-bytes.ts'

/** Bytes of a row that are looked at. */
export const ROW_MAX = 65_536

export interface HtmlCell {
  /** From its first text to its last, without the tags around them. */
  readonly text: Span
  readonly isHead: boolean
}

export interface HtmlRow {
  readonly cells: readonly HtmlCell[]
  /** Where the tag begins that ends it, or no more of it can be read. */
  readonly end: number
  readonly isWhole: boolean
}

interface Tag {
  /** `td`, `/td`. */
  readonly name: string
  readonly start: number
  readonly end: number
}

const ENDS_ROW: ReadonlySet<string> = new Set([
  'tr',
  '/tr',
  'table',
  '/table',
  'thead',
  '/thead',
  'tbody',
  '/tbody',
  'tfoot',
])

/** The row of a table of HTML whose first tag ends at `from`. */
export function readHtmlRow(view: View, from: number): HtmlRow {
  const cells: HtmlCell[] = []
  let cell: { start: number; end: number } | undefined
  let at = from
  while (at - from < ROW_MAX) {
    const tag = nextTag(view, at)
    if (tag === undefined) break
    if (cell !== undefined) addText(view, cell, { start: at, end: tag.start })
    if (ENDS_ROW.has(tag.name)) return { cells, end: tag.start, isWhole: true }
    if (tag.name === 'th' || tag.name === 'td') {
      cell = { start: tag.end, end: tag.end }
      const isHead = tag.name === 'th'
      cells.push({ text: cell, isHead })
      for (let i = columnsTaken(view, tag); i > 1; i--) cells.push({ text: { start: tag.end, end: tag.end }, isHead })
    } else if (tag.name === '/th' || tag.name === '/td') cell = undefined
    at = tag.end
  }
  return { cells, end: at, isWhole: false }
}

function addText({ bytes }: View, cell: { start: number; end: number }, part: Span): void {
  const start = skipSpace(bytes, part.start)
  const end = skipSpaceBack(bytes, part.end)
  if (start >= end) return
  if (cell.end === cell.start) cell.start = start
  cell.end = end
}

/** How many columns a cell takes; more than a screen shows are not of a table. */
function columnsTaken({ bytes }: View, { start, end }: Tag): number {
  if (end - start < 'td colspan=2'.length) return 1
  return Math.min(Number(COLUMNS.exec(decodeLatin1(bytes, start, end))?.[1] ?? 1), COLUMNS_MAX)
}

const COLUMNS = /\scolspan=\\*["']?(\d{1,3})/i
const COLUMNS_MAX = 32

/** Where the first row at or behind `from` has its cells; -1 where the table ends before. */
export function nextHtmlRow(view: View, from: number): number {
  for (let at = from; at - from < ROW_MAX;) {
    const tag = nextTag(view, at)
    if (tag === undefined || tag.name === '/table' || tag.name === 'table') return -1
    if (tag.name === 'tr') return tag.end
    at = tag.end
  }
  return -1
}

/** Where the tag begins that opens the row around `at`; -1 where none does behind `least`. */
export function htmlRowStart({ bytes, raw }: View, at: number, least: number): number {
  for (let start = at - 1; start >= least; start--) {
    if (bytes[start] === LESS && isRowTag(bytes, start)) return start
    if (raw && bytes[start] === QUOTE && bytes[start - 1] !== BACKSLASH) return -1
  }
  return -1
}

function isRowTag(bytes: Uint8Array, start: number): boolean {
  const after = byteAt(bytes, start + 3)
  return /^<tr[\s>\\]/i.test(String.fromCharCode(LESS, byteAt(bytes, start + 1), byteAt(bytes, start + 2), after))
}

/** The next tag; undefined where the text ends before. A sign that opens none is one without a name. */
export function nextTag(view: View, from: number): Tag | undefined {
  const start = nextSign(view, from, isLess)
  const close = start < 0 ? -1 : nextSign(view, start + 1, isBracket)
  if (close < 0) return undefined
  const name = NAME.exec(decodeLatin1(view.bytes, start, Math.min(close, start + NAME_MAX)))?.[1] ?? ''
  return { name: name.toLowerCase().replace('\\', ''), start, end: isLess(view.bytes[close]) ? close : close + 1 }
}

const isLess = (byte: number | undefined): boolean => byte === LESS
const isBracket = (byte: number | undefined): boolean => byte === GREATER || byte === LESS

const NAME = /^<(\\*\/?[a-z]+)/i
const NAME_MAX = 16

/** Where such a sign stands next; -1 where the text ends before, or the string of JSON that it is. */
function nextSign({ bytes, raw }: View, from: number, is: (byte: number | undefined) => boolean): number {
  const most = Math.min(bytes.length, from + ROW_MAX)
  for (let at = from; at < most; at++) {
    if (is(bytes[at])) return at
    const end = bytes[at] === BACKSLASH ? afterBackslashes(bytes, at) : at
    if (raw && bytes[end] === QUOTE && (end - at) % 2 === 0) return -1
    if (end > at && bytes[end] === QUOTE) at = end
    else if (end > at) at = end - 1
  }
  return -1
}
