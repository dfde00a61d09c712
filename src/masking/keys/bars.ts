import { byteAt, PIPE } from './text-bytes.ts'

// Frames of tables: `|`, and the lines of boxes in Unicode, U+2500 to U+257F, which are E2 94 80 to E2 95 BF.

/** The separator of cells in boxes. */
export const BAR = 0x2502

const BOX_LEAD = 0xe2
/** `│ ┃ ┆ ┇ ┊ ┋ ║ ╎ ╏ ╽ ╿`, by their last two bytes. */
const BARS: ReadonlySet<number> = new Set(
  Array.from('│┃┆┇┊┋║╎╏╽╿', (bar) => 0x9480 + bar.charCodeAt(0) - 0x2500 + (bar > '┿' ? 0xc0 : 0)),
)

/** Whether cells in a frame are parted by it. */
export function isFrame(separator: number): boolean {
  return separator === PIPE || separator === BAR
}

/** Just after the line or corner of a box at `at`; -1 where none stands there. */
export function afterBox(bytes: Uint8Array, at: number): number {
  const second = bytes[at] === BOX_LEAD ? bytes[at + 1] : 0
  return second === 0x94 || second === 0x95 ? at + 3 : -1
}

/** Just after the upright line of a box at `at`; -1 where none stands there. */
export function afterBar(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== BOX_LEAD) return -1
  return BARS.has(byteAt(bytes, at + 1) * 256 + byteAt(bytes, at + 2)) ? at + 3 : -1
}
