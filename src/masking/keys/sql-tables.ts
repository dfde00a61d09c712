// Tables as statements of SQL define them: `CREATE TABLE users (id int, password text)`. Dumps of MySQL and SQLite write rows
// without the names of their columns, which stand there alone.
import { decodeLatin1 } from '../../base/bytes.ts'
import { tableOf } from '../scan/bytes-tables.ts'
import { type DefinedColumn, DefinedTable } from './defined-table.ts'
import type { Look } from './look.ts'
import type { Memo } from './memo.ts'
import {
  afterNewline,
  APOSTROPHE,
  BACKSLASH,
  backslashesBefore,
  BACKTICK,
  byteAt,
  CLOSE_BRACKET,
  COMMA,
  DASH,
  OPEN_BRACKET,
  QUOTE,
  SEMICOLON,
  skipSpace,
  SLASH,
  SPACE_PATTERN,
  STAR,
} from './text-bytes.ts'

/** What the name of a table that is defined stands behind. */
export const SQL_TABLE_WORDS = [
  'create table',
  'temporary table',
  'temp table',
  'unlogged table',
  'replace table',
] as const

export const OPEN_PAREN = 0x28
export const CLOSE_PAREN = 0x29
/** So much of a statement is looked at for what stands before its columns or its values. */
export const HEAD_BYTES = 256
/** What databases allow for a table. */
export const COLUMNS_MAX = 1_600
/** A column with its type, its default and its comment is shorter, in bytes. */
const COLUMN_BYTES = 8_192

/** For expressions: a name, in quotes or not. */
export const PART = String.raw`(?:\\*"[^"\\]{1,80}\\*"|\x60[^\x60]{1,80}\x60|\[[^\]]{1,80}\]|[\w$\-\x80-\xff]{1,80})`
/** For expressions: the name of a table, with those of its schema and its database, each in quotes or not. */
export const SQL_NAME = String.raw`${PART}(?:\.${PART}){0,3}`

const TABLE = new RegExp(String.raw`^${SPACE_PATTERN}+(?:if\s+not\s+exists\s+)?(${SQL_NAME})${SPACE_PATTERN}*\(`, 'i')
const COLUMN = new RegExp(`^${PART}`)
export const BETWEEN = `${SPACE_PATTERN}+`
/** What stands among the columns and is none. Columns may be called `key` and `index`, of which brackets hold no name. */
export const CONSTRAINT = new RegExp(
  [
    `^(?:(?:primary|foreign)${BETWEEN}key\\b`,
    `(?:constraint|like)\\b`,
    `period${BETWEEN}for\\b`,
    `check${SPACE_PATTERN}*\\(`,
    `exclude${SPACE_PATTERN}*(?:\\(|using\\b)`,
    `(?:unique|fulltext|spatial)(?:${SPACE_PATTERN}*\\(|${BETWEEN}(?:key|index)\\b)`,
    `(?:key|index|unique)(?:${BETWEEN}${PART})?(?:${BETWEEN}using${BETWEEN}\\w+)?${SPACE_PATTERN}*\\((?![\\d')]))`,
  ].join('|'),
  'i',
)

/** Remembers the columns of a table; `from`: where its name begins, with a blank before it. */
export function readSqlTable(look: Look, from: number): void {
  const { bytes } = look.view
  const { memo } = look
  if (from < memo.reached('sql-defined')) return
  const head = TABLE.exec(decodeLatin1(bytes, from, Math.min(bytes.length, from + HEAD_BYTES)))
  if (head === null) return
  const columns: DefinedColumn[] = []
  const end = readDefinitions(look, from + head[0].length, columns)
  look.sink.spend(Math.abs(end) - from)
  memo.reach('sql-defined', Math.abs(end))
  if (end < 0) return
  nameTable(memo, head[1] ?? '', new DefinedTable(columns))
}

/** Remembers a table by its name, with its schema and without. */
export function nameTable({ tables }: Memo, name: string, table: DefinedTable): void {
  const parts = partsOf(name)
  tables.set(parts.join('.'), table)
  tables.set(parts.at(-1) ?? '', table)
}

/** The table of this name, or of the same in any schema. */
export function definedTable({ tables }: Memo, name: string): DefinedTable | undefined {
  if (tables.size === 0) return undefined
  const parts = partsOf(name)
  return tables.get(parts.join('.')) ?? tables.get(parts.at(-1) ?? '')
}

const PARTS = new RegExp(PART, 'g')

function partsOf(name: string): string[] {
  return (name.match(PARTS) ?? []).map(plainName)
}

/** A name without its quotes. */
export function plainName(name: string): string {
  return name.replaceAll(/[\\"`[\]]/g, '').toLowerCase()
}

/** Gathers the columns up to the bracket that closes them. Just behind it; less than 0 where none does. */
function readDefinitions(look: Look, from: number, columns: DefinedColumn[]): number {
  const { bytes } = look.view
  let at = from
  while (columns.length < COLUMNS_MAX) {
    const start = skipComments(bytes, at)
    const end = definitionEnd(look.view, start, COLUMN_BYTES)
    if (end < 0) return end
    const text = decodeLatin1(bytes, start, Math.min(end, start + HEAD_BYTES))
    const column = columnAt(look, start, text)
    if (column === undefined) return -end
    if (!CONSTRAINT.test(text)) columns.push(column)
    at = end + 1
    if (bytes[end] === CLOSE_PAREN) return at
  }
  return -at
}

/** The column whose name begins a text that stands at `start`. */
export function columnAt(look: Look, start: number, text: string): DefinedColumn | undefined {
  const name = COLUMN.exec(text)?.[0]
  if (name === undefined) return undefined
  const before = /^[\\"`[]*/.exec(name)?.[0].length ?? 0
  const after = /[\\"`\]]*$/.exec(name)?.[0].length ?? 0
  return { name: plainName(name), kind: look.kindOf(start + before, start + name.length - after) }
}

/** The comma or the bracket behind a column; less than 0 where its statement ends before, or its text. */
export function definitionEnd({ bytes, raw }: Look['view'], from: number, bytesMax: number): number {
  const most = Math.min(bytes.length, from + bytesMax)
  let depth = 0
  for (let at = from; at < most; at++) {
    const sign = byteAt(bytes, at)
    if (SIGNS[sign] === 0) continue
    if (endsStatement(bytes, at, raw)) return -at
    const closing = CLOSING[sign]
    if (closing !== undefined) at = closingAt(bytes, at, { closing, most })
    else if (sign === OPEN_PAREN) depth++
    else if (depth === 0 && (sign === COMMA || sign === CLOSE_PAREN)) return at
    else if (sign === CLOSE_PAREN) depth--
    else at = Math.max(at, skipComments(bytes, at) - 1)
  }
  return -most
}

/** A semicolon, or the quote that ends the string of JSON around. */
function endsStatement(bytes: Uint8Array, at: number, raw: boolean): boolean {
  return bytes[at] === SEMICOLON || (bytes[at] === QUOTE && raw && backslashesBefore(bytes, at) % 2 === 0)
}

const SIGNS = tableOf('()\'"`[,;-/')
/** What ends a text or a name in quotes, by what begins it. */
const CLOSING: Readonly<Record<number, number>> = {
  [APOSTROPHE]: APOSTROPHE,
  [QUOTE]: QUOTE,
  [BACKTICK]: BACKTICK,
  [OPEN_BRACKET]: CLOSE_BRACKET,
}

/** Where the text ends that begins at `at`. A doubled quote in it ends one, and begins another. */
function closingAt(bytes: Uint8Array, at: number, { closing, most }: { closing: number; most: number }): number {
  for (let end = at + 1; end < most; end++)
    if (bytes[end] === closing && (closing !== APOSTROPHE || bytes[end - 1] !== BACKSLASH)) return end
  return most
}

/** Skips blanks, newlines, and comments of both sorts. */
export function skipComments(bytes: Uint8Array, from: number): number {
  for (let at = skipSpace(bytes, from); ;) {
    const end = commentEnd(bytes, at)
    if (end === at) return at
    at = skipSpace(bytes, end)
  }
}

function commentEnd(bytes: Uint8Array, from: number): number {
  const isLine = bytes[from] === DASH && bytes[from + 1] === DASH
  if (!isLine && (bytes[from] !== SLASH || bytes[from + 1] !== STAR)) return from
  const most = Math.min(bytes.length, from + COLUMN_BYTES)
  for (let at = from + 2; at < most; at++) {
    if (isLine && afterNewline(bytes, at) >= 0) return at
    if (!isLine && bytes[at] === STAR && bytes[at + 1] === SLASH) return at + 2
  }
  return most
}
