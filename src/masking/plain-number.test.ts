import { describe, expect, it } from 'vitest'
import { plainNumber } from './plain-number.ts'

describe('a number with an exponent', () => {
  it.each([
    ['4.111111111111111e15', '4111111111111111'],
    ['-4.1E+3', '-4100'],
    ['41111111111111110e-1', '4111111111111111'],
    ['0.0041e4', '41'],
    ['0e0', '0'],
    ['12e00', '12'],
  ])('is the same as its digits: %s', (text, plain) => expect(plainNumber(text)).toBe(plain))

  it.each(['4111', '4.5', '4.15e1', '1e-3', '1e400', '1e99', 'e5', '1e5x', ''])('is none: %s', (text) =>
    expect(plainNumber(text)).toBeUndefined(),
  )

  it('is what a double of it is', () => {
    for (let i = 1; i < 2_000; i++) {
      const text = `${i}.${i * 7}e${(i % 9) + 5}`
      expect(Number(plainNumber(text))).toBe(Number(text))
    }
  })
})
