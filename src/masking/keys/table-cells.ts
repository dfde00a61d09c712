import { isOfKind } from './demands.ts'
import type { KeyKind } from './dictionary.ts'
import { addFound, type Look, type Span, textOf } from './look.ts'
import { isPlaceholder } from './no-values.ts'

/** Cells that say yes or no, or that there is nothing. */
const MARK = /^(?:yes|no|y|n|true|false|null|none|nil|n\/a|x|[^\p{L}\p{N}]*)$/iu

/** Reports a cell under a sensitive name, if it is a value. */
export function addCell(look: Look, kind: KeyKind, cell: Span | undefined): void {
  if (cell === undefined || cell.end <= cell.start) return
  const written = textOf(look, cell)
  // A path is none of somebody's addresses, in the marks of code or not.
  const text = kind.demand === 'address' ? written.replace(/^`(.*)`$/, '$1') : written
  if (!MARK.test(text) && !isPlaceholder(text) && isOfKind(kind, text, 'string')) addFound(look, kind, cell, 'column')
}
