// Some seconds of what `npm run fuzz:masking` does for as long as it is told. A failure tells its seed and a small message.
import { describe, expect, it } from 'vitest'
import { fuzzMasking } from '../fuzz/fuzz-masking.ts'
import { Chance } from '../support/masking/random.ts'

const SECONDS = 8

describe('messages by chance, whole and broken', () => {
  it.each([20_261_126, new Chance().seed])('are masked without a fault (seed %i)', (seed) => {
    const { outcomes, brokenOutcomes, found } = fuzzMasking({ seed, seconds: SECONDS })
    expect(found).toEqual([])
    for (const outcome of ['clean', 'changed', 'policy-block']) {
      expect(outcomes.get(outcome)).toBeGreaterThan(0)
      expect(brokenOutcomes.get(outcome)).toBeGreaterThan(0)
    }
  })
})
