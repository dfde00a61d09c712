import { describe, expect, it } from 'vitest'
import { loadPolicy } from './parse-policy.ts'

const CONNECTIONS = [
  { name: 'prod-db', labels: { kind: 'postgres', env: 'prod' } },
  { name: 'github', labels: { kind: 'saas' } },
]

const HEAD = 'version: 1\ngroups: { engineers: [okta-eng] }\nrules:\n'
const FINE = '- { id: a, effect: allow, match: { groups: [engineers] } }\n'

describe('a policy with a mistake does not load, and the mistake is found where it stands', () => {
  it.each([
    {
      what: 'an unknown key',
      text: `${HEAD}${FINE}- { id: b, efect: deny, effect: deny, match: { tools: [x] } }`,
      at: '5:12',
      message: 'unknown key "efect"',
      hint: 'did you mean "effect"?',
    },
    {
      what: 'an unknown top-level key',
      text: `${HEAD}${FINE}grups: {}`,
      at: '5:1',
      message: 'unknown key "grups"',
      hint: 'did you mean "groups"?',
    },
    {
      what: 'an unknown group',
      text: `${HEAD}- { id: a, effect: allow, match: { groups: [enginers] } }`,
      at: '4:45',
      message: 'no group "enginers" under groups:',
      hint: 'did you mean "engineers"?',
    },
    {
      what: 'an unknown connection',
      text: `${HEAD}- { id: a, effect: deny, match: { connections: [githib] } }`,
      at: '4:49',
      message: 'no connection "githib"',
      hint: 'did you mean "github"?',
    },
    {
      what: 'a glob that no connection fits',
      text: `${HEAD}- { id: a, effect: deny, match: { connections: [stage-*] } }`,
      at: '4:49',
      message: 'no connection fits "stage-*"',
    },
    {
      what: 'an unknown label',
      text: `${HEAD}- { id: a, effect: deny, match: { connections: { evn: prod } } }`,
      at: '4:50',
      message: 'no connection has a label "evn"',
      hint: 'did you mean "env"?',
    },
    {
      what: 'a label value that nobody has',
      text: `${HEAD}- { id: a, effect: deny, match: { connections: { env: prd } } }`,
      at: '4:55',
      message: 'no connection has the label env: prd',
      hint: 'did you mean "prod"?',
    },
    { what: 'an id twice', text: `${HEAD}${FINE}${FINE}`, at: '5:9', message: 'there is another rule with the id "a"' },
    {
      what: 'the id of no rule',
      text: `${HEAD}- { id: default, effect: deny, match: { tools: [x] } }`,
      at: '4:9',
      message: '"default" is the rule of no rule',
    },
    {
      what: 'an empty list',
      text: `${HEAD}- { id: a, effect: allow, match: { tools: [] } }`,
      at: '4:43',
      message: 'this must not be empty',
    },
    {
      what: 'an empty match',
      text: `${HEAD}- { id: a, effect: allow, match: {} }`,
      at: '4:34',
      message: 'this must not be empty',
    },
    { what: 'no match', text: `${HEAD}- { id: a, effect: allow }`, at: '4:3', message: '"match" is missing' },
    {
      what: 'default: allow',
      text: `default: allow\n${HEAD}${FINE}`,
      at: '1:10',
      message: 'this must be deny',
      hint: 'What no rule allows is refused; there is no other default.',
    },
    { what: 'another version', text: `version: 2\nrules: []`, at: '1:10', message: 'this must be 1' },
    { what: 'no time zone', text: `timezone: Berlin\n${HEAD}${FINE}`, at: '1:11', message: '"Berlin" is no time zone' },
    {
      what: 'a number for a claim value',
      text: 'version: 1\ngroups: { a: [42] }\nrules: []',
      at: '2:15',
      message: 'this must be text',
      hint: 'put it in quotes: "42"',
    },
    { what: 'a key twice', text: `${HEAD}${FINE}version: 1`, at: '5:1', message: 'this key stands here twice' },
    {
      what: 'an alias',
      text: 'version: 1\ngroups: &g { a: [b] }\nrules: []\ntests: *g',
      at: '4:8',
      message: 'YAML aliases are not accepted',
    },
    {
      what: 'two documents',
      text: `${HEAD}${FINE}---\nversion: 1`,
      at: '6:1',
      message: 'a policy file holds one document',
    },
    {
      what: 'an allow rule under a deny rule',
      text: `${HEAD}- { id: a, effect: allow, match: { tools: [get_a*], groups: [engineers] } }\n- { id: d, effect: deny, match: { tools: ["get_*"] } }`,
      at: '4:9',
      message: 'the rule "a" can never allow anything: "d" denies it all',
    },
    {
      what: 'an exception that swallows its rule',
      text: `${HEAD}- { id: a, effect: allow, match: { tools: [x] }, except: { tools: ["*"] } }`,
      at: '4:9',
      message: 'the rule "a" excepts everything it matches',
    },
  ])('$what', ({ text, at, message, hint }) => {
    const [first] = mistakesOf(text)
    expect({ at: `${first?.line}:${first?.column}`, message: first?.message }).toEqual({ at, message })
    expect(first?.hint ?? '').toContain(hint ?? '')
  })

  it.each([
    ['effect: approve', `${HEAD}- { id: a, effect: approve, match: { tools: [x] } }`],
    ['effect: mask', `${HEAD}- { id: a, effect: mask, match: { tools: [x] } }`],
    ['when', `${HEAD}- { id: a, effect: deny, match: { tools: [x] }, when: 'true' }`],
    ['outside', `${HEAD}- { id: a, effect: deny, match: { tools: [x] }, outside: { days: mon-fri } }`],
    ['mode of a rule', `${HEAD}- { id: a, effect: deny, mode: shadow, match: { tools: [x] } }`],
    ['mode: shadow', `mode: shadow\n${HEAD}${FINE}`],
    ['include', `include: [pack:x]\n${HEAD}${FINE}`],
    ['break_glass', `break_glass: {}\n${HEAD}${FINE}`],
    ['expect: approve', `${HEAD}${FINE}tests: [{ name: n, call: { connection: github }, expect: approve }]`],
  ])('%s is named as not available yet, never read over', (_, text) => {
    expect(mistakesOf(text).map(({ message }) => message)).toContainEqual(
      expect.stringContaining('is not available yet'),
    )
  })

  it('with all mistakes at once, in the order of the file', () => {
    const text = `${HEAD}- { id: a, effect: alow, match: { toools: [x] } }\n- { id: b, effect: deny, match: { tools: [] }, extra: 1 }`
    expect(mistakesOf(text).map(({ line }) => line)).toEqual([4, 4, 5, 5])
  })

  it('and says so of an empty file', () => {
    expect(mistakesOf('')).toHaveLength(1)
    expect(mistakesOf('# nothing')).toHaveLength(1)
  })
})

describe("a policy's own tests", () => {
  it.each([
    {
      what: 'the effect is another',
      test: '{ name: n, as: { groups: [okta-eng] }, call: { connection: github, tool: x }, expect: deny }',
      message: 'the test "n" fails: the policy says allow by rule "a", expected deny',
    },
    {
      what: 'the rule is another',
      test: '{ name: n, call: { connection: github, tool: x, args: { a: 1 } }, expect: deny, rule: a }',
      message: 'the test "n" fails: the policy says deny by rule "default", expected "a"',
    },
    {
      what: 'the connection is unknown',
      test: '{ name: n, call: { connection: gitlab, tool: x }, expect: deny }',
      message: 'no connection "gitlab"',
    },
    {
      what: 'the rule is unknown',
      test: '{ name: n, call: { connection: github, tool: x }, expect: deny, rule: zz }',
      message: 'no rule "zz"',
    },
    {
      what: 'two things are called',
      test: '{ name: n, call: { connection: github, tool: x, prompt: y }, expect: deny }',
      message: 'only one of tool, prompt, resource can be called',
    },
  ])('keep it from loading where $what', ({ test, message }) => {
    expect(mistakesOf(`${HEAD}${FINE}tests:\n- ${test}`).map((one) => one.message)).toEqual([message])
  })

  it('let it load where they hold', () => {
    const tests = `tests:
- { name: engineers read, as: { groups: [okta-eng] }, call: { connection: github, tool: x, args: {} }, expect: allow, rule: a }
- { name: strangers do not, as: { groups: [engineers] }, call: { connection: github, resource: "a://b" }, expect: deny, rule: default }
- { name: nor talk to it, call: { connection: prod-db }, expect: deny }`
    expect(load(`${HEAD}${FINE}${tests}`).kind).toBe('policy')
  })
})

it('the version of a policy is the SHA-256 of its text', () => {
  const text = `${HEAD}${FINE}`
  const [one, same, other] = [load(text), load(text), load(`${text}# a comment`)].map((loaded) =>
    loaded.kind === 'policy' ? loaded.policy.version : loaded.mistakes,
  )
  expect(one).toMatch(/^[0-9a-f]{64}$/)
  expect(same).toBe(one)
  expect(other).not.toBe(one)
})

function load(text: string) {
  return loadPolicy(text, { file: 'policy.yaml', connections: CONNECTIONS })
}

function mistakesOf(text: string) {
  const loaded = load(text)
  return loaded.kind === 'mistakes' ? loaded.mistakes : []
}
