import { describe, expect, it } from 'vitest'
import { complaints, loadRight } from '../../test/support/policy.ts'

const CONNECTIONS = [
  { name: 'prod-db', labels: { kind: 'postgres', env: 'prod' } },
  { name: 'github', labels: { kind: 'saas' } },
]

const HEAD = 'version: 1\ngroups: { engineers: [okta-eng], dba: [okta-dba] }\nrules:\n'
const FINE = '- { id: a, effect: allow, match: { groups: [engineers] } }\n'

describe('a file that is not as a policy is refused, and the mistake is found where it stands', () => {
  it.each([
    [
      'a bracket that nobody closes',
      `${HEAD}- { id: a, effect: allow`,
      '4:25 this is not YAML: Flow map in block collection must be sufficiently indented and end with a } | is a bracket never closed, or does the line begin too far to the left?',
    ],
    [
      'a line too far to the left',
      'version: 1\nrules:\n- id: a\n effect: allow',
      '4:1 this is not YAML: Sequence item without - indicator | is a quote or a bracket never closed?',
    ],
    ['a tab before a key', 'version: 1\nrules:\n	- id: a', '3:1 this line begins with a tab | indent with spaces'],
    [
      'a quote that nobody closes',
      'version: 1\ndescription: "abc\nrules: []',
      '3:10 this is not YAML: Missing closing "quote | is a quote or a bracket never closed?',
    ],
    [
      'a tag',
      'version: 1\nrules: !!js/function []',
      '2:8 this begins with !, which is a tag of YAML | put the text in quotes',
    ],
    [
      'a condition that begins with !',
      `${HEAD}- id: a\n  effect: deny\n  match: { tools: [x] }\n  when: !sql.present\n`,
      '7:9 this begins with !, which is a tag of YAML | put the text in quotes',
    ],
    ['a key twice', `${HEAD}${FINE}version: 1`, '5:1 this key stands here twice | remove one of them'],
    [
      'a key of a rule twice',
      `${HEAD}${FINE}- { id: b, effect: deny, effect: allow, match: { tools: [x] } }\n`,
      '5:26 this key stands here twice | remove one of them',
    ],
    [
      'an alias',
      'version: 1\ngroups: &g { a: [b] }\nrules: []\ntests: *g',
      '4:8 YAML aliases are not accepted | write it out; a text that begins with * stands in quotes',
    ],
    [
      'a star without quotes',
      'version: 1\nrules:\n- { id: a, effect: allow, match: { tools: [*] } }',
      '3:44 YAML aliases are not accepted | write it out; a text that begins with * stands in quotes',
    ],
    [
      'a merge of keys',
      'version: 1\nrules:\n- &r { id: a, effect: allow, match: { connections: [github] } }\n- { <<: *r, id: b }',
      '4:9 YAML aliases are not accepted | write it out; a text that begins with * stands in quotes',
    ],
    ['a list for a key', 'version: 1\n? [a]\n: b\nrules: []', '2:3 a key is a text here | put it in quotes'],
    ['an empty file', '', '1:1 the file is empty | it begins with version: 1'],
    ['a comment alone', '# x', '1:1 the file is empty | it begins with version: 1'],
    [
      'a text alone',
      'hello',
      '1:1 this must be a map of keys and values | Who may do what through the gateway. The strictest matching rule wins; nothing matches: refused.',
    ],
    [
      'a list alone',
      '- a',
      '1:1 this must be a map of keys and values | Who may do what through the gateway. The strictest matching rule wins; nothing matches: refused.',
    ],
    [
      'nothing after the dashes',
      '---\n',
      '1:4 this must be a map of keys and values | Who may do what through the gateway. The strictest matching rule wins; nothing matches: refused.',
    ],
    [
      'two documents',
      `${HEAD}${FINE}---\nversion: 1`,
      '6:1 a policy file holds one document | remove the line --- before this',
    ],
    ['another version', 'version: 2\nrules: []', '1:10 this must be 1 | Version of this format: 1.'],
    ['a version in quotes', 'version: "1"\nrules: []', '1:10 this must be 1 | Version of this format: 1.'],
    ['no version', 'rules: []', '1:1 "version" is missing | Version of this format: 1.'],
    ['no rules', 'version: 1', '1:1 "rules" is missing | The rules; their order has no meaning.'],
    [
      'rules that are left out',
      'version: 1\nrules:',
      '2:7 this must be a list | The rules; their order has no meaning.',
    ],
    [
      'a map for rules',
      'version: 1\nrules: { a: 1 }',
      '2:8 this must be a list | The rules; their order has no meaning.',
    ],
    ['a misspelt key at the top', `${HEAD}${FINE}grups: {}`, '5:1 unknown key "grups" | did you mean "groups"?'],
    [
      'a key that nobody knows',
      `${HEAD}${FINE}xyzzyplugh: {}`,
      '5:1 unknown key "xyzzyplugh" | known here: version, description, default, mode, timezone, include, groups, rules, break_glass, tests, test_with',
    ],
    [
      'a number for a key',
      'version: 1\n1: 2\nrules: []',
      '2:1 unknown key "1" | known here: version, description, default, mode, timezone, include, groups, rules, break_glass, tests, test_with',
    ],
    [
      'a key that every object has',
      'version: 1\n__proto__: {}\nrules: []',
      '2:1 unknown key "__proto__" | known here: version, description, default, mode, timezone, include, groups, rules, break_glass, tests, test_with',
    ],
    [
      'default: allow that is in force',
      `default: allow\n${HEAD}${FINE}`,
      '1:10 default: allow is for mode: shadow only | what nothing allows is refused: remove this line',
    ],
    [
      'another default',
      `default: shadow\n${HEAD}${FINE}`,
      '1:10 this must be deny or allow | What no rule allows is refused; allow only with mode: shadow.',
    ],
    [
      'another mode',
      `mode: audit\n${HEAD}${FINE}`,
      '1:7 this must be enforce or shadow | Of the whole file. enforce: carried out; shadow: only recorded.',
    ],
    [
      'a city for a time zone',
      `timezone: Berlin\n${HEAD}${FINE}`,
      '1:11 "Berlin" is no time zone | use an IANA name such as Europe/Berlin',
    ],
    [
      'a time zone that a rule would need',
      `timezone: Berlin\n${HEAD}${FINE}- { id: b, effect: deny, match: { tools: [x] }, during: { days: mon } }\n`,
      '1:11 "Berlin" is no time zone | use an IANA name such as Europe/Berlin',
    ],
    [
      'a group name with a space',
      'version: 1\ngroups: { "a b": [x] }\nrules: []',
      '2:11 "a b" is no name here | A readable name: letters, digits, dots, dashes.',
    ],
    [
      'a group name that every object has',
      'version: 1\ngroups: { constructor: [a], __proto__: [b] }\nrules: [{id: a, effect: allow, match: {groups: [toString]}}]',
      '2:29 "__proto__" is no name here | A readable name: letters, digits, dots, dashes.',
    ],
    [
      'a text for the values of a group',
      'version: 1\ngroups: { a: x }\nrules: []',
      '2:14 this must be a list | Values of the groups claim, such as [okta-engineering].',
    ],
    [
      'a group of nobody',
      'version: 1\ngroups: { a: [] }\nrules: []',
      '2:14 this must not be empty | Values of the groups claim, such as [okta-engineering].',
    ],
    [
      'a number for a claim value',
      'version: 1\ngroups: { a: [42] }\nrules: []',
      '2:15 this must be text | put it in quotes: "42"',
    ],
  ])('%s', (_, text, expected) => {
    expect(complain(text)).toBe(expected)
  })

  it('with all mistakes at once, in the order of the file', () => {
    const text = `${HEAD}- { id: a, effect: alow, match: { toools: [x] } }\n- { id: b, effect: deny, match: { tools: [] }, extra: 1 }`
    expect(complaints(text).map((one) => one.split(' ')[0])).toEqual(['4:20', '4:35', '5:42', '5:48'])
  })
})

describe('break_glass with a mistake is refused', () => {
  it.each([
    ['without anything', `${HEAD}${FINE}break_glass: {}`, '5:14 "groups" is missing | Who may.'],
    [
      'with a misspelt key',
      `${HEAD}${FINE}break_glass: { groups: [dba], override: [x], for: 1h }`,
      '5:31 unknown key "override" | did you mean "overrides"?',
    ],
    [
      'that would lift a deny rule',
      `${HEAD}${FINE}- { id: d, effect: deny, match: { tools: [x] } }\nbreak_glass: { groups: [dba], overrides: [d], for: 1h }`,
      '6:43 "d" is no approve rule | a deny rule cannot be lifted',
    ],
    [
      'that names no rule',
      `${HEAD}${FINE}- { id: ask, effect: approve, match: { tools: [x] }, approval: { by: [{ group: dba }] } }\nbreak_glass: { groups: [dba], overrides: [aks], for: 1h }`,
      '6:43 no rule "aks" | did you mean "ask"?',
    ],
    [
      'for a group that is none',
      `${HEAD}${FINE}- { id: ask, effect: approve, match: { tools: [x] }, approval: { by: [{ group: dba }] } }\nbreak_glass: { groups: [sre], overrides: [ask], for: 1h }`,
      '6:25 no group "sre" under groups: | known here: engineers, dba',
    ],
    [
      'for times that are none',
      `${HEAD}${FINE}- { id: ask, effect: approve, match: { tools: [x] }, approval: { by: [{ group: dba }] } }\nbreak_glass: { groups: [dba], overrides: [ask], for: 1 hour, review_within: never }`,
      '6:54 "1 hour" is no duration | a number and s, m, h or d, such as 1h\n6:77 "never" is no duration | a number and s, m, h or d, such as 1h',
    ],
    [
      'without a reason',
      `${HEAD}${FINE}- { id: ask, effect: approve, match: { tools: [x] }, approval: { by: [{ group: dba }] } }\nbreak_glass: { groups: [dba], overrides: [ask], for: 1h, reason: optional }`,
      '6:66 this must be required | A reason is always required.',
    ],
  ])('%s', (_, text, expected) => {
    expect(complain(text)).toBe(expected)
  })
})

it('the version of a policy is the SHA-256 of its text', () => {
  const text = `${HEAD}${FINE}`
  expect(versionOf(text)).toMatch(/^[0-9a-f]{64}$/)
  expect(versionOf(text)).toBe(versionOf(text))
  expect(versionOf(`${text}# a comment`)).not.toBe(versionOf(text))
})

function versionOf(text: string): string {
  return loadRight(text, { connections: CONNECTIONS }).policy.version
}

function complain(text: string): string {
  return complaints(text, { connections: CONNECTIONS }).join('\n')
}
