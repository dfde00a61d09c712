// What programs list, and no number of somebody: bytes in hexadecimal, of which many rows have no letter, times, places.
import type { View } from '../find/view.ts'
import { ALNUM, DIGIT, HEX, isEscapeLetter } from '../scan/bytes-tables.ts'
import type { Groups } from './groups.ts'

const TAB = 0x09
const SPACE = 0x20
const STAR = 0x2a
const DASH = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const COLON = 0x3a
const OPEN = 0x5b
const LETTER_F = 0x66
const LETTER_T = 0x74
/** Bytes are written with two digits, and there are more blanks than one in the middle of a row and at its ends. */
const BYTE_DIGITS = 2
const BYTE_BLANKS_MAX = 3
/** So many groups of digits beside it in the row, and no number is meant. A card has four of them itself. */
const BESIDE_MIN = 5
const OFFSET_DIGITS_MIN = 4
const LONG_OFFSET_DIGITS_MIN = 7
const OFFSET_DIGITS_MAX = 16

/** Whether groups of digits are a part of what a program lists. */
export function isListed(view: View, groups: Groups, first: number, last: number): boolean {
  const size = groups.size(first)
  const start = groups.start(first)
  const separator = groups.separator(first + 1)
  if (separator === DASH) return last === first + 1 && isPlace(view, start, size, groups.size(last))
  if (separator === POINT) return size === 4 && isWeight(view.bytes, start, groups.start(first + 1))
  if (separator !== SPACE || (size !== BYTE_DIGITS && size !== 4 && size !== 8)) return false
  if (isMinute(view.bytes, start, size) || isBehindOffset(view, start)) return true
  return groups.size(first + 1) === size && isInBytes(view, { start, end: groups.end(last), size })
}

/** `-0210-07950`: latitude and longitude, in degrees and minutes, with seconds or without. */
function isPlace({ bytes, raw }: View, start: number, size: number, next: number): boolean {
  if (bytes[start - 1] !== DASH || next !== size + 1 || (size !== 4 && size !== 6)) return false
  return ALNUM[bytes[start - 2] ?? 0] === 0 || (raw && isEscapeLetter(bytes, start - 2))
}

/** `[.4301.0020.0011.0001]`: how a letter is sorted (Unicode Technical Standard 10). The second weight is a small one. */
function isWeight(bytes: Uint8Array, start: number, second: number): boolean {
  const before = bytes[start - 1]
  const isOpened = before === OPEN || ((before === POINT || before === STAR) && bytes[start - 2] === OPEN)
  return isOpened && bytes[second] === ZERO && bytes[second + 1] === ZERO
}

/** `23:09 12312192`: the end of a time, and then a number of the next column. */
function isMinute(bytes: Uint8Array, start: number, size: number): boolean {
  return size === BYTE_DIGITS && bytes[start - 1] === COLON && DIGIT[bytes[start - 2] ?? 0] === 1
}

/** `0001be90: `, `10db0:\t`, `<Buffer `. */
function isBehindOffset(view: View, start: number): boolean {
  const { bytes } = view
  let at = start
  while (bytes[at - 1] === SPACE) at -= 1
  if (at < start && isText(bytes, at, '<Buffer')) return true
  const tab = at
  if (bytes[at - 1] === TAB) at -= 1
  else if (view.raw && bytes[at - 1] === LETTER_T && isEscapeLetter(bytes, at - 1)) at -= 2
  return at < start && bytes[at - 1] === COLON && isOffset(bytes, at - 1, at < tab)
}

/** Of hexadecimal digits, one of them a letter at least, or zeros before it; a short one has a tabulator behind it. */
function isOffset(bytes: Uint8Array, end: number, isBeforeTab: boolean): boolean {
  let first = end
  let letters = 0
  for (; end - first <= OFFSET_DIGITS_MAX && HEX[bytes[first - 1] ?? 0] === 1; first -= 1)
    if (DIGIT[bytes[first - 1] ?? 0] === 0) letters += 1
  const isZeros = bytes[first] === ZERO && bytes[first + 1] === ZERO
  const size = end - first
  const fewest = isBeforeTab ? OFFSET_DIGITS_MIN : LONG_OFFSET_DIGITS_MIN
  return size >= fewest && letters < size && (letters > 0 || isZeros)
}

function isText(bytes: Uint8Array, end: number, text: string): boolean {
  for (let i = 1; i <= text.length; i += 1) if (bytes[end - i] !== text.charCodeAt(text.length - i)) return false
  return true
}

/** Whether groups of one size stand in a row of hexadecimal ones, or of many. */
function isInBytes(view: View, { start, end, size }: { start: number; end: number; size: number }): boolean {
  const before = countBeside(view, { at: start - 1, step: -1, size })
  const after = before < 0 ? 0 : countBeside(view, { at: end, step: 1, size })
  if (before < 0 || after < 0 || before + after >= BESIDE_MIN) return true
  return before > 0 && size > BYTE_DIGITS && isBehindOffset(view, start - before * (size + 1))
}

interface Side {
  /** The byte beside the number. */
  readonly at: number
  readonly step: 1 | -1
  readonly size: number
}

/** Groups of digits of that size beside it, up to as many as count; -1 where one of them is of letters too. */
function countBeside(view: View, { at, step, size }: Side): number {
  let place = at
  for (let count = 0; ; count += 1) {
    const from = skipBlanks(view.bytes, place, step, size === BYTE_DIGITS ? BYTE_BLANKS_MAX : 1)
    const kind = from === place || count === BESIDE_MIN ? 'other' : kindOf(view, { at: from, step, size })
    if (kind !== 'digits') return kind === 'bytes' ? -1 : count
    place = from + step * size
  }
}

/** The first place that is no blank; the place itself where there are too many. */
function skipBlanks(bytes: Uint8Array, from: number, step: number, most: number): number {
  let at = from
  while (bytes[at] === SPACE && Math.abs(at - from) <= most) at += step
  return Math.abs(at - from) <= most ? at : from
}

/** What a group of that size is. Letters alone may be a word, but for `ff`. */
function kindOf(view: View, { at, step, size }: Side): 'digits' | 'bytes' | 'other' {
  const { bytes } = view
  let digits = 0
  let full = 0
  for (let i = 0; i < size; i += 1) {
    const byte = bytes[at + step * i] ?? 0
    if (HEX[byte] === 0) return 'other'
    digits += DIGIT[byte] ?? 0
    if ((byte | 0x20) === LETTER_F) full += 1
  }
  if (!endsGroup(view, at + step * size, step)) return 'other'
  if (digits === size) return 'digits'
  return digits > 0 || full === size ? 'bytes' : 'other'
}

/** The letter of an escape is no part of the group behind it. */
function endsGroup({ bytes, raw }: View, at: number, step: 1 | -1): boolean {
  return ALNUM[bytes[at] ?? 0] === 0 || (raw && step < 0 && isEscapeLetter(bytes, at))
}
