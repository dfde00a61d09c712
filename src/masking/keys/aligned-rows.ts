import { byTwoBlanks, type Parts, type Piece, readPieces } from './aligned-lines.ts'
import type { KeyKind } from './dictionary.ts'
import { type Look, type Span, textOf } from './look.ts'
import { endsString } from './string-ends.ts'
import { addCell, columnsOf, mayBeValue } from './table-cells.ts'
import { isRuling, nextLine } from './table-lines.ts'

/** A table whose columns are parted by blanks. */
export interface AlignedTable {
  /** Where each column begins and ends, as characters of a line. */
  readonly headings: readonly Piece[]
  readonly names: readonly Span[]
  /** With dashes under its header: nothing else looks so. */
  readonly isRuled: boolean
  /** Where its first row begins. */
  readonly rows: number
}

/** One blank parts too, where a column begins behind it. */
export function startsOf(headings: readonly Piece[]): Parts {
  const starts = new Set(headings.map(({ from }) => from))
  return (blanks, column) => blanks >= 2 || (blanks === 1 && starts.has(column))
}

const CAPITALS = /^\p{Lu}[\p{Lu}\d_ -]*$/u

/** So many columns, of which the row has a cell each, are known by their number alone. */
const COUNTED_MIN = 3

/**
 * Whether the line under a header without a ruling is a row: it has no names, and two pieces or more stand under a name each.
 * Where two blanks part all and nothing is aligned, there are as many pieces as names.
 */
export function isFirstRow(look: Look, table: AlignedTable): boolean {
  const { pieces } = readPieces(look.view, table.rows)
  if (pieces.every((piece) => CAPITALS.test(textOf(look, piece)))) return false
  if (!isUnder(table, pieces)) return pieces.length >= COUNTED_MIN && pieces.length === table.headings.length
  return cellsOf(table, placesOf(table), pieces) !== undefined
}

function isUnder(table: AlignedTable, pieces: readonly Piece[]): boolean {
  const places = placesOf(table)
  return pieces.filter((piece) => places(piece, 0) >= 0).length >= 2
}

/** Reports the cells under the sensitive names; where the table ends. */
export function addAlignedRows(look: Look, table: AlignedTable): number {
  const { view } = look
  const { names, headings, isRuled } = table
  const columns = columnsOf(look, names)
  const places = placesOf(table)
  const parts = isRuled ? startsOf(headings) : byTwoBlanks
  const trust = trustOf(look, table)
  let end = table.rows
  for (let at = table.rows; at >= 0 && !endsString(view.bytes, at); at = nextLine(view.bytes, end)) {
    const row = readPieces(view, at, parts)
    const isRow = row.pieces.length >= 2 && !(isRuled && isRuling(view, at))
    const cells = isRow ? cellsOf(table, places, row.pieces) : undefined
    if (row.pieces.length === 0 || (cells === undefined && !isRuled)) break
    for (const { kind, index } of columns) addTrusted(look, kind, { cell: cells?.[index], trust })
    end = row.end
  }
  return end + 1
}

/** The column that a piece begins or ends with, or that holds it, from the one at `least` on; -1 where there is none. */
type Places = (piece: Piece, least: number) => number

function placesOf({ headings, isRuled }: AlignedTable): Places {
  const starts = new Map(headings.map(({ from }, index) => [from, index]))
  const ends = new Map(headings.map(({ to }, index) => [to, index]))
  return (piece, least) =>
    starts.get(piece.from) ?? ends.get(piece.to) ?? (isRuled ? placeInside(headings, piece, least) : -1)
}

function placeInside(headings: readonly Piece[], { from, to }: Piece, least: number): number {
  let index = least
  while (index < headings.length && (headings[index]?.to ?? 0) < to) index++
  return (headings[index]?.from ?? Infinity) <= from ? index : -1
}

type Cells = readonly (Span | undefined)[]

/** The cells of a row by column; undefined where it is none. */
function cellsOf({ headings }: AlignedTable, places: Places, pieces: readonly Piece[]): Cells | undefined {
  const cells: (Span | undefined)[] = []
  let last = -1
  for (const piece of pieces) {
    const index = places(piece, last + 1)
    const previous = cells[last]
    if (index > last) cells[(last = index)] = piece
    else if (index >= 0 || !isBefore(piece, headings[last + 1])) {
      // Characters that are wider than one column move what stands behind them.
      return pieces.length === headings.length ? pieces : undefined
    } else if (previous !== undefined) cells[last] = { start: previous.start, end: piece.end }
  }
  return cells
}

/** More of a cell with two blanks in it, or the number of a row, which has no heading. */
function isBefore({ to }: Piece, next: Piece | undefined): boolean {
  return next === undefined || to < next.from
}

/** What counts as a value: `all` under a ruling, `words` too under names in capitals, else only what can be no word (`strict`). */
type Trust = 'all' | 'words' | 'strict'

function trustOf(look: Look, table: AlignedTable): Trust {
  if (table.isRuled) return 'all'
  const { names, rows } = table
  return isUnder(table, readPieces(look.view, rows).pieces) && names.every((name) => CAPITALS.test(textOf(look, name)))
    ? 'words'
    : 'strict'
}

function addTrusted(look: Look, kind: KeyKind, { cell, trust }: { cell: Span | undefined; trust: Trust }): void {
  if (cell !== undefined && (trust === 'all' || isValue(kind, textOf(look, cell), trust))) addCell(look, kind, cell)
}

/** Lists of files and of words stand in columns too, so that the value must look like one. */
function isValue(kind: KeyKind, text: string, trust: Trust): boolean {
  if (kind.plural && /^\d+$/.test(text)) return false
  // Debuggers have columns of addresses too.
  if (kind.demand === 'address' && !/^(?!.*\b0x)[^<]*\d/i.test(text)) return false
  return mayBeValue(kind, text, trust === 'words' ? 'label' : 'phrase')
}
