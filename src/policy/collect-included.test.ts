import { describe, expect, it } from 'vitest'
import { asker, complaints, loadRight, policyPlace, type PolicyPlaceOptions } from '../../test/support/policy.ts'
import { decide, type Decision } from './decide.ts'
import { loadPolicy } from './parse-policy.ts'

const CONNECTIONS = [
  { name: 'prod-db', labels: { kind: 'postgres', env: 'prod' } },
  { name: 'github', labels: { kind: 'saas' } },
]

const HEAD = 'version: 1\ngroups: { engineers: [okta-eng], dba: [okta-dba] }\nrules:\n'
const FINE = '- { id: a, effect: allow, match: { groups: [engineers] } }\n'

const PACK = `version: 1
rules:
- { id: no-writes, effect: deny, match: { connections: { kind: postgres } }, when: 'sql.verbs.exists(v, v != "read")' }
- { id: ask-ddl, effect: approve, match: { connections: { kind: postgres } }, when: '"ddl" in sql.verbs', approval: { by: [{ group: approvers }], scope: session } }
groups: { approvers: [approvers] }
`

const WORLD: PolicyPlaceOptions = { connections: CONNECTIONS, packs: { 'read-only': PACK } }

describe('an included pack', () => {
  it('denies what it wants approved where nobody is named who approves', () => {
    const { sql } = setUp('{ pack: read-only, without: [no-writes] }')
    expect(sql('SELECT 1')).toMatchObject({ kind: 'allow' })
    expect(sql('DROP TABLE t')).toMatchObject({ kind: 'deny', rule: 'ask-ddl' })
  })

  it('asks the group that is named, on the terms of the pack', () => {
    const { sql } = setUp('{ pack: read-only, without: [no-writes], approvers: dba }')
    expect(sql('DROP TABLE t')).toMatchObject({
      kind: 'approve',
      terms: [{ rule: 'ask-ddl', approval: { by: [{ group: 'dba', count: 1 }], scope: 'session' } }],
    })
  })

  it('holds where the include says, instead of where the pack says', () => {
    const { sql, ask } = setUp('{ pack: read-only, connections: [github] }')
    expect(sql('DROP TABLE t')).toMatchObject({ kind: 'allow', matched: ['a'] })
    expect(ask('github', 'anything')).toMatchObject({ kind: 'allow' })
  })

  it('does not hold for what the include excepts', () => {
    const { sql } = setUp('{ pack: read-only, except: { groups: [dba] } }')
    expect(sql('DROP TABLE t', ['okta-eng'])).toMatchObject({ kind: 'deny', rule: 'no-writes' })
    expect(sql('DROP TABLE t', ['okta-eng', 'okta-dba'])).toMatchObject({ kind: 'allow' })
  })

  it('keeps its groups to itself', () => {
    expect([...setUp('pack:read-only').policy.groupsOfClaim.keys()]).toEqual(['okta-eng', 'okta-dba'])
  })

  it('does not keep a policy from loading by what is not there', () => {
    const world = { ...WORLD, connections: [{ name: 'github', labels: { kind: 'saas' } }] }
    expect(complaints(`include: [pack:read-only]\n${HEAD}${FINE}`, world)).toEqual([])
  })
})

describe('an included file', () => {
  const team =
    'version: 1\ngroups: { team: [okta-team] }\nrules:\n- { id: t, effect: allow, match: { groups: [team], connections: [github] } }\n'
  const text = `include: [./team.yaml]\n${HEAD}${FINE}`

  it('brings its rules and groups', () => {
    const { ask } = setUp('./team.yaml', { './team.yaml': team })
    expect(ask('github', 'x', ['okta-team'])).toMatchObject({ kind: 'allow', rule: 't' })
    expect(ask('prod-db', 'x', ['okta-team'])).toMatchObject({ kind: 'deny', rule: 'default' })
  })

  it('has tests that run with those of the policy', () => {
    const test = '- { name: n, as: { groups: [okta-team] }, call: { connection: github, tool: x }, expect: deny }'
    const files = { './team.yaml': `${team}tests:\n${test}\n` }
    expect(complaints(text, { ...WORLD, files })).toEqual([
      './team.yaml:6:90 the test "n" fails: the policy says allow by rule "t", expected deny | rules that matched: t',
    ])
  })

  it('is part of the version, and of the files that are watched', () => {
    const versions = [team, `${team}# changed\n`].map((file) => setUp('./team.yaml', { './team.yaml': file }))
    expect(versions[0]?.policy.version).not.toBe(versions[1]?.policy.version)
    expect(versions[0]?.files).toEqual(['./team.yaml'])
    expect(versions[0]?.policy.version).toBe(setUp('./team.yaml', { './team.yaml': team }).policy.version)
  })
})

describe('the tests of a pack', () => {
  const tested = `${PACK}tests:
- { name: writes, call: { connection: db, tool: query, args: { sql: DROP TABLE t } }, expect: deny, rule: no-writes }
- { name: reads, call: { connection: db, tool: query, args: { sql: SELECT 1 } }, expect: allow, rule: everything }
test_with:
  connections: { db: { labels: { kind: postgres } } }
  rules: [{ id: everything, effect: allow, match: { connections: ['*'] } }]
`

  it('run in the world that the pack describes, with the rules that stand beside it there', () => {
    const loaded = loadRight(tested)
    expect(loaded.tests.map(({ mistake }) => mistake)).toEqual([undefined, undefined])
    expect(loaded.policy.rules.map(({ id }) => id)).toEqual(['no-writes', 'ask-ddl'])
  })

  it('do not run where the pack is included, for the world is another there', () => {
    const packs = { 'read-only': tested.replace('expect: allow', 'expect: deny') }
    expect(loadRight(`include: [pack:read-only]\n${HEAD}${FINE}`, { ...WORLD, packs }).tests).toEqual([])
    expect(loadPolicy(packs['read-only'], policyPlace()).kind).toBe('mistakes')
  })

  it.each([
    ['connections: { db: { dialect: postgres } }', '10:33 "postgres" is no SQL dialect'],
    ['connections: { db: { inspect: { sqll: $.args.sql } } }', '10:33 nothing reads "sqll"'],
    ['connections: { db: { labels: { kind: postgres }, inspect: { sql: sql } } }', '10:61 "sql" is no path'],
  ])('are refused with %s', (connections, expected) => {
    const text = tested.replace('connections: { db: { labels: { kind: postgres } } }', connections)
    expect(complaints(text)[0]).toContain(expected)
  })
})

function setUp(include: string, files: Readonly<Record<string, string>> = {}) {
  const { policy, files: names } = loadRight(`include: [${include}]\n${HEAD}${FINE}`, { ...WORLD, files })
  const question = asker(policy, WORLD)
  const ask = (on: string, about: string, groups = ['okta-eng'], args = {}): Decision =>
    decide(question({ on, about, groups, args }))
  return {
    policy,
    files: names,
    ask,
    sql: (sql: string, groups?: string[]) => ask('prod-db', 'query', groups, { sql }),
  }
}
