import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalNumber, numberSurrogate, oneWayNumber } from './numbers.ts'

const clean = () => true
const seeds = fc.bigInt({ min: 0n, max: 2n ** 90n - 1n })
const tokens = fc.stringMatching(/^-?(?:0|[1-9][0-9]{0,24})(?:\.[0-9]{1,12})?(?:[eE][+-]?[0-9]{1,2})?$/)

describe('a number in place of a number', () => {
  it.each([
    ['4111111111111111', /^1\d{15}$/],
    ['-4111111111111111', /^-1\d{15}$/],
    ['78051120', /^1\d{7}$/],
    ['41111111111111111111', /^1\d{15}$/],
    ['12.50', /^1\d\.\d[1-9]$/],
    ['0.0123', /^1\.\d{3}[1-9]$/],
    ['1.0', /^[02-9]\.0$/],
    ['7', /^[0-689]$/],
    ['4.111e15', /^\d\.000$/],
    ['4.5E-3', /^\d\.\d$/],
  ])('of %s is like %s', (text, shape) => {
    for (const seed of [1n, 2n, 3n, 4n]) expect(numberSurrogate(text, seed, clean)?.text).toMatch(shape)
  })

  it('is a JSON number without exponent that any parser writes as it reads it', () => {
    fc.assert(
      fc.property(tokens, seeds, (text, seed) => {
        const found = numberSurrogate(text, seed, clean)
        if (found === undefined) return
        expect(found.text).toMatch(/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/)
        expect(found.text.startsWith('-')).toBe(text.startsWith('-'))
        expect(found.text.replaceAll(/[^0-9]/g, '').length).toBeLessThanOrEqual(16)
        expect(String(JSON.parse(found.text))).toBe(canonicalNumber(found.text))
        expect(found.text).not.toBe(text)
      }),
      { numRuns: 2000 },
    )
  })

  it('has as many digits, of which the first is 1, and none that would make a card of it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9][0-9]{3,15}$/), seeds, (text, seed) => {
        const found = numberSurrogate(text, seed, clean)?.text ?? ''
        expect(found).toHaveLength(text.length)
        expect(found.startsWith('1')).toBe(true)
        expect(text.length >= 12 && luhn(found)).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  it('is the same for the same seed, and hardly ever for another one', () => {
    const values = Array.from({ length: 1000 }, (_, i) => numberSurrogate('4111111111111111', BigInt(i), clean)?.text)
    expect(new Set(values).size).toBe(1000)
    expect(numberSurrogate('4111111111111111', 7n, clean)).toEqual(numberSurrogate('4999999999999999', 7n, clean))
  })

  it('is given up after sixteen tries that a detector reports', () => {
    let tries = 0
    const report = () => {
      tries += 1
      return false
    }
    expect(numberSurrogate('123456789', 5n, report)).toBeUndefined()
    expect(tries).toBe(16)
  })

  it('lies within what a schema allows, on its steps, wherever that is', () => {
    fc.assert(
      fc.property(
        tokens,
        seeds,
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        fc.integer({ min: 200, max: 1_000_000 }),
        fc.integer({ min: 1, max: 50 }),
        (...[text, seed, minimum, width, multipleOf]) => {
          const limits = { minimum, maximum: minimum + width, multipleOf, isInteger: true }
          const value = Number(numberSurrogate(text, seed, clean, limits)?.text)
          expect(value).toBeGreaterThanOrEqual(minimum)
          expect(value).toBeLessThanOrEqual(minimum + width)
          expect(Math.abs(value % multipleOf)).toBe(0)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['an open lower end', '5', { maximum: -10 }, (value: number) => value <= -10],
    ['an open upper end', '5', { minimum: 1e9 }, (value: number) => value >= 1e9],
    [
      'ends that are left out',
      '5',
      { exclusiveMinimum: 2, exclusiveMaximum: 4 },
      (value: number) => value > 2 && value < 4,
    ],
    [
      'steps of cents',
      '19.99',
      { minimum: 0, maximum: 1, multipleOf: 0.01 },
      (value: number) => value >= 0 && value <= 1,
    ],
    ['limits with exponents', '5', { minimum: 1e21 }, (value: number) => value >= 1e21],
  ])('of a schema with %s is inside', (_, text, limits, isInside) => {
    const value = Number(numberSurrogate(text, 3n, clean, limits)?.text)
    expect(isInside(value)).toBe(true)
  })

  it('cannot be where a schema allows only the value itself, or nothing', () => {
    expect(numberSurrogate('5', 1n, clean, { minimum: 5, maximum: 5 })).toBeUndefined()
    expect(numberSurrogate('5', 1n, clean, { minimum: 5, maximum: 4 })).toBeUndefined()
    expect(numberSurrogate('five', 1n, clean)).toBeUndefined()
  })
})

describe('a number from which nothing comes back', () => {
  it.each([
    ['4111111111111111', '1000000000000000'],
    ['-42', '-10'],
    ['12.34', '10.00'],
    ['7', '0'],
    ['1', '0'],
  ])('of %s is %s', (text, wanted) => {
    expect(oneWayNumber(text, clean)).toBe(wanted)
  })

  it('is another one where a detector reports 1 and zeros, or a schema forbids them', () => {
    expect(oneWayNumber('4111111111', (text) => text !== '1000000000')).toMatch(/^1\d{9}$/)
    expect(oneWayNumber('60', clean, { minimum: 50, maximum: 70 })).toBe('50')
  })
})

function luhn(text: string): boolean {
  const digits = Array.from(text).toReversed().map(Number)
  return (
    digits.reduce((sum, digit, i) => sum + (i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2), 0) % 10 === 0
  )
}
