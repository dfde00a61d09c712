// A few seconds of what `npm run fuzz:policy` does for as long as it is told.
import { expect, it } from 'vitest'
import { cpuMs } from '../support/cpu-time.ts'
import { NO_CIRCUMSTANCES } from '../../src/policy/circumstances.ts'
import { compileCondition, contextOf } from '../../src/policy/condition/condition.ts'
import { fuzz } from '../fuzz/fuzz.ts'
import { allReaders } from '../support/policy.ts'

const readers = await allReaders()

it('no text breaks, stops or fools what reads policies, conditions, SQL and commands', async () => {
  const { counts, found } = await fuzz({ seed: 20_261_126, seconds: 5, readers })
  expect(found).toEqual([])
  expect(Math.min(...counts.values())).toBeGreaterThan(0)
})

it.each([
  'args.l.exists(i, i.name == "x")',
  'args.l.exists(v, args.l.exists(w, w.z == v))',
  'args.l.all(v, args.l.all(w, w == v || w.z == 1))',
])('a list of which each member ends in an error is answered soon: %s', (source) => {
  const compiled = compileCondition(source)
  if (compiled.kind === 'wrong') throw new Error(compiled.message)
  const args = { l: Array.from({ length: 1000 }, (_, i) => i) }
  const asked = {
    who: { subject: 'ann', groups: [] },
    groups: new Set<string>(),
    connection: { name: 'db', labels: {} },
    about: { kind: 'tool', name: 'x' } as const,
    circumstances: { ...NO_CIRCUMSTANCES, args },
  }
  const times = [1, 2, 3].map(() =>
    cpuMs(() => expect(compiled.condition.holds(contextOf(asked, 'UTC'))).toBe('error')),
  )
  // Some 20 ms of the processor, and half a second where each error notes its stack.
  expect(Math.min(...times)).toBeLessThan(150)
})
