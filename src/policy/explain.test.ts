import { describe, expect, it } from 'vitest'
import { asker, loadRight, type Asking } from '../../test/support/policy.ts'
import { decide } from './decide.ts'
import { explain } from './explain.ts'

const CONNECTIONS = [
  { name: 'db', labels: { kind: 'postgres' } },
  { name: 'files', labels: { kind: 'saas' } },
]

const POLICY = `version: 1
groups: { engineers: [eng], dba: [dba] }
rules:
- { id: allowed, effect: allow, match: { connections: [db] } }
- { id: group, effect: deny, match: { connections: [db], groups: [dba] } }
- { id: item, effect: deny, match: { connections: [db], tools: [drop_*], resources: ["file:///**"] } }
- { id: excepted, effect: deny, match: { connections: [db] }, except: { groups: [engineers] } }
- { id: weekend, effect: deny, match: { connections: [db] }, during: { days: "sat,sun" } }
- { id: week, effect: deny, match: { connections: [db] }, outside: { days: "sat,sun,mon" } }
- { id: false, effect: deny, match: { connections: [db] }, when: 'call.tool == "x" || sql.statements > 1' }
- { id: failed-deny, effect: deny, match: { connections: [db], tools: [counted] }, when: args.count > 10 }
- { id: failed-allow, effect: allow, match: { connections: [db], tools: [counted] }, when: args.count > 10 }
- { id: tried, effect: deny, mode: shadow, match: { connections: [db] } }
- { id: elsewhere, effect: deny, match: { connections: [files] } }
`.replaceAll('id: false', 'id: untrue')

/** A Monday. */
const MONDAY_MS = Date.parse('2026-11-23T10:00:00Z')

function setUp(asking: Partial<Asking> = {}) {
  const { policy } = loadRight(POLICY, { connections: CONNECTIONS })
  const circumstances = { atMs: MONDAY_MS }
  const ask = asker(policy, { connections: CONNECTIONS })
  const question = ask({ groups: ['eng', 'other'], on: 'db', about: 'query', circumstances, ...asking })
  const explained = explain(question)
  return { question, explained, of: (id: string) => explained.rules.find(({ rule }) => rule === id) }
}

describe('an explanation', () => {
  it.each([
    ['group', 'the caller is in none of its groups', 'dba'],
    ['item', 'it is about something else', 'tools drop_*; resources file:///**'],
    ['excepted', 'it is excepted', undefined],
    ['weekend', 'the time is not in its during', undefined],
    ['week', 'the time is in its outside', undefined],
    ['untrue', 'its condition is false', undefined],
  ])('says of the rule %s: %s', (id, because, wants) => {
    expect(setUp().of(id)).toMatchObject({ matched: false, because, wants })
  })

  it('shows each part of a condition with its own value', () => {
    expect(setUp({ args: { sql: 'SELECT 1' } }).of('untrue')?.condition?.parts).toEqual([
      { text: 'call.tool == "x"', value: 'false' },
      { text: 'sql.statements > 1', value: 'false' },
    ])
  })

  it('says that a condition failed: a match in a deny rule, none in an allow rule', () => {
    const { of } = setUp({ about: 'counted' })
    expect(of('failed-deny')).toMatchObject({ matched: true, because: undefined, condition: { value: 'error' } })
    expect(of('failed-allow')).toMatchObject({ matched: false, because: 'its condition failed' })
  })

  it('names rules that are only tried, and not those of other connections', () => {
    const { explained, of } = setUp()
    expect(of('tried')).toMatchObject({ matched: true, mode: 'shadow' })
    expect(of('elsewhere')).toBeUndefined()
    expect(explained.decision).toMatchObject({ kind: 'allow', rule: 'allowed' })
    expect(explained.groups).toEqual(['engineers'])
  })

  it.each<Partial<Asking>>([
    {},
    { groups: [] },
    { groups: ['dba'] },
    { about: 'counted' },
    { about: 'drop_all' },
    { about: { kind: 'resource', uri: 'file:///etc/passwd' } },
    { about: { kind: 'connection' } },
    { args: { sql: 'SELECT 1; SELECT 2' } },
    { circumstances: { atMs: MONDAY_MS + 86_400_000 } },
  ])('matches what the decision matched: %j', (asking) => {
    const { question, explained } = setUp(asking)
    const decision = decide(question)
    expect(explained.decision).toEqual(decision)
    const matched = explained.rules.filter((one) => one.matched)
    expect(matched.filter(({ mode }) => mode === 'enforce').map(({ rule }) => rule)).toEqual(decision.matched)
    expect(matched.filter(({ mode }) => mode === 'shadow')).toHaveLength(decision.shadowed.length)
  })
})
