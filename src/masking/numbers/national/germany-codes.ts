import { entityId } from '../../entities.ts'
import type { CodeRule, Verdict } from '../rule.ts'
import { mod11And10, numberOf, verdict, weighted, weightedDigitSums } from './checksums.ts'
import { isDayOfYearInShort } from './dates.ts'
import { count, digitsWithPlacesOfLetters, fits, isText, oneOf, valuesOf } from './letters.ts'
import { SCORE } from './scores.ts'

export const GERMAN_CODES: readonly CodeRule[] = [
  {
    entity: entityId('de_social_security'),
    name: 'de-social-security',
    lengths: [12],
    check: checkSocialSecurity,
    score: { passed: SCORE.strong, none: SCORE.distinct },
    anyCase: true,
    separators: ' -/',
    groups: [
      [2, 6, 1, 3],
      [2, 6, 1, 2, 1],
      [8, 1, 3],
      [2, 2, 2, 2, 1, 3],
      [2, 2, 2, 2, 1, 2, 1],
    ],
  },
  {
    entity: entityId('de_health_insurance'),
    name: 'de-health-insurance',
    lengths: [10],
    check: checkHealthInsurance,
    score: { passed: SCORE.check, none: SCORE.shape },
    anyCase: true,
    separators: '',
  },
  documentRule('de_id_card', 'de-id-card'),
  documentRule('de_passport', 'de-passport'),
  {
    entity: entityId('de_vat_id'),
    name: 'de-vat-id',
    lengths: [11],
    check: checkVatId,
    score: { passed: SCORE.strong, none: SCORE.free },
    anyCase: true,
    separators: ' .-',
    groups: [
      [2, 9],
      [2, 3, 3, 3],
      [5, 3, 3],
    ],
  },
  {
    entity: entityId('de_driving_licence'),
    name: 'de-driving-licence',
    lengths: [11],
    check: checkDrivingLicence,
    score: { passed: SCORE.distinct, none: SCORE.distinct },
    anyCase: true,
    separators: '',
  },
]

const SOCIAL_SECURITY_WEIGHTS = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1] as const
/** Added to the day of birth where a letter has run out of numbers for that day. */
const DAY_SHIFT = 50

/** Versicherungsnummer of the pension insurance (section 2 VKVV): area, birth date, letter of the name, number, check digit. */
function checkSocialSecurity(code: Uint8Array): Verdict | undefined {
  if (!fits(code, '99999999A999')) return undefined
  const digits = digitsWithPlacesOfLetters(code, 12)
  const written = numberOf(digits, 2, 2)
  const day = written > DAY_SHIFT ? written - DAY_SHIFT : written
  if (!isDayOfYearInShort(numberOf(digits, 6, 2), numberOf(digits, 4, 2), day)) return 'failed'
  return verdict(weightedDigitSums(digits, SOCIAL_SECURITY_WEIGHTS) % 10 === digits[12])
}

const HEALTH_INSURANCE_WEIGHTS = [1, 2, 1, 2, 1, 2, 1, 2, 1, 2] as const

/** The part of the Krankenversichertennummer that stays for life (section 290 SGB V). */
function checkHealthInsurance(code: Uint8Array): Verdict | undefined {
  if (!fits(code, 'A999999999')) return undefined
  const digits = digitsWithPlacesOfLetters(code, 10)
  return verdict(weightedDigitSums(digits, HEALTH_INSURANCE_WEIGHTS) % 10 === digits[10])
}

const DOCUMENT = oneOf('CFGHJKLMNPRTVWXYZ0123456789')
const DIGITS = oneOf('0123456789')
/** Fewer digits, and it is a word. */
const DOCUMENT_DIGITS_MIN = 2
const DOCUMENT_WEIGHTS = [7, 3, 1, 7, 3, 1, 7, 3, 1] as const

/** Identity cards and passports number alike (ICAO Doc 9303-3, 4.9); the tenth character, if there, checks the nine. */
function documentRule(entity: 'de_id_card' | 'de_passport', name: string): CodeRule {
  const hasOldNumbers = entity === 'de_id_card'
  return {
    entity: entityId(entity),
    name,
    lengths: [9, 10],
    check: (code, length) => (hasOldNumbers && isOldCard(code, length) ? 'none' : checkDocument(code, length)),
    score: { passed: SCORE.check, none: SCORE.distinct },
    anyCase: true,
    separators: '',
  }
}

/** Cards from before November 2010, still in use for a while: T and eight digits, no check digit. */
function isOldCard(code: Uint8Array, length: number): boolean {
  return length === 9 && fits(code, 'T99999999')
}

function checkDocument(code: Uint8Array, length: number): Verdict | undefined {
  const isShape = fits(code, 'A') && count(code, DOCUMENT, 0, length) === length
  if (!isShape || count(code, DIGITS, 0, length) < DOCUMENT_DIGITS_MIN) return undefined
  const values = valuesOf(code, length)
  return verdict(weighted(values, DOCUMENT_WEIGHTS.slice(0, length - 1)) % 10 === values[length - 1])
}

/** How the check digit is made was never published, so a wrong one does not reject. */
function checkVatId(code: Uint8Array): Verdict | undefined {
  if (!fits(code, 'DE999999999') || isText(code, '0', 2)) return undefined
  return mod11And10(valuesOf(code, 11), 9, 2) ? 'passed' : 'none'
}

/** Annex 8 FeV: office (a letter or two, digits), five characters, check character, number of the copy. */
function checkDrivingLicence(code: Uint8Array): Verdict | undefined {
  const isNumber = fits(code, 'A999*****9*') || fits(code, 'A999*****X*') || fits(code, 'AA99999999*')
  return isNumber ? 'none' : undefined
}
