import { HEX } from '../scan/bytes-tables.ts'

const BACKSLASH = 0x5c
const QUOTE = 0x22
const LETTER_U = 0x75
const HEX_DIGITS = 4

/** The place itself, or the place after the escape that it cuts. `level`: of the text, as `LevelReader` counts. */
export function afterEscape(bytes: Uint8Array, place: number, level: number): number {
  return bytes[place] === BACKSLASH && bytes[place - 1] !== BACKSLASH ? place : endOfEscape(bytes, place, level)
}

/** The place itself, or the end of the escape that it cuts: its backslashes, the character that they escape, and digits after a `u`. */
export function endOfEscape(bytes: Uint8Array, place: number, level: number): number {
  for (let at = place; at > place - HEX_DIGITS - 2 && at > 0; at--) {
    if (bytes[at - 1] === BACKSLASH) return Math.max(place, escapeEnd(bytes, at - 1, level))
    if (bytes[at - 1] !== LETTER_U && HEX[bytes[at - 1] ?? 0] !== 1) break
  }
  return place
}

/** The end of what a row of backslashes begins that has one at this place. */
function escapeEnd(bytes: Uint8Array, place: number, level: number): number {
  let first = place
  while (bytes[first - 1] === BACKSLASH) first--
  let end = place + 1
  while (bytes[end] === BACKSLASH) end++
  if (bytes[end] === QUOTE && isBeforeEnd({ before: place + 1 - first, behind: end - place - 1 }, level))
    return place + 1
  const isEscape = ((end - first) & ((2 << level) - 1)) !== 0
  if (!isEscape) return end
  if (bytes[end] !== LETTER_U) return end + 1
  return isHex(bytes, end + 1) ? end + 1 + HEX_DIGITS : end + 1
}

/**
 * Whether backslashes of a text stand before a place, and those of the quote that ends it behind: 1, 3 or 7 of them by the
 * depth of its JSON, in which a backslash is written as 4, 8 or 16.
 */
function isBeforeEnd({ before, behind }: { before: number; behind: number }, level: number): boolean {
  const isOfQuote = behind > 0 && (behind & (behind + 1)) === 0 && behind + 1 >= 1 << level
  return isOfQuote && before % (2 * (behind + 1)) === 0
}

function isHex(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < from + HEX_DIGITS; at++) if (HEX[bytes[at] ?? 0] !== 1) return false
  return true
}
