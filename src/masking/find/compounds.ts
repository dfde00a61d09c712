import { decodeLatin1 } from '../../base/bytes.ts'
import { ALNUM, DIGIT, LOWER, UPPER } from '../scan/bytes-tables.ts'
import type { View } from './view.ts'

const UNDERSCORE = 0x5f
const DASH = 0x2d
/** Digits after a word that count it, as in `phone2`. */
const COUNT_DIGITS_MAX = 2
/** The longest of the words below has so many letters. */
const LETTERS_MAX = 9
/** What is joined to the name of a kind and makes a name of something that is told about it: `card_type`, `phoneRequired`. */
const TOLD: ReadonlySet<string> = new Set(
  `type types kind class category status state present required verified valid invalid enabled disabled count counts total limit
  length size version format brand expired expires created updated at policy app`.split(/\s+/),
)

/** Whether a word is only the beginning of a longer name, of something else. */
export function isToldAbout({ bytes }: View, end: number): boolean {
  const joint = bytes[end] ?? 0
  const isJoined = joint === UNDERSCORE || joint === DASH
  if (!isJoined && UPPER[joint] !== 1) return false
  const from = isJoined ? end + 1 : end
  let to = from + 1
  while (to - from <= LETTERS_MAX && LOWER[bytes[to] ?? 0] === 1) to++
  return TOLD.has(decodeLatin1(bytes, from, to).toLowerCase())
}

/** Whether letters and digits around a word make it a piece of an id, such as `cc` in `e5cc1f`. `value`: what it may be glued to. */
export function isInId({ bytes }: View, start: number, end: number, value: { start: number; end: number }): boolean {
  if (isBehindDigits(bytes, start) && start !== value.end) return true
  if (isInCapitals(bytes, start) || isInCapitals(bytes, end)) return true
  let at = end
  while (DIGIT[bytes[at] ?? 0] === 1) at++
  if (at === end || end === value.start) return false
  const joined = bytes[at] === DASH ? at + 1 : at
  return at - end > COUNT_DIGITS_MAX || ALNUM[bytes[joined] ?? 0] === 1
}

/** `cc` in `e5cc`, and in `5804-CC`. */
function isBehindDigits(bytes: Uint8Array, start: number): boolean {
  const before = bytes[start - 1] === DASH ? start - 2 : start - 1
  return DIGIT[bytes[before] ?? 0] === 1
}

/** Whether a place lies inside of capitals: behind `CC` in `CCR31`, before `GSM` in `DGSM`. In `CCNumber` another word begins. */
function isInCapitals(bytes: Uint8Array, at: number): boolean {
  return UPPER[bytes[at - 1] ?? 0] === 1 && UPPER[bytes[at] ?? 0] === 1 && LOWER[bytes[at + 1] ?? 0] === 0
}
