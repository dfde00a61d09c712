import { describe, expect, it } from 'vitest'
import { isOneDigit, luhn, mod11And10, numberOf, verhoeff, weighted, weightedDigitSums } from './checksums.ts'

function digitsOf(text: string): Uint8Array {
  return Uint8Array.from(text, Number)
}

const CHECKS = [
  // The example of ISO/IEC 7812-1 readers know.
  { name: 'Luhn', valid: '79927398713', isRight: (digits: Uint8Array) => luhn(digits, digits.length) },
  // Verhoeff's own example.
  { name: 'Verhoeff', valid: '2363', isRight: (digits: Uint8Array) => verhoeff(digits, digits.length) },
  // The example of ISO/IEC 7064 for MOD 11,10.
  { name: 'MOD 11,10', valid: '07945', isRight: (digits: Uint8Array) => mod11And10(digits, digits.length) },
]

describe.each(CHECKS)('the check of $name', ({ valid, isRight }) => {
  it('takes its published example', () => {
    expect(isRight(digitsOf(valid))).toBe(true)
  })

  it('takes none with one digit changed', () => {
    for (let place = 0; place < valid.length; place++) {
      const digits = digitsOf(valid)
      for (let step = 1; step < 10; step++) {
        digits[place] = (Number(valid[place]) + step) % 10
        expect(isRight(digits)).toBe(false)
      }
    }
  })
})

describe('sums', () => {
  it('weigh digits from a place on', () => {
    expect(weighted(digitsOf('9912'), [10, 1], 2)).toBe(12)
  })

  it('count a product of two digits as their sum', () => {
    expect(weightedDigitSums(digitsOf('95'), [2, 5])).toBe(1 + 8 + 2 + 5)
  })

  it('read numbers out of digits', () => {
    expect(numberOf(digitsOf('0120450'), 1, 4)).toBe(1204)
  })

  it('know a number that is one digit again and again', () => {
    expect(isOneDigit(digitsOf('7777'), 4)).toBe(true)
    expect(isOneDigit(digitsOf('7771'), 4)).toBe(false)
    expect(isOneDigit(digitsOf('7771'), 3)).toBe(true)
  })
})
