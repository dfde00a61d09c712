import * as fc from 'fast-check'
import { newSessionId, type SessionId } from '../../src/base/ids.ts'
import { Limits, type LimitSubject } from '../../src/limits/limits.ts'
import type { LimitRows } from '../../src/limits/rows.ts'
import type { LimitBy, LimitOf } from '../../src/policy/limit.ts'

export const START_MS = 1_790_000_000_000
const SESSION: SessionId = newSessionId()

/** Limits that are kept nowhere. */
export function forgetful(bucketsMax?: number): Limits {
  const rows: LimitRows = { load: () => [], save: () => undefined }
  return new Limits(rows, { nowMs: START_MS, ...(bucketsMax === undefined ? {} : { bucketsMax }) })
}

export function subject(who: number): LimitSubject {
  return { identity: `pri_${who}`, connection: 'prod-db', tool: 'query', session: SESSION, client: 'editor' }
}

export function callLimit(): fc.Arbitrary<LimitOf> {
  return limitOf(['calls'], 40)
}

export function anyLimit(): fc.Arbitrary<LimitOf> {
  return limitOf(['calls', 'result_bytes', 'concurrent'], 4000)
}

function limitOf(kinds: readonly LimitOf['spec']['kind'][], amountMax: number): fc.Arbitrary<LimitOf> {
  const by: readonly LimitBy[] = ['identity']
  return fc
    .record({
      kind: fc.constantFrom(...kinds),
      amount: fc.integer({ min: 1, max: amountMax }),
      perMs: fc.integer({ min: 1000, max: 90_000 }),
      burst: fc.integer({ min: 1, max: amountMax }),
    })
    .map((spec) => ({ rule: 'rule', index: 0, spec: { ...spec, by } }))
}

export interface Step {
  readonly stepMs: number
  readonly tries: number
}

export function steps(stepMs: { min: number; max: number }): fc.Arbitrary<Step[]> {
  return fc.array(fc.record({ stepMs: fc.integer(stepMs), tries: fc.integer({ min: 1, max: 8 }) }), { maxLength: 25 })
}

export function walks(): fc.Arbitrary<(Step & { who: number })[]> {
  const step = {
    stepMs: fc.integer({ min: 0, max: 20_000 }),
    tries: fc.integer({ min: 1, max: 8 }),
    who: fc.integer({ min: 0, max: 6 }),
  }
  return fc.array(fc.record(step), { maxLength: 25 })
}
