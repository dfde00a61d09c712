import { decodeLatin1 } from '../../base/bytes.ts'
import { afterBackslashes, BACKSLASH, backslashesBefore, byteAt, LETTER_U, PIPE } from './text-bytes.ts'

// Frames of tables: `|`, and the lines of boxes in Unicode, U+2500 to U+257F, which are E2 94 80 to E2 95 BF.

/** The separator of cells in boxes. */
export const BAR = 0x2502

const BOX_LEAD = 0xe2
const BOX_FIRST = 0x2500
const ESCAPE = /^u25[0-7][\da-f]$/i
const BARS: ReadonlySet<string> = new Set('│┃┆┇┊┋║╎╏╽╿')

/** Whether cells in a frame are parted by it. */
export function isFrame(separator: number): boolean {
  return separator === PIPE || separator === BAR
}

/** Just after the line or corner of a box at `at`, written as it is or as an escape; -1 where none stands there. */
export function afterBox(bytes: Uint8Array, at: number): number {
  if (bytes[at] === BOX_LEAD) return bytes[at + 1] === 0x94 || bytes[at + 1] === 0x95 ? at + 3 : -1
  const letter = bytes[at] === BACKSLASH ? afterBackslashes(bytes, at) : at
  if (letter === at || bytes[letter] !== LETTER_U) return -1
  return ESCAPE.test(decodeLatin1(bytes, letter, Math.min(bytes.length, letter + 5))) ? letter + 5 : -1
}

/** Just after the upright line of a box at `at`; -1 where none stands there. */
export function afterBar(bytes: Uint8Array, at: number): number {
  const end = afterBox(bytes, at)
  return end >= 0 && BARS.has(String.fromCharCode(codeBefore(bytes, end))) ? end : -1
}

/** Where the line or corner of a box begins that ends at `end`, if one does. */
export function boxBefore(bytes: Uint8Array, end: number): number {
  return bytes[end - 3] === BOX_LEAD ? end - 3 : end - 5 - backslashesBefore(bytes, end - 5)
}

function codeBefore(bytes: Uint8Array, end: number): number {
  if (bytes[end - 3] !== BOX_LEAD) return Number.parseInt(decodeLatin1(bytes, end - 4, end), 16)
  return BOX_FIRST + (byteAt(bytes, end - 2) - 0x94) * 64 + byteAt(bytes, end - 1) - 0x80
}
