// Tables that change after they were defined: `ALTER TABLE users ADD COLUMN password text`. Rows that name no columns have those of now.
import { decodeLatin1 } from '../../base/bytes.ts'
import type { ColumnPlace, DefinedTable } from './defined-table.ts'
import type { Look } from './look.ts'
import {
  BETWEEN,
  CLOSE_PAREN,
  columnAt,
  COLUMNS_MAX,
  CONSTRAINT,
  definedTable,
  definitionEnd,
  HEAD_BYTES,
  nameTable,
  PART,
  plainName,
  skipComments,
  SQL_NAME,
} from './sql-tables.ts'
import { lineStartOf } from './table-lines.ts'
import { byteAt, COMMA, NEWLINE_PATTERN, skipSpace, SPACE_PATTERN } from './text-bytes.ts'

export const SQL_ALTER_WORDS = ['alter table'] as const

/** One change, with the type of its column, its default and its comment, in bytes. */
const CHANGE_BYTES = 512

const TABLE = new RegExp(`^${BETWEEN}(?:if${BETWEEN}exists${BETWEEN})?(?:only${BETWEEN})?(${SQL_NAME})${BETWEEN}`, 'i')
const ADD = new RegExp(
  `^add(?:${BETWEEN}columns?)?(?:${BETWEEN}if${BETWEEN}not${BETWEEN}exists)?(?:${SPACE_PATTERN}*\\(${SPACE_PATTERN}*|${BETWEEN})`,
  'i',
)
const DROP = new RegExp(
  `^drop${BETWEEN}(?:column${BETWEEN}|(?!(?:constraint|primary|foreign|index|key|check|partition|default)\\b))(?:if${BETWEEN}exists${BETWEEN})?(${PART})`,
  'i',
)
/** From one name to another. */
const RENAME = new RegExp(`^rename${BETWEEN}(?:column${BETWEEN})?(${PART})${BETWEEN}to${BETWEEN}(?=${PART})`, 'i')
const CHANGE = new RegExp(`^change${BETWEEN}(?:column${BETWEEN})?(${PART})${BETWEEN}(?=${PART})`, 'i')
const RENAME_TABLE = new RegExp(`^rename${BETWEEN}(?:to|as)${BETWEEN}(${SQL_NAME})`, 'i')
/** SQL Server says "add" once for several columns. */
const FURTHER = new RegExp(
  `^(?!(?:add|alter|change|check|cluster|comment|convert|default|disable|drop|enable|force|modify|no|order|owner|rename|set|with)\\b)${PART}${BETWEEN}[a-z]`,
  'i',
)
/** One blank before the words is enough, and no run of blanks is read from each of them. */
const FIRST = new RegExp(`${SPACE_PATTERN}first${SPACE_PATTERN}*$`, 'i')
const AFTER = new RegExp(`${SPACE_PATTERN}after${BETWEEN}(${PART})${SPACE_PATTERN}*$`, 'i')
/** The next statement, where no semicolon ends this one. */
const NEXT = new RegExp(
  `${NEWLINE_PATTERN}[ \\t]*(?:alter|copy|create|delete|go|grant|insert|select|update)(?![\\w$])[^]*`,
  'i',
)

interface Change {
  readonly text: string
  /** Where it is in the bytes. */
  readonly start: number
  /** None was read of this statement. */
  readonly isFirst: boolean
}

/** Changes the columns that are remembered of a table; `from`: where its name begins, with a blank before it. */
export function alterSqlTable(look: Look, from: number): void {
  const { memo } = look
  const { bytes } = look.view
  if (memo.tables.size === 0 || from < memo.reached('sql-defined')) return
  if (isInComment(look, from - SQL_ALTER_WORDS[0].length)) return
  const head = TABLE.exec(decodeLatin1(bytes, from, Math.min(bytes.length, from + HEAD_BYTES)))
  const table = head === null ? undefined : definedTable(memo, head[1] ?? '')
  if (head === null || table === undefined) return
  const end = readChanges(look, table, from + head[0].length)
  look.sink.spend(end - from)
  memo.reach('sql-defined', end)
}

/** What begins behind so many bytes of its line is read in any case. */
const COMMENT_BYTES = 256
const COMMENT = new RegExp(String.raw`--|/\*(?:(?!\*/)[^])*$|^${SPACE_PATTERN}*(?:#|//|\*)`)

function isInComment({ view }: Look, at: number): boolean {
  const start = lineStartOf(view, at, COMMENT_BYTES)
  return start >= 0 && COMMENT.test(decodeLatin1(view.bytes, start, at))
}

/** Where what was read of the changes ends. */
function readChanges(look: Look, table: DefinedTable, from: number): number {
  const { bytes } = look.view
  let at = from
  while (table.count < COLUMNS_MAX) {
    const start = skipComments(bytes, at)
    const end = definitionEnd(look.view, start, CHANGE_BYTES)
    const whole = decodeLatin1(bytes, start, Math.min(Math.abs(end), start + CHANGE_BYTES))
    const text = whole.replace(NEXT, '')
    const inner = innerOf(text)
    // What stands in brackets is read as if it stood there without them.
    if (inner > 0) at = start + inner
    else if (!change(look, table, { text, start, isFirst: at === from }) || end < 0 || text !== whole) return start
    else at = bytes[end] === CLOSE_PAREN ? afterBracket(bytes, end) : end + 1
  }
  return at
}

/** Where the columns begin that stand in brackets behind "add"; 0 where none do. */
function innerOf(text: string): number {
  const [add = ''] = ADD.exec(text) ?? []
  return add.includes('(') ? add.length : 0
}

function afterBracket(bytes: Uint8Array, end: number): number {
  const next = skipSpace(bytes, end + 1)
  return byteAt(bytes, next) === COMMA ? next + 1 : next
}

/** False where the text is no change of a table. */
function change(look: Look, table: DefinedTable, { text, start, isFirst }: Change): boolean {
  const add = ADD.exec(text)?.[0] ?? (!isFirst && FURTHER.test(text) ? '' : undefined)
  if (add === undefined) return rename(look, table, { text, start }) || drop(table, text) || /^[a-z]/i.test(text)
  const rest = text.slice(add.length)
  const column = CONSTRAINT.test(rest) ? undefined : columnAt(look, start + add.length, rest)
  if (column !== undefined) table.add(column, placeIn(rest))
  return true
}

function rename(look: Look, table: DefinedTable, { text, start }: Pick<Change, 'text' | 'start'>): boolean {
  const [before = '', name = ''] = RENAME.exec(text) ?? CHANGE.exec(text) ?? []
  const renamed = before === '' ? undefined : columnAt(look, start + before.length, text.slice(before.length))
  if (renamed !== undefined) table.rename(plainName(name), renamed)
  const tableName = renamed === undefined ? RENAME_TABLE.exec(text)?.[1] : undefined
  if (tableName !== undefined) nameTable(look.memo, tableName, table)
  return renamed !== undefined || tableName !== undefined
}

function drop(table: DefinedTable, text: string): boolean {
  const dropped = DROP.exec(text)?.[1]
  if (dropped !== undefined) table.drop(plainName(dropped))
  return dropped !== undefined
}

function placeIn(definition: string): ColumnPlace {
  const after = AFTER.exec(definition)?.[1]
  if (after !== undefined) return { after: plainName(after) }
  return FIRST.test(definition) ? 'first' : 'last'
}
