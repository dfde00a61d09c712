// A few seconds of what `npm run fuzz:policy` does for as long as it is told.
import { expect, it } from 'vitest'
import { fuzz } from '../fuzz/fuzz.ts'
import { allReaders } from '../support/policy.ts'

const readers = await allReaders()

it('no text breaks, stops or fools what reads policies, conditions, SQL and commands', async () => {
  const { counts, found } = await fuzz({ seed: 20_261_126, seconds: 5, readers })
  expect(found).toEqual([])
  expect(Math.min(...counts.values())).toBeGreaterThan(0)
})
