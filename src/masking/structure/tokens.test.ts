import { expect, it } from 'vitest'
import { Chance } from '../../../test/support/masking/random.ts'
import { STRING, Tokens } from './tokens.ts'

it('the token that a place belongs to is the same whatever was asked for before', () => {
  const chance = new Chance(3)
  const tokens = new Tokens(8)
  const starts: number[] = []
  for (let at = 3; starts.length < 200; at += 1 + chance.below(6)) {
    tokens.add(STRING, at, at + 1, -1)
    starts.push(at)
  }
  const last = starts.at(-1) ?? 0
  for (let i = 0, place = 0; i < 5_000; i++) {
    // Forward for a while, then from anywhere.
    place = i % 7 === 0 ? chance.below(last + 9) - 3 : place + chance.below(12)
    expect(tokens.lastFrom(place)).toBe(starts.findLastIndex((start) => start <= place))
  }
})
