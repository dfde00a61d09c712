import type { Verdict } from '../rule.ts'

// Verhoeff, "Error Detecting Decimal Codes" (1969): multiplication in the dihedral group D5, and the permutation of each place.
const D5 = Uint8Array.from(
  '0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210',
  Number,
)
const PLACES = Uint8Array.from(
  '01234567891576283094580379614289160435279453126870428657390127938064157046913258',
  Number,
)

export function verdict(isRight: boolean): Verdict {
  return isRight ? 'passed' : 'failed'
}

/** The sum of digit times weight, from the digit at `from` on. */
export function weighted(digits: Uint8Array, weights: readonly number[], from = 0): number {
  let sum = 0
  for (let i = 0; i < weights.length; i++) sum += (digits[from + i] ?? 0) * (weights[i] ?? 0)
  return sum
}

/** The same, where products of two digits count as the sum of these (10 counts as 1). */
export function weightedDigitSums(digits: Uint8Array, weights: readonly number[], from = 0): number {
  let sum = 0
  for (let i = 0; i < weights.length; i++) {
    const product = (digits[from + i] ?? 0) * (weights[i] ?? 0)
    sum += (product % 10) + Math.trunc(product / 10)
  }
  return sum
}

/** ISO/IEC 7812-1, annex B: the last of `length` digits from `from` on makes the sum a multiple of ten. */
export function luhn(digits: Uint8Array, length: number, from = 0): boolean {
  let sum = 0
  let twice = false
  for (let i = from + length - 1; i >= from; i--) {
    const digit = digits[i] ?? 0
    const value = twice ? digit * 2 : digit
    sum += value > 9 ? value - 9 : value
    twice = !twice
  }
  return sum % 10 === 0
}

export function verhoeff(digits: Uint8Array, length: number): boolean {
  let state = 0
  for (let i = 0; i < length; i++) {
    const permuted = PLACES[(i % 8) * 10 + (digits[length - 1 - i] ?? 0)] ?? 0
    state = D5[state * 10 + permuted] ?? 0
  }
  return state === 0
}

/** ISO/IEC 7064, hybrid system MOD 11,10: the last of `length` digits from `from` on is the check digit. */
export function mod11And10(digits: Uint8Array, length: number, from = 0): boolean {
  let product = 10
  for (let i = from; i < from + length - 1; i++) {
    const sum = ((digits[i] ?? 0) + product) % 10
    product = ((sum === 0 ? 10 : sum) * 2) % 11
  }
  return (11 - product) % 10 === digits[from + length - 1]
}

/** 000000000 and the like pass many checks, and nobody has them. */
export function isOneDigit(digits: Uint8Array, length: number): boolean {
  for (let i = 1; i < length; i++) if (digits[i] !== digits[0]) return false
  return true
}

/** The number that some digits are; at most 15 of them, so that it is exact. */
export function numberOf(digits: Uint8Array, from: number, length: number): number {
  let value = 0
  for (let i = from; i < from + length; i++) value = value * 10 + (digits[i] ?? 0)
  return value
}
