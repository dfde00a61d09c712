import { decodeLatin1 } from '../../base/bytes.ts'
import { isColumnName } from './column-names.ts'
import type { KeyKind } from './dictionary.ts'
import { type HtmlCell, type HtmlRow, htmlRowStart, nextHtmlRow, nextTag, readHtmlRow, ROW_MAX } from './html-rows.ts'
import { type Look, type Span, textOf } from './look.ts'
import { addCell, mayBeValue } from './table-cells.ts'
import { COLON, GREATER, LESS, PIPE, skipSpace, skipSpaceBack } from './text-bytes.ts'

/** Bytes between the tag of a table and that of its first row. */
const BETWEEN_MAX = 256
const NAMES = { separator: PIPE, isLoose: false } as const

/** Whether a name stands between two tags, with a colon behind it or without. */
export function isBetweenTags({ view: { bytes } }: Look, name: Span): boolean {
  const after = skipSpace(bytes, name.end)
  const tag = bytes[after] === COLON ? skipSpace(bytes, after + 1) : after
  return bytes[tag] === LESS && bytes[skipSpaceBack(bytes, name.start) - 1] === GREATER
}

/** Reports the cells under or beside a sensitive name in a table of HTML; false where it is in none. */
export function addHtmlTable(look: Look, name: Span): boolean {
  const { view, memo, sink } = look
  const known = memo.reached('html')
  if (name.start < known) return true
  const start = htmlRowStart(view, name.start, Math.max(known, name.start - ROW_MAX))
  memo.reach('html', name.end)
  sink.spend(name.end - Math.max(start, known))
  if (start < 0) return false
  const row = readHtmlRow(view, nextTag(view, start)?.end ?? start)
  const end = row.isWhole ? addRow(look, row, start) : row.end
  memo.reach('html', Math.max(end, name.end))
  sink.spend(end - start)
  return end > name.start
}

function addRow(look: Look, row: HtmlRow, start: number): number {
  return addBeside(look, row, start) ? row.end : addUnder(look, row, start)
}

/** `<th>Password</th><td>maple4821</td>`, and a row of two cells; false where there is none. */
function addBeside(look: Look, { cells }: HtmlRow, start: number): boolean {
  const heads = cells.filter((cell) => cell.isHead).length
  if (heads === cells.length || (heads === 0 && cells.length !== 2)) return false
  const mayBeHead = heads === 0 && isFirst(look, start)
  let kind: KeyKind | undefined
  let isFound = false
  for (const [index, cell] of cells.entries()) {
    if (cell.isHead || (heads === 0 && index === 0)) kind = kindOf(look, cell)
    else if (kind !== undefined && isValue(look, kind, cell.text, mayBeHead)) {
      addCell(look, kind, cell.text)
      isFound = true
    }
  }
  return isFound || heads > 0
}

/** `mayBeHead`: a name may stand there as well. */
function isValue(look: Look, kind: KeyKind, cell: Span, mayBeHead: boolean): boolean {
  const text = textOf(look, cell)
  if (mayBeHead && !/\d/.test(text) && isColumnName(look, cell, NAMES)) return false
  return mayBeValue(kind, text, 'label')
}

/** Reports the cells below, where the row is the head of its table; where the table ends. */
function addUnder(look: Look, head: HtmlRow, start: number): number {
  const { view } = look
  if (!isHead(look, head, start)) return head.end
  const kinds = head.cells.map((cell) => kindOf(look, cell))
  let end = head.end
  for (let at = nextHtmlRow(view, end); at >= 0; at = nextHtmlRow(view, end)) {
    const row = readHtmlRow(view, at)
    if (!row.isWhole) break
    // A cell that goes on from the row above is missing in this one, and is one of its first.
    const missing = Math.max(0, kinds.length - row.cells.length)
    for (const [index, cell] of row.cells.entries()) {
      const kind = kinds[index + missing]
      if (kind !== undefined && !cell.isHead) addCell(look, kind, cell.text)
    }
    end = row.end
  }
  return end
}

function isHead(look: Look, { cells }: HtmlRow, start: number): boolean {
  const isNamed = cells.every((cell) => isColumnName(look, nameOf(look, cell), NAMES))
  return isNamed && (cells.every((cell) => cell.isHead) || (cells.length >= 2 && isFirst(look, start)))
}

/** Whether a row is the first of its table. */
function isFirst({ view: { bytes } }: Look, start: number): boolean {
  const before = decodeLatin1(bytes, Math.max(0, start - BETWEEN_MAX), start)
  return /<(?:table|thead|tbody)(?:\s[^<>]*)?>(?:\s|\\+[nrt])*$/i.test(before)
}

function kindOf(look: Look, cell: HtmlCell): KeyKind | undefined {
  const { start, end } = nameOf(look, cell)
  return end > start ? look.kindOf(start, end) : undefined
}

/** Without the colon behind it. */
function nameOf({ view: { bytes } }: Look, { text: { start, end } }: HtmlCell): Span {
  return { start, end: bytes[end - 1] === COLON ? Math.max(start, skipSpaceBack(bytes, end - 1)) : end }
}
