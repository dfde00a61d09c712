import { array, assert as assertAll, constantFrom, property } from 'fast-check'
import { expect, it } from 'vitest'
import { gapKey, Gaps, NO_GAPS } from './gaps.ts'

const SIGNS = [' ', '-', '.', '/', '+'] as const

/** Whether one of the patterns is what stands in the gaps, character by character. */
function isWrittenSo(patterns: readonly string[] | undefined, gaps: readonly string[]): boolean {
  if (patterns === undefined) return gaps[0] !== '+' && gaps.every((sign) => sign === gaps[0])
  return patterns.some((pattern) => (pattern.length === 1 ? pattern.repeat(gaps.length) : pattern) === gaps.join(''))
}

it('what a pattern allows between groups is what it says character by character', () => {
  const sign = constantFrom(...SIGNS)
  const pattern = array(sign, { minLength: 1, maxLength: 4 }).map((signs) => signs.join(''))
  const gaps = array(sign, { minLength: 1, maxLength: 8 })
  assertAll(
    property(array(pattern, { maxLength: 5 }), gaps, (patterns, between) => {
      const bytes = between.map((one) => one.charCodeAt(0))
      const same = bytes.every((byte) => byte === bytes[0]) ? (bytes[0] ?? 0) : 0
      const key = bytes.reduce(gapKey, NO_GAPS)
      for (const some of [patterns, undefined]) expect(new Gaps(some).allow(key, same)).toBe(isWrittenSo(some, between))
    }),
    { numRuns: 2_000 },
  )
})
