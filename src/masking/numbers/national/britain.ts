import { entityId } from '../../entities.ts'
import type { CodeRule, NumberRule, Verdict } from '../rule.ts'
import { isOneDigit, numberOf, verdict, weighted } from './checksums.ts'
import { count, fits, isText, oneOf, valuesOf } from './letters.ts'
import { CHECKED, SCORE } from './scores.ts'

export const BRITISH_NUMBERS: readonly NumberRule[] = [
  { entity: entityId('uk_nhs'), name: 'uk-nhs', digits: 10, groups: [[3, 3, 4]], check: checkNhs, score: CHECKED },
  {
    entity: entityId('uk_passport'),
    name: 'uk-passport.digits',
    digits: 9,
    groups: [],
    check: () => 'none',
    score: { bare: SCORE.shape, grouped: SCORE.shape },
  },
]

export const BRITISH_CODES: readonly CodeRule[] = [
  {
    entity: entityId('uk_nino'),
    name: 'uk-nino',
    lengths: [9],
    check: checkNino,
    score: { passed: SCORE.free, none: SCORE.free },
    anyCase: true,
    separators: ' -',
    groups: [
      [2, 2, 2, 2, 1],
      [2, 6, 1],
      [2, 7],
      [8, 1],
    ],
  },
  {
    entity: entityId('uk_driving_licence'),
    name: 'uk-driving-licence',
    lengths: [16],
    check: checkDrivingLicence,
    score: { passed: SCORE.free, none: SCORE.free },
    anyCase: true,
    separators: ' -',
    groups: [
      [5, 6, 5],
      [5, 6, 2, 3],
      [5, 6, 3, 2],
    ],
  },
  {
    entity: entityId('uk_passport'),
    name: 'uk-passport',
    lengths: [9],
    check: (code) => (fits(code, 'AA9999999') ? 'none' : undefined),
    score: { passed: SCORE.shape, none: SCORE.shape },
    anyCase: true,
    separators: '',
  },
]

const NHS_WEIGHTS = [10, 9, 8, 7, 6, 5, 4, 3, 2] as const

/** NHS data dictionary, NHS NUMBER: modulus 11. A check digit of ten is never issued. */
function checkNhs(digits: Uint8Array): Verdict {
  if (isOneDigit(digits, 10)) return 'failed'
  return verdict((11 - (weighted(digits, NHS_WEIGHTS) % 11)) % 11 === digits[9])
}

const NINO_FIRST = oneOf('ABCEGHJKLMNOPRSTWXYZ')
const NINO_SECOND = oneOf('ABCEGHJKLMNPRSTWXYZ')
const NINO_SUFFIX = oneOf('ABCD')
const NINO_NEVER = ['BG', 'GB', 'KN', 'NK', 'NT', 'TN', 'ZZ'] as const

/** HMRC, National Insurance Manual NIM39110. */
function checkNino(code: Uint8Array): Verdict | undefined {
  if (!fits(code, 'AA999999A')) return undefined
  const isAllowed = NINO_FIRST[code[0] ?? 0] === 1 && NINO_SECOND[code[1] ?? 0] === 1 && NINO_SUFFIX[code[8] ?? 0] === 1
  return isAllowed && !NINO_NEVER.some((prefix) => isText(code, prefix)) ? 'none' : undefined
}

const CAPITALS = oneOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ')
const SURNAME_CHARS = 5

/**
 * Driver number of the DVLA: five characters of the surname filled up with 9, then the birth date as decade, month (plus 50
 * for women), day and year of the decade, two initials or 9, a digit, and two letters.
 */
function checkDrivingLicence(code: Uint8Array): Verdict | undefined {
  if (!fits(code, '*****999999**9AA')) return undefined
  const letters = leadingLetters(code)
  if (letters === 0 || !isText(code, '9'.repeat(SURNAME_CHARS - letters), letters)) return undefined
  const values = valuesOf(code, 16)
  const month = numberOf(values, 6, 2) % 50
  const day = numberOf(values, 8, 2)
  const isDate = numberOf(values, 6, 2) <= 62 && month >= 1 && month <= 12 && day >= 1 && day <= 31
  return isDate && areInitials(code) ? 'none' : undefined
}

function leadingLetters(code: Uint8Array): number {
  let letters = 0
  while (letters < SURNAME_CHARS && count(code, CAPITALS, letters, letters + 1) === 1) letters++
  return letters
}

function areInitials(code: Uint8Array): boolean {
  return fits(code, 'AA', 11) || (fits(code, 'A', 11) && isText(code, '9', 12)) || isText(code, '99', 11)
}
