import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { policyPlace } from '../../test/support/policy.ts'
import { loadPolicy, type LoadedPolicy } from './parse-policy.ts'
import type { Rule } from './rule.ts'

const TEXT = `version: 1 # of the format
mode: enforce
timezone: Europe/Berlin
groups: { engineers: [okta-eng], dba: [okta-dba] }
rules:
- id: no-writes
  effect: deny
  match: { connections: { kind: postgres }, tools: [query, "exec_*"] }
  except: { groups: [dba] }
  when: |
    sql.verbs.exists(v, v != "read")
    || sql.where in ["none"]  // of a write
  message: Only reads.
- { id: at-night, effect: approve, match: { connections: [db] }, outside: { days: mon-fri, hours: "07:00-20:00" }, approval: { by: [{ group: dba, count: 1 }], expires: 30m } }
- { id: may, effect: allow, match: { connections: [db], groups: [engineers, dba] } }
- { id: slowly, effect: limit, match: { connections: [db] }, limit: [{ calls: 5, per: 1m, by: [identity] }] }
- { id: hidden, effect: mask, mode: shadow, match: { connections: [db] }, mask: [{ entities: [email], with: partial }] }
break_glass: { groups: [dba], overrides: [at-night], for: 1h, reason: required }
tests:
- { name: reads, as: { groups: [okta-eng] }, call: { connection: db, tool: query, args: { sql: SELECT 1 } }, expect: allow }
- { name: writes, as: { groups: [okta-eng] }, call: { connection: db, tool: query, args: { sql: DROP TABLE t } }, expect: deny, rule: no-writes }
`
const PLACE = policyPlace({ connections: [{ name: 'db', labels: { kind: 'postgres' } }] })

const SIGNS = ' \n\t-:#{}[],"\'|>!&*?%@`\\ax1é\0\u202e'

/** Of a policy that somebody wrote: what a slip of a finger makes of it. */
const slips = fc
  .array(
    fc.record({
      at: fc.integer({ min: 0, max: TEXT.length - 1 }),
      what: fc.oneof(
        fc.constantFrom('delete', 'twice', 'swap', 'cut'),
        fc.constantFrom(...SIGNS.split('')),
        fc.string({ unit: 'binary', maxLength: 3 }),
      ),
    }),
    { minLength: 1, maxLength: 2 },
  )
  .map((all) => all.reduce(slip, TEXT))

it('a policy with slips in it says what its YAML says, or is refused with a place; nothing is ever read over', () => {
  fc.assert(
    fc.property(slips, (text) => {
      const loaded = loadPolicy(text, PLACE)
      if (loaded.kind === 'policy') expectToSay(text, loaded)
      else expectPlaces(text, loaded)
    }),
    { numRuns: 200 },
  )
}, 120_000)

function slip(text: string, { at, what }: { at: number; what: string }): string {
  const [before, here, after] = [text.slice(0, at), text.slice(at, at + 1), text.slice(at + 1)]
  switch (what) {
    case 'delete':
      return before + after
    case 'twice':
      return before + here + here + after
    case 'swap':
      return before + after.slice(0, 1) + here + after.slice(1)
    case 'cut':
      return before
    default:
      return before + what + here + after
  }
}

function expectToSay(text: string, { policy, tests }: Extract<LoadedPolicy, { kind: 'policy' }>): void {
  const written: { rules: Record<string, unknown>[]; tests?: unknown[]; mode?: string } = parse(text)
  expect(policy.rules.map(asWritten)).toEqual(
    written.rules.map(({ id, effect, match, mode = 'enforce', ...more }) => ({
      id,
      effect,
      match,
      mode,
      keys: Object.keys(more).toSorted(),
      when: more['when'],
      except: more['except'],
    })),
  )
  expect(policy.mode).toBe(written.mode ?? 'enforce')
  expect(tests).toHaveLength(written.tests?.length ?? 0)
}

function asWritten(rule: Rule): Record<string, unknown> {
  const { id, effect, match, mode, except, when, ...more } = rule
  const given = Object.entries({ ...more, when, except: except[0] }).filter(([, value]) => value !== undefined)
  return { id, effect, match, mode, keys: given.map(([key]) => key).toSorted(), when: when?.source, except: except[0] }
}

function expectPlaces(text: string, { mistakes }: Extract<LoadedPolicy, { kind: 'mistakes' }>): void {
  const lines = text.split('\n')
  expect(mistakes.length).toBeGreaterThan(0)
  for (const { line, column, message } of mistakes) {
    expect(message).not.toBe('')
    expect(line).toBeGreaterThanOrEqual(1)
    expect(line).toBeLessThanOrEqual(lines.length)
    expect(column).toBeGreaterThanOrEqual(1)
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1)
  }
}
