import type { KeyKind } from './dictionary.ts'
import { addJsonValue } from './json-values.ts'
import { readMember, readScalar } from './json-walk.ts'
import { isHttpHeader, SECRET_HEADERS } from './http-headers.ts'
import { type Look, textOf } from './look.ts'
import { type JsonString, keyOfValue } from './siblings.ts'
import type { Column } from './table-cells.ts'
import { CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, skipSpace, skipSpaceBack } from './text-bytes.ts'
import { openedBefore, skipValue } from './walk.ts'

/** Bytes of a header, or before it in its document, that are looked at. */
const HEADER_MAX = 1_048_576
/** Bytes before the object of a header, in the objects around it: what describes rows stands near their beginning. */
const OUTER_MAX = 4_096
/** Objects around a header in which its rows are looked for, and members of each. */
const LEVELS_MAX = 3
const MEMBERS_MAX = 32

const HEADER_KEYS =
  /^(?:columns?|cols|fields?|headers?|schema|keys|names|meta|row_?type|(?:column|field|col|header)_?names?|header_?row|column_?(?:info|metadata))$/
const ROW_KEYS = /^(?:rows?|data|values|records|results?|items|tuples|data_?array|body|result_?set|cells)$/
const NAMES = /^(?:name|column|column_?name|field|key|label|id|header|title)$/

/**
 * Reports the cells under the sensitive names of `{"columns": [...], "rows": [[...]]}`; `string` is one of the names. False
 * where it stands in no array.
 */
export function addJsonTable(look: Look, string: JsonString): boolean {
  if (look.memo.hasRead(string.open)) return true
  const array = headerArray(look, string)
  if (array < 0) return false
  const { depth } = string
  const names = namesOf(look, array, depth)
  look.memo.readLine(array, names.after)
  look.sink.spend(names.after - array)
  const columns = names.kinds.flatMap((kind, index) => (kind === undefined ? [] : [{ kind, index }]))
  if (columns.length === 0) return true
  const table = { columns, count: names.kinds.length, depth }
  const key = keyOfValue(look, array, depth)
  if (key !== undefined && HEADER_KEYS.test(key.text)) findRows(look, table, { open: key.open, after: names.after })
  else if (key === undefined && names.kinds.length > 1 && names.areNames)
    addRestOfRows(look, table, { array, after: names.after })
  return true
}

interface Table {
  readonly columns: readonly Column[]
  readonly count: number
  readonly depth: number
}

/** The array that the name stands in, as it is or as the name of an object; -1 where it stands in none. */
function headerArray(look: Look, { open, depth }: JsonString): number {
  const { bytes } = look.view
  const around = openedBefore(look, { at: open, depth }, HEADER_MAX)
  if (around < 0 || bytes[around] === OPEN_BRACKET) return around
  const outer = openedBefore(look, { at: around, depth }, HEADER_MAX)
  return outer >= 0 && bytes[outer] === OPEN_BRACKET ? outer : -1
}

/** A row of values has numbers in it, or ids. */
const DIGITS_OF_ID = /\d.*\d.*\d/

interface Names {
  readonly kinds: readonly (KeyKind | undefined)[]
  /** Whether they may be names of columns, all of them. */
  readonly areNames: boolean
  readonly after: number
}

function namesOf(look: Look, array: number, depth: number): Names {
  const { bytes } = look.view
  const kinds: (KeyKind | undefined)[] = []
  let areNames = true
  let at = skipSpace(bytes, array + 1)
  while (bytes[at] !== undefined && bytes[at] !== CLOSE_BRACKET) {
    const name = bytes[at] === OPEN_BRACE ? nameOf(look, at, depth) : readScalar(bytes, at, depth)
    kinds.push(name?.kind === 'string' ? look.kindOf(name.start, name.end) : undefined)
    if (name?.kind !== 'string' || DIGITS_OF_ID.test(textOf(look, name))) areNames = false
    const after = skipValue(look, at, depth)
    if (after < 0) return { kinds: [], areNames: false, after: Math.max(at, array + 1) }
    at = skipSpace(bytes, after)
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1)
  }
  return { kinds, areNames, after: at + 1 }
}

function nameOf(look: Look, object: number, depth: number): ReturnType<typeof readScalar> {
  return readScalar(look.view.bytes, memberOf(look, { object, depth }, NAMES), depth)
}

/** Where the value of the first member begins whose key is one of these; -1 where there is none. */
function memberOf(look: Look, { object, depth }: { object: number; depth: number }, keys: RegExp): number {
  const { bytes } = look.view
  let at = object + 1
  for (let i = 0; i < MEMBERS_MAX; i++) {
    const member = readMember(bytes, at, depth)
    if (member?.key === undefined) return -1
    if (keys.test(textOf(look, member.key).toLowerCase())) return member.value
    const after = skipValue(look, member.value, depth)
    const comma = skipSpace(bytes, after)
    if (after < 0 || bytes[comma] !== COMMA) return -1
    at = comma + 1
  }
  return -1
}

/** Looks for the rows in the object of the header, behind it and before it, and in the objects around that. */
function findRows(look: Look, table: Table, header: { open: number; after: number }): void {
  const { bytes } = look.view
  let { open } = header
  for (let level = 0; level < LEVELS_MAX; level++) {
    const object = openedBefore(look, { at: open, depth: table.depth }, level === 0 ? HEADER_MAX : OUTER_MAX)
    if (object < 0 || bytes[object] !== OPEN_BRACE) return
    const rows = rowsIn(look, table, object)
    if (rows >= 0) {
      // What stands below an array is all of its column.
      if (isByColumn(look, table, rows)) addCells(look, table, rows)
      else addRows(look, table, rows)
      return
    }
    const key = keyOfValue(look, object, table.depth)
    if (key === undefined) return
    open = key.open
  }
}

function rowsIn(look: Look, { depth }: Table, object: number): number {
  const { bytes } = look.view
  const value = memberOf(look, { object, depth }, ROW_KEYS)
  if (value >= 0 && bytes[value] === OPEN_BRACE) return memberOf(look, { object: value, depth }, ROW_KEYS)
  return value
}

/** Whether there is an array for each column, and not for each row: as many as columns, and each of another length. */
function isByColumn(look: Look, { count, depth }: Table, rows: number): boolean {
  const { bytes } = look.view
  if (bytes[rows] !== OPEN_BRACKET) return false
  const inner = skipSpace(bytes, rows + 1)
  if (bytes[inner] !== OPEN_BRACKET) return false
  const isFrame = keyOfValue(look, rows, depth)?.text === 'values' && isBelowData(look, rows, depth)
  return (
    lengthOf(look, rows, { depth, most: count }) === count &&
    (isFrame || lengthOf(look, inner, { depth, most: count }) !== count)
  )
}

/** `"data": {"values": [...]}` of a data frame (Grafana, Arrow). */
function isBelowData(look: Look, rows: number, depth: number): boolean {
  const object = openedBefore(look, { at: rows, depth }, OUTER_MAX)
  return object >= 0 && keyOfValue(look, object, depth)?.text === 'data'
}

/** How many elements an array has; one more than `most` where it has more. */
function lengthOf(look: Look, array: number, { depth, most }: { depth: number; most: number }): number {
  const { bytes } = look.view
  let at = skipSpace(bytes, array + 1)
  let length = 0
  while (length <= most && bytes[at] !== CLOSE_BRACKET) {
    const after = skipValue(look, at, depth)
    if (after < 0) return -1
    length++
    at = skipSpace(bytes, after)
    if (bytes[at] !== COMMA) break
    at = skipSpace(bytes, at + 1)
  }
  return length
}

function addRows(look: Look, table: Table, rows: number): void {
  const { bytes } = look.view
  if (bytes[rows] !== OPEN_BRACKET) return
  let at = skipSpace(bytes, rows + 1)
  while (bytes[at] === OPEN_BRACKET || bytes[at] === OPEN_BRACE) {
    const row =
      bytes[at] === OPEN_BRACE
        ? memberOf(look, { object: at, depth: table.depth }, /^(?:f|values|cells|row|data)$/)
        : at
    if (row >= 0 && bytes[row] === OPEN_BRACKET) addCells(look, table, row)
    at = skipValue(look, at, table.depth)
    if (at < 0) return
    at = skipSpace(bytes, at)
    if (bytes[at] !== COMMA) return
    at = skipSpace(bytes, at + 1)
  }
}

function addCells(look: Look, { columns, depth }: Table, row: number): void {
  const { bytes } = look.view
  let at = skipSpace(bytes, row + 1)
  let index = 0
  for (const column of columns) {
    while (index < column.index) {
      const after = skipValue(look, at, depth)
      const comma = after < 0 ? -1 : skipSpace(bytes, after)
      if (comma < 0 || bytes[comma] !== COMMA) return
      at = skipSpace(bytes, comma + 1)
      index++
    }
    addJsonValue(look, column.kind, { at, depth, by: 'column' })
  }
  look.sink.spend(at - row)
}

/** The first of several arrays is the header of the others: `[["name", "ssn"], ["Joe", "..."]]`. */
function addRestOfRows(look: Look, table: Table, { array, after }: { array: number; after: number }): void {
  const { bytes } = look.view
  const before = skipSpaceBack(bytes, array)
  const comma = skipSpace(bytes, after)
  if (bytes[before - 1] !== OPEN_BRACKET || bytes[comma] !== COMMA) return
  let at = skipSpace(bytes, comma + 1)
  if (mayBeHeaders(table) && isHeaderOfHttp(look, at, table.depth)) return
  while (bytes[at] === OPEN_BRACKET) {
    addCells(look, table, at)
    const next = skipValue(look, at, table.depth)
    if (next < 0) return
    const following = skipSpace(bytes, next)
    if (bytes[following] !== COMMA) return
    at = skipSpace(bytes, following + 1)
  }
}

/** Two names of columns, of which the first is that of a header with a secret in it. */
function mayBeHeaders({ columns: [first, ...more], count }: Table): boolean {
  return count === 2 && more.length === 0 && first?.index === 0 && SECRET_HEADERS.has(first.kind.word)
}

/** Whether a row is one of pairs, `["accept", "text/html"]`, in a list of headers of HTTP: each is read for itself. */
function isHeaderOfHttp(look: Look, row: number, depth: number): boolean {
  const name = readScalar(look.view.bytes, skipSpace(look.view.bytes, row + 1), depth)
  return name?.kind === 'string' && isHttpHeader(textOf(look, name))
}
