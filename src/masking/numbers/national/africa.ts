import { entityId } from '../../entities.ts'
import type { NumberRule, Verdict } from '../rule.ts'
import { isOneDigit, luhn, numberOf, verdict, verhoeff } from './checksums.ts'
import { isDayOfYearInShort } from './dates.ts'
import { CHECKED, SCORE } from './scores.ts'

export const AFRICAN_NUMBERS: readonly NumberRule[] = [
  {
    entity: entityId('za_id'),
    name: 'za-id',
    digits: 13,
    groups: [
      [6, 4, 3],
      [6, 4, 2, 1],
      [6, 4, 1, 1, 1],
      [6, 7],
      [6, 5, 2],
    ],
    check: checkSouthAfrican,
    // Times in milliseconds and numbers of articles have thirteen digits too, and there are many.
    score: { bare: SCORE.check, grouped: SCORE.strong },
  },
  {
    entity: entityId('ng_nin'),
    name: 'ng-nin',
    digits: 11,
    groups: [
      [4, 3, 4],
      [3, 4, 4],
      [3, 3, 3, 2],
    ],
    check: (digits) => verdict(!isOneDigit(digits, 11) && verhoeff(digits, 11)),
    score: CHECKED,
  },
]

/** Birth date, number of the day, citizen (0), resident (1) or refugee (2), 8 or 9, Luhn digit. */
function checkSouthAfrican(digits: Uint8Array): Verdict {
  const isDate = isDayOfYearInShort(numberOf(digits, 0, 2), numberOf(digits, 2, 2), numberOf(digits, 4, 2))
  const isShape = isDate && (digits[10] ?? 9) <= 2 && (digits[11] ?? 0) >= 8
  return verdict(isShape && luhn(digits, 13))
}
