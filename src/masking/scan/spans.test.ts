import { expect, it } from 'vitest'
import { Chance } from '../../../test/support/masking/random.ts'
import { Spans } from './spans.ts'

it('a place lies in one of some spans, in whatever order they are asked', () => {
  const random = new Chance(3)
  for (let i = 0; i < 300; i++) {
    const list: { start: number; end: number }[] = []
    for (let at = random.below(4); list.length < i % 40; at += 1 + random.below(9)) {
      const start = at
      at += random.below(6)
      list.push({ start, end: at })
    }
    const spans = Spans.of(list)
    let start = 0
    for (let n = 0; n < 100; n++) {
      start = n % 5 === 0 ? random.below(300) : start + random.below(4)
      const end = start + 1 + random.below(5)
      expect(spans.has(start, end)).toBe(list.some((span) => span.start <= start && end <= span.end))
    }
  }
})
