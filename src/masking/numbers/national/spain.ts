import { entityId } from '../../entities.ts'
import type { CodeRule, Verdict } from '../rule.ts'
import { luhn, numberOf, verdict } from './checksums.ts'
import { fits, isDigit, oneOf, valuesOf } from './letters.ts'
import { SCORE } from './scores.ts'

const NIF = entityId('es_nif')

export const SPANISH_CODES: readonly CodeRule[] = [
  {
    entity: NIF,
    name: 'es-nif',
    lengths: [8, 9],
    check: checkNif,
    score: { passed: SCORE.check, none: SCORE.shape },
    anyCase: true,
    separators: '-. ',
    groups: [
      [8, 1],
      [7, 1],
      [2, 3, 3, 1],
      [1, 3, 3, 1],
      [2, 3, 4],
    ],
  },
  {
    entity: NIF,
    name: 'es-nif.company',
    lengths: [9],
    check: checkCompany,
    score: { passed: SCORE.check, none: SCORE.shape },
    anyCase: true,
    separators: '-',
    groups: [
      [1, 8],
      [1, 7, 1],
      [8, 1],
    ],
  },
  {
    entity: entityId('es_nie'),
    name: 'es-nie',
    lengths: [9],
    check: checkNie,
    score: { passed: SCORE.strong, none: SCORE.free },
    anyCase: true,
    separators: '-. ',
    groups: [
      [1, 7, 1],
      [8, 1],
      [1, 8],
      [1, 1, 3, 3, 1],
    ],
  },
  {
    entity: entityId('es_passport'),
    name: 'es-passport',
    lengths: [9],
    check: (code) => (fits(code, 'AAA999999') ? 'none' : undefined),
    score: { passed: SCORE.shape, none: SCORE.shape },
    anyCase: true,
    separators: '',
  },
]

const LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE'

/** Real Decreto 1553/2005: the remainder of the number by 23 names the letter. */
function checkNif(code: Uint8Array, length: number): Verdict | undefined {
  if (!fits(code, length === 9 ? '99999999A' : '9999999A')) return undefined
  return verdict(isLetterOf(numberOf(valuesOf(code, length), 0, length - 1), code[length - 1]))
}

/** For foreigners X, Y and Z stand for 0, 1 and 2. */
function checkNie(code: Uint8Array): Verdict | undefined {
  const kind = (code[0] ?? 0) - 'X'.charCodeAt(0)
  if (kind < 0 || kind > 2 || !fits(code, 'A9999999A')) return undefined
  return verdict(isLetterOf(kind * 10_000_000 + numberOf(valuesOf(code, 9), 1, 7), code[8]))
}

const KINDS_OF_COMPANIES = oneOf('ABCDEFGHJNPQRSUVW')
const CONTROL_LETTERS = 'JABCDEFGHI'

/** Orden EHA/451/2008: what stands last is a Luhn digit over the seven digits, or the letter of that digit. */
function checkCompany(code: Uint8Array): Verdict | undefined {
  if (KINDS_OF_COMPANIES[code[0] ?? 0] !== 1 || !fits(code, 'A9999999*')) return undefined
  const digits = valuesOf(code, 9)
  const last = code[8] ?? 0
  if (isDigit(last)) return verdict(luhn(digits, 8, 1))
  const control = CONTROL_LETTERS.indexOf(String.fromCharCode(last))
  if (control < 0) return undefined
  digits[8] = control
  return verdict(luhn(digits, 8, 1))
}

function isLetterOf(number: number, letter: number | undefined): boolean {
  return LETTERS.charCodeAt(number % LETTERS.length) === letter
}
