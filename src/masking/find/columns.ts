import type { Span } from '../decoded-view.ts'
import { decodeUtf8 } from '../../base/bytes.ts'
import { isRuling, lineStartOf, previousLine, readRow, type Row } from '../keys/table-lines.ts'
import { COMMA, PIPE, SEMICOLON, TAB } from '../keys/text-bytes.ts'
import type { View } from './view.ts'

/** Lines of a table that are longer, in bytes, are not read: every value of them would be looked for in all of it. */
const LINE_MAX = 2_048
/** A name of a column that is longer, in bytes, is a value. */
const NAME_MAX = 64
const SPACE = 0x20
const NAME = /^[\p{L}_*`"][\p{L}\p{M}\d_ .()/#*`'"-]*$/u
const SEPARATORS: readonly number[] = [PIPE, TAB, COMMA, SEMICOLON]

/** A line that may be one of a table, by one separator. */
interface Line extends Row {
  readonly start: number
}

/** Names of the columns that values of one view stand in, as far as it has tables of lines. Lines are read once. */
export class Columns {
  readonly #view: View
  /** By the start of a line and its separator: the head of its table. */
  readonly #heads = new Map<number, Line>()
  readonly #lines = new Map<number, Line>()
  /** The place that was asked about last, and the start of its line. */
  #last = { at: -LINE_MAX, start: -1 }

  constructor(view: View) {
    this.#view = view
  }

  /** The cell of the head above a value that is a cell; undefined where there is none. */
  headOf(value: Span): Span | undefined {
    const beside = separatorsBeside(this.#view.bytes, value)
    if (beside.length === 0) return undefined
    const start = this.#lineStart(value.start)
    if (start < 0) return undefined
    for (const separator of beside) {
      const line = this.#lineAt(start, separator)
      const cell = cellAt(line, value)
      if (cell < 0) continue
      const head = this.#headAbove(line, separator)
      return head.start === line.start || !this.#isHead(head, separator) ? undefined : head.cells[cell]
    }
    return undefined
  }

  /** Values come in order, so that only what lies behind the last of them is looked through again. */
  #lineStart(at: number): number {
    const { at: last, start } = this.#last
    const behind = at - last
    const isFurther = behind >= 0 && behind < LINE_MAX
    const found = lineStartOf(this.#view, at, isFurther ? behind : LINE_MAX)
    const known = isFurther && start >= 0 && at - start <= LINE_MAX ? start : -1
    this.#last = { at, start: found >= 0 ? found : known }
    return this.#last.start
  }

  /** Names have letters and are short; a line of values has a number in it, or a sentence, or commas as sentences have them. */
  #isHead({ cells }: Line, separator: number): boolean {
    const { bytes } = this.#view
    const isLoose = separator === COMMA || separator === SEMICOLON
    return cells.every(
      ({ start, end }) =>
        end - start <= NAME_MAX &&
        NAME.test(decodeUtf8(bytes, start, end)) &&
        !(isLoose && bytes[start - 1] === SPACE && bytes[start - 2] === separator),
    )
  }

  #lineAt(start: number, separator: number): Line {
    const key = keyOf(start, separator)
    const known = this.#lines.get(key)
    if (known !== undefined) return known
    const line = { ...readRow(this.#view, start, separator), start }
    this.#lines.set(key, line)
    return line
  }

  /** The first of the lines above that have as many cells. */
  #headAbove(line: Line, separator: number): Line {
    const passed: number[] = []
    let head = line
    for (;;) {
      const known = this.#heads.get(keyOf(head.start, separator))
      if (known !== undefined) {
        head = known
        break
      }
      passed.push(head.start)
      const above = this.#lineAbove(head, separator)
      if (above === undefined) break
      head = above
    }
    for (const start of passed) this.#heads.set(keyOf(start, separator), head)
    return head
  }

  #lineAbove(line: Line, separator: number): Line | undefined {
    let start = previousLine(this.#view, line.start, LINE_MAX)
    if (start >= 0 && isRuling(this.#view, start)) start = previousLine(this.#view, start, LINE_MAX)
    if (start < 0) return undefined
    const above = this.#lineAt(start, separator)
    return above.cells.length === line.cells.length ? above : undefined
  }
}

/** A separator is one byte. */
function keyOf(start: number, separator: number): number {
  return start * 256 + separator
}

/** The separators that a value could be a cell of: the one before it, or the one behind it where it begins a line. */
function separatorsBeside(bytes: Uint8Array, { start, end }: Span): readonly number[] {
  let before = start - 1
  while (AROUND[bytes[before] ?? 0] === 1) before--
  let after = end
  while (AROUND[bytes[after] ?? 0] === 1) after++
  return SEPARATORS.filter((separator) => isAt(bytes, before, separator) || isAt(bytes, after, separator))
}

/** A tabulator may be an escape. */
function isAt(bytes: Uint8Array, at: number, separator: number): boolean {
  if (bytes[at] === separator) return true
  return separator === TAB && bytes[at] === 0x74 && bytes[at - 1] === 0x5c
}

/** Blanks, quotes and what escapes them: they stand between a value and the end of its cell. */
const AROUND = Uint8Array.from({ length: 256 }, (_, byte) => (' "\'\\'.includes(String.fromCharCode(byte)) ? 1 : 0))

/** Which cell the value is; -1 where it is none, or only a part of one. */
function cellAt({ cells }: Row, value: Span): number {
  if (cells.length < 2) return -1
  let low = 0
  let high = cells.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((cells[middle]?.end ?? 0) < value.end) low = middle + 1
    else high = middle
  }
  const cell = cells[low]
  return cell?.start === value.start && cell.end === value.end ? low : -1
}
