import type { Verdict } from '../rule.ts'
import { numberOf, verdict, weighted } from './checksums.ts'
import { fits, isText, valuesOf } from './letters.ts'

const BUSINESS = { weights: [10, 4, 9, 3, 8, 2, 7, 1], letters: 'XMKECAWLJDB' } as const
const COMPANY = { weights: [10, 8, 6, 4, 9, 7, 5, 3, 1], letters: 'ZKCMDNERGWH' } as const
const OTHER = { weights: [4, 3, 5, 3, 10, 2, 2, 5, 7], letters: 'ABCDEFGHJKLMNPQRSTUVWX0123456789' } as const

/** Unique Entity Number (uen.gov.sg): businesses 8 digits, local companies 9 with the year, others T, S or R and a kind. */
export function checkUen(code: Uint8Array, length: number): Verdict | undefined {
  if (length === 9) return fits(code, '99999999A') ? check(code, BUSINESS) : undefined
  if (fits(code, '999999999A')) return isYear(code) ? check(code, COMPANY) : undefined
  if (fits(code, 'F00099999A')) return 'none'
  return isOther(code) ? verdict(isOtherChecked(code)) : undefined
}

function check(code: Uint8Array, rule: { weights: readonly number[]; letters: string }): Verdict {
  const digits = valuesOf(code, rule.weights.length)
  return verdict(rule.letters.charCodeAt(weighted(digits, rule.weights) % 11) === code[rule.weights.length])
}

function isYear(code: Uint8Array): boolean {
  const year = numberOf(valuesOf(code, 4), 0, 4)
  return year >= 1800 && year < 2100
}

const KINDS: readonly string[] =
  'CC CD CH CL CM CP CS CX DP FB FC FM FN GA GB GS HC HS LL LP MB MC MD MH MM MQ NB NR PA PB PF RF RP SM SS TC TU VH XL'.split(
    ' ',
  )

function isOther(code: Uint8Array): boolean {
  const isCentury = isText(code, 'T') || isText(code, 'S') || isText(code, 'R')
  return isCentury && fits(code, 'A99AA9999A') && KINDS.some((kind) => isText(code, kind, 3))
}

/** Letters count by their place in a row without I, O, Y and Z, and digits after them. */
function isOtherChecked(code: Uint8Array): boolean {
  let sum = 0
  for (let i = 0; i < 9; i++) {
    const value = OTHER.letters.indexOf(String.fromCharCode(code[i] ?? 0))
    sum += value * (OTHER.weights[i] ?? 0)
  }
  return OTHER.letters.charCodeAt((((sum - 5) % 11) + 11) % 11) === code[9]
}
