import { decodeLatin1 } from '../../base/bytes.ts'
import { DIGIT } from '../scan/bytes-tables.ts'
import { hasFraction } from './edges.ts'

const SPACE = 0x20
const PLUS = 0x2b

/** A decimal fraction; latitude and longitude (ISO 6709); the zone of a time and a year. */
const AFTER_PLUS =
  /^\+(?:\d+\.\d+|\d\d[0-5]\d-[01]\d\d[0-5]\d|\d\d(?:[0-5]\d){2}-[01]\d\d(?:[0-5]\d){2}|[01]\d\d\d \d{4})$/
/** Groups of four with the zeros, as bytes are written in hexadecimal; an offset of seven digits and a column beside it. */
const AFTER_ZEROS = /^00\d\d(?:[ .]\d{4})+$|^00\d{5} {2}/
const OFFSET = /^00\d{5} \d+$/

/** What is written as a number with its country and is something else as often: it needs a word near it. */
export function isDoubtful(bytes: Uint8Array, start: number, end: number): boolean {
  const text = decodeLatin1(bytes, start, end)
  if (bytes[start] === PLUS) return AFTER_PLUS.test(text) || (/^\+\d+$/.test(text) && isMeasure(bytes, end))
  return AFTER_ZEROS.test(text) || (OFFSET.test(text) && isBeforeColumn(bytes, end))
}

const UNIT = /^ ?(?:bytes|bits|[kKMGT]i?[Bb]|B\/s|rows|lines|chars|characters|ns|ms|secs|seconds|items)(?![\w-])/
const UNIT_MAX = 12

/** `+3710024656 bytes`: how much there is, or how much more. */
function isMeasure(bytes: Uint8Array, end: number): boolean {
  return hasFraction(bytes, end) || UNIT.test(decodeLatin1(bytes, end, end + UNIT_MAX))
}

/** Blanks, and then another number: a row of a table. */
function isBeforeColumn(bytes: Uint8Array, end: number): boolean {
  if (bytes[end] !== SPACE || bytes[end + 1] !== SPACE) return false
  let at = end
  while (bytes[at] === SPACE) at += 1
  return DIGIT[bytes[at] ?? 0] === 1
}
