import { entityId } from '../../entities.ts'
import type { CodeRule, NumberRule, Verdict } from '../rule.ts'
import { isOneDigit, luhn, verdict } from './checksums.ts'
import { count, fits, oneOf, valuesOf } from './letters.ts'
import { CHECKED, SCORE } from './scores.ts'

const VAT = entityId('it_vat')
const SHAPE = { passed: SCORE.shape, none: SCORE.shape } as const

export const ITALIAN_NUMBERS: readonly NumberRule[] = [
  {
    entity: VAT,
    name: 'it-vat',
    digits: 11,
    groups: [[3, 4, 4]],
    check: (digits) => verdict(isVat(digits)),
    score: CHECKED,
  },
]

export const ITALIAN_CODES: readonly CodeRule[] = [
  {
    entity: entityId('it_fiscal_code'),
    name: 'it-fiscal-code',
    lengths: [16],
    check: checkFiscalCode,
    score: { passed: SCORE.strong, none: SCORE.free },
    anyCase: true,
    separators: ' -',
    groups: [
      [3, 3, 5, 5],
      [6, 5, 5],
      [6, 5, 4, 1],
      [3, 3, 5, 4, 1],
    ],
  },
  {
    entity: VAT,
    name: 'it-vat.country',
    lengths: [13],
    check: checkVatWithCountry,
    score: { passed: SCORE.free, none: SCORE.distinct },
    anyCase: true,
    separators: ' -',
    groups: [
      [2, 11],
      [2, 3, 4, 4],
    ],
  },
  idCardRule('it-id-card.paper', 'AA9999999'),
  idCardRule('it-id-card.old', '9999999AA'),
  idCardRule('it-id-card', 'AA99999AA'),
  {
    entity: entityId('it_passport'),
    name: 'it-passport',
    lengths: [9],
    check: (code) => (fits(code, 'AA9999999') ? 'none' : undefined),
    score: SHAPE,
    anyCase: true,
    separators: '',
  },
  {
    entity: entityId('it_driving_licence'),
    name: 'it-driving-licence',
    lengths: [10],
    check: checkDrivingLicence,
    score: SHAPE,
    anyCase: true,
    separators: '',
  },
]

/** Partita IVA: Luhn. */
function isVat(digits: Uint8Array, from = 0): boolean {
  return luhn(digits, 11, from) && !isOneDigit(digits.subarray(from), 11)
}

function checkVatWithCountry(code: Uint8Array): Verdict | undefined {
  return fits(code, 'IT99999999999') ? verdict(isVat(valuesOf(code, 13), 2)) : undefined
}

/** Digits, and the letters that stand for 0 to 9 where two people would have the same code (omocodia). */
const DIGITS = '0123456789'
const STAND_INS = 'LMNPQRSTUV'
const DIGIT_OR_STAND_IN = oneOf(DIGITS + STAND_INS)
const MONTHS = 'ABCDEHLMPRST'
const PLACES_OF_DIGITS = [6, 7, 9, 10, 12, 13, 14] as const
/** What characters at odd places count, as the decree of 23 December 1976 has it: of 0 to 9 and of A to Z. */
const ODD_DIGITS = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21] as const
const ODD_LETTERS = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
] as const
/** Added to the day of birth of women. */
const DAY_SHIFT = 40

function checkFiscalCode(code: Uint8Array): Verdict | undefined {
  const isShape = fits(code, 'AAAAAA**A**A***A') && MONTHS.includes(String.fromCharCode(code[8] ?? 0))
  if (!isShape || !PLACES_OF_DIGITS.every((place) => DIGIT_OR_STAND_IN[code[place] ?? 0] === 1)) return undefined
  const written = digitAt(code, 9) * 10 + digitAt(code, 10)
  const day = written > DAY_SHIFT ? written - DAY_SHIFT : written
  return day >= 1 && day <= 31 ? verdict(isFiscalCode(code)) : undefined
}

function isFiscalCode(code: Uint8Array): boolean {
  const values = valuesOf(code, 16)
  let sum = 0
  for (let i = 0; i < 15; i++) {
    const value = values[i] ?? 0
    const even = value < 10 ? value : value - 10
    sum += i % 2 === 1 ? even : ((value < 10 ? ODD_DIGITS[even] : ODD_LETTERS[even]) ?? 0)
  }
  return (sum % 26) + 10 === values[15]
}

function digitAt(code: Uint8Array, place: number): number {
  const character = String.fromCharCode(code[place] ?? 0)
  return Math.max(DIGITS.indexOf(character), STAND_INS.indexOf(character))
}

function idCardRule(name: string, pattern: string): CodeRule {
  return {
    entity: entityId('it_id_card'),
    name,
    lengths: [pattern.length],
    check: (code) => (fits(code, pattern) ? 'none' : undefined),
    score: SHAPE,
    anyCase: true,
    separators: ' ',
    groups: [
      [2, 7],
      [7, 2],
      [2, 5, 2],
    ],
  }
}

const CONSONANT_OR_DIGIT = oneOf('BCDFGHJKLMNPQRSTVWXYZ0123456789')

/** The old licences of the provinces, and those since 1999, which begin with U1. */
function checkDrivingLicence(code: Uint8Array): Verdict | undefined {
  const isCentral = fits(code, 'U1*******A') && count(code, CONSONANT_OR_DIGIT, 2, 9) === 7
  return isCentral || fits(code, 'AA9999999A') ? 'none' : undefined
}
