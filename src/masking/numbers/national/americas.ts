import { entityId } from '../../entities.ts'
import type { CodeRule, NumberRule, Verdict } from '../rule.ts'
import { isOneDigit, luhn, verdict, weighted } from './checksums.ts'
import { fits } from './letters.ts'
import { CHECKED, SCORE } from './scores.ts'

const CNPJ_GROUPS = [[2, 3, 3, 4, 2]] as const

export const AMERICAN_NUMBERS: readonly NumberRule[] = [
  { entity: entityId('ca_sin'), name: 'ca-sin', digits: 9, groups: [[3, 3, 3]], check: checkSin, score: CHECKED },
  {
    entity: entityId('br_cpf'),
    name: 'br-cpf',
    digits: 11,
    groups: [
      [3, 3, 3, 2],
      [9, 2],
    ],
    separators: ['..-', '-', ' ', '  -'],
    check: checkCpf,
    score: { bare: SCORE.check, grouped: SCORE.strong },
  },
  // With points alone it is a version, or an address of a network.
  {
    entity: entityId('br_cpf'),
    name: 'br-cpf.points',
    digits: 11,
    groups: [[3, 3, 3, 2]],
    separators: ['.'],
    onlyGrouped: true,
    check: checkCpf,
    score: CHECKED,
  },
  {
    entity: entityId('br_cnpj'),
    name: 'br-cnpj',
    digits: 14,
    groups: [...CNPJ_GROUPS, [8, 4, 2]],
    separators: ['../-', '/-', ' ', '.', '-'],
    check: (digits) => verdict(!isOneDigit(digits, 14) && isCnpj(digits)),
    score: { bare: SCORE.check, grouped: SCORE.strong },
  },
]

export const AMERICAN_CODES: readonly CodeRule[] = [
  {
    entity: entityId('br_cnpj'),
    name: 'br-cnpj.letters',
    lengths: [14],
    check: checkCnpjWithLetters,
    score: { passed: SCORE.check, none: SCORE.shape },
    anyCase: false,
    separators: './-',
    groups: CNPJ_GROUPS,
  },
]

/** Social insurance numbers begin with neither 0 (never issued) nor 8 (business numbers). */
function checkSin(digits: Uint8Array): Verdict {
  return verdict(digits[0] !== 0 && digits[0] !== 8 && luhn(digits, 9))
}

const CPF_FIRST = [10, 9, 8, 7, 6, 5, 4, 3, 2] as const
const CPF_SECOND = [11, ...CPF_FIRST] as const

function checkCpf(digits: Uint8Array): Verdict {
  const isRight = checkDigit(digits, CPF_FIRST) === digits[9] && checkDigit(digits, CPF_SECOND) === digits[10]
  return verdict(isRight && !isOneDigit(digits, 11))
}

const CNPJ_FIRST = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2] as const
const CNPJ_SECOND = [6, ...CNPJ_FIRST] as const

function isCnpj(values: Uint8Array): boolean {
  return checkDigit(values, CNPJ_FIRST) === values[12] && checkDigit(values, CNPJ_SECOND) === values[13]
}

/** Since July 2026 the first twelve may be letters, which count as their ASCII code less 48 (IN RFB 2229/2024). */
function checkCnpjWithLetters(code: Uint8Array): Verdict | undefined {
  if (!fits(code, '************99') || fits(code, '999999999999')) return undefined
  const values = new Uint8Array(14)
  for (let i = 0; i < 14; i++) values[i] = (code[i] ?? 48) - 48
  return verdict(isCnpj(values))
}

/** Modulus 11 as Brazil has it: remainders of 0 and 1 give the digit 0. */
function checkDigit(values: Uint8Array, weights: readonly number[]): number {
  const rest = weighted(values, weights) % 11
  return rest < 2 ? 0 : 11 - rest
}
