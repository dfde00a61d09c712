import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callLimit, forgetful, START_MS, steps, subject, walks } from '../../test/support/limit-walks.ts'
import type { LimitOf } from '../policy/limit.ts'

/** Fractions of a call that rounding may give. */
const ROUNDING = 0.01

describe('whatever callers do', () => {
  it('never more calls pass in any stretch of time than the burst and what flows back in it', () => {
    fc.assert(
      fc.property(callLimit(), steps({ min: 0, max: 40_000 }), (limit, walk) => {
        const limits = forgetful()
        const passed: number[] = []
        let now = START_MS
        for (const { stepMs, tries } of walk) {
          now += stepMs
          for (let i = 0; i < tries; i++) if (limits.take([limit], subject(0), now).kind === 'taken') passed.push(now)
        }
        for (const [first, fromMs] of passed.entries())
          for (const [more, toMs] of passed.slice(first).entries())
            expect(more + 1).toBeLessThan(allowance(limit, toMs - fromMs) + ROUNDING)
      }),
      { numRuns: 200 },
    )
  })

  it('and however the clock is set, no more pass than the burst and what flows back while it goes forward', () => {
    fc.assert(
      fc.property(callLimit(), steps({ min: -200_000, max: 40_000 }), (limit, walk) => {
        const limits = forgetful()
        let [now, forwardMs, passed] = [START_MS, 0, 0]
        for (const { stepMs, tries } of walk) {
          now += stepMs
          forwardMs += Math.max(0, stepMs)
          for (let i = 0; i < tries; i++) if (limits.take([limit], subject(0), now).kind === 'taken') passed++
        }
        expect(passed).toBeLessThan(allowance(limit, forwardMs) + 1 + ROUNDING)
      }),
      { numRuns: 300 },
    )
  })

  it('who waits as long as they were told passes, and a millisecond earlier does not', () => {
    fc.assert(
      fc.property(callLimit(), steps({ min: 0, max: 40_000 }), (limit, walk) => {
        const limits = forgetful()
        let now = START_MS
        for (const { stepMs, tries } of walk) {
          now += stepMs
          for (let i = 0; i < tries; i++) {
            const answer = limits.take([limit], subject(0), now)
            if (answer.kind === 'taken') continue
            expect(limits.take([limit], subject(0), now + answer.retryAfterMs - 1).kind).toBe('exhausted')
            now += answer.retryAfterMs
            expect(limits.take([limit], subject(0), now).kind).toBe('taken')
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('a table without places gives nobody more than a table with places would', () => {
    fc.assert(
      fc.property(callLimit(), fc.integer({ min: 1, max: 4 }), walks(), (limit, bucketsMax, walk) => {
        const limits = forgetful(bucketsMax)
        const passed = new Map<number, number>()
        let now = START_MS
        for (const { stepMs, tries, who } of walk) {
          now += stepMs
          for (let i = 0; i < tries; i++)
            if (limits.take([limit], subject(who), now).kind === 'taken') passed.set(who, (passed.get(who) ?? 0) + 1)
          if (tries % 2 === 0) limits.flush(now)
          expect(limits.size).toBeLessThanOrEqual(bucketsMax + 1)
        }
        for (const count of passed.values()) expect(count).toBeLessThan(allowance(limit, now - START_MS) + ROUNDING)
      }),
      { numRuns: 300 },
    )
  })

  it('a policy that gets tighter, step by step, gives nothing anew', () => {
    fc.assert(
      fc.property(fc.array(callLimit(), { minLength: 1, maxLength: 4 }), walks(), (versions, walk) => {
        const tighter = versions.map((_, i) => tightest(versions.slice(0, i + 1)))
        const limits = forgetful()
        let [now, passed] = [START_MS, 0]
        for (const [i, { stepMs, tries }] of walk.entries()) {
          now += stepMs
          const version = tighter.slice(Math.floor((i * tighter.length) / walk.length), tighter.length)[0]
          for (let n = 0; n < tries; n++)
            if (limits.take(version === undefined ? [] : [version], subject(0), now).kind === 'taken') passed++
        }
        for (const first of tighter.slice(0, 1))
          expect(passed).toBeLessThan(allowance(first, now - START_MS) + 1 + ROUNDING)
      }),
      { numRuns: 1000 },
    )
  })

  it('a policy that changes anyhow gives at one time no more than a fresh bucket', () => {
    fc.assert(
      fc.property(fc.array(callLimit(), { minLength: 1, maxLength: 4 }), walks(), (versions, walk) => {
        const limits = forgetful()
        let now = START_MS
        for (const { stepMs, who } of walk) {
          now += stepMs
          const version = versions[who % versions.length]
          const tries = Array.from({ length: 100 }, () => limits.take(version ? [version] : [], subject(0), now).kind)
          const passed = tries.filter((kind) => kind === 'taken').length
          expect(passed).toBeLessThanOrEqual(version?.spec.burst ?? 0)
        }
      }),
      { numRuns: 200 },
    )
  })
})

function allowance({ spec }: LimitOf, ms: number): number {
  return spec.burst + (ms * spec.amount) / spec.perMs
}

/** As small and as slow as the smallest and the slowest of them. */
function tightest(versions: readonly LimitOf[]): LimitOf {
  const burst = Math.min(...versions.map(({ spec }) => spec.burst))
  const amount = Math.min(...versions.map(({ spec }) => spec.amount))
  const perMs = Math.max(...versions.map(({ spec }) => spec.perMs))
  return { rule: 'rule', index: 0, spec: { kind: 'calls', amount, perMs, burst, by: ['identity'] } }
}
