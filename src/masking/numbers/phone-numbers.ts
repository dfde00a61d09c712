import { entityId } from '../entities.ts'
import { longestNumber } from './calling-codes.ts'
import type { NumberRule } from './rule.ts'

const PHONE = entityId('phone')
/** E.164: at most fifteen digits; fewer than seven are an extension. */
const BARE_DIGITS = [7, 8, 9, 10, 11, 12, 13, 14, 15] as const

/** Longer numbers that begin with 1 are none: of the countries with that code all have as many digits. A time in milliseconds is one. */
const NORTH_AMERICAN_DIGITS = 11

type Groups = readonly (readonly number[])[]

/**
 * Numbers as they are dialled inside a country: a trunk zero and an area code. Of two groups a dot makes a decimal
 * fraction, and 2-7 with a dash is a number of an employer in the United States.
 */
const TRUNK_IN_TWO: Groups = [
  [3, 6],
  [4, 5],
  [2, 8],
  [3, 7],
  [4, 6],
  [5, 5],
  [3, 8],
  [4, 7],
  [5, 6],
  [4, 8],
  [5, 7],
]
const TRUNK_IN_PARTS: Groups = [
  [2, 3, 4],
  [3, 3, 3],
  [2, 3, 2, 2],
  [3, 2, 2, 2],
  [2, 4, 4],
  [3, 3, 4],
  [4, 3, 3],
  [2, 2, 2, 2, 2],
  [3, 3, 2, 2],
  [2, 3, 3, 2],
  [3, 2, 2, 3],
  [4, 2, 2, 2],
  [4, 2, 4],
  [4, 4, 2],
  [3, 4, 4],
  [4, 3, 4],
  [5, 3, 3],
  [4, 3, 2, 2],
  [3, 2, 2, 2, 2],
  [1, 3, 3, 2, 2],
  [4, 4, 3],
  [4, 2, 2, 3],
  [3, 3, 5],
  [5, 2, 2, 2],
  [5, 3, 4],
  [5, 4, 3],
  [4, 3, 5],
  [4, 2, 2, 2, 2],
]
/** Only with a space: with dashes alone, numbers of parts are written so. */
const TRUNK_IN_SPACED_PARTS: Groups = [[2, 4, 3]]
const SPACED = [' ', '- ', '/ ', ' -'] as const
/** A dash or slash after the area code, then one kind of separator: 070-123 45 67. */
const TRUNK_SEPARATORS = [' ', '-', '.', '- ', '-  ', '-   ', '/ ', '/  ', '/   ', ' -', ' --', '/-'] as const

/** Phone numbers without a plus sign, written in the groups of their countries; digits alone need a word near them. */
export const PHONE_NUMBERS: readonly NumberRule[] = [
  // North America: 415-555-0132, 1-415-555-0132, and the same after another country's code.
  ...written('phone.north-america', [[3, 3, 4]], {
    is: (d) => isNorthAmerican(d, 0),
    score: 0.7,
    separators: ['-', '.', ' ', ' -'],
  }),
  ...written('phone.north-america', [[1, 3, 3, 4]], {
    is: (d) => d[0] === 1 && isNorthAmerican(d, 1),
    score: 0.7,
    separators: ['-', '.', ' ', '  -', ' --'],
  }),
  ...written(
    'phone.with-country',
    [
      [2, 3, 3, 4],
      [2, 5, 5],
      [2, 2, 4, 4],
      [2, 2, 5, 4],
    ],
    { is: (d) => hasCallingCode(d) && d[2] !== 0, score: 0.6, separators: ['-', ' ', '  -', ' --'] },
  ),
  ...written('phone.local', [[3, 4]], { is: (d) => (d[0] ?? 0) >= 2, score: 0.2, separators: ['-', '.'] }),
  // The trunk zero.
  ...written('phone.trunk', TRUNK_IN_TWO, { is: hasTrunkZero, score: 0.7, separators: [' ', '-', '/'] }),
  ...written('phone.trunk', TRUNK_IN_PARTS, { is: hasTrunkZero, score: 0.7, separators: TRUNK_SEPARATORS }),
  ...written('phone.trunk', TRUNK_IN_SPACED_PARTS, { is: hasTrunkZero, score: 0.7, separators: SPACED }),
  // No trunk zero, but the country's own groups.
  ...written('phone.turkey', [[3, 3, 2, 2]], { is: (d) => d[0] === 5, score: 0.6, separators: [' ', '-', '.'] }),
  ...written('phone.china', [[3, 4, 4]], { is: isChineseMobile, score: 0.6, separators: [' ', '-'] }),
  ...written('phone.russia', [[1, 3, 3, 2, 2]], {
    is: (d) => d[0] === 8 && (d[1] ?? 0) >= 3,
    score: 0.6,
    separators: [' ', '-', '  --', ' ---'],
  }),
  ...written(
    'phone.brazil',
    [
      [2, 5, 4],
      [2, 4, 4],
    ],
    { is: (d) => (d[0] ?? 0) > 0 && d[1] !== 0, score: 0.6, separators: [' -'] },
  ),
  ...written('phone.brazil', [[5, 4]], { is: (d) => d[0] === 9, score: 0.4, separators: ['-'] }),
  ...written('phone.service', [[4, 3, 3]], {
    is: (d) => d[0] === 1 && (d[1] === 3 || d[1] === 8) && d[2] === 0 && d[3] === 0,
    score: 0.6,
    separators: [' '],
  }),
  ...written('phone.india', [[5, 5]], { is: (d) => (d[0] ?? 0) >= 6, score: 0.5, separators: [' ', '-'] }),
  ...written(
    'phone.italy',
    [
      [3, 7],
      [3, 3, 4],
      [3, 6],
      [3, 3, 3],
    ],
    { is: (d) => d[0] === 3, score: 0.4, separators: [' '] },
  ),
  ...written(
    'phone.nine',
    [
      [3, 3, 3],
      [3, 2, 2, 2],
      [2, 3, 2, 2],
    ],
    { is: (d) => (d[0] ?? 0) > 1, score: 0.4, separators: [' ', '-'] },
  ),
  // Digits only.
  bare('phone.mobile', 9, { is: (d) => d[0] === 6 || d[0] === 7, score: 0.3 }),
  bare('phone.mobile', 10, { is: (d) => isNorthAmerican(d, 0) || d[0] === 3 || (d[0] ?? 0) >= 6, score: 0.3 }),
  bare('phone.mobile', 10, { is: (d) => d[0] === 5 && (d[1] ?? 9) <= 5, score: 0.4 }),
  bare('phone.mobile', 10, { is: (d) => d[0] === 0 && (d[1] ?? 0) > 0, score: 0.4 }),
  bare('phone.mobile', 11, { is: (d) => isChineseMobile(d) || (d[0] === 0 && (d[1] ?? 0) > 0), score: 0.4 }),
  bare('phone.international', 12, { is: hasCallingCode, score: 0.3 }),
  ...BARE_DIGITS.map((digits) =>
    bare('phone.digits', digits, {
      is: () => true,
      score: 0.2,
      ...(digits > NORTH_AMERICAN_DIGITS && { first: '023456789' }),
    }),
  ),
]

interface Shape {
  readonly is: (digits: Uint8Array) => boolean
  readonly first?: string
  readonly score: number
}

/** Rules for each number of digits that the groups add up to. */
function written(
  name: string,
  groups: Groups,
  shape: Shape & { readonly separators: readonly string[] },
): readonly NumberRule[] {
  const totals = new Set(groups.map(total))
  return [...totals].map((digits) => ({
    entity: PHONE,
    name,
    digits,
    groups: groups.filter((sizes) => total(sizes) === digits),
    separators: shape.separators,
    onlyGrouped: true,
    check: (values) => (shape.is(values) ? 'none' : undefined),
    score: { bare: 0.2, grouped: shape.score },
  }))
}

function bare(name: string, digits: number, { is, score, first }: Shape): NumberRule {
  const check: NumberRule['check'] = (values) => (is(values) ? 'none' : undefined)
  return {
    entity: PHONE,
    name,
    digits,
    groups: [],
    check,
    score: { bare: score, grouped: score },
    ...(first !== undefined && { first }),
  }
}

function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Area code and exchange begin with 2 to 9, and an area code does not end with 11 (North American Numbering Plan). */
export function isNorthAmerican(digits: Uint8Array, from: number): boolean {
  const isService = digits[from + 1] === 1 && digits[from + 2] === 1
  return (digits[from] ?? 0) >= 2 && (digits[from + 3] ?? 0) >= 2 && !isService
}

function hasTrunkZero(digits: Uint8Array): boolean {
  return digits[0] === 0 && (digits[1] ?? 0) > 0
}

function isChineseMobile(digits: Uint8Array): boolean {
  return digits[0] === 1 && (digits[1] ?? 0) >= 3
}

function hasCallingCode(digits: Uint8Array): boolean {
  return digits[0] !== 1 && longestNumber(digits[0] ?? 0, digits[1] ?? 0, digits[2] ?? 0) !== undefined
}
