import { entityId } from '../../entities.ts'
import type { CodeRule, NumberRule, Verdict } from '../rule.ts'
import { luhn, numberOf, verdict } from './checksums.ts'
import { isDay, isDayOfYearInShort } from './dates.ts'
import { fits, oneOf, valuesOf } from './letters.ts'
import { CHECKED, SCORE } from './scores.ts'

const PERSONNUMMER = entityId('se_personnummer')
const ORGANISATION = entityId('se_organisationsnummer')

export const NORDIC_NUMBERS: readonly NumberRule[] = [
  {
    entity: PERSONNUMMER,
    name: 'se-personnummer',
    digits: 10,
    groups: [[6, 4]],
    separators: ['-', '+'],
    check: (digits) => verdict(isDateInShort(digits) && luhn(digits, 10)),
    score: { bare: SCORE.check, grouped: SCORE.strong },
  },
  {
    entity: PERSONNUMMER,
    name: 'se-personnummer.century',
    digits: 12,
    groups: [[8, 4]],
    separators: ['-', '+'],
    check: (digits) => verdict(isFullDate(digits) && luhn(digits, 10, 2)),
    score: { bare: SCORE.check, grouped: SCORE.strong },
  },
  {
    entity: ORGANISATION,
    name: 'se-organisationsnummer',
    digits: 10,
    groups: [[6, 4]],
    separators: ['-'],
    check: (digits) => verdict((digits[2] ?? 0) >= 2 && luhn(digits, 10)),
    score: CHECKED,
  },
  {
    entity: ORGANISATION,
    name: 'se-organisationsnummer.prefixed',
    digits: 12,
    groups: [[8, 4]],
    separators: ['-'],
    check: (digits) => verdict(numberOf(digits, 0, 2) === 16 && (digits[4] ?? 0) >= 2 && luhn(digits, 10, 2)),
    score: CHECKED,
  },
  {
    entity: entityId('fi_pic'),
    name: 'fi-pic.digits',
    digits: 10,
    groups: [[6, 4]],
    separators: ['-', '+'],
    onlyGrouped: true,
    check: checkPicOfDigits,
    score: { bare: SCORE.shape, grouped: SCORE.strong },
  },
]

const PIC = {
  entity: entityId('fi_pic'),
  check: checkPic,
  score: { passed: SCORE.strong, none: SCORE.free },
  anyCase: true,
} as const

export const NORDIC_CODES: readonly CodeRule[] = [
  // The sign of the century is a letter, or - or +, which the code is without.
  { ...PIC, name: 'fi-pic', lengths: [11], separators: '' },
  { ...PIC, name: 'fi-pic.sign', lengths: [10], separators: '-+', groups: [[6, 4]], onlyGrouped: true },
]

/** Coordination numbers, for people who are not registered, have 60 added to the day of birth (Skatteverket). */
const DAY_SHIFT = 60

function isDateInShort(digits: Uint8Array): boolean {
  return isDayOfYearInShort(numberOf(digits, 0, 2), numberOf(digits, 2, 2), dayOf(numberOf(digits, 4, 2)))
}

function isFullDate(digits: Uint8Array): boolean {
  const year = numberOf(digits, 0, 4)
  return year >= 1800 && year < 2100 && isDay(year, numberOf(digits, 4, 2), dayOf(numberOf(digits, 6, 2)))
}

function dayOf(written: number): number {
  return written > DAY_SHIFT ? written - DAY_SHIFT : written
}

const CENTURY_SIGNS = oneOf('ABCDEFUVWXY')
const PIC_CHECKS = '0123456789ABCDEFHJKLMNPRSTUVWXY'

/** Henkilötunnus (decree 128/2010, signs of 2023): day, month, year, sign of the century, number, check character. */
function checkPic(code: Uint8Array, length: number): Verdict | undefined {
  const signs = length - 10
  const isShape = fits(code, '999999') && fits(code, '999*', 6 + signs)
  if (!isShape || (signs === 1 && CENTURY_SIGNS[code[6] ?? 0] !== 1)) return undefined
  const digits = valuesOf(code, length)
  const isDate = isDayOfYearInShort(numberOf(digits, 4, 2), numberOf(digits, 2, 2), numberOf(digits, 0, 2))
  if (!isDate) return undefined
  const number = numberOf(digits, 0, 6) * 1000 + numberOf(digits, 6 + signs, 3)
  return verdict(PIC_CHECKS.charCodeAt(number % PIC_CHECKS.length) === code[length - 1])
}

/** The same where the check character is a digit, and the sign of the century the separator. */
function checkPicOfDigits(digits: Uint8Array): Verdict | undefined {
  if (!isDayOfYearInShort(numberOf(digits, 4, 2), numberOf(digits, 2, 2), numberOf(digits, 0, 2))) return undefined
  const number = numberOf(digits, 0, 6) * 1000 + numberOf(digits, 6, 3)
  return verdict(number % PIC_CHECKS.length === digits[9])
}
