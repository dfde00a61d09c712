import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { isoMicros } from './iso-time.ts'

it('writes the time that a Date would, to the microsecond', () => {
  const longest = Date.UTC(2250, 11, 31) * 1000
  fc.assert(
    fc.property(fc.integer({ min: 0, max: longest }), (time) => {
      const ms = Math.floor(time / 1000)
      const rest = String(time - ms * 1000).padStart(3, '0')
      expect(isoMicros(time)).toBe(`${new Date(ms).toISOString().slice(0, -1)}${rest}Z`)
    }),
    { numRuns: 5000 },
  )
})

it.each([
  [0, '1970-01-01T00:00:00.000000Z'],
  [Date.UTC(2000, 1, 29) * 1000, '2000-02-29T00:00:00.000000Z'],
  [Date.UTC(2100, 1, 28, 23, 59, 59) * 1000 + 999_999, '2100-02-28T23:59:59.999999Z'],
  [Date.UTC(2026, 11, 31) * 1000, '2026-12-31T00:00:00.000000Z'],
])('%i is %s', (time, text) => {
  expect(isoMicros(time)).toBe(text)
})
