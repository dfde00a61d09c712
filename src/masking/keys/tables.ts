import { isOfKind } from './demands.ts'
import type { KeyKind } from './dictionary.ts'
import { addFound, type Look, type Span, textOf } from './look.ts'
import { isNoValue, isPlaceholder } from './no-values.ts'
import { isRuling, lineStartOf, nextLine, previousLine, readRow, type Row } from './table-lines.ts'
import { type Form, judge } from './text-judge.ts'
import { COMMA, PIPE } from './text-bytes.ts'

/** A line of a table that is longer, in bytes, is none. */
const LINE_MAX = 1_048_576
/** A name of a column that is longer, in bytes, is a value. */
const NAME_MAX = 64

/** Reports the cells under the sensitive names of the header line that `name` stands in, or the cell beside it. */
export function addTable(look: Look, name: Span, separator: number): void {
  const { view, memo } = look
  if (memo.hasRead(name.start)) return
  const start = lineStartOf(view, name.start, LINE_MAX)
  if (start < 0) return
  const header = readRow(view, start, separator)
  memo.readLine(start, header.end + 1)
  look.sink.spend(header.end - start)
  if (header.cells.filter((cell) => cell.end > cell.start).length < 2) return
  const isRuled = separator === PIPE && isRuling(view, nextLine(view.bytes, header.end))
  if (header.cells.length === 2 && addKeyedRow(look, header, { start, separator, isRuled }) && !isRuled) return
  if (!header.cells.every((cell) => isColumnName(look, cell))) return
  const rows = firstRow(look, header, separator)
  if (rows < 0 || isInTable(look, header, { start, separator })) return
  const columns = header.cells.flatMap((cell, index) => {
    const kind = look.kindOf(cell.start, cell.end)
    return kind === undefined ? [] : [{ kind, index }]
  })
  const end = addRows(look, { columns, count: header.cells.length, separator }, rows)
  memo.readLine(start, end)
  look.sink.spend(end - start)
}

/** Names have letters and are short; a line with a sentence, a number or an address in it is no header. */
function isColumnName(look: Look, cell: Span): boolean {
  if (cell.end - cell.start > NAME_MAX) return false
  const text = textOf(look, cell).replaceAll(/[*`_]/g, '')
  return (
    text === '' ||
    text === '#' ||
    (/^[\p{L}"][\p{L}\p{M}\d .()/#"\\'-]*$/u.test(text) && text.split(' ').length <= 5 && !text.endsWith('.'))
  )
}

/** Where the first row under the header begins; -1 where what follows is no row of it. */
function firstRow({ view }: Look, header: Row, separator: number): number {
  let at = nextLine(view.bytes, header.end)
  if (at < 0) return -1
  if (separator === PIPE && isRuling(view, at)) at = nextLine(view.bytes, readRow(view, at, separator).end)
  return at >= 0 && readRow(view, at, separator).cells.length === header.cells.length ? at : -1
}

/** A line in the middle of a table is no header, with a ruling above it or not. */
function isInTable({ view }: Look, header: Row, { start, separator }: { start: number; separator: number }): boolean {
  let before = previousLine(view, start, LINE_MAX)
  if (before >= 0 && isRuling(view, before)) before = previousLine(view, before, LINE_MAX)
  if (before < 0) return false
  return readRow(view, before, separator).cells.length === header.cells.length
}

interface Columns {
  readonly columns: readonly { readonly kind: KeyKind; readonly index: number }[]
  readonly count: number
  readonly separator: number
}

function addRows(look: Look, { columns, count, separator }: Columns, from: number): number {
  const { view } = look
  let at = from
  let end = from
  while (at >= 0) {
    if (separator === PIPE && isRuling(view, at)) {
      at = nextLine(view.bytes, readRow(view, at, separator).end)
      continue
    }
    const row = readRow(view, at, separator)
    if (row.cells.length !== count) break
    for (const { kind, index } of columns) addCell(look, kind, row.cells[index])
    end = row.end + 1
    at = nextLine(view.bytes, row.end)
  }
  return end
}

/** Cells that say yes or no, or that there is nothing. */
const MARK = /^(?:yes|no|y|n|true|false|null|none|nil|n\/a|x|[^\p{L}\p{N}]*)$/iu

function addCell(look: Look, kind: KeyKind, cell: Span | undefined): void {
  if (cell === undefined || cell.end <= cell.start) return
  const written = textOf(look, cell)
  // A path is none of somebody's addresses, in the marks of code or not.
  const text = kind.demand === 'address' ? written.replace(/^`(.*)`$/, '$1') : written
  if (!MARK.test(text) && !isPlaceholder(text) && isOfKind(kind, text, 'string')) addFound(look, kind, cell, 'column')
}

/** Where a row begins. `isRuled`: a ruling stands under it, as it does under headers. */
interface Place {
  readonly start: number
  readonly separator: number
  readonly isRuled: boolean
}

/** A row of two cells of which the first is a name: `password | hunter2`. True where it is such a row. */
function addKeyedRow(look: Look, { cells: [name, value] }: Row, place: Place): boolean {
  if (name === undefined || value === undefined || value.end <= value.start) return false
  const kind = isColumnName(look, name) ? look.kindOf(name.start, name.end) : undefined
  if (kind === undefined || mayBeHeader(look, value, place)) return false
  const form = formOf(kind, place.separator)
  if (form === undefined) return false
  const text = textOf(look, value)
  const candidate = { kind, before: () => '', text: text.replace(/^`(.*)`$/, '$1'), form } as const
  if (judge(candidate) === undefined || !isOfKind(kind, text, 'string')) return !isColumnName(look, value)
  addFound(look, kind, value, 'column')
  return true
}

/** Commas stand in sentences too, so that only what must be a secret is one there. */
function formOf(kind: KeyKind, separator: number): Form | undefined {
  if (separator === COMMA) return kind.isSecret ? 'phrase' : undefined
  return kind.isSecret ? 'label' : 'entry'
}

/** Whether the cell beside a name is the name of another column, and no value. */
function mayBeHeader(look: Look, value: Span, { start, separator, isRuled }: Place): boolean {
  if (!isColumnName(look, value)) return false
  if (look.kindOf(value.start, value.end) !== undefined) return true
  const text = textOf(look, value)
  if (/\d/.test(text)) return false
  return separator === COMMA || isRuled || isNoValue(text) || previousLine(look.view, start, LINE_MAX) < 0
}
