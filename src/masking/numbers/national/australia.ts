import { entityId } from '../../entities.ts'
import type { NumberRule, Verdict } from '../rule.ts'
import { isOneDigit, verdict, weighted } from './checksums.ts'
import { CHECKED, SCORE } from './scores.ts'

export const AUSTRALIAN_NUMBERS: readonly NumberRule[] = [
  { entity: entityId('au_tfn'), name: 'au-tfn', digits: 9, groups: [[3, 3, 3]], check: checkTfn, score: CHECKED },
  {
    entity: entityId('au_abn'),
    name: 'au-abn',
    digits: 11,
    groups: [[2, 3, 3, 3]],
    check: checkAbn,
    score: CHECKED,
  },
  { entity: entityId('au_acn'), name: 'au-acn', digits: 9, groups: [[3, 3, 3]], check: checkAcn, score: CHECKED },
  {
    entity: entityId('au_medicare'),
    name: 'au-medicare',
    digits: 10,
    groups: [[4, 5, 1]],
    check: checkMedicare,
    score: CHECKED,
  },
  {
    entity: entityId('au_medicare'),
    name: 'au-medicare.person',
    digits: 11,
    groups: [
      [4, 5, 1, 1],
      [4, 5, 2],
      [10, 1],
    ],
    separators: [' ', '-', '/', '  /', '--/'],
    check: checkMedicare,
    score: { bare: SCORE.shape, grouped: SCORE.check },
  },
]

const TFN_WEIGHTS = [1, 4, 3, 7, 5, 8, 6, 9, 10] as const

/** Australian Taxation Office, tax file number of nine digits. */
function checkTfn(digits: Uint8Array): Verdict {
  return verdict(!isOneDigit(digits, 9) && weighted(digits, TFN_WEIGHTS) % 11 === 0)
}

const ABN_WEIGHTS = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19] as const

/** Australian Business Register, format of the ABN: one is taken from the first digit, which is no 0. */
function checkAbn(digits: Uint8Array): Verdict {
  return verdict(digits[0] !== 0 && (weighted(digits, ABN_WEIGHTS) - 10) % 89 === 0)
}

const ACN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 1] as const

/** ASIC, Australian Company Number digit check. */
function checkAcn(digits: Uint8Array): Verdict {
  if (isOneDigit(digits, 9)) return 'failed'
  return verdict((10 - (weighted(digits, ACN_WEIGHTS) % 10)) % 10 === digits[8])
}

const MEDICARE_WEIGHTS = [1, 3, 7, 9, 1, 3, 7, 9] as const

/** Services Australia: eight digits, a check digit, the issue of the card, and maybe the place of the person on it. */
function checkMedicare(digits: Uint8Array): Verdict {
  const first = digits[0] ?? 0
  return verdict(first >= 2 && first <= 6 && weighted(digits, MEDICARE_WEIGHTS) % 10 === digits[8])
}
