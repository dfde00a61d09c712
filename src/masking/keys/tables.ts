import { BAR, isFrame } from './bars.ts'
import { addAlignedTable } from './aligned-tables.ts'
import { isBesideCode, isColumnName, isListOfWords, type Parting, partingOf } from './column-names.ts'
import { isOfKind } from './demands.ts'
import type { KeyKind } from './dictionary.ts'
import { addFound, type Look, type Span, textOf } from './look.ts'
import { isNoValue } from './no-values.ts'
import { addOneColumn } from './one-column.ts'
import { isInRecord } from './records.ts'
import { endsString } from './string-ends.ts'
import { addCell, addCells, type Column, columnsOf, mayBeValue, withoutTicks } from './table-cells.ts'
import { cellsOf, isRuling, LINE_MAX, lineStartOf, nextLine, previousLine, readRow, type Row } from './table-lines.ts'
import { COMMA, PIPE, SPACE } from './text-bytes.ts'

/** Where a row begins, and the ruling that stands under it, as it does under headers; -1 where none does. */
interface Place extends Parting {
  readonly start: number
  readonly ruling: number
}

/** Reports the cells under the sensitive names of the header line that `name` stands in, or the cell beside it. */
export function addTable(look: Look, name: Span, separator: number): void {
  const { view, memo } = look
  if (memo.hasRead(name.start)) return
  if (separator === SPACE) {
    addAlignedTable(look, name)
    return
  }
  const start = lineStartOf(view, name.start, LINE_MAX)
  if (start < 0) return
  const header = readRow(view, start, separator)
  memo.readLine(start, header.end + 1)
  look.sink.spend(header.end - start)
  if (isFrame(separator) && header.cells.length === 1) addOneColumn(look, header, { start, separator })
  if (header.cells.filter((cell) => cell.end > cell.start).length < 2) return
  const place = { start, ruling: rulingUnder(look, header, separator), ...partingOf(look, header, separator) }
  if (header.cells.length === 2 && addKeyedRow(look, header, place) && place.ruling < 0) return
  addColumns(look, header, place)
}

/** Where the ruling under a header begins, or under its types in a box of DuckDB; -1 where there is none. */
function rulingUnder(look: Look, header: Row, separator: number): number {
  const { view } = look
  const below = nextLine(view.bytes, header.end)
  if (!isFrame(separator) || isRuling(view, below)) return isFrame(separator) ? below : -1
  const types = separator === BAR ? rowLike(header, look, { at: below, separator }) : undefined
  const next = types === undefined ? -1 : nextLine(view.bytes, types.end)
  const isOver = isRuling(view, next) && rowLike(header, look, { at: lineAfter(look, next), separator }) !== undefined
  return isOver ? next : -1
}

function lineAfter({ view }: Look, at: number): number {
  return nextLine(view.bytes, readRow(view, at, BAR).end)
}

/** Reports the cells under the sensitive names of a line, where it is the header of a table. */
function addColumns(look: Look, header: Row, place: Place): void {
  const { start, separator } = place
  // Listings have numbers of lines before a bar; a box has a ruling under its header.
  if (separator === BAR && place.ruling < 0) return
  if (!header.cells.every((cell) => isColumnName(look, cell, place))) return
  const rows = firstRow(look, header, place)
  if (rows < 0 || isInTable(look, header, place)) return
  const columns = columnsOf(look, header.cells)
  // `| token | string | required |`: a row of a table of parameters, whose header nobody wrote.
  const isOfParameters = ({ index }: Column) =>
    isTyped(look, header, index + 1) || isDuty(look, header, { rows, separator, index: index + 1 })
  if (separator === PIPE && place.ruling < 0 && columns.some(isOfParameters)) return
  const end = addRows(look, { columns, count: header.cells.length, separator }, rows)
  look.memo.readLine(start, end)
  look.sink.spend(end - start)
}

/** Columns may be called "string" and "object", and rarely stand behind those of secrets. */
function isTyped(look: Look, { cells }: Row, index: number): boolean {
  const cell = cells[index]
  return cell !== undefined && TYPE.test(textOf(look, cell))
}

interface Below {
  /** Where the first row begins. */
  readonly rows: number
  readonly separator: number
  readonly index: number
}

/** `| password | required |` above `| user | optional |`: what a column is called is no value of it. */
function isDuty(look: Look, { cells }: Row, { rows, separator, index }: Below): boolean {
  const cell = cells[index]
  if (cell === undefined || !DUTY.test(textOf(look, cell))) return false
  const below = readRow(look.view, rows, separator).cells[index]
  return below !== undefined && DUTY.test(textOf(look, below))
}

const DUTY =
  /^`?(?:required|optional|mandatory|conditional|recommended|nullable|erforderlich|obligatoire|facultati(?:f|ve)|optionnel(?:le)?|opcional|obligat[oó]ri[oa]|requerid[oa]|opzionale|obbligatori[oa])`?$/i

const TYPE = /^`?(?:string|str|int(?:eger)?|bool(?:ean)?|object|array|varchar(?:\(\d+\))?)`?$/

/** Where the first row under the header begins; -1 where what follows is no row of it. */
function firstRow(look: Look, header: Row, { separator, isLoose, ruling }: Place): number {
  const { view } = look
  const at = ruling >= 0 ? lineAfter(look, ruling) : nextLine(view.bytes, header.end)
  const row = rowLike(header, look, { at, separator })
  if (row === undefined) return isRagged(look, at, { count: header.cells.length, separator }) ? at : -1
  if (!isLoose) return at
  const isLast = rowLike(header, look, { at: nextLine(view.bytes, row.end), separator }) === undefined
  return isListOfWords(look, header, row, isLast) ? -1 : at
}

/** The row there; undefined where there is none, or one of another table. */
function rowLike(
  { cells }: Row,
  { view }: Look,
  { at, separator }: { at: number; separator: number },
): Row | undefined {
  const row = at < 0 || endsString(view.bytes, at) ? undefined : readRow(view, at, separator)
  return row !== undefined && cellsOf(row, cells.length) !== undefined ? row : undefined
}

/** A line in the middle of a table is no header, with a ruling above it or not. */
function isInTable(look: Look, header: Row, { start, separator }: Place): boolean {
  const { view } = look
  let before = previousLine(view, start, LINE_MAX)
  if (before >= 0 && isRuling(view, before)) before = previousLine(view, before, LINE_MAX)
  return rowLike(header, look, { at: before, separator }) !== undefined
}

interface Columns {
  readonly columns: readonly Column[]
  readonly count: number
  readonly separator: number
}

function addRows(look: Look, { columns, count, separator }: Columns, from: number): number {
  const { view } = look
  let at = from
  let end = from
  while (at >= 0 && !endsString(view.bytes, at)) {
    if (isFrame(separator) && isRuling(view, at)) {
      at = lineAfter(look, at)
      continue
    }
    const row = readRow(view, at, separator)
    const cells = cellsOf(row, count) ?? (isRagged(look, at, { count, separator }) ? row.cells : undefined)
    if (cells === undefined) break
    addCells(look, columns, cells)
    end = row.end + 1
    at = nextLine(view.bytes, row.end)
  }
  return end
}

/** A row with a cell more or less, in the middle of a table: a comma in a text, or one that nobody wrote. */
function isRagged({ view }: Look, at: number, { count, separator }: Omit<Columns, 'columns'>): boolean {
  const row = at < 0 || endsString(view.bytes, at) ? undefined : readRow(view, at, separator)
  const next = row === undefined || row.cells.length < 2 ? -1 : nextLine(view.bytes, row.end)
  return next >= 0 && cellsOf(readRow(view, next, separator), count) !== undefined
}

/** A row of two cells of which the first is a name: `password | hunter2`. True where it is such a row. */
function addKeyedRow(look: Look, { cells: [name, value] }: Row, place: Place): boolean {
  if (name === undefined || value === undefined || value.end <= value.start) return false
  const kind = isColumnName(look, name, place) ? look.kindOf(name.start, name.end) : undefined
  if (kind === undefined) return false
  if (isFrame(place.separator) && isInRecord(look, place.start, place.separator)) {
    addCell(look, kind, value)
    return true
  }
  return !mayBeHeader(look, value, place) && addJudged(look, kind, { value, place })
}

function addJudged(look: Look, kind: KeyKind, { value, place }: { value: Span; place: Place }): boolean {
  // Commas stand in sentences too, so that only what must be a secret is one there.
  const isComma = place.separator === COMMA
  if (isComma && !kind.isSecret) return false
  const text = textOf(look, value)
  if (!isFrame(place.separator) && isBesideCode(text, place)) return true
  const isValue = mayBeValue(kind, withoutTicks(text), isComma ? 'phrase' : 'label') && isOfKind(kind, text, 'string')
  if (!isValue) return !isColumnName(look, value, place)
  addFound(look, kind, value, 'column')
  return true
}

/** Whether the cell beside a name is the name of another column, and no value. */
function mayBeHeader(look: Look, value: Span, place: Place): boolean {
  const { start, separator, ruling } = place
  if (!isColumnName(look, value, place)) return false
  if (look.kindOf(value.start, value.end) !== undefined) return true
  const text = textOf(look, value)
  if (/\d/.test(text)) return false
  return separator === COMMA || ruling >= 0 || isNoValue(text) || previousLine(look.view, start, LINE_MAX) < 0
}
