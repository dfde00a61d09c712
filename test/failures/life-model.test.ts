// Random lives of a log against a model: after each step, verification and every record say exactly what the model says.
import { expect, it } from 'vitest'
import { LifeRun } from './life-run.ts'

const LIVES = Number(process.env['SALLYPORT_LIVES'] ?? 8)
/** A seed that failed is run alone: SALLYPORT_LIVES=1 SALLYPORT_LIVES_FROM=17. */
const FROM = Number(process.env['SALLYPORT_LIVES_FROM'] ?? 1)

it.each(Array.from({ length: LIVES }, (_, i) => FROM + i))(
  'a random life of a log, seed %i, comes to what a model says',
  async (seed) => {
    expect(await new LifeRun(seed).go()).toEqual([])
  },
)
