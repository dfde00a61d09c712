import { entityId } from '../../entities.ts'
import type { RunDetector } from '../../find/finding.ts'
import type { View } from '../../find/view.ts'
import { startsWord } from '../../scan/bytes-tables.ts'
import { isEndOfNumber } from '../edges.ts'
import { isDigit, oneOf } from './letters.ts'
import { SCORE } from './scores.ts'

const PH_MOBILE = entityId('ph_mobile')
const RULE = 'ph-mobile'
/** 0 or 63, and then ten digits of which the first is 9 (NTC numbering plan). */
const NATIONAL_DIGITS = 10
const DIGITS_MIN = 11
const GAP_BYTES_MAX = 2
const GROUP_DIGITS_MIN = 2
const GAPS = oneOf(' -.()')
const JOINTS = oneOf('-./')
/** All that a number may begin with. */
const FIRSTS = oneOf('+(06')
const PLUS = 43
const OPEN = 40
const SPACE = 32
const POINT = 46
const ZERO = 48

/** Philippine mobile numbers: 0917 123 4567, 0 (917) 123 4567, +63 917 123 4567, with or without separators. */
export const detectPhilippineMobiles: RunDetector = ({ view, start, end, digits }, sink) => {
  if (digits < DIGITS_MIN || !sink.may(PH_MOBILE, SCORE.free)) return
  const { bytes } = view
  for (let at = start; at < end; at++) {
    if (FIRSTS[bytes[at] ?? 0] === 0 || !mayBegin(view, at)) continue
    const stop = endOfMobile(view, at)
    if (stop < 0) continue
    sink.add({ entity: PH_MOBILE, start: at, end: stop, score: scoreOf(view, at, stop), by: 'shape', rule: RULE })
    at = stop
  }
}

/** At a plus sign, an opening parenthesis or the first digit of a group that nothing joins to another. */
function mayBegin(view: View, at: number): boolean {
  const { bytes } = view
  const byte = bytes[at] ?? 0
  if (byte !== PLUS && byte !== OPEN && !isDigit(byte)) return false
  if (!startsWord(view, at) || bytes[at - 1] === PLUS) return false
  if (!isDigit(bytes[at - 2] ?? 0)) return true
  // Without a plus sign, groups of a longer number begin with 63 too.
  const joint = bytes[at - 1] ?? 0
  return JOINTS[joint] === 0 && !(byte === ZERO + 6 && joint === SPACE)
}

/** Twelve digits that begin with 63 are the number of an article or an account as well, and with a point in them a fraction. */
function scoreOf({ bytes }: View, start: number, end: number): number {
  if (bytes[start] !== ZERO + 6) return SCORE.free
  let points = 0
  for (let at = start; at < end; at++) {
    if (isDigit(bytes[at] ?? 0)) continue
    if (bytes[at] !== POINT) return SCORE.free
    points++
  }
  return points < 2 ? SCORE.check : SCORE.free
}

function endOfMobile(view: View, at: number): number {
  const { bytes } = view
  const national = afterPrefix(bytes, bytes[at] === PLUS || bytes[at] === OPEN ? at + 1 : at)
  if (national < 0 || bytes[national] !== ZERO + 9) return -1
  const end = afterDigits(bytes, national)
  return end > 0 && isEndOfNumber(view, end) && !isJoined(bytes, end) ? end : -1
}

/** Where the ten digits begin: after 0, 63 or 63 (0), and a gap. */
function afterPrefix(bytes: Uint8Array, at: number): number {
  // A zero and a point begin a decimal fraction.
  if (bytes[at] === ZERO) return bytes[at + 1] === POINT ? -1 : afterGap(bytes, at + 1)
  if (bytes[at] !== ZERO + 6 || bytes[at + 1] !== ZERO + 3) return -1
  const next = afterGap(bytes, at + 2)
  return bytes[next] === ZERO ? afterGap(bytes, next + 1) : next
}

/** Where ten digits end that stand in groups of two or more. */
function afterDigits(bytes: Uint8Array, at: number): number {
  let next = at
  let group = 0
  for (let count = 0; count < NATIONAL_DIGITS; count++) {
    if (!isDigit(bytes[next] ?? 0)) {
      next = afterGap(bytes, next)
      if (group < GROUP_DIGITS_MIN || !isDigit(bytes[next] ?? 0)) return -1
      group = 0
    }
    next++
    group++
  }
  return group < GROUP_DIGITS_MIN ? -1 : next
}

function afterGap(bytes: Uint8Array, at: number): number {
  let next = at
  while (next < at + GAP_BYTES_MAX && GAPS[bytes[next] ?? 0] === 1) next++
  return next
}

function isJoined(bytes: Uint8Array, end: number): boolean {
  return JOINTS[bytes[end] ?? 0] === 1 && isDigit(bytes[end + 1] ?? 0)
}
