import { describe, expect, it } from 'vitest'
import { complaints, loadRight } from '../../test/support/policy.ts'

const CONNECTIONS = [
  { name: 'prod-db', labels: { kind: 'postgres', env: 'prod' } },
  { name: 'github', labels: { kind: 'saas' } },
]

const HEAD = 'version: 1\ngroups: { engineers: [okta-eng], dba: [okta-dba] }\nrules:\n'
const FINE = '- { id: a, effect: allow, match: { groups: [engineers] } }\n'

describe("a policy's own tests keep it from loading", () => {
  it.each([
    [
      'where the effect is another',
      `${HEAD}${FINE}tests:\n- { name: n, as: { groups: [okta-eng] }, call: { connection: github, tool: x }, expect: deny }`,
      '6:89 the test "n" fails: the policy says allow by rule "a", expected deny | rules that matched: a',
    ],
    [
      'where the rule is another',
      `${HEAD}${FINE}tests:\n- { name: n, call: { connection: github, tool: x }, expect: deny, rule: a }`,
      '6:73 the test "n" fails: the policy says deny by rule "default", expected "a" | no rule matched',
    ],
    [
      'where they name readable groups',
      `${HEAD}${FINE}tests:\n- { name: n, as: { groups: [engineers] }, call: { connection: github, tool: x }, expect: allow }`,
      '6:90 the test "n" fails: the policy says deny by rule "default", expected allow | as: groups: takes values of the claim, so "okta-eng" instead of "engineers"',
    ],
    [
      'where a rule is none',
      `${HEAD}${FINE}tests:\n- { name: n, call: { connection: github, tool: x }, expect: deny, rule: aa }`,
      '6:73 no rule "aa" | did you mean "a"?',
    ],
    [
      'where a connection is none',
      `${HEAD}${FINE}tests:\n- { name: n, call: { connection: gitlab, tool: x }, expect: deny }`,
      '6:34 no connection "gitlab" | did you mean "github"?',
    ],
    [
      'where two things are called',
      `${HEAD}${FINE}tests:\n- { name: n, call: { connection: github, tool: x, prompt: y }, expect: deny }`,
      '6:20 only one of tool, prompt, resource can be called | make two tests of it',
    ],
    [
      'where a time has no zone',
      `${HEAD}${FINE}tests:\n- { name: n, at: "2026-11-22 23:00", call: { connection: github, tool: x }, expect: deny }`,
      '6:18 "2026-11-22 23:00" is no time | with its zone, such as 2026-11-22T23:00:00+01:00',
    ],
    [
      'where a time is none',
      `${HEAD}${FINE}tests:\n- { name: n, at: yesterday, call: { connection: github, tool: x }, expect: deny }`,
      '6:18 "yesterday" is no time | with its zone, such as 2026-11-22T23:00:00+01:00',
    ],
    [
      'where an age is none',
      `${HEAD}${FINE}tests:\n- { name: n, session: { age: long }, call: { connection: github, tool: x }, expect: deny }`,
      '6:30 "long" is no duration | such as 2h',
    ],
    [
      'where the effect is none',
      `${HEAD}${FINE}tests:\n- { name: n, call: { connection: github, tool: x }, expect: allowed }`,
      '6:61 this must be allow or approve or deny | did you mean "allow"?',
    ],
    [
      'where nothing is called',
      `${HEAD}${FINE}tests:\n- { name: n, expect: allow }`,
      '6:3 "call" is missing | A connection and one of tool, prompt, resource; without them, the connection itself.',
    ],
    [
      'where the arguments are a text',
      `${HEAD}${FINE}tests:\n- { name: n, as: {groups: [okta-eng]}, call: { connection: github, tool: x, args: "SELECT 1" }, expect: allow }`,
      '6:83 this must be a map of keys and values | Arguments of the call, by name.',
    ],
    [
      'where a key is misspelt',
      `${HEAD}${FINE}tests:\n- { name: n, call: { connection: github }, expects: deny }`,
      '6:44 unknown key "expects" | did you mean "expect"?',
    ],
    [
      'where a key of the call is misspelt',
      `${HEAD}${FINE}tests:\n- { name: n, call: { conection: github, tool: x }, expect: deny }`,
      '6:22 unknown key "conection" | did you mean "connection"?',
    ],
    [
      'where a key of the caller is misspelt',
      `${HEAD}${FINE}tests:\n- { name: n, as: { group: [x] }, call: { connection: github, tool: x }, expect: deny }`,
      '6:20 unknown key "group" | did you mean "groups"?',
    ],
    [
      'where a key of the session is misspelt',
      `${HEAD}${FINE}tests:\n- { name: n, session: { aged: 1h }, call: { connection: github, tool: x }, expect: deny }`,
      '6:25 unknown key "aged" | did you mean "age"?',
    ],
    [
      'where a key of test_with is misspelt',
      `${HEAD}${FINE}test_with: { connection: {} }`,
      '5:14 unknown key "connection" | did you mean "connections"?',
    ],
    [
      'where a key of its connections is misspelt',
      `${HEAD}${FINE}test_with: { connections: { a: { label: {} } } }`,
      '5:34 unknown key "label" | did you mean "labels"?',
    ],
  ])('%s', (_, text, expected) => {
    expect(complain(text)).toBe(expected)
  })

  it('and let it load where they hold', () => {
    const tests = `tests:
- { name: engineers read, as: { groups: [okta-eng] }, call: { connection: github, tool: x, args: {} }, expect: allow, rule: a }
- { name: strangers do not, as: { groups: [engineers] }, call: { connection: github, resource: "a://b" }, expect: deny, rule: default }
- { name: nor talk to it, call: { connection: prod-db }, expect: deny }`
    const { tests: results } = loadRight(`${HEAD}${FINE}${tests}`, { connections: CONNECTIONS })
    expect(results.map(({ name, line, mistake }) => ({ name, line, mistake }))).toEqual([
      { name: 'engineers read', line: 6, mistake: undefined },
      { name: 'strangers do not', line: 7, mistake: undefined },
      { name: 'nor talk to it', line: 8, mistake: undefined },
    ])
  })
})

function complain(text: string): string {
  return complaints(text, { connections: CONNECTIONS }).join('\n')
}

describe('a test of a rule about what stands in arguments', () => {
  const rules = `version: 1
rules:
- { id: open, effect: allow, match: { connections: [github] } }
- { id: cards, effect: deny, match: { connections: [github] }, when: '"credit_card" in call.pii_in_args' }
- { id: keys, effect: deny, match: { connections: [github] }, when: call.secrets_in_args > 0 }
tests:
`
  const key = ['gh', 'p_', 'a1B2'.repeat(9)].join('')

  it.each([
    ['{ note: "4111 1111 1111 1111" }', 'deny, rule: cards'],
    [`{ note: "${key}" }`, 'deny, rule: keys'],
    ['{ note: "ann@example.com" }', 'allow'],
  ])('sees what a gateway sees: %s', (args, expected) => {
    const test = `- { name: n, call: { connection: github, tool: x, args: ${args} }, expect: ${expected} }`
    expect(complaints(`${rules}${test}`, { connections: CONNECTIONS })).toEqual([])
  })
})
