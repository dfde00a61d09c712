import { expect, test } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { Chance } from '../../test/support/masking/random.ts'
import { ReadOnce } from './read-once.ts'

test('a text is what its bytes say, however many others were read before', () => {
  const random = new Chance(5)
  const letters = ['a', 'b', 'é', '€', '😀']
  const bytes = encodeUtf8(Array.from({ length: 600 }, () => random.pick(letters)).join(''))
  const texts = new ReadOnce(bytes)
  for (let round = 0; round < 5_000; round++) {
    const start = random.below(bytes.length)
    const end = Math.min(bytes.length, start + random.below(round % 50 === 0 ? 200 : 6))
    expect(texts.text(start, end)).toBe(decodeUtf8(bytes, start, end))
  }
})

test('an empty text and one that reaches over the end are read as they are', () => {
  const texts = new ReadOnce(encodeUtf8('abc'))
  expect([texts.text(1, 1), texts.text(1, 9), texts.text(0, 3)]).toEqual(['', 'bc', 'abc'])
})
