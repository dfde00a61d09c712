import { type Look, textOf } from './look.ts'
import { isRuling, previousLine, readRow } from './table-lines.ts'

/** A line of a record that is longer, in bytes, is none. */
const LINE_MAX = 16_384

/** `-[ RECORD 1 ]----`, as psql writes it in any language. */
const MARK = /^[-─]\[ \p{L}+ \d+ \][-─+┬]*$/u

/** Whether the line at `start` is of a record of psql: one line for each column, a name and a value. Every line is read once. */
export function isInRecord(look: Look, start: number, separator: number): boolean {
  const { view, memo, sink } = look
  const asked = memo.reached('record-asked')
  let at = previousLine(view, start, LINE_MAX)
  while (at > asked && !isMark(look, at, separator) && isLineOfTwo(look, at, separator))
    at = previousLine(view, at, LINE_MAX)
  const isKnown = at > 0 && at === asked && memo.reached('record-known') === asked
  const isRecord = isKnown || (at >= 0 && isMark(look, at, separator))
  sink.spend(start - Math.max(at, asked))
  memo.reach('record-asked', start)
  if (isRecord) memo.reach('record-known', start)
  return isRecord
}

function isMark(look: Look, at: number, separator: number): boolean {
  const { end } = readRow(look.view, at, separator)
  return MARK.test(textOf(look, { start: at, end }))
}

function isLineOfTwo({ view }: Look, at: number, separator: number): boolean {
  return readRow(view, at, separator).cells.length === 2 && !isRuling(view, at)
}
