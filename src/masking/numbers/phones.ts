import { entityId } from '../entities.ts'
import type { Run, RunDetector, Sink } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { DIGIT, HEX, startsWord } from '../scan/bytes-tables.ts'
import { longestNumber } from './calling-codes.ts'
import { isEndOfNumber, isInUuid } from './edges.ts'
import { isDoubtful } from './phone-doubts.ts'
import { isNorthAmerican } from './phone-numbers.ts'

const PHONE = entityId('phone')
const SCORE = 0.8
const SCORE_DOUBTFUL = 0.3
/** E.164: fifteen digits at most. Fewer than eight with a country code are none. */
const DIGITS_MIN = 8
const DIGITS_MAX = 15
/** Shorter numbers after 00 are cells of a table as often. */
const AFTER_ZEROS_DIGITS_MIN = 10
/** Separators between two groups: `) ` and ` (`, and a dash between spaces. */
const GAP_BYTES_MAX = 3
const GROUPS_MAX = 8
/** With an area code and its trunk zero. */
const WITH_TRUNK = { least: 9, most: 12 }
const PLUS = 0x2b
const DASH = 0x2d
const OPEN = 0x28
const CLOSE = 0x29
const ZERO = 0x30

/** The digits of a number that begins somewhere, and the byte after each of its groups. */
interface Dialled {
  readonly digits: Uint8Array
  readonly ends: Int32Array
  readonly sizes: Uint8Array
  groups: number
}

export const PHONE_WANT = { entity: PHONE, score: SCORE }

/**
 * Phone numbers that begin with a plus sign, with 00 and separators, or with an area code in parentheses, in whatever
 * groups. Numbers in the groups of a country are rules of their own.
 */
export const detectPhones: RunDetector = (run, sink) => {
  if (run.digits < DIGITS_MIN || !sink.may(PHONE, SCORE)) return
  const { bytes } = run.view
  for (let at = run.start; at < run.end; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte !== PLUS && byte !== OPEN && (byte !== ZERO || !beginsWithZeros(bytes, at))) continue
    const end = endOfPhone(run, at)
    if (end < 0 || (byte === ZERO && isInUuid(bytes, at, end))) continue
    add(bytes, { at, end }, sink)
    at = end - 1
  }
}

function add(bytes: Uint8Array, { at, end }: { at: number; end: number }, sink: Sink): void {
  const byte = bytes[at] ?? 0
  const score = byte !== OPEN && isDoubtful(bytes, at, end) ? SCORE_DOUBTFUL : SCORE
  if (!sink.may(PHONE, score)) return
  sink.add({ entity: PHONE, start: startOfPhone(bytes, at), end, score, by: 'shape', rule: nameOf(byte) })
}

/** 00 at the start of a number, not in the middle of an id such as `252-0043131-6705664` or a UUID. */
function beginsWithZeros(bytes: Uint8Array, at: number): boolean {
  if (bytes[at + 1] !== ZERO || isDigit(bytes[at - 1])) return false
  if (bytes[at - 1] === DASH && HEX[bytes[at - 2] ?? 0] === 1) return false
  return !isGap(bytes[at - 1]) || !isDigit(bytes[at - 2])
}

function nameOf(byte: number): string {
  return byte === OPEN ? 'phone.area' : 'phone.e164'
}

/** Where a number that begins at `at` ends; -1 where none does. */
function endOfPhone(run: Run, at: number): number {
  const { view, end } = run
  const byte = view.bytes[at]
  if (byte === OPEN) return endWithArea(view, readDigits(view.bytes, at, end), at)
  if (!startsWord(view, at)) return -1
  const from = byte === PLUS ? at + 1 : at + 2
  const dialled = readDigits(view.bytes, from, end)
  // Digits without a separator after 00, or with one inside the country's code, are as likely any number that begins so.
  if (byte === ZERO && (dialled.groups < 2 || (dialled.sizes[0] ?? 0) < 2)) return -1
  return endWithCountry(view, dialled, byte === PLUS ? DIGITS_MIN : AFTER_ZEROS_DIGITS_MIN)
}

/** A plus sign or 00: as many groups as the country's numbers can have. */
function endWithCountry(view: View, dialled: Dialled, fewest: number): number {
  const { digits, sizes, groups } = dialled
  const most = longestNumber(digits[0] ?? 0, digits[1] ?? 0, digits[2] ?? 0)
  if (most === undefined) return -1
  // `(0)` is the trunk zero that is left out when one calls from abroad.
  const spare = hasLoneDigit(sizes, groups) ? 1 : 0
  // North America and Russia have numbers of one length only.
  const least = digits[0] === 1 || digits[0] === 7 ? most : fewest
  return lastEnd(view, dialled, { least, most: most + spare })
}

/** A group of one digit that is not the first. */
function hasLoneDigit(sizes: Uint8Array, groups: number): boolean {
  for (let i = 1; i < groups; i += 1) if (sizes[i] === 1) return true
  return false
}

/** The end of the last group with which a number has no fewer digits and no more; -1 where none may end one. */
function lastEnd(view: View, dialled: Dialled, { least, most }: { least: number; most: number }): number {
  const { ends, sizes, groups } = dialled
  let count = 0
  let end = -1
  for (let i = 0; i < groups; i += 1) {
    count += sizes[i] ?? 0
    const stop = ends[i] ?? 0
    if (count <= most && count >= least && isEndOfPhone(view, stop)) end = stop
  }
  return end
}

/** An area code in parentheses, then what the country writes after it. */
function endWithArea(view: View, dialled: Dialled, at: number): number {
  const { digits, ends, sizes, groups } = dialled
  const area = sizes[0] ?? 0
  if (view.bytes[at + 1 + area] !== CLOSE) return -1
  const shape = AREA_SHAPES.find(
    ({ written, is }) => written.length <= groups && written.every((size, i) => size === sizes[i]) && is(digits),
  )
  if (shape !== undefined) {
    const end = ends[shape.written.length - 1] ?? 0
    return isEndOfPhone(view, end) ? end : -1
  }
  return digits[0] === 0 && area >= 2 && area <= 5 ? lastEnd(view, dialled, WITH_TRUNK) : -1
}

const AREA_SHAPES: readonly { readonly written: readonly number[]; readonly is: (digits: Uint8Array) => boolean }[] = [
  { written: [3, 3, 4], is: (digits) => isNorthAmerican(digits, 0) },
  { written: [3, 7], is: (digits) => isNorthAmerican(digits, 0) },
  { written: [3, 3, 2, 2], is: (digits) => digits[0] !== 0 },
  { written: [2, 4, 4], is: (digits) => digits[0] !== 0 },
  { written: [2, 5, 4], is: (digits) => digits[0] !== 0 },
]

/** Scratch for one number: `readDigits` is its only writer, and what it says holds until the next one. */
const DIALLED: Dialled = {
  digits: new Uint8Array(DIGITS_MAX + 1),
  ends: new Int32Array(GROUPS_MAX),
  sizes: new Uint8Array(GROUPS_MAX),
  groups: 0,
}

/** Groups of digits from `from` on, at most fifteen digits, or one more for a trunk zero. */
function readDigits(bytes: Uint8Array, from: number, end: number): Dialled {
  const { digits, ends, sizes } = DIALLED
  digits.fill(0)
  let groups = 0
  let count = 0
  let at = bytes[from] === OPEN ? from + 1 : from
  while (at < end && isDigit(bytes[at]) && groups < GROUPS_MAX) {
    const start = at
    for (; isDigit(bytes[at]); at += 1) {
      if (count > DIGITS_MAX) return dialledIn(groups)
      digits[count] = (bytes[at] ?? 0) & 0x0f
      count += 1
    }
    ends[groups] = at
    sizes[groups] = at - start
    groups += 1
    const gap = gapBytes(bytes, at)
    if (gap === 0) break
    at += gap
  }
  return dialledIn(groups)
}

function dialledIn(groups: number): Dialled {
  DIALLED.groups = groups
  return DIALLED
}

function gapBytes(bytes: Uint8Array, at: number): number {
  let gap = 0
  while (gap < GAP_BYTES_MAX && isGap(bytes[at + gap])) gap += 1
  return gap
}

/** The country's own trunk, before an area code in parentheses: `1 (415)`, `8 (495)`, `0 (532)`. */
function startOfPhone(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== OPEN) return at
  const digit = bytes[at - 1] === 0x20 ? at - 2 : at - 1
  const isTrunk = bytes[digit] === ZERO || bytes[digit] === 0x31 || bytes[digit] === 0x38
  const before = bytes[digit - 1]
  const isJoined = isDigit(before) || (before !== 0x20 && isGap(before))
  return isTrunk && !isJoined ? digit : at
}

/** An extension may follow at once: `x123`. */
function isEndOfPhone(view: View, end: number): boolean {
  return isEndOfNumber(view, end) || ((view.bytes[end] ?? 0) | 0x20) === 0x78
}

function isGap(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x2d || byte === 0x2e || byte === 0x2f || byte === OPEN || byte === CLOSE
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && DIGIT[byte] === 1
}
