import { entityId } from '../entities.ts'
import { passesLuhn } from './luhn.ts'
import type { NumberRule, Verdict } from './rule.ts'

/** What the prefix 80840 adds to the sum of Luhn's check of a provider's ten digits (45 CFR 162.406). */
const NPI_PREFIX_SUM = 24
const ABA_WEIGHTS = [3, 7, 1] as const
const US_BANK_ACCOUNT_LENGTHS = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17] as const
const US_LICENSE_LENGTHS = [7, 8, 9, 10, 11, 12, 13, 14] as const

/** Numbers of the United States that are digits only. */
export const US_NUMBERS: readonly NumberRule[] = [
  {
    entity: entityId('us_ssn'),
    name: 'us.ssn',
    digits: 9,
    groups: [[3, 2, 4]],
    check: checkSsn,
    score: { bare: 0.2, grouped: 0.7 },
  },
  {
    entity: entityId('us_itin'),
    name: 'us.itin',
    digits: 9,
    groups: [[3, 2, 4]],
    check: checkItin,
    score: { bare: 0.4, grouped: 0.7 },
  },
  {
    entity: entityId('us_npi'),
    name: 'us.npi',
    digits: 10,
    groups: [
      [4, 3, 3],
      [3, 3, 4],
      [2, 4, 4],
      [5, 5],
      [1, 3, 3, 3],
    ],
    check: checkNpi,
    score: { bare: 0.5, grouped: 0.5 },
  },
  {
    entity: entityId('us_aba'),
    name: 'us.aba',
    digits: 9,
    groups: [
      [4, 4, 1],
      [3, 3, 3],
    ],
    check: checkAba,
    score: { bare: 0.5, grouped: 0.5 },
  },
  { entity: entityId('us_passport'), name: 'us.passport', digits: 9, groups: [], check: none, score: byWordOnly() },
  ...US_LICENSE_LENGTHS.map((digits) => ({
    entity: entityId('us_driver_license'),
    name: 'us.driver-license',
    digits,
    groups:
      digits === 9
        ? [
            [3, 3, 3],
            [3, 2, 4],
          ]
        : [],
    check: none,
    score: byWordOnly(),
  })),
  ...US_BANK_ACCOUNT_LENGTHS.map((digits) => ({
    entity: entityId('us_bank_account'),
    name: 'us.bank-account',
    digits,
    groups: [],
    check: none,
    score: byWordOnly(),
  })),
]

/** Area, group and serial as the Social Security Administration gives them out, or could. */
export function checkSsn(digits: Uint8Array): Verdict {
  const area = numberOf(digits, 0, 3)
  if (area === 0 || area === 666 || area >= 900) return 'failed'
  if (numberOf(digits, 3, 5) === 0 || numberOf(digits, 5, 9) === 0) return 'failed'
  return isOneDigit(digits, 9) ? 'failed' : 'none'
}

/** Starts with a 9; the fourth and fifth digit are in the ranges of the Internal Revenue Service. */
export function checkItin(digits: Uint8Array): Verdict | undefined {
  if (digits[0] !== 9) return undefined
  const group = numberOf(digits, 3, 5)
  const isGiven =
    (group >= 50 && group <= 65) || (group >= 70 && group <= 88) || (group >= 90 && group <= 92) || group >= 94
  return isGiven ? 'none' : 'failed'
}

export function checkNpi(digits: Uint8Array): Verdict | undefined {
  if (digits[0] !== 1 && digits[0] !== 2) return undefined
  return passesLuhn(digits, 10, NPI_PREFIX_SUM) ? 'passed' : 'failed'
}

/** A district of the Federal Reserve, or one of the ranges derived from them, and the weighted sum. */
export function checkAba(digits: Uint8Array): Verdict | undefined {
  const district = numberOf(digits, 0, 2)
  const isGiven =
    district <= 12 || (district >= 21 && district <= 32) || (district >= 61 && district <= 72) || district === 80
  if (!isGiven || isOneDigit(digits, 9)) return undefined
  let sum = 0
  for (let i = 0; i < 9; i += 1) sum += (digits[i] ?? 0) * (ABA_WEIGHTS[i % 3] ?? 0)
  return sum % 10 === 0 ? 'passed' : 'failed'
}

function none(): Verdict {
  return 'none'
}

/** Any number looks so: only a word near it can say what it is. */
function byWordOnly(): { bare: number; grouped: number } {
  return { bare: 0.2, grouped: 0.2 }
}

function numberOf(digits: Uint8Array, from: number, to: number): number {
  let value = 0
  for (let i = from; i < to; i += 1) value = value * 10 + (digits[i] ?? 0)
  return value
}

function isOneDigit(digits: Uint8Array, count: number): boolean {
  for (let i = 1; i < count; i += 1) if (digits[i] !== digits[0]) return false
  return true
}
