import { decodeLatin1 } from '../../base/bytes.ts'
import { tableOf } from '../scan/bytes-tables.ts'
import type { Look, Span } from './look.ts'
import { endsString } from './string-ends.ts'
import { CLOSE_PAREN, COLUMNS_MAX, definedTable, HEAD_BYTES, OPEN_PAREN, SQL_NAME } from './sql-tables.ts'
import { addCell, addCells, type Columns, columnsOf } from './table-cells.ts'
import { nextLine, readRow } from './table-lines.ts'
import {
  afterBackslashes,
  APOSTROPHE,
  BACKSLASH,
  backslashesBefore,
  BACKTICK,
  byteAt,
  CLOSE_BRACKET,
  COMMA,
  nameEnd,
  OPEN_BRACKET,
  QUOTE,
  skipSpace,
  SPACE_PATTERN,
  TAB,
} from './text-bytes.ts'
import { readTextString } from './text-strings.ts'

/**
 * What stands before the columns of a statement: `INSERT INTO t (a, b) VALUES …`, of SQL Server `INSERT [t] ([a], [b]) VALUES …`,
 * and of pg_dump `COPY t (a, b) FROM stdin;`.
 */
export const SQL_ROWS_WORDS = ['insert into', 'ignore into', 'replace into', 'insert [', 'copy '] as const

/** A text in apostrophes that is longer, in bytes, is none. */
const STRING_MAX = 16_384
/** What stands beside the text of a value, in bytes: a function and its other arguments. */
const BESIDE_MAX = 256

/** The name of the table, with one for short. */
const TABLE = new RegExp(
  String.raw`^${SPACE_PATTERN}*(?:only\s+)?(${SQL_NAME})(?:${SPACE_PATTERN}+as\s+${SQL_NAME})?${SPACE_PATTERN}*`,
  'i',
)
const VALUES = new RegExp(String.raw`^(?:[^()';]{0,80}(?:\s|\\[nrt]))?values?${SPACE_PATTERN}*(?=\()`, 'i')
const FROM_STDIN = /^\s*from\s+stdin\b([^;\n\\]{0,120});?[^\S\n]*(?=\n|\r|\\+[nr])/i

/** Columns, and where what stands behind them begins. */
interface Listed extends Columns {
  /** Those of the table before it was altered. */
  readonly before?: Columns
  readonly end: number
}

/** Reports values under the sensitive names of a statement's columns; `after`: where what stands before them ends. */
export function addSqlRows(look: Look, after: number): void {
  const { bytes } = look.view
  const from = bytes[after - 1] === OPEN_BRACKET ? after - 1 : after
  // By a mark of its own: a line of statements may have been looked at as the header of a table, and was none.
  if (from < look.memo.reached('sql-rows')) return
  const list = columnsFor(look, from)
  if (list === undefined || !hasSensitive(list)) return
  const behind = decodeLatin1(bytes, list.end, Math.min(bytes.length, list.end + HEAD_BYTES))
  const values = VALUES.exec(behind)
  const stdin = values === null ? FROM_STDIN.exec(behind) : null
  let end = list.end
  if (values !== null) end = addTuples(look, list, list.end + values[0].length)
  else if (stdin !== null)
    end = addLines(look, list, { at: list.end + stdin[0].length, isCsv: /\bcsv\b/i.test(stdin[1] ?? '') })
  look.sink.spend(end - from)
  if (end === list.end) return
  look.memo.reach('sql-rows', end)
  look.memo.readLine(from, end)
}

/** The columns that the statement names, or else those that its table was defined with. */
function columnsFor(look: Look, from: number): Listed | undefined {
  const { bytes } = look.view
  const table = TABLE.exec(decodeLatin1(bytes, from, Math.min(bytes.length, from + HEAD_BYTES)))
  if (table === null) return undefined
  const end = from + table[0].length
  if (bytes[end] === OPEN_PAREN) return readColumns(look, end + 1)
  const defined = definedTable(look.memo, table[1] ?? '')
  return defined && { count: defined.count, columns: defined.columns, before: defined.before, end }
}

function hasSensitive({ columns, before }: Listed): boolean {
  return columns.length > 0 || (before !== undefined && before.columns.length > 0)
}

/** The sensitive columns of a row with so many values; undefined where it is none of this table. */
function sensitiveOf({ count, columns, before }: Listed, values: number): Listed['columns'] | undefined {
  if (values === count) return columns
  return values === before?.count ? before.columns : undefined
}

/** The names up to the bracket that closes them; undefined where something else stands there. */
function readColumns(look: Look, from: number): Listed | undefined {
  const { bytes } = look.view
  const names: Span[] = []
  let at = from
  while (names.length < COLUMNS_MAX) {
    const start = afterQuote(bytes, skipSpace(bytes, at))
    const end = nameEnd(bytes, start)
    if (end === start) return undefined
    names.push({ start, end })
    at = skipSpace(bytes, afterQuote(bytes, end))
    if (bytes[at] === CLOSE_PAREN)
      return { count: names.length, columns: columnsOf(look, names), end: skipSpace(bytes, at + 1) }
    if (bytes[at] !== COMMA) return undefined
    at++
  }
  return undefined
}

/** Names of columns stand in quotes, with or without backslashes, in backticks or brackets. */
function afterQuote(bytes: Uint8Array, at: number): number {
  const quote = afterBackslashes(bytes, at)
  const byte = bytes[quote]
  if (byte === QUOTE) return quote + 1
  return at === quote && (byte === BACKTICK || byte === OPEN_BRACKET || byte === CLOSE_BRACKET) ? at + 1 : at
}

/** `(1, 'a'), (2, 'b')`. Where they end. */
function addTuples(look: Look, list: Listed, from: number): number {
  const { bytes } = look.view
  let at = from
  while (bytes[at] === OPEN_PAREN) {
    const values: Span[] = []
    const end = readTuple(look, at + 1, values)
    if (end < 0) return at
    addCells(look, sensitiveOf(list, values.length) ?? [], values)
    at = skipSpace(bytes, end)
    if (bytes[at] !== COMMA) return at
    at = skipSpace(bytes, at + 1)
  }
  return at
}

/** Just behind the bracket that closes a list of values; -1 where none does. */
function readTuple(look: Look, from: number, values: Span[]): number {
  const { bytes } = look.view
  let at = from
  for (;;) {
    const value = readValue(look, skipSpace(bytes, at))
    if (value === undefined) return -1
    values.push(value.span)
    if (bytes[value.after] === CLOSE_PAREN) return value.after + 1
    at = value.after + 1
  }
}

interface Value {
  readonly span: Span
  /** Where the comma stands, or the bracket. */
  readonly after: number
}

/**
 * A text in quotes, also as the first argument of a function (`crypt('…', gen_salt('bf'))`), or a number. Of what is none of
 * these the span is empty. Undefined where the value does not end.
 */
function readValue(look: Look, from: number): Value | undefined {
  const { bytes } = look.view
  let depth = 0
  let span: Span | undefined
  let most = from + BESIDE_MAX
  for (let at = nextSign(bytes, from, most); at >= 0; at = nextSign(bytes, at + 1, most)) {
    const sign = byteAt(bytes, at)
    if (sign === OPEN_PAREN) depth++
    else if (sign === APOSTROPHE || sign === QUOTE) {
      const text = readText(look, at)
      if (text === undefined) return undefined
      at = afterBackslashes(bytes, text.end)
      span ??= text
      if (span === text) most = at + BESIDE_MAX
    } else if (depth === 0) return { span: span ?? numberOf(bytes, from, at), after: at }
    else if (sign === CLOSE_PAREN) depth--
  }
  return undefined
}

const SIGNS = tableOf(`(),'"`)

/** The next bracket, comma or quote; -1 where none is near. */
function nextSign(bytes: Uint8Array, from: number, to: number): number {
  const most = Math.min(to, bytes.length)
  for (let at = from; at < most; at++) if (SIGNS[bytes[at] ?? 0] === 1) return at
  return -1
}

/** A text in quotes of any sort. */
function readText(look: Look, at: number): Span | undefined {
  const { bytes } = look.view
  return bytes[at] === QUOTE ? readTextString(look, at - backslashesBefore(bytes, at)) : readInApostrophes(look, at + 1)
}

function numberOf(bytes: Uint8Array, start: number, end: number): Span {
  const text = decodeLatin1(bytes, start, Math.min(end, start + HEAD_BYTES))
  const [number = ''] = /^[-+]?\d[\d.]*(?=\s*$)/.exec(text) ?? []
  return { start, end: start + number.length }
}

/** The text up to the apostrophe that closes it: not doubled, and no other value's. */
function readInApostrophes(look: Look, start: number): Span | undefined {
  const { bytes, raw } = look.view
  if (start < look.memo.reached('sql-unclosed')) return undefined
  const most = Math.min(bytes.length, start + STRING_MAX)
  for (let at = start; at < most; at++) {
    const byte = byteAt(bytes, at)
    if (byte === QUOTE && raw && backslashesBefore(bytes, at) % 2 === 0) return undefined
    if (byte !== APOSTROPHE) continue
    const next = byteAt(bytes, skipSpace(bytes, at + 1))
    if (next === COMMA || next === CLOSE_PAREN) return { start, end: at }
    if (bytes[at + 1] === APOSTROPHE) at++
    else if (bytes[at - 1] !== BACKSLASH) return { start, end: at }
  }
  look.sink.spend(most - start)
  look.memo.reach('sql-unclosed', most)
  return undefined
}

/** Lines of cells down to `\.`. Where they end. */
function addLines(look: Look, list: Listed, { at, isCsv }: { at: number; isCsv: boolean }): number {
  const { view } = look
  let end = at
  for (let line = nextLine(view.bytes, at); line >= 0 && !endsString(view.bytes, line);) {
    const row = readRow(view, line, isCsv ? COMMA : TAB)
    const columns = sensitiveOf(list, row.cells.length)
    if (columns === undefined) return end
    for (const { index, kind } of columns) {
      const cell = row.cells[index]
      if (cell !== undefined && !isNull(view.bytes, cell)) addCell(look, kind, cell)
    }
    end = row.end
    line = nextLine(view.bytes, end)
  }
  return end
}

/** `\N`. */
function isNull(bytes: Uint8Array, { start, end }: Span): boolean {
  return bytes[start] === BACKSLASH && bytes[end - 1] === 0x4e && afterBackslashes(bytes, start) === end - 1
}
