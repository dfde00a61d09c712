import { byOneBlank, type Line, readPieces } from './aligned-lines.ts'
import { addAlignedRows, type AlignedTable, isFirstRow, startsOf } from './aligned-rows.ts'
import { type Look, type Span, textOf } from './look.ts'
import { endsString } from './string-ends.ts'
import { addCell, mayBeValue } from './table-cells.ts'
import { isRuling, LINE_MAX, lineStartOf, nextLine, previousLine } from './table-lines.ts'

/** Reports the cells under the sensitive names of a header line with two blanks or more between its names. */
export function addAlignedTable(look: Look, name: Span): void {
  const { view, memo, sink } = look
  if (name.start < memo.reached('header-line')) return
  const start = lineStartOf(view, name.start, LINE_MAX)
  if (start < 0) return
  const header = readPieces(view, start)
  memo.reach('header-line', header.end + 1)
  sink.spend(header.end - start)
  const ruled = ruledTable(look, start, header)
  if (ruled === undefined && addBesideBlanks(look, header)) return
  const table = ruled ?? plainTable(look, start, header)
  if (table === undefined) return
  const end = addAlignedRows(look, table)
  memo.readLine(start, end)
  sink.spend(end - start)
}

/** Over a line of dashes, which says where the columns are: `name  password` over `----  --------`. */
function ruledTable(look: Look, start: number, { end }: Line): AlignedTable | undefined {
  const { view } = look
  const below = nextLine(view.bytes, end)
  if (!isRuling(view, below)) return undefined
  const { pieces: headings, end: rulingEnd } = readPieces(view, below, byOneBlank)
  if (headings.length < 2 || !headings.every((piece) => RULE.test(textOf(look, piece)))) return undefined
  const names = readPieces(view, start, startsOf(headings)).pieces
  if (names.length !== headings.length) return undefined
  return { headings, names, isRuled: true, rows: nextLine(view.bytes, rulingEnd) }
}

const RULE = /^(?:-+|=+|[─━═]+)$/u

/** Names alone, as `kubectl get` and `docker ps` write them: over a row of which each piece stands under one. */
function plainTable(look: Look, start: number, { pieces, end }: Line): AlignedTable | undefined {
  const { view } = look
  if (pieces.length < 2 || !pieces.every((piece) => isHeading(textOf(look, piece)))) return undefined
  const rows = nextLine(view.bytes, end)
  if (rows < 0 || endsString(view.bytes, rows)) return undefined
  const table = { headings: pieces, names: pieces, isRuled: false, rows }
  if (!isFirstRow(look, table)) return undefined
  const before = previousLine(view, start, LINE_MAX)
  return before >= 0 && readPieces(view, before).pieces.length >= 2 ? undefined : table
}

const HEADING = /^#?[\p{L}%][\p{L}\p{M}\d_#%()/-]*(?: [\p{L}\d_#%()/-]+){0,2}$/u
/** Words of sentences, and types beside the names of fields. */
const NO_HEADING =
  /(?:^|\s)(?:the|an?|of|to|is|are|and|or|for|with|in|by|on|be)(?:\s|$)|^(?:u?int\d*|string|str|bool(?:ean)?|float\d*|double|number|integer|char|void|varchar|text|object|array|byte|bytes)$/

function isHeading(name: string): boolean {
  return HEADING.test(name) && !NO_HEADING.test(name)
}

/** `password    maple4821` alone on a line, of what can be no word; false where it is none. */
function addBesideBlanks(look: Look, { pieces: [name, value, more] }: Line): boolean {
  if (name === undefined || value === undefined || more !== undefined || !isHeading(textOf(look, name))) return false
  const kind = look.kindOf(name.start, name.end)
  const text = textOf(look, value)
  if (kind?.isSecret !== true || /\s/.test(text) || NO_HEADING.test(text) || TYPE.test(text)) return false
  if (!mayBeValue(kind, text, 'phrase')) return false
  addCell(look, kind, value)
  return true
}

/** `[32]byte`, `*x509.Certificate`, `oauth2.Token`: structures of Go have blanks before the types of their fields. */
const TYPE = /^(?:[*&[]|[\w/]+\.\p{Lu})/u
