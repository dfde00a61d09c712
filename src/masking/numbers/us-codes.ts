import { entityId } from '../entities.ts'
import type { CodeRule, Verdict } from './rule.ts'

/** Medicare's numbers leave these letters out: they look like digits, or like one another. */
const MBI_LETTERS = 'ACDEFGHJKMNPQRTUVWXY'
const DIGITS = '0123456789'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const MBI_ANY = DIGITS + MBI_LETTERS
/** Position by position, as the Centers for Medicare and Medicaid Services lay it down. */
const MBI = [
  '123456789',
  MBI_LETTERS,
  MBI_ANY,
  DIGITS,
  MBI_LETTERS,
  MBI_ANY,
  DIGITS,
  MBI_LETTERS,
  MBI_LETTERS,
  DIGITS,
  DIGITS,
]
/** Kinds of registrants of the Drug Enforcement Administration: the first letter. */
const DEA_FIRST = 'ABCDEFGHJKLMPRSTUX'

/**
 * Licences of the states that have letters: `A` a letter, `9` a digit, `X` either. Licences of digits alone are among the
 * numbers.
 */
const LICENSES = [
  'A999999',
  'A9999999',
  'A99999999',
  'A999999999',
  'A9999999999',
  'A99999999999',
  'A999999999999',
  'A9999999999999',
  'A99999999999999',
  'AA99999',
  'AA999999',
  'AA9999999',
  'AA999999A',
  'AAA999999',
  '999AA9999',
  '99AAA99999',
  '9999999A',
  '99999999A',
  '999999999A',
  '99999999AA',
  'A9A9A',
  'A999999A',
  'A999999999999999999',
  'AAAAAAA999A9',
] as const

/** Ids of the United States that have letters. */
export const US_CODES: readonly CodeRule[] = [
  {
    entity: entityId('us_mbi'),
    name: 'us.mbi',
    lengths: [11],
    check: checkMbi,
    score: { passed: 0.7, none: 0.7 },
    anyCase: true,
    separators: '-',
    groups: [[4, 3, 4]],
    onlyGrouped: true,
  },
  {
    entity: entityId('us_mbi'),
    name: 'us.mbi',
    lengths: [11],
    check: checkMbi,
    score: { passed: 0.5, none: 0.5 },
    anyCase: true,
    separators: '',
  },
  {
    entity: entityId('us_dea'),
    name: 'us.dea',
    lengths: [9],
    // Every tenth id of two letters and seven digits passes the check.
    check: checkDea,
    score: { passed: 0.5, none: 0 },
    anyCase: false,
    separators: '',
  },
  {
    entity: entityId('us_passport'),
    name: 'us.passport',
    lengths: [9],
    check: (code) => (matches(code, patternOf('A99999999')) ? 'none' : undefined),
    score: { passed: 0.2, none: 0.2 },
    anyCase: true,
    separators: '',
  },
  {
    entity: entityId('us_driver_license'),
    name: 'us.driver-license',
    lengths: [...new Set(LICENSES.map((license) => license.length))],
    check: licenseCheck(),
    score: { passed: 0.2, none: 0.2 },
    anyCase: false,
    separators: '-',
  },
]

export function checkMbi(code: Uint8Array): Verdict | undefined {
  return matches(code, MBI) ? 'none' : undefined
}

/** Two letters (or a letter and a nine), six digits, and the last digit of (d1 + d3 + d5) + 2 (d2 + d4 + d6). */
export function checkDea(code: Uint8Array): Verdict | undefined {
  if (!has(DEA_FIRST, code[0]) || !has(`${LETTERS}9`, code[1])) return undefined
  for (let i = 2; i < 9; i += 1) if (!has(DIGITS, code[i])) return undefined
  const digit = (i: number): number => (code[i + 1] ?? 0) & 0x0f
  const sum = digit(1) + digit(3) + digit(5) + 2 * (digit(2) + digit(4) + digit(6))
  return sum % 10 === digit(7) ? 'passed' : 'failed'
}

function licenseCheck(): CodeRule['check'] {
  const patterns = LICENSES.map(patternOf)
  return (code, length) =>
    patterns.some((pattern) => pattern.length === length && matches(code, pattern)) ? 'none' : undefined
}

function patternOf(license: string): readonly string[] {
  return Array.from(license, (kind) => (kind === 'A' ? LETTERS : DIGITS))
}

function matches(code: Uint8Array, pattern: readonly string[]): boolean {
  return pattern.every((allowed, i) => has(allowed, code[i]))
}

function has(allowed: string, byte: number | undefined): boolean {
  return byte !== undefined && allowed.includes(String.fromCharCode(byte))
}
