import type { View } from '../find/view.ts'
import type { Span } from './look.ts'
import { afterSign } from './table-lines.ts'
import { afterTab, BACKSLASH, LETTER_U, PIPE, SPACE } from './text-bytes.ts'

// Lines of tables whose columns are parted by blanks.

/** Text of a line between blanks. `from` and `to` count its characters, as a column of a terminal does. */
export interface Piece extends Span {
  readonly from: number
  readonly to: number
}

export interface Line {
  readonly pieces: readonly Piece[]
  /** Where its newline stands, or its text ends. */
  readonly end: number
}

/** Whether so many blanks, which end before `column`, part two pieces. */
export type Parts = (blanks: number, column: number) => boolean

export const byTwoBlanks: Parts = (blanks) => blanks >= 2
export const byOneBlank: Parts = (blanks) => blanks >= 1

/** The pieces of the line that begins at `start`. */
export function readPieces(view: View, start: number, parts: Parts = byTwoBlanks): Line {
  const pieces: { start: number; end: number; from: number; to: number }[] = []
  let blanks = 0
  let column = 0
  for (let at = start; ;) {
    const next = afterCharacter(view, at)
    if (next < 0) return { pieces, end: at }
    const tab = afterTab(view.bytes, at)
    if (tab >= 0) {
      blanks += TAB_WIDTH
      column += TAB_WIDTH - (column % TAB_WIDTH)
    } else if (view.bytes[at] === SPACE) {
      blanks++
      column++
    } else {
      const last = pieces.at(-1)
      if (last === undefined || parts(blanks, column))
        pieces.push({ start: at, end: next, from: column, to: column + 1 })
      else {
        last.end = next
        last.to = column + 1
      }
      blanks = 0
      column++
    }
    at = tab >= 0 ? tab : next
  }
}

const TAB_WIDTH = 8

/** Just after the character at `at`, of however many bytes, or an escape such as `\u00e9`; -1 where the line ends. */
function afterCharacter(view: View, at: number): number {
  const { bytes } = view
  let next = afterSign(view, at, PIPE)
  if (bytes[at] === BACKSLASH && bytes[next] === LETTER_U && view.raw) return Math.min(bytes.length, next + ESCAPE_REST)
  while (((bytes[next] ?? 0) & 0xc0) === 0x80) next++
  return next
}

/** `u00e9`. */
const ESCAPE_REST = 5
