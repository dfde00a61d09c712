import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyLimit, forgetful, START_MS, subject, walks } from '../../test/support/limit-walks.ts'
import { openLimits } from '../../test/support/limits.ts'
import type { LimitOf } from '../policy/limit.ts'
import { SqliteLimitRows } from '../store/sqlite/limit-rows.ts'
import { type Lease, Limits } from './limits.ts'
import type { LimitRows } from './rows.ts'

describe('several limits', () => {
  it('give the same answers in whatever order they stand, and a refusal takes from none', () => {
    fc.assert(
      fc.property(fc.array(anyLimit(), { minLength: 1, maxLength: 4 }), walks(), (some, walk) => {
        const all = some.map((limit, index) => ({ ...limit, index }))
        const [asked, reversed, taken] = [new World(), new World(), new World()]
        for (const { stepMs, tries, who } of walk) {
          for (const world of [asked, reversed, taken]) world.idle(stepMs)
          for (let i = 0; i < tries; i++) {
            const answer = asked.ask(all, who)
            expect(reversed.ask(all.toReversed(), who)).toBe(answer)
            // The third world never hears of what was refused, and is no different for it.
            expect(answer === 'taken' ? taken.ask(all, who) : 'exhausted').toBe(answer)
          }
          expect(taken.saved()).toEqual(asked.saved())
          expect(reversed.saved()).toEqual(asked.saved())
        }
      }),
      { numRuns: 200 },
    )
  })

  it('never let more run at the same time than they say', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.boolean(), { maxLength: 100 }), (amount, starts) => {
        const limits = forgetful()
        const limit: LimitOf = {
          rule: 'rule',
          index: 0,
          spec: { kind: 'concurrent', amount, perMs: 0, burst: amount, by: ['identity'] },
        }
        const running: Lease[] = []
        for (const start of starts) {
          const room = running.length < amount
          const answer = start ? limits.take([limit], subject(0), START_MS) : undefined
          if (answer?.kind === 'taken') running.push(answer.lease)
          if (!start) running.shift()?.end()
          expect(answer?.kind ?? 'none').toBe(start ? (room ? 'taken' : 'exhausted') : 'none')
        }
      }),
    )
  })
})

describe('a restart', () => {
  it('after a flush changes no answer', () => {
    using disk = openLimits()
    const rows = new SqliteLimitRows(disk.control)
    fc.assert(
      fc.property(fc.array(anyLimit(), { minLength: 1, maxLength: 3 }), walks(), (some, walk) => {
        disk.control.database.exec('DELETE FROM limit_bucket')
        const all = some.filter(({ spec }) => spec.kind !== 'concurrent').map((limit, index) => ({ ...limit, index }))
        const [steady, restarted] = [new World(), new World(rows)]
        for (const { stepMs, tries, who } of walk) {
          for (const world of [steady, restarted]) world.idle(stepMs)
          for (let i = 0; i < tries; i++) expect(restarted.ask(all, who)).toBe(steady.ask(all, who))
          restarted.restart(rows)
        }
      }),
      { numRuns: 60 },
    )
  })
})

/** Limits and a time that go along together. How many bytes a call sends depends on the time alone. */
class World {
  #limits: Limits
  readonly #rows = new Map<string, unknown>()
  now = START_MS

  constructor(rows: LimitRows = this.#memory()) {
    this.#limits = new Limits(rows, { nowMs: START_MS })
  }

  idle(ms: number): void {
    this.now += ms
  }

  ask(limits: readonly LimitOf[], who: number): 'taken' | 'exhausted' {
    const answer = this.#limits.take(limits, subject(who), this.now)
    if (answer.kind === 'taken') answer.lease.bytes(this.now % 1000, this.now)
    return answer.kind
  }

  restart(rows: LimitRows): void {
    this.#limits.close(this.now)
    this.#limits = new Limits(rows, { nowMs: this.now })
  }

  saved(): unknown {
    this.#limits.flush(this.now)
    return this.#rows
  }

  #memory(): LimitRows {
    return {
      load: () => [],
      save: (rows) => {
        for (const row of rows) this.#rows.set(row.key, row)
      },
    }
  }
}
