import { describe, expect, it } from 'vitest'
import { complaints, type PolicyPlaceOptions } from '../../test/support/policy.ts'

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
const STRICT = 'version: 1\nrules: [{ id: s, effect: deny, match: { tools: [x] }, when: \'sql.verb == "x"\' }]'

const WORLD: PolicyPlaceOptions = {
  connections: CONNECTIONS,
  packs: { 'read-only': PACK, broken: 'version: 1\nruls: []', strict: STRICT },
  files: {
    './team.yaml':
      'version: 1\ngroups: { team: [okta-team], engineers: [x] }\nrules:\n- { id: t, effect: allow, match: { groups: [team] } }\n',
    './bad.yaml': 'version: 1\nrules:\n- { id: a, effect: alow, match: {} }',
    './dup.yaml': 'version: 1\nrules:\n- { id: a, effect: allow, match: { connections: [github] } }\n',
    './inc.yaml': 'version: 1\ninclude: [./x.yaml]\nrules: []',
    './mode.yaml': 'version: 1\nmode: shadow\ntimezone: UTC\nrules: []',
  },
}

describe('an include with a mistake is refused, and the mistake is found where somebody can mend it', () => {
  it.each([
    [
      'a pack that is none',
      `include: [pack:raed-only]\n${HEAD}${FINE}`,
      '1:11 there is no pack "raed-only" | did you mean "read-only"?',
    ],
    [
      'a pack that is none, in a map',
      `include: [{ pack: raed-only }]\n${HEAD}${FINE}`,
      '1:11 there is no pack "raed-only" | did you mean "read-only"?',
    ],
    [
      'a pack without pack:',
      `include: [read-only]\n${HEAD}${FINE}`,
      '1:11 the file read-only cannot be read | a pack is named pack:NAME, such as pack:read-only',
    ],
    [
      'a map without a pack',
      `include: [{ approvers: dba }]\n${HEAD}${FINE}`,
      '1:11 "pack" is missing | Name of a pack, such as postgres-safe.',
    ],
    [
      'a number',
      `include: [1]\n${HEAD}${FINE}`,
      '1:11 this must be text or a map of keys and values | pack:NAME, a file such as ./team.yaml, or a map with pack: NAME.',
    ],
    [
      'a misspelt key',
      `include: [{ pack: read-only, aprovers: dba }]\n${HEAD}${FINE}`,
      '1:30 unknown key "aprovers" | did you mean "approvers"?',
    ],
    [
      'a rule that the pack does not have',
      `include: [{ pack: read-only, without: [no-write] }]\n${HEAD}${FINE}`,
      '1:40 the pack has no rule "no-write" | did you mean "no-writes"?',
    ],
    [
      'approvers that are none',
      `include: [{ pack: read-only, approvers: dbas }]\n${HEAD}${FINE}`,
      '1:41 no group "dbas" under groups: | did you mean "dba"?',
    ],
    [
      'a connection that is none',
      `include: [{ pack: read-only, connections: [prod-bd] }]\n${HEAD}${FINE}`,
      '1:44 no connection "prod-bd" | did you mean "prod-db"?',
    ],
    [
      'a label that is none',
      `include: [{ pack: read-only, connections: { evn: prod } }]\n${HEAD}${FINE}`,
      '1:45 no connection has a label "evn" | did you mean "env"?',
    ],
    [
      'a group that is none',
      `include: [{ pack: read-only, except: { groups: [dbas] } }]\n${HEAD}${FINE}`,
      '1:49 no group "dbas" under groups: | did you mean "dba"?',
    ],
    [
      'a pack twice',
      `include: [pack:read-only, pack:read-only]\n${HEAD}${FINE}`,
      '1:27 this is included already | once is enough; connections: can name several',
    ],
    [
      'a file that is not there',
      `include: [./missing.yaml]\n${HEAD}${FINE}`,
      '1:11 the file ./missing.yaml cannot be read | it must be a .yaml file beside this one',
    ],
    [
      'a file with mistakes, each where it stands',
      `include: [./bad.yaml]\n${HEAD}${FINE}`,
      './bad.yaml:3:20 this must be deny or approve or allow or mask or limit or alert | did you mean "allow"?\n./bad.yaml:3:33 this must not be empty | What the rule is about; everything given must fit. connections: ["*"] is everything.',
    ],
    [
      'a file with an id that is taken',
      `include: [./dup.yaml]\n${HEAD}${FINE}`,
      './dup.yaml:3:9 there is another rule with the id "a" | give it an id of its own',
    ],
    [
      'a file with a group that is taken',
      `include: [./team.yaml]\n${HEAD}${FINE}`,
      './team.yaml:2:30 the group "engineers" is defined in another file already | define it in one',
    ],
    [
      'a file that includes another one',
      `include: [./inc.yaml]\n${HEAD}${FINE}`,
      './inc.yaml:2:1 unknown key "include" | known here: version, description, groups, rules, tests, test_with',
    ],
    [
      'a file that decides about the whole',
      `include: [./mode.yaml]\n${HEAD}${FINE}`,
      './mode.yaml:2:1 unknown key "mode" | known here: version, description, groups, rules, tests, test_with\n./mode.yaml:3:1 unknown key "timezone" | known here: version, description, groups, rules, tests, test_with',
    ],
    [
      'a pack with a misspelt key',
      `include: [pack:broken]\n${HEAD}${FINE}`,
      'packs/broken.yaml:2:1 unknown key "ruls" | did you mean "rules"?',
    ],
    [
      'a pack with a mistake in a condition',
      `include: [pack:strict]\n${HEAD}${FINE}`,
      'packs/strict.yaml:2:66 sql has no field "verb" | did you mean "verbs"?',
    ],
  ])('%s', (_, text, expected) => {
    expect(complaints(text, WORLD).join('\n')).toBe(expected)
  })
})
