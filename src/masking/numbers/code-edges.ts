import type { Run } from '../find/finding.ts'
import { DIGIT, LOWER, UPPER, isEscapeLetter } from '../scan/bytes-tables.ts'
import { isJoinedAfter, isJoinedBefore } from './edges.ts'

/** Ids in hexadecimal seldom have so many digits in a row. */
const GLUED_DIGITS_MIN = 8
/** The most letters that an id begins with; an Indian voter's has three. */
const GLUED_LETTERS_MAX = 4
/** Before a separator: the country of a German VAT number, the first letters of a British insurance number. */
const SPACED_LETTERS_MAX = 2
const SPACE = 0x20
const DASH = 0x2d
const DIGIT_KIND = 1
const SMALL = 3
/** 1 for digits, 2 for capitals, 3 for small letters, 0 for all else. */
const KIND = new Uint8Array(256)
for (let byte = 0; byte < 256; byte += 1)
  KIND[byte] = (DIGIT[byte] ?? 0) * DIGIT_KIND + (UPPER[byte] ?? 0) * 2 + (LOWER[byte] ?? 0) * SMALL

/**
 * Whether small letters that touch a run could make an id of it: its digits are as many as hardly an id in hexadecimal has in
 * a row, or the letters are few: `de89370400440532013000`, `de 136 695 976`, `131052-308t`.
 */
export function touchesCode(run: Run): boolean {
  return touchesBefore(run) || touchesAfter(run)
}

/** Where ids may begin that the run belongs to, at most `longest` bytes before it. */
export function codeStart(run: Run, longest: number): number {
  const { view, start } = run
  const { bytes, raw } = view
  if (!touchesBefore(run)) return start
  let at = start
  while (at > 0 && start - at < longest && KIND[bytes[at - 1] ?? 0] !== 0) {
    if (raw && isEscapeLetter(bytes, at - 1)) break
    at -= 1
  }
  return at
}

/** Where they may end, at most so many bytes after it. */
export function codeEnd(run: Run, longest: number): number {
  const { view, end } = run
  if (!touchesAfter(run)) return end
  let at = end
  while (at - end < longest && KIND[view.bytes[at] ?? 0] !== 0) at += 1
  return at
}

/** A separator that its kind is written with joins it to more digits. */
export function isPartOfLonger(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  separators: string,
): boolean {
  const before = bytes[start - 1]
  if (isJoint(before, separators) && isJoinedBefore(bytes, start)) return true
  return isJoint(bytes[end], separators) && isJoinedAfter(bytes, end)
}

function isJoint(byte: number | undefined, separators: string): boolean {
  return byte !== undefined && byte !== SPACE && separators.includes(String.fromCharCode(byte))
}

function touchesBefore({ view: { bytes }, start, digits }: Run): boolean {
  if (KIND[bytes[start - 1] ?? 0] !== SMALL) return false
  const first = bytes[start] ?? 0
  if (KIND[first] !== 0) return digits >= GLUED_DIGITS_MIN || isShortWordBefore(bytes, start, GLUED_LETTERS_MAX)
  return (first === SPACE || first === DASH) && isShortWordBefore(bytes, start, SPACED_LETTERS_MAX)
}

function touchesAfter({ view: { bytes }, end, digits }: Run): boolean {
  if (KIND[bytes[end] ?? 0] !== SMALL) return false
  const last = bytes[end - 1] ?? 0
  const isLone = KIND[bytes[end + 1] ?? 0] === 0
  return KIND[last] === 0 ? (last === SPACE || last === DASH) && isLone : digits >= GLUED_DIGITS_MIN || isLone
}

/** Small letters alone, at most so many, that stand before `at`. */
function isShortWordBefore(bytes: Uint8Array, at: number, most: number): boolean {
  let from = at - 1
  while (at - from <= most && KIND[bytes[from - 1] ?? 0] === SMALL) from -= 1
  return at - from <= most && KIND[bytes[from - 1] ?? 0] === 0
}
