import { entityId } from '../../entities.ts'
import type { CodeRule, NumberRule, Verdict } from '../rule.ts'
import { numberOf, verdict, verhoeff } from './checksums.ts'
import { fits, isText, oneOf, valuesOf } from './letters.ts'
import { SCORE } from './scores.ts'

export const INDIAN_NUMBERS: readonly NumberRule[] = [
  {
    entity: entityId('in_aadhaar'),
    name: 'in-aadhaar',
    digits: 12,
    groups: [[4, 4, 4]],
    separators: [' ', '-', '/'],
    check: checkAadhaar,
    score: { bare: SCORE.check, grouped: SCORE.free },
  },
  {
    // With dots, versions and weights of letters are written.
    entity: entityId('in_aadhaar'),
    name: 'in-aadhaar.dots',
    digits: 12,
    groups: [[4, 4, 4]],
    separators: ['.'],
    onlyGrouped: true,
    check: checkAadhaar,
    score: { bare: SCORE.check, grouped: SCORE.check },
  },
]

export const INDIAN_CODES: readonly CodeRule[] = [
  {
    entity: entityId('in_pan'),
    name: 'in-pan',
    lengths: [10],
    check: (code) => (fits(code, 'AAAAA9999A') && HOLDERS[code[3] ?? 0] === 1 ? 'none' : undefined),
    score: { passed: SCORE.check, none: SCORE.check },
    anyCase: true,
    separators: '',
  },
  {
    entity: entityId('in_gstin'),
    name: 'in-gstin',
    lengths: [15],
    check: checkGstin,
    score: { passed: SCORE.strong, none: SCORE.free },
    anyCase: true,
    separators: '',
  },
  {
    entity: entityId('in_voter'),
    name: 'in-voter',
    lengths: [10],
    check: (code) => (fits(code, 'AAA9999999') ? 'none' : undefined),
    score: { passed: SCORE.distinct, none: SCORE.distinct },
    anyCase: true,
    separators: '',
  },
  {
    entity: entityId('in_passport'),
    name: 'in-passport',
    lengths: [8],
    check: checkPassport,
    score: { passed: SCORE.shape, none: SCORE.shape },
    anyCase: false,
    separators: ' ',
    groups: [
      [1, 7],
      [3, 5],
    ],
  },
  {
    entity: entityId('in_vehicle'),
    name: 'in-vehicle',
    lengths: [8, 9, 10, 11],
    check: checkVehicle,
    score: { passed: SCORE.check, none: SCORE.check },
    anyCase: false,
    separators: ' -',
    groups: [
      [2, 2, 1, 4],
      [2, 2, 2, 4],
      [2, 2, 3, 4],
      [2, 1, 1, 4],
      [2, 1, 2, 4],
      [4, 1, 4],
      [4, 2, 4],
      [4, 6],
      [6, 4],
      [2, 2, 4, 1],
      [2, 2, 4, 2],
    ],
  },
]

/** UIDAI: Verhoeff; never begins with 0 or 1, and never reads the same backwards. */
function checkAadhaar(digits: Uint8Array): Verdict {
  return verdict((digits[0] ?? 0) >= 2 && verhoeff(digits, 12) && !isPalindrome(digits))
}

function isPalindrome(digits: Uint8Array): boolean {
  for (let i = 0; i < 6; i++) if (digits[i] !== digits[11 - i]) return false
  return true
}

/** The fourth letter of a permanent account number: person, company, trust and so on. */
const HOLDERS = oneOf('ABCFGHJLPT')
/** States and territories; 97 is other territory, 99 the centre. */
const STATES_MAX = 38

/** Two digits of the state, a permanent account number, number of the registration, Z, check character. */
function checkGstin(code: Uint8Array): Verdict | undefined {
  if (!fits(code, '99AAAAA9999A*Z*')) return undefined
  const values = valuesOf(code, 15)
  const state = numberOf(values, 0, 2)
  if ((state < 1 || state > STATES_MAX) && state !== 97 && state !== 99) return undefined
  return isGstinCheck(values) ? 'passed' : 'none'
}

/** In base 36: every second value twice, quotient and remainder by 36 added up. */
function isGstinCheck(values: Uint8Array): boolean {
  let sum = 0
  for (let i = 0; i < 14; i++) {
    const product = (values[i] ?? 0) * (i % 2 === 0 ? 1 : 2)
    sum += Math.trunc(product / 36) + (product % 36)
  }
  return (36 - (sum % 36)) % 36 === values[14]
}

const PASSPORT_LETTERS = oneOf('ABCDEFGHIJKLMNOPRSTUVWXY')

/** A letter but Q and Z; the number begins and ends with 1 to 9. */
function checkPassport(code: Uint8Array): Verdict | undefined {
  const isShape = PASSPORT_LETTERS[code[0] ?? 0] === 1 && fits(code, 'A9999999')
  return isShape && !isText(code, '0', 1) && !isText(code, '0', 7) ? 'none' : undefined
}

const VEHICLE_STATES: readonly string[] =
  'AN AP AR AS BR CG CH DD DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD OR PB PY RJ SK TN TR TS TG UK UA UP WB'.split(
    ' ',
  )
const SERIES = ['99A9999', '99AA9999', '99AAA9999', '9A9999', '9AA9999', '9AAA9999'] as const

/** State, district, series, number; or year and BH for those who move a lot. */
function checkVehicle(code: Uint8Array, length: number): Verdict | undefined {
  const isOfState = VEHICLE_STATES.some((state) => isText(code, state))
  if (isOfState && SERIES.some((series) => series.length === length - 2 && fits(code, series, 2))) return 'none'
  const isBharat = fits(code, '99BH9999A') && (length === 9 || (length === 10 && fits(code, 'A', 9)))
  return isBharat ? 'none' : undefined
}
