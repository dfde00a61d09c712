import { expect, it } from 'vitest'
import { MINUTE_MS } from '../../base/units.ts'
import { RestoreRate } from './restore-rate.ts'

const NOW = 1_790_000_000_000

it('lets so many different stand-ins turn back within a minute, and each as often as it comes', () => {
  const rate = new RestoreRate(3)
  expect(rate.take('ann', ['a', 'b', 'a'], NOW)).toBe(true)
  expect(rate.take('ann', ['b', 'c'], NOW + 1)).toBe(true)
  expect(rate.take('ann', ['a', 'b', 'c'], NOW + 2)).toBe(true)
  expect(rate.take('ann', ['d'], NOW + MINUTE_MS - 1)).toBe(false)
  expect(rate.take('ann', ['a'], NOW + MINUTE_MS - 1)).toBe(true)
})

it('counts nothing of a call that has too many, and each caller by itself', () => {
  const rate = new RestoreRate(2)
  expect(rate.take('ann', ['a', 'b', 'c'], NOW)).toBe(false)
  expect(rate.take('ann', ['c', 'd'], NOW)).toBe(true)
  expect(rate.take('ben', ['a', 'b'], NOW)).toBe(true)
})

it('begins anew when the minute is over, or the clock was set back', () => {
  const rate = new RestoreRate(1)
  expect(rate.take('ann', ['a'], NOW)).toBe(true)
  expect(rate.take('ann', ['b'], NOW + MINUTE_MS)).toBe(true)
  expect(rate.take('ann', ['c'], NOW)).toBe(true)
})
