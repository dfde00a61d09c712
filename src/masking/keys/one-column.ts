import { type Look, type Span, textOf } from './look.ts'
import { addCell } from './table-cells.ts'
import { afterSeparator, isRuling, nextLine, previousLine, readRow, type Row } from './table-lines.ts'
import { DASH, PIPE, skipBlanks } from './text-bytes.ts'

/** A line that is longer, in bytes, is none of a table. */
const LINE_MAX = 4_096

interface Place {
  readonly start: number
  readonly separator: number
}

/** Reports the cells of a table of one column: in a frame, or under a ruling, as databases write it. */
export function addOneColumn(look: Look, { cells: [name], end }: Row, { start, separator }: Place): void {
  const { view, memo, sink } = look
  const ruling = nextLine(view.bytes, end)
  if (name === undefined || !isRuling(view, ruling)) return
  const kind = look.kindOf(name.start, name.end)
  const isFramed = beginsFrame(look, start, separator)
  if (kind === undefined || (isFramed ? isInFrame(look, { start, separator }) : !isUnder(look, ruling, name))) return
  const column = readColumn(look, ruling, { isFramed, separator })
  memo.readLine(start, column.end)
  sink.spend(column.end - start)
  // A heading of a text has a ruling too, and sentences below.
  if (!isFramed && !column.isCounted && column.cells.some((cell) => /\s/.test(textOf(look, cell)))) return
  for (const cell of column.cells) addCell(look, kind, cell)
}

function beginsFrame({ view: { bytes } }: Look, line: number, separator: number): boolean {
  return afterSeparator(bytes, skipBlanks(bytes, line), separator) >= 0
}

/** Where rulings stand between all rows, each row has one below. */
function isInFrame(look: Look, { start, separator }: Place): boolean {
  const before = previousLine(look.view, start, LINE_MAX)
  if (!isRuling(look.view, before)) return false
  const row = previousLine(look.view, before, LINE_MAX)
  return row >= 0 && beginsFrame(look, row, separator)
}

/** Whether the ruling is of nothing but dashes and as long as the name at least. */
function isUnder(look: Look, ruling: number, name: Span): boolean {
  const { bytes } = look.view
  const first = skipBlanks(bytes, ruling)
  let end = first
  while (bytes[end] === DASH) end++
  return end - first >= textOf(look, name).length && end === readRow(look.view, ruling, PIPE).cells.at(-1)?.end
}

type Line = Pick<Row, 'cells' | 'end'>

interface Form {
  readonly isFramed: boolean
  readonly separator: number
}

interface Column {
  readonly cells: readonly Span[]
  readonly end: number
  /** How many rows there are stands below them: `(2 rows)`. */
  readonly isCounted: boolean
}

function readColumn(look: Look, ruling: number, form: Form): Column {
  const { isFramed, separator } = form
  const cells: Span[] = []
  let end = readRow(look.view, ruling, separator).end
  for (;;) {
    const row = rowAfter(look, end, form)
    if (row === undefined) return { cells, end, isCounted: false }
    end = row.end
    const [cell] = row.cells
    if (cell === undefined) continue
    if (!isFramed && COUNT.test(textOf(look, cell))) return { cells, end, isCounted: true }
    cells.push(cell)
  }
}

/** The row below, without a cell where it is empty or a ruling; undefined where the table ends. */
function rowAfter(look: Look, end: number, { isFramed, separator }: Form): Line | undefined {
  const { view } = look
  const at = nextLine(view.bytes, end)
  if (at < 0) return undefined
  const row = readRow(view, at, separator)
  if (isRuling(view, at)) return isFramed ? { cells: [], end: row.end } : undefined
  const isOther = row.cells.length > 1 || row.end === at || beginsFrame(look, at, separator) !== isFramed
  return isOther ? undefined : row
}

const COUNT = /^\(\d+ (?:rows?|Zeilen?|lignes?|filas?)\b/
