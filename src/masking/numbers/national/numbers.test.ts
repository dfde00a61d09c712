import { describe, expect, it } from 'vitest'
import { ENTITY_NAMES } from '../../entities.ts'
import type { NumberRule } from '../rule.ts'
import { luhn } from './checksums.ts'
import { NATIONAL_NUMBERS } from './numbers.ts'

/** The same numbers in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function rule(name: string): NumberRule {
  const found = NATIONAL_NUMBERS.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no rule ${name}`)
  return found
}

function verdictOf(name: string, text: string): string {
  return rule(name).check(Uint8Array.from(text, Number)) ?? 'no number'
}

/** The one of ten last digits that makes it right. */
function completed(body: string, isRight: (digits: Uint8Array) => boolean): string {
  for (let last = 0; last < 10; last++) if (isRight(Uint8Array.from(`${body}${last}`, Number))) return `${body}${last}`
  throw new Error('no last digit fits')
}

/** In percent of random numbers, as the table of entities has them. */
const SHARES = [
  ['uk-nhs', 9.0],
  ['ca-sin', 8.8],
  ['au-tfn', 9.1],
  ['au-abn', 1.1],
  ['au-acn', 10.0],
  ['au-medicare', 5.5],
  ['de-tax-id', 8.8],
  ['de-lanr', 10.0],
  ['fr-nir', 0.2],
  ['it-vat', 10.0],
  ['br-cpf', 1.0],
  ['br-cnpj', 1.0],
  ['pl-pesel', 1.8],
  ['se-personnummer', 0.7],
  ['se-organisationsnummer', 8.0],
  ['tr-national-id', 1.0],
  ['za-id', 0.02],
  ['in-aadhaar', 8.9],
  ['kr-rrn', 0.15],
  ['kr-brn', 10.0],
  ['ng-nin', 10.1],
  ['ph-tin', 9.1],
] as const

describe('random numbers', () => {
  it.each(SHARES)('pass as %s in about %d percent', (name, percent) => {
    const random = seeded(20_260_901)
    const { digits, check } = rule(name)
    const number = new Uint8Array(digits)
    const tries = 40_000
    let passed = 0
    for (let i = 0; i < tries; i++) {
      for (let place = 0; place < digits; place++) number[place] = random(10)
      if (check(number) === 'passed') passed++
    }
    const share = (passed * 100) / tries
    expect(share).toBeGreaterThan(percent * 0.5 - 0.02)
    expect(share).toBeLessThan(percent * 1.3 + 0.1)
  })
})

describe('the rules of numbers', () => {
  it('have groups that add up to their digits, and patterns of separators that fit', () => {
    for (const { name, digits, groups, separators } of NATIONAL_NUMBERS) {
      for (const sizes of groups) expect([name, sizes.reduce((total, size) => total + size, 0)]).toEqual([name, digits])
      for (const pattern of separators ?? [])
        expect([name, pattern.length === 1 || groups.some((sizes) => sizes.length === pattern.length + 1)]).toEqual([
          name,
          true,
        ])
    }
  })

  it('name a kind each, and themselves once', () => {
    expect(NATIONAL_NUMBERS.every(({ entity }) => ENTITY_NAMES[entity] !== undefined)).toBe(true)
    expect(new Set(NATIONAL_NUMBERS.map(({ name }) => name)).size).toBe(NATIONAL_NUMBERS.length)
  })

  it('do not take zeros, nor one digit again and again', () => {
    for (const { name, digits } of NATIONAL_NUMBERS)
      expect([name, verdictOf(name, '0'.repeat(digits))]).not.toEqual([name, 'passed'])
    expect(verdictOf('br-cpf', '11111111111')).toBe('failed')
  })
})

describe('dates inside numbers', () => {
  it('must be in the calendar', () => {
    expect(verdictOf('pl-pesel', '44051401359')).toBe('passed')
    const nowhere = Array.from('0123456789', (last) => verdictOf('pl-pesel', `4413320135${last}`))
    expect(nowhere.every((verdict) => verdict === 'failed')).toBe(true)
    expect(
      verdictOf(
        'se-personnummer',
        completed('990229123', (digits) => luhn(digits, 10)),
      ),
    ).toBe('failed')
    expect(
      verdictOf(
        'se-personnummer',
        completed('000229123', (digits) => luhn(digits, 10)),
      ),
    ).toBe('passed')
  })
})

describe('Korean numbers without a right check digit', () => {
  it('count as they are written in two groups, since new ones have none', () => {
    const unchecked = rule('kr-rrn.unchecked')
    const body = '9001011000000'
    expect(verdictOf('kr-rrn.unchecked', body)).toBe('none')
    expect(verdictOf('kr-rrn.unchecked', '9013011000000')).toBe('no number')
    expect(unchecked.score.grouped).toBeGreaterThanOrEqual(0.7)
    expect(unchecked.score.bare).toBeLessThan(0.6)
  })
})
