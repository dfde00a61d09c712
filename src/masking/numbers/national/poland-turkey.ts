import { entityId } from '../../entities.ts'
import type { NumberRule, Verdict } from '../rule.ts'
import { numberOf, verdict, weighted } from './checksums.ts'
import { isDay } from './dates.ts'
import { CHECKED } from './scores.ts'

export const POLISH_NUMBERS: readonly NumberRule[] = [
  { entity: entityId('pl_pesel'), name: 'pl-pesel', digits: 11, groups: [[6, 5]], check: checkPesel, score: CHECKED },
]

export const TURKISH_NUMBERS: readonly NumberRule[] = [
  {
    entity: entityId('tr_national_id'),
    name: 'tr-national-id',
    digits: 11,
    groups: [[3, 3, 3, 2]],
    check: checkKimlik,
    score: CHECKED,
  },
]

const PESEL_WEIGHTS = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3] as const
/** What is added to the month, in twenties: 0 for 1900, then 2000, 2100, 2200; 80 for 1800. */
const CENTURIES = [1900, 2000, 2100, 2200, 1800] as const

/** Ustawa o ewidencji ludności, article 15. */
function checkPesel(digits: Uint8Array): Verdict {
  const month = numberOf(digits, 2, 2)
  const year = (CENTURIES[Math.trunc(month / 20)] ?? 0) + numberOf(digits, 0, 2)
  const isDate = isDay(year, month % 20, numberOf(digits, 4, 2))
  return verdict(isDate && (10 - (weighted(digits, PESEL_WEIGHTS) % 10)) % 10 === digits[10])
}

const ODD_PLACES = [1, 0, 1, 0, 1, 0, 1, 0, 1] as const
const EVEN_PLACES = [0, 1, 0, 1, 0, 1, 0, 1] as const
const FIRST_TEN = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1] as const

/** T.C. kimlik no. */
function checkKimlik(digits: Uint8Array): Verdict {
  const tenth = (weighted(digits, ODD_PLACES) * 7 + 100 - weighted(digits, EVEN_PLACES)) % 10
  const isRight = tenth === digits[9] && weighted(digits, FIRST_TEN) % 10 === digits[10]
  return verdict(isRight && digits[0] !== 0)
}
