import { encodeUtf8 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Run, RunDetector, Sink } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { DIGIT, LOWER, UPPER, startsWord } from '../scan/bytes-tables.ts'
import { gluedWord, isEndOfNumber } from './edges.ts'
import { IBAN_LENGTHS } from './iban-lengths.ts'

const IBAN = entityId('iban')
const SCORE = 0.9
/** Before its first long row of digits an IBAN may have its country, its check digits and a bank's code, in small letters. */
const BEFORE_RUN_BYTES_MAX = 16
/** Every country's has a run with so many bytes, even in small letters. */
const RUN_BYTES_MIN = 10
const LENGTH_MAX = 34
const SPACE = 0x20
const DASH = 0x2d
const DOT = 0x2e
const UNDERSCORE = 0x5f

/** What a message must want for the detector to be of use. */
export const IBAN_WANT = { entity: IBAN, score: SCORE }

/** International bank account numbers (ISO 13616), in either case, in one piece or in groups. */
export function ibanDetector(): RunDetector {
  const lengths = lengthsByCountry()
  const code = new Uint8Array(LENGTH_MAX)
  return (run, sink) => {
    if (run.end - run.start < RUN_BYTES_MIN || !sink.may(IBAN, SCORE) || !hasLetters(run)) return
    const { bytes } = run.view
    let at = firstPlace(run)
    while (at < run.end) {
      const further = toNextPlace(bytes, at)
      if (further > 0) {
        at += further
        continue
      }
      const length = lengths[countryAt(bytes, at)] ?? 0
      at += length > 0 && judge(run.view, { at, length, code }, sink) ? length : 1
    }
  }
}

/** How many bytes further two letters and two digits may stand at the earliest; 0 where they may stand here. */
function toNextPlace(bytes: Uint8Array, at: number): number {
  if (DIGIT[bytes[at + 3] ?? 0] === 0) return 2
  if (DIGIT[bytes[at + 2] ?? 0] === 0) return 1
  return isLetter(bytes[at]) && isLetter(bytes[at + 1]) ? 0 : 4
}

/** Lengths by `countryAt`; 0 where no country has the letters. */
function lengthsByCountry(): Uint8Array {
  const lengths = new Uint8Array(COUNTRIES)
  for (const [country, length] of Object.entries(IBAN_LENGTHS)) lengths[countryAt(encodeUtf8(country), 0)] = length
  return lengths
}

/** ISO 7064, modulus 97: the first four characters moved to the end, letters as two digits from A = 10 on. */
export function passesMod97(code: Uint8Array, length: number): boolean {
  let rest = 0
  for (let i = 0; i < length; i += 1) {
    const byte = code[(i + 4) % length] ?? 0
    rest = byte >= 0x41 ? (rest * 100 + byte - 0x41 + 10) % 97 : (rest * 10 + byte - 0x30) % 97
  }
  return rest === 1
}

/** Whether an IBAN of this length begins here. */
function judge(view: View, place: { at: number; length: number; code: Uint8Array }, sink: Sink): boolean {
  const { at, length, code } = place
  const { bytes } = view
  const end = collect(bytes, { at, length }, code)
  if (end < 0 || !isBounded(view, at, end)) return false
  const found = { entity: IBAN, start: at, end, rule: 'iban.mod97' }
  const passes = passesMod97(code, length)
  if (passes) sink.add({ ...found, score: SCORE, by: 'checksum' })
  else if (sink.may(IBAN, 0)) sink.add({ ...found, score: 0, by: 'shape', lacks: 'checksum' })
  return passes
}

/** Letters in the run or right before it; a number alone, such as a time in milliseconds, has none, nor has one in a path. */
function hasLetters({ view: { bytes }, start, capitals }: Run): boolean {
  if (capitals > 0) return true
  return isLetter(bytes[start - 1]) && (isDigit(bytes[start]) || isSeparator(bytes[start]))
}

/** The first place where an IBAN may begin that the run belongs to. The middle of a long word is none. */
function firstPlace({ view: { bytes }, start }: Run): number {
  const least = Math.max(0, start - BEFORE_RUN_BYTES_MAX)
  let at = start
  while (at > least && (isLetter(bytes[at - 1]) || isDigit(bytes[at - 1]) || isSeparator(bytes[at - 1]))) at -= 1
  return at === least && isPartOfWord(bytes, at, start) ? start : at
}

function isPartOfWord(bytes: Uint8Array, from: number, start: number): boolean {
  if (from === 0) return false
  for (let at = from; at < start; at += 1) if (isSeparator(bytes[at])) return false
  return true
}

const COUNTRIES = 1_024

/** A number for each two letters, in either case. */
function countryAt(bytes: Uint8Array, at: number): number {
  return (((bytes[at] ?? 0) & 0x1f) << 5) | ((bytes[at + 1] ?? 0) & 0x1f)
}

/** Copies so many letters and digits as capitals, skipping single separators; returns where they end, or -1. */
function collect(bytes: Uint8Array, { at, length }: { at: number; length: number }, code: Uint8Array): number {
  let count = 0
  let separator = 0
  for (let i = at; ; i += 1) {
    const byte = bytes[i] ?? 0
    if (isDigit(byte) || isLetter(byte)) {
      code[count] = LOWER[byte] === 1 ? byte & 0xdf : byte
      count += 1
      if (count === length) return i + 1
    } else if (isSeparator(byte) && !isSeparator(bytes[i - 1]) && (separator === 0 || separator === byte)) {
      separator = byte
    } else return -1
  }
}

function isBounded(view: View, start: number, end: number): boolean {
  if (!isEndOfNumber(view, end)) return false
  // The check is strong enough for whatever is joined to it by an underscore, such as `account_DE89`.
  if (startsWord(view, start) || view.bytes[start - 1] === UNDERSCORE) return true
  return gluedWord(view, start).toLowerCase().endsWith('iban')
}

function isSeparator(byte: number | undefined): boolean {
  return byte === SPACE || byte === DASH || byte === DOT
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && (UPPER[byte] === 1 || LOWER[byte] === 1)
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && DIGIT[byte] === 1
}
