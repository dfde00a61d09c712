import { isOfKind } from './demands.ts'
import type { KeyKind } from './dictionary.ts'
import { addFound, type Look, type Span, textOf } from './look.ts'
import { isPlaceholder } from './no-values.ts'
import { type Form, judge } from './text-judge.ts'

/** A column under a sensitive name, and its place in each row. */
export interface Column {
  readonly kind: KeyKind
  readonly index: number
}

/** What is known of the columns of a table. */
export interface Columns {
  readonly count: number
  /** Those under sensitive names. */
  readonly columns: readonly Column[]
}

/** Cells that say yes or no, or that there is nothing. */
const MARK = /^(?:yes|no|ja|s[ií]|да|y|n|true|false|null|none|nil|n\/a|x|[^\p{L}\p{N}]*)$/iu

/** The columns under sensitive names. */
export function columnsOf(look: Look, names: readonly Span[]): readonly Column[] {
  return names.flatMap(({ start, end }, index) => {
    const kind = look.kindOf(start, end)
    return kind === undefined ? [] : [{ kind, index }]
  })
}

/** Reports the cells of a row that stand in these columns. */
export function addCells(look: Look, columns: readonly Column[], cells: readonly (Span | undefined)[]): void {
  for (const { kind, index } of columns) addCell(look, kind, cells[index])
}

/** Reports a cell under a sensitive name, if it is a value. */
export function addCell(look: Look, kind: KeyKind, cell: Span | undefined): void {
  if (cell === undefined || cell.end <= cell.start) return
  const written = textOf(look, cell)
  // A path is none of somebody's addresses, in the marks of code or not.
  const text = kind.demand === 'address' ? withoutTicks(written) : written
  if (!MARK.test(text) && !isPlaceholder(text) && isOfKind(kind, text, 'string')) addFound(look, kind, cell, 'column')
}

export function withoutTicks(text: string): string {
  return text.replace(/^`(.*)`$/, '$1')
}

/** Whether a cell can be a value where no header says so: a secret as `ofSecret` asks for it, all else as behind a colon. */
export function mayBeValue(kind: KeyKind, text: string, ofSecret: Form): boolean {
  return judge({ kind, before: () => '', text, form: kind.isSecret ? ofSecret : 'entry' }) !== undefined
}
