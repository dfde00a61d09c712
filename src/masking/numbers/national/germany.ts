import { entityId } from '../../entities.ts'
import type { NumberRule, Verdict } from '../rule.ts'
import { mod11And10, numberOf, verdict, weighted } from './checksums.ts'
import { CHECKED, SCORE } from './scores.ts'

const TAX_NUMBER = entityId('de_tax_number')
const SLASHES = ['/', ' '] as const
/** Numbers of tax offices are no more than digits; their slashes tell. */
const SLASHED = { bare: SCORE.shape, grouped: SCORE.distinct } as const

export const GERMAN_NUMBERS: readonly NumberRule[] = [
  {
    entity: entityId('de_tax_id'),
    name: 'de-tax-id',
    digits: 11,
    groups: [[2, 3, 3, 3]],
    check: checkTaxId,
    score: CHECKED,
  },
  {
    entity: TAX_NUMBER,
    name: 'de-tax-number.10',
    digits: 10,
    groups: [
      [2, 3, 5],
      [5, 5],
      [2, 3, 4, 1],
      [2, 4, 4],
      [3, 3, 4],
    ],
    separators: SLASHES,
    check: () => 'none',
    score: SLASHED,
  },
  {
    entity: TAX_NUMBER,
    name: 'de-tax-number.11',
    digits: 11,
    groups: [
      [3, 3, 5],
      [3, 4, 4],
      [2, 4, 5],
    ],
    separators: SLASHES,
    check: () => 'none',
    score: SLASHED,
  },
  {
    entity: TAX_NUMBER,
    name: 'de-tax-number.12',
    digits: 12,
    groups: [[3, 4, 5]],
    separators: ['/'],
    onlyGrouped: true,
    check: () => 'none',
    score: SLASHED,
  },
  {
    entity: TAX_NUMBER,
    name: 'de-tax-number.federal',
    digits: 13,
    groups: [],
    check: checkFederalTaxNumber,
    score: { bare: SCORE.distinct, grouped: SCORE.distinct },
  },
  { entity: entityId('de_lanr'), name: 'de-lanr', digits: 9, groups: [[7, 2]], check: checkLanr, score: CHECKED },
  {
    entity: entityId('de_bsnr'),
    name: 'de-bsnr',
    digits: 9,
    groups: [[2, 7]],
    check: () => 'none',
    score: { bare: SCORE.shape, grouped: SCORE.shape },
  },
]

/** The same digit may stand three times among the first ten, not more often (section 139b AO, since 2016). */
const TAX_ID_REPEATS_MAX = 3

function checkTaxId(digits: Uint8Array): Verdict {
  const counts = new Uint8Array(10)
  for (let i = 0; i < 10; i++) {
    const digit = digits[i] ?? 0
    counts[digit] = (counts[digit] ?? 0) + 1
  }
  const isRepetitive = counts.some((times) => times > TAX_ID_REPEATS_MAX)
  return verdict(digits[0] !== 0 && !isRepetitive && mod11And10(digits, 11))
}

/** The states as the federal form of the number has them; Nordrhein-Westfalen is 5 and Bayern 9, whatever follows. */
const STATES: readonly number[] = [10, 11, 21, 22, 23, 24, 26, 27, 28, 30, 31, 32, 40, 41]
/** As official statistics number the states, from 01 on. No tax office writes so; other detectors take it for the number. */
const STATE_KEYS_MAX = 16

/** Vereinheitlichtes Bundesschema: four digits of the tax office, a zero, eight digits. */
function checkFederalTaxNumber(digits: Uint8Array): Verdict | undefined {
  const state = numberOf(digits, 0, 2)
  const isOfState = digits[0] === 5 || digits[0] === 9 || STATES.includes(state)
  return (isOfState && digits[4] === 0) || (state >= 1 && state <= STATE_KEYS_MAX) ? 'none' : undefined
}

const LANR_WEIGHTS = [4, 9, 4, 9, 4, 9] as const

/** Number of a doctor (section 75 (7) SGB V): six digits, their check digit, two of the field of medicine. */
function checkLanr(digits: Uint8Array): Verdict {
  if (numberOf(digits, 0, 6) === 0) return 'failed'
  return verdict((10 - (weighted(digits, LANR_WEIGHTS) % 10)) % 10 === digits[6])
}
