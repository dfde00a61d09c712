// Messages that are made to be slow to look through: each ends, as it should, and in time that grows with its size. How fast
// they are is measured by `npm run bench -- masking-hostile`, not here, where other tests run at the same time.
import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../../src/base/bytes.ts'
import { type Asked, maskMessage, type MaskResult } from '../../src/masking/engine.ts'
import { makeRuleSet } from '../../src/masking/rule-set.ts'
import { Scanners } from '../../src/masking/scanners.ts'
import { REDACTING } from '../../src/masking/surrogates/book.ts'
import { cpuMs } from '../support/cpu-time.ts'
import { HOSTILE } from '../support/masking/hostile.ts'

const SMALL = 64 * 1_024
const LARGE = 256 * 1_024
/** Four times the size; what is quadratic takes sixteen times as long. */
const TIMES_MAX = 9
/** For code that is not compiled yet, and for what the clock of the processor does not see. */
const NOISE_MS = 40
const TRIES = 3
const AGAIN_MAX = 15
/** What takes less is done several times in a try: the clock of the processor goes in steps of some milliseconds. */
const TRY_MS = 25
const RUNS_MAX = 32
const WARM_MS = 100

const rules = makeRuleSet({ profile: 'default', side: 'results', terms: [], own: [] })
const scanner = new Scanners([]).for(rules)
const asked: Asked = { scanner, rules, book: REDACTING, restored: [], schema: undefined, binary: 'pass' }

describe('256 KiB made to be slow', () => {
  it.each(HOSTILE)('of $name end, as JSON or not at all, in time in proportion', ({ make, ends }) => {
    const message = encodeUtf8(make(LARGE))
    const result = maskMessage(message, asked)
    expect(ends === 'any' ? [endOf(result)] : [ends]).toContain(endOf(result))
    expect(result.kind === 'clean' ? result.bytes : message).toBe(message)
    expect(() => JSON.parse(decodeUtf8(result.kind === 'refused' ? message : result.bytes))).not.toThrow()

    const small = encodeUtf8(make(SMALL))
    const bound = leastOf(small, { tries: TRIES, warmMs: WARM_MS }) * TIMES_MAX + NOISE_MS
    // What collects the garbage of other messages falls on any of the tries; what is quadratic is slow in all of them.
    let least = leastOf(message, { tries: 1, warmMs: 0 })
    for (let again = 0; again < AGAIN_MAX && least >= bound; again += 1)
      least = leastOf(message, { tries: 1, warmMs: WARM_MS })
    expect(least).toBeLessThan(bound)
  })
})

function endOf({ kind }: MaskResult): 'kept' | 'hidden' | 'refused' {
  return kind === 'clean' ? 'kept' : kind === 'changed' ? 'hidden' : 'refused'
}

/** Milliseconds of the processor, the best of some tries. */
function leastOf(message: Uint8Array, { tries, warmMs }: { tries: number; warmMs: number }): number {
  let began = performance.now()
  // The first looks of all are by code that is not compiled yet.
  for (const until = began + warmMs; began < until; began = performance.now()) maskMessage(message, asked)
  began = performance.now()
  maskMessage(message, asked)
  const runs = Math.min(RUNS_MAX, Math.ceil(TRY_MS / (performance.now() - began)))
  return Math.min(
    ...Array.from(
      { length: tries },
      () =>
        cpuMs(() => {
          for (let run = 0; run < runs; run += 1) maskMessage(message, asked)
        }) / runs,
    ),
  )
}
