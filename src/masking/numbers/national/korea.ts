import { entityId } from '../../entities.ts'
import type { CodeRule, NumberRule, Verdict } from '../rule.ts'
import { isOneDigit, numberOf, verdict, weighted } from './checksums.ts'
import { isDay } from './dates.ts'
import { fits, oneOf } from './letters.ts'
import { CHECKED, SCORE } from './scores.ts'

export const KOREAN_NUMBERS: readonly NumberRule[] = [
  ...residentRules('kr_rrn', 'kr-rrn', { first: 1, checkShift: 11 }),
  ...residentRules('kr_frn', 'kr-frn', { first: 5, checkShift: 13 }),
  { entity: entityId('kr_brn'), name: 'kr-brn', digits: 10, groups: [[3, 2, 5]], check: checkBusiness, score: CHECKED },
  {
    entity: entityId('kr_driver_license'),
    name: 'kr-driver-license',
    digits: 12,
    groups: [[2, 2, 6, 2]],
    check: (digits) => (isRegion(numberOf(digits, 0, 2)) ? 'none' : undefined),
    score: { bare: SCORE.shape, grouped: SCORE.check },
  },
]

export const KOREAN_CODES: readonly CodeRule[] = [
  {
    entity: entityId('kr_passport'),
    name: 'kr-passport',
    lengths: [9],
    check: checkPassport,
    score: { passed: SCORE.shape, none: SCORE.shape },
    anyCase: true,
    separators: '',
  },
]

/**
 * Numbers issued since October 2020 end in random digits, so a wrong check digit does not reject what is written in two
 * groups. Thirteen digits in a row are a time in milliseconds or the number of an article far more often, and every eleventh
 * that begins like a date passes the check: there a rule must name the kind or a word stand near.
 */
function residentRules(
  entity: 'kr_rrn' | 'kr_frn',
  name: string,
  kind: { first: number; checkShift: number },
): readonly NumberRule[] {
  const common = { entity: entityId(entity), digits: 13, groups: [[6, 7]], separators: ['-', ' '] }
  return [
    {
      ...common,
      name,
      check: (digits) => verdict(isBirth(digits, kind.first) && isChecked(digits, kind.checkShift)),
      score: { bare: SCORE.check, grouped: SCORE.strong },
    },
    {
      ...common,
      name: `${name}.unchecked`,
      check: (digits) => (isBirth(digits, kind.first) ? 'none' : undefined),
      score: { bare: SCORE.check, grouped: SCORE.free },
    },
  ]
}

/** The seventh digit: two for each century, then two more for foreigners. */
function isBirth(digits: Uint8Array, first: number): boolean {
  const kind = (digits[6] ?? 0) - first
  if (kind < 0 || kind > 3) return false
  const century = kind < 2 ? 1900 : 2000
  return isDay(century + numberOf(digits, 0, 2), numberOf(digits, 2, 2), numberOf(digits, 4, 2))
}

const RESIDENT_WEIGHTS = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5] as const

function isChecked(digits: Uint8Array, shift: number): boolean {
  return (shift - (weighted(digits, RESIDENT_WEIGHTS) % 11)) % 10 === digits[12]
}

const BUSINESS_WEIGHTS = [1, 3, 7, 1, 3, 7, 1, 3, 5] as const

/** National Tax Service: the tens of the last product are carried. */
function checkBusiness(digits: Uint8Array): Verdict {
  const carry = Math.trunc(((digits[8] ?? 0) * 5) / 10)
  const isRight = (10 - ((weighted(digits, BUSINESS_WEIGHTS) + carry) % 10)) % 10 === digits[9]
  return verdict(isRight && !isOneDigit(digits, 10))
}

/** Where a licence was issued: 11 Seoul to 26 Ulsan, 28 northern Gyeonggi. */
function isRegion(code: number): boolean {
  return (code >= 11 && code <= 26) || code === 28
}

const PASSPORT_KINDS = oneOf('MSROD')

/** Kind and eight digits; since December 2021 the fourth of these is a letter. */
function checkPassport(code: Uint8Array): Verdict | undefined {
  const isShape = fits(code, 'A99999999') || fits(code, 'A999A9999')
  return isShape && PASSPORT_KINDS[code[0] ?? 0] === 1 ? 'none' : undefined
}
