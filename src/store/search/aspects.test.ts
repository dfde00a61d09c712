import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { SearchDocument } from '../../search/document.ts'
import { aspectKey, readAspect, writeAspect } from './aspects.ts'

/** Made of what keys are made of. */
const value = fc
  .array(fc.constantFrom('a', ' ', ':', '1', '0', '2', '\u0001'), { maxLength: 5 })
  .map((units) => units.join(''))
const list = fc.option(fc.array(value, { maxLength: 2 }), { nil: undefined })
const document = fc.record({
  principal: fc.option(value, { nil: undefined }),
  values: fc.record({ who: list, group: list, client: list }),
})

it('two callers have the same key only where they have the same values', () => {
  fc.assert(
    fc.property(document, document, (a, b) => {
      const [one, other] = [whole(a), whole(b)]
      const isSame = aspectKey('actor', one) === aspectKey('actor', other)
      expect(seen(isSame ? other : one)).toEqual(seen(one))
      expect(aspectKey('actor', whole(structuredClone(a)))).toBe(aspectKey('actor', one))
    }),
    { numRuns: 2000 },
  )
})

function whole({ principal, values }: Pick<SearchDocument, 'principal' | 'values'>): SearchDocument {
  return { seq: 0, time: 0, principal, values, numbers: {}, text: '', gone: false }
}

function seen(one: SearchDocument): unknown {
  return readAspect('actor', writeAspect('actor', one) ?? '{}')
}
