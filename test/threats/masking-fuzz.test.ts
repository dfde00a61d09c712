// A little of what `npm run fuzz:masking` does with fresh seeds for as long as it is told: always the same messages.
import { describe, expect, it } from 'vitest'
import { fuzzMasking } from '../fuzz/fuzz-masking.ts'

const ROUNDS = 400
/** Far more than they take. */
const SECONDS = 120

describe('messages by chance, whole and broken', () => {
  it.each([20_261_126, 7])('are masked without a fault (seed %i)', (seed) => {
    const { outcomes, brokenOutcomes, found } = fuzzMasking({ seed, seconds: SECONDS, roundsMax: ROUNDS })
    expect(found).toEqual([])
    for (const outcome of ['clean', 'changed', 'policy-block']) {
      expect(outcomes.get(outcome)).toBeGreaterThan(0)
      expect(brokenOutcomes.get(outcome)).toBeGreaterThan(0)
    }
  })
})
