import { entityId } from '../../entities.ts'
import { areIn, digitsAt, lettersAt } from './cursor.ts'
import { capital, isDigit, oneOf } from './letters.ts'
import { SCORE } from './scores.ts'
import type { ShapeRule } from './shape-rule.ts'

export const REGISTERS_AND_POSTCODES: readonly ShapeRule[] = [
  {
    entity: entityId('de_commercial_register'),
    name: 'de-commercial-register',
    score: SCORE.check,
    match: matchRegister,
  },
  { entity: entityId('uk_postcode'), name: 'uk-postcode', score: SCORE.shape, match: matchBritishPostcode },
  { entity: entityId('de_postcode'), name: 'de-postcode', score: SCORE.shape, match: matchGermanPostcode },
]

const SPACE = 32
const DOT = 46
const DASH = 45
const REGISTER_DIGITS_MAX = 6

/** Handelsregister: HRA for partnerships, HRB for companies, up to six digits; some courts add letters after a space. */
function matchRegister(bytes: Uint8Array, at: number): number {
  const kind = capital(bytes[at + 2] ?? 0)
  const isRegister =
    capital(bytes[at] ?? 0) === 72 && capital(bytes[at + 1] ?? 0) === 82 && (kind === 65 || kind === 66)
  if (!isRegister) return -1
  const number = afterNumberSign(bytes, at + 3)
  const digits = digitsAt(bytes, number, REGISTER_DIGITS_MAX + 1)
  return digits >= 1 && digits <= REGISTER_DIGITS_MAX ? number + digits : -1
}

/** Past "-", ":", ".", spaces and "Nr." */
function afterNumberSign(bytes: Uint8Array, at: number): number {
  let next = at
  while (next < at + 2 && (bytes[next] === SPACE || bytes[next] === DASH || bytes[next] === DOT || bytes[next] === 58))
    next++
  const isSign = capital(bytes[next] ?? 0) === 78 && capital(bytes[next + 1] ?? 0) === 82 && bytes[next + 2] === DOT
  if (!isSign) return next
  return bytes[next + 3] === SPACE ? next + 4 : next + 3
}

const AREA_FIRST = oneOf('ABCDEFGHIJKLMNOPRSTUWYZ')
const AREA_SECOND = oneOf('ABCDEFGHKLMNOPQRSTUVWXY')
const AFTER_ONE_LETTER = oneOf('ABCDEFGHJKPSTUW')
const AFTER_TWO_LETTERS = oneOf('ABEHMNPRVWXY')
const INWARD = oneOf('ABDEFGHJLNPQRSTUWXYZ')

/** Royal Mail PAF: area, district, maybe a letter, a space, a digit and two letters. */
function matchBritishPostcode(bytes: Uint8Array, at: number): number {
  const letters = lettersAt(bytes, at, 3)
  if (letters !== 1 && letters !== 2) return -1
  if (!areIn(bytes, at, letters === 1 ? [AREA_FIRST] : [AREA_FIRST, AREA_SECOND])) return -1
  const district = at + letters
  const digits = digitsAt(bytes, district, 3)
  // Without a space the last digit belongs to the inward part.
  for (let own = Math.min(digits, 2); own >= 1; own--) {
    const end = inwardEnd(bytes, district + own, own === 1 ? letters : 0)
    if (end > 0) return end
  }
  return -1
}

function inwardEnd(bytes: Uint8Array, at: number, letters: number): number {
  const table = letters === 1 ? AFTER_ONE_LETTER : AFTER_TWO_LETTERS
  const hasLetter = letters > 0 && table[capital(bytes[at] ?? 0)] === 1
  const afterDistrict = hasLetter ? at + 1 : at
  const inward = bytes[afterDistrict] === SPACE ? afterDistrict + 1 : afterDistrict
  return digitsAt(bytes, inward, 2) === 1 && areIn(bytes, inward + 1, [INWARD, INWARD]) ? inward + 3 : -1
}

/** Five digits from 01001 to 99998 that are no part of a longer number. */
function matchGermanPostcode(bytes: Uint8Array, at: number): number {
  if (digitsAt(bytes, at, 6) !== 5) return -1
  const value = numberAt(bytes, at)
  const isPart = isSeparator(bytes[at - 1] ?? 0) && isDigit(bytes[at - 2] ?? 0)
  const goesOn = isSeparator(bytes[at + 5] ?? 0) && isDigit(bytes[at + 6] ?? 0)
  return value >= 1001 && value <= 99_998 && !isPart && !goesOn ? at + 5 : -1
}

function isSeparator(byte: number): boolean {
  // A comma parts cells as well as digits, and a postcode counts with its word near it only.
  return byte === DOT || byte === DASH || byte === 47 || byte === 58
}

function numberAt(bytes: Uint8Array, at: number): number {
  let value = 0
  for (let i = at; i < at + 5; i++) value = value * 10 + (bytes[i] ?? 48) - 48
  return value
}
