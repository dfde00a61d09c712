import { entityId } from '../../entities.ts'
import type { CodeRule, NumberRule, Verdict } from '../rule.ts'
import { numberOf, verdict } from './checksums.ts'
import { fits, valuesOf } from './letters.ts'
import { SCORE } from './scores.ts'

const NIR = entityId('fr_nir')
const GROUPS = [
  [1, 2, 2, 2, 3, 3, 2],
  [13, 2],
  [1, 2, 2, 2, 3, 5],
] as const

export const FRENCH_NUMBERS: readonly NumberRule[] = [
  {
    entity: NIR,
    name: 'fr-nir',
    digits: 15,
    groups: GROUPS,
    check: (digits) => verdict(isBirth(digits) && isKey(digits, numberOf(digits, 0, 13))),
    // Ids of fifteen digits that begin with a one are common, and every sixth has a month in its place.
    score: { bare: SCORE.check, grouped: SCORE.strong },
  },
  {
    entity: NIR,
    name: 'fr-nir.without-key',
    digits: 13,
    groups: [[1, 2, 2, 2, 3, 3]],
    check: (digits) => (isBirth(digits) ? 'none' : undefined),
    score: { bare: SCORE.shape, grouped: SCORE.check },
  },
]

export const FRENCH_CODES: readonly CodeRule[] = [
  {
    entity: NIR,
    name: 'fr-nir.corsica',
    lengths: [15],
    check: checkCorsican,
    score: { passed: SCORE.strong, none: SCORE.strong },
    anyCase: true,
    separators: ' .-',
    groups: GROUPS,
  },
]

const LETTER_A = 65
const LETTER_B = 66

/** INSEE: 2A counts as 19 and 2B as 18, which are no departments any more. */
function checkCorsican(code: Uint8Array): Verdict | undefined {
  const letter = code[6]
  const isCorsican = fits(code, '999992') && (letter === LETTER_A || letter === LETTER_B) && fits(code, '99999999', 7)
  if (!isCorsican) return undefined
  const digits = valuesOf(code, 15)
  digits[5] = 1
  digits[6] = letter === LETTER_A ? 9 : 8
  return verdict(isBirth(digits) && isKey(digits, numberOf(digits, 0, 13)))
}

/**
 * First digit: 1 and 2 for men and women; 3, 4, 7 and 8 while somebody is being registered. Months beyond December stand for
 * documents that do not say one; they are rare, so they count for registered persons only.
 */
function isBirth(digits: Uint8Array): boolean {
  const sex = digits[0] ?? 0
  const month = numberOf(digits, 3, 2)
  if (month >= 1 && month <= 12) return sex >= 1 && sex !== 5 && sex !== 6 && sex !== 9
  return (sex === 1 || sex === 2) && ((month >= 20 && month <= 42) || month >= 50)
}

function isKey(digits: Uint8Array, body: number): boolean {
  return 97 - (body % 97) === numberOf(digits, 13, 2)
}
