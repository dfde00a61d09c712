import { entityId } from '../../entities.ts'
import type { CodeRule, NumberRule, Verdict } from '../rule.ts'
import { isOneDigit, numberOf, verdict, weighted } from './checksums.ts'
import { fits, valuesOf } from './letters.ts'
import { CHECKED, SCORE } from './scores.ts'
import { checkUen } from './singapore-companies.ts'

const PH_TIN = entityId('ph_tin')

export const ASIAN_NUMBERS: readonly NumberRule[] = [
  {
    entity: entityId('th_national_id'),
    name: 'th-national-id',
    digits: 13,
    groups: [[1, 4, 5, 2, 1]],
    check: checkThai,
    score: CHECKED,
  },
  { entity: PH_TIN, name: 'ph-tin', digits: 9, groups: [[3, 3, 3]], check: checkTin, score: CHECKED },
  {
    entity: PH_TIN,
    name: 'ph-tin.branch',
    digits: 12,
    groups: [
      [3, 3, 3, 3],
      [9, 3],
    ],
    check: checkTin,
    score: CHECKED,
  },
  {
    entity: PH_TIN,
    name: 'ph-tin.long-branch',
    digits: 14,
    groups: [[3, 3, 3, 5]],
    check: checkTin,
    score: { bare: SCORE.shape, grouped: SCORE.check },
  },
]

export const ASIAN_CODES: readonly CodeRule[] = [
  {
    entity: entityId('sg_nric'),
    name: 'sg-nric',
    lengths: [9],
    check: checkNric,
    score: { passed: SCORE.strong, none: SCORE.free },
    anyCase: true,
    separators: '',
  },
  {
    // Whoever names the kind wants those with a wrong first letter hidden as well.
    entity: entityId('sg_nric'),
    name: 'sg-nric.other',
    lengths: [9],
    check: (code) => (fits(code, 'A9999999A') ? 'none' : undefined),
    score: { passed: SCORE.distinct, none: SCORE.distinct },
    anyCase: false,
    separators: '',
  },
  {
    entity: entityId('sg_uen'),
    name: 'sg-uen',
    lengths: [9, 10],
    check: checkUen,
    score: { passed: SCORE.check, none: SCORE.distinct },
    anyCase: true,
    separators: '',
  },
]

const THAI_WEIGHTS = [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2] as const
/** The highest province in each ten of them (ISO 3166-2:TH): 10 to 19, 20 to 27, 30 to 39 ... */
const LAST_PROVINCES: readonly number[] = [-1, 19, 27, 39, 49, 58, 67, 77, 86, 96]

/** Kind of person, province and district, two numbers, check digit. */
function checkThai(digits: Uint8Array): Verdict {
  const province = numberOf(digits, 1, 2)
  const isPlace = digits[0] !== 0 && province <= (LAST_PROVINCES[digits[1] ?? 0] ?? -1)
  return verdict(isPlace && (11 - (weighted(digits, THAI_WEIGHTS) % 11)) % 10 === digits[12])
}

const TIN_WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2] as const

/** Bureau of Internal Revenue: eight digits, a check digit, and maybe the branch. */
function checkTin(digits: Uint8Array): Verdict {
  return verdict(!isOneDigit(digits, 9) && weighted(digits, TIN_WEIGHTS) % 11 === digits[8])
}

const NRIC_WEIGHTS = [2, 7, 6, 5, 4, 3, 2] as const
const RESIDENTS = { letters: 'JZIHGFEDCBA', shift: 0 } as const
const FOREIGNERS = { letters: 'XWUTRQPNMLK', shift: 0 } as const
/** By the first letter: the letters that may stand last, by the remainder of the sum, and what is added to that. */
const NRIC_KINDS: Readonly<Record<string, { readonly letters: string; readonly shift: number }>> = {
  S: RESIDENTS,
  T: { ...RESIDENTS, shift: 4 },
  F: FOREIGNERS,
  G: { ...FOREIGNERS, shift: 4 },
  M: { letters: 'XWUTRQPNJLK', shift: 3 },
}

/** The rule of the letter was never published in full, so a wrong one does not reject; one that no rule gives does. */
function checkNric(code: Uint8Array): Verdict | undefined {
  if (!fits(code, 'A9999999A')) return undefined
  const kind = NRIC_KINDS[String.fromCharCode(code[0] ?? 0)]
  const letter = String.fromCharCode(code[8] ?? 0)
  if (kind === undefined || !kind.letters.includes(letter)) return undefined
  const sum = weighted(valuesOf(code, 9), NRIC_WEIGHTS, 1) + kind.shift
  return kind.letters[sum % 11] === letter ? 'passed' : 'none'
}
