import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENTITY_NAMES, type EntityName } from '../entities.ts'
import { isPartialForm, partialOf } from './partial.ts'

const anyEntity = fc.constantFrom(...ENTITY_NAMES)
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.stringMatching(/^[0-9 ().+-]{1,40}$/),
  fc.emailAddress(),
  fc.stringMatching(/^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$/),
  fc.ipV4(),
  fc.ipV6(),
  fc.date({ min: new Date(0), noInvalidDate: true }).map((date) => date.toISOString()),
)

describe('the harmless part', () => {
  it.each<[EntityName, string, string]>([
    ['credit_card', '4111-1111-1111-1111', 'xxxx-xxxx-xxxx-1111'],
    ['credit_card', '4111 1111 1111 1111', 'xxxx-xxxx-xxxx-1111'],
    ['credit_card', '4111111111111111', 'xxxxxxxxxxxx1111'],
    ['credit_card', '４１１１１１１１１１１１１１１１', 'xxxxxxxxxxxx1111'],
    ['iban', 'DE89370400440532013000', 'DExxxxxxxxxxxxxxxx3000'],
    ['iban', 'DE89 3704 0044 0532 0130 00', 'DExx-xxxx-xxxx-xxxx-xx30-00'],
    ['iban', '10.0.0.10', 'xx.0.0.10'],
    ['phone', '+12125550132', '+1xxxxxxxx32'],
    ['phone', '+49 151 23456732', '+49-xxx-xxxxxx32'],
    ['phone', '+420 601 123 456', '+420-xxx-xxx-xx6'],
    ['phone', '(212) 555-0132', 'xxx-xxx-xx32'],
    ['email', 'joe@example.com', 'x.at.example.com'],
    ['us_ssn', '078-05-1120', 'xxx-xx-1120'],
    ['fr_nir', '2 55 08 14 168 025 38', 'x-xx-xx-xx-xxx-x25-38'],
    ['date_of_birth', '1980-03-12', '1980-xx-xx'],
    ['date_of_birth', '12/03/1980', 'xx-xx-1980'],
    ['date_of_birth', '19800312', '1980xxxx'],
    ['date_of_birth', '12031980', 'xxxx1980'],
    ['date_of_birth', '12.3.80', 'xx.x.xx'],
    ['ip_address', '203.0.113.77', '203.0.113.x'],
    ['person_name', 'Josephine', 'Jxxxxxxxx'],
    ['person_name', 'Jo Smith', 'Jx-xxxxx'],
    ['person_name', 'Jo', 'xx'],
    ['person_name', 'Łukasz Nowak', 'xxxxxx-xxxxx'],
    ['password', 'hunter2hunter2', 'redacted:password'],
    ['gender', 'female', 'redacted:gender'],
    ['email', '@', 'x.at.'],
    ['phone', '😀', 'redacted:phone'],
  ])('of %s %s is %s', (entity, text, wanted) => {
    expect(partialOf(entity, text)).toBe(wanted)
  })

  it('is one word that no escape changes, short, and the same when it is taken again', () => {
    fc.assert(
      fc.property(anyEntity, anyText, (entity, text) => {
        const part = partialOf(entity, text)
        expect(part).toMatch(/^[A-Za-z0-9_.:@+-]{1,80}$/)
        expect(JSON.stringify(part)).toBe(`"${part}"`)
        expect(partialOf(entity, part)).toBe(part)
      }),
      { numRuns: 3000 },
    )
  })

  it('has at most four digits, but for the network of an address', () => {
    fc.assert(
      fc.property(anyEntity, anyText, (entity, text) => {
        const most = entity === 'ip_address' ? 9 : 4
        expect(partialOf(entity, text).replaceAll(/[^0-9]/g, '').length).toBeLessThanOrEqual(most)
      }),
      { numRuns: 3000 },
    )
  })

  it('is neither an e-mail address nor a card, an account, a number of a person or a telephone', () => {
    const shapes = [/[^\s@]+@[^\s@]+/, /\d{3}-\d{2}-\d{4}/, /\d(?:[ .-]?\d){6,}/, /\b[A-Z]{2}\d{2}[A-Z0-9]{10,}/]
    fc.assert(
      fc.property(anyEntity, anyText, (entity, text) => {
        fc.pre(entity !== 'ip_address')
        const part = partialOf(entity, text)
        expect(shapes.filter((shape) => shape.test(part))).toEqual([])
      }),
      { numRuns: 3000 },
    )
  })

  it('is known when it is seen again', () => {
    expect(isPartialForm('credit_card', 'xxxx-xxxx-xxxx-1111')).toBe(true)
    expect(isPartialForm('credit_card', '4111-1111-1111-1111')).toBe(false)
    expect(isPartialForm('person_name', 'Max')).toBe(false)
  })
})
