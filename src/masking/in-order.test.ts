import { expect, test } from 'vitest'
import { Chance } from '../../test/support/masking/random.ts'
import { inOrder } from './in-order.ts'

test('spans come in the order of a stable sort, whatever order they had', () => {
  const random = new Chance(3)
  for (let round = 0; round < 2_000; round++) {
    const spans = Array.from({ length: random.below(12) }, (_, id) => {
      const start = random.below(round % 2 === 0 ? 8 : 3) + (round % 3 === 0 ? id : 0)
      return { start, end: start + random.below(3), id }
    })
    expect(inOrder(spans)).toEqual(spans.toSorted((a, b) => a.start - b.start || b.end - a.end))
  }
})

test('what is in order is not copied', () => {
  const spans = [
    { start: 0, end: 4 },
    { start: 0, end: 2 },
    { start: 3, end: 9 },
  ]
  expect(inOrder(spans)).toBe(spans)
})
