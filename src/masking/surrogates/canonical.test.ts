import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENTITY_NAMES, type EntityName } from '../entities.ts'
import { factsOf } from '../replace/entity-groups.ts'
import { toBase32 } from './base32.ts'
import { canonical, isKept, needsRandomId } from './canonical.ts'

describe('two spellings are one value', () => {
  it.each<[EntityName, string, string]>([
    ['email', 'Joe@Example.COM', 'joe@example.com'],
    ['credit_card', '4111-1111 1111.1111', '4111111111111111'],
    ['phone', '+1 (415) 555-2671', '14155552671'],
    ['iban', 'de89 3704 0044 0532 0130 00', 'DE89370400440532013000'],
    ['us_ssn', '078-05-1123', '078051123'],
    ['uk_nino', 'ab 12 34 56 c', 'AB123456C'],
    ['person_name', 'ﬁnn \u212b', 'finn \u00c5'],
  ])('of %s: %s and %s', (entity, a, b) => {
    expect(canonical(entity, a)).toBe(canonical(entity, b))
  })
})

describe('two spellings are two values', () => {
  it.each<[EntityName, string, string]>([
    ['fi_pic', '010101-123N', '010101+123N'],
    ['se_personnummer', '121212-1212', '121212+1212'],
    ['crypto_wallet', '1AbC', '1abc'],
    ['url', 'https://example.com/A', 'https://example.com/a'],
    ['field', 'Handle', 'handle'],
    ['person_name', 'Ann', 'ann'],
    ['de_vehicle', 'Ä-X 1', 'Ö-X 1'],
    ['us_ssn', '١٢٣', '٣٢١'],
    ['national_id', '--', '-'],
  ])('of %s: %s and %s', (entity, a, b) => {
    expect(canonical(entity, a)).not.toBe(canonical(entity, b))
  })
})

describe('the one spelling of a value', () => {
  const anyEntity = fc.constantFrom(...ENTITY_NAMES)

  it('is its own one spelling, and never empty', () => {
    fc.assert(
      fc.property(anyEntity, fc.string({ minLength: 1, unit: 'grapheme' }), (entity, value) => {
        const once = canonical(entity, value)
        expect(canonical(entity, once)).toBe(once)
        expect(once).not.toBe('')
      }),
      { numRuns: 2_000 },
    )
  })

  it('of numbers of cards is the same for the same digits, and only for them', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 19 })
    const gaps = fc.array(fc.constantFrom('', ' ', '-', '.'), { minLength: 1 })
    fc.assert(
      fc.property(digits, digits, gaps, gaps, (a, b, g, h) => {
        expect(canonical('credit_card', spell(a, g))).toBe(canonical('credit_card', spell(a, h)))
        expect(canonical('credit_card', spell(a, g)) === canonical('credit_card', spell(b, h))).toBe(
          a.join('') === b.join(''),
        )
      }),
    )
  })
})

describe('a kind', () => {
  it('with few values has ids of chance', () => {
    expect(ENTITY_NAMES.filter((entity) => factsOf(entity).lowEntropy && !needsRandomId(entity))).toEqual([])
    expect(needsRandomId('email')).toBe(false)
  })

  it('that opens doors is not kept', () => {
    expect(ENTITY_NAMES.filter((entity) => factsOf(entity).isSecret && isKept(entity))).toEqual([])
  })
})

describe('base32', () => {
  it('is the bits of the bytes, five at a time', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 10 }), (bytes) => {
        const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
        const wanted = (bits.match(/.{5}/g) ?? []).map((five) =>
          '0123456789abcdefghjkmnpqrstvwxyz'.charAt(Number.parseInt(five, 2)),
        )
        expect(toBase32(bytes, 16)).toBe(wanted.join(''))
      }),
    )
  })
})

function spell(digits: readonly number[], gaps: readonly string[]): string {
  return digits.map((digit, i) => `${i === 0 ? '' : (gaps[i % gaps.length] ?? '')}${digit}`).join('')
}
