import { describe, expect, it } from 'vitest'
import { complaints } from '../../test/support/policy.ts'

const CONNECTIONS = [
  { name: 'prod-db', labels: { kind: 'postgres', env: 'prod' } },
  { name: 'github', labels: { kind: 'saas' } },
]

const HEAD = 'version: 1\ngroups: { engineers: [okta-eng], dba: [okta-dba] }\nrules:\n'
const FINE = '- { id: a, effect: allow, match: { groups: [engineers] } }\n'

describe('an approval with a mistake is refused', () => {
  it.each([
    [
      'none',
      '{ id: b, effect: approve, match: { tools: [x] } }',
      '5:20 a rule with effect: approve needs "approval" | such as approval: { by: [{ group: dba, count: 1 }] }',
    ],
    [
      'of nobody',
      '{ id: b, effect: approve, match: { tools: [x] }, approval: { scope: once } }',
      '5:62 "by" is missing | Every line must be met, by people other than the caller.',
    ],
    [
      'of an empty list',
      '{ id: b, effect: approve, match: { tools: [x] }, approval: { by: [] } }',
      '5:68 this must not be empty | Every line must be met, by people other than the caller.',
    ],
    [
      'of a text',
      '{ id: b, effect: approve, match: { tools: [x] }, approval: { by: dba } }',
      '5:68 this must be a list | Every line must be met, by people other than the caller.',
    ],
    [
      'a misspelt key',
      '{ id: b, effect: approve, match: { tools: [x] }, approval: { by: [{ group: dba }], expire: 30m } }',
      '5:86 unknown key "expire" | did you mean "expires"?',
    ],
    [
      'a misspelt key of by',
      '{ id: b, effect: approve, match: { tools: [x] }, approval: { by: [{ groups: dba }] } }',
      '5:71 unknown key "groups" | did you mean "group"?',
    ],
    [
      'by no people',
      '{ id: b, effect: approve, match: { tools: [x] }, approval: { by: [{ group: dba, count: 0 }] } }',
      '5:90 this must be 1 or more | How many people.',
    ],
    [
      'of an allow rule',
      '{ id: b, effect: allow, match: { tools: [x] }, approval: { by: [{ group: dba }] } }',
      '5:50 "approval" belongs to a rule with effect: approve | this rule has effect: allow',
    ],
    [
      'another scope',
      '{ id: b, effect: approve, match: { tools: [x] }, approval: { by: [{ group: dba }], scope: always } }',
      '5:93 this is not in the right form | once (this very call), session, or a duration such as 30m, never longer than the session.',
    ],
    [
      'a time that is none',
      '{ id: b, effect: approve, match: { tools: [x] }, approval: { by: [{ group: dba }], expires: soon } }',
      '5:95 "soon" is no duration | a number and s, m, h or d, such as 30m',
    ],
    [
      'no time at all',
      '{ id: b, effect: approve, match: { tools: [x] }, approval: { by: [{ group: dba }], expires: 0m } }',
      '5:95 "0m" is no duration | a number and s, m, h or d, such as 30m',
    ],
    [
      'another reason',
      '{ id: b, effect: approve, match: { tools: [x] }, approval: { by: [{ group: dba }], reason: true } }',
      '5:94 this must be required or optional | Whether the caller must say why.',
    ],
    [
      'by a group that is none',
      '{ id: b, effect: approve, match: { tools: [x] }, approval: { by: [{ group: dab }] } }',
      '5:78 no group "dab" under groups: | did you mean "dba"?',
    ],
  ])('%s', (_, rule, expected) => {
    expect(complain(rule)).toBe(expected)
  })
})

describe('a limit with a mistake is refused', () => {
  it.each([
    [
      'none',
      '{ id: b, effect: limit, match: { tools: [x] } }',
      '5:20 a rule with effect: limit needs "limit" | such as limit: [{ calls: 100, per: 1m, by: [identity] }]',
    ],
    [
      'of a deny rule',
      '{ id: b, effect: deny, match: { tools: [x] }, limit: [{ calls: 1, per: 1m }] }',
      '5:49 "limit" belongs to a rule with effect: limit | this rule has effect: deny',
    ],
    [
      'a map',
      '{ id: b, effect: limit, match: { tools: [x] }, limit: { calls: 1, per: 1m } }',
      '5:57 this must be a list | How much, per whom.',
    ],
    [
      'a misspelt key',
      '{ id: b, effect: limit, match: { tools: [x] }, limit: [{ call: 5, per: 1m }] }',
      '5:60 unknown key "call" | did you mean "calls"?',
    ],
    [
      'of two things',
      '{ id: b, effect: limit, match: { tools: [x] }, limit: [{ calls: 1, result_bytes: 1MB, per: 1m }] }',
      '5:84 a limit is about one thing, and this has calls and result_bytes | make two of it',
    ],
    [
      'of nothing',
      '{ id: b, effect: limit, match: { tools: [x] }, limit: [{ per: 1m }] }',
      '5:58 a limit needs one of calls, result_bytes, concurrent, masked_entities | such as { calls: 120, per: 1m }',
    ],
    [
      'without a time',
      '{ id: b, effect: limit, match: { tools: [x] }, limit: [{ calls: 1 }] }',
      '5:58 "per" is missing | the time in which the amount flows back, such as per: 1m',
    ],
    [
      'a time that is none',
      '{ id: b, effect: limit, match: { tools: [x] }, limit: [{ calls: 1, per: 1 minute }] }',
      '5:75 this is no duration: "1 minute" | a number and s, m, h or d, such as 1m',
    ],
    [
      'a time that is too short',
      '{ id: b, effect: limit, match: { tools: [x] }, limit: [{ calls: 1, per: 1ms }] }',
      '5:75 this is too short for a limit | at least 1s',
    ],
    [
      'a number for a time',
      '{ id: b, effect: limit, match: { tools: [x] }, limit: [{ calls: 1, per: 60 }] }',
      '5:75 this must be text | put it in quotes: "60"',
    ],
    [
      'an amount of data that is none',
      '{ id: b, effect: limit, match: { tools: [x] }, limit: [{ result_bytes: 50 mega, per: 1m }] }',
      '5:74 this is no amount of data: "50 mega" | such as 50MB, 512KiB or a number of bytes',
    ],
    [
      'of 0',
      '{ id: b, effect: limit, match: { tools: [x] }, limit: [{ calls: 0, per: 1m }] }',
      '5:67 this must be 1 or more | Calls in the time.',
    ],
    [
      'of a fraction',
      '{ id: b, effect: limit, match: { tools: [x] }, limit: [{ calls: 1.5, per: 1m }] }',
      '5:67 this must be a whole number | Calls in the time.',
    ],
    [
      'of a text',
      '{ id: b, effect: limit, match: { tools: [x] }, limit: [{ calls: many, per: 1m }] }',
      '5:67 this must be a whole number | Calls in the time.',
    ],
    [
      'counted by group',
      '{ id: b, effect: limit, match: { tools: [x] }, limit: [{ calls: 1, per: 1m, by: [group] }] }',
      '5:84 this must be identity or connection or tool or session or client | What is counted apart; for one group alone, write a rule with match: { groups: [...] }.',
    ],
    [
      'counted by something twice',
      '{ id: b, effect: limit, match: { tools: [x] }, limit: [{ calls: 1, per: 1m, by: [tool, tool] }] }',
      '5:83 this names something twice | Counted apart for each of these.',
    ],
    [
      'of one moment with a time',
      '{ id: b, effect: limit, match: { tools: [x] }, limit: [{ concurrent: 1, per: 1m }] }',
      '5:80 "concurrent" is about one moment and has no "per" | leave it out',
    ],
  ])('%s', (_, rule, expected) => {
    expect(complain(rule)).toBe(expected)
  })
})

describe('a mask with a mistake is refused', () => {
  it.each([
    [
      'none',
      '{ id: b, effect: mask, match: { tools: [x] } }',
      '5:20 a rule with effect: mask needs "mask" | such as mask: [{ entities: [email], with: partial }]',
    ],
    [
      'of nothing',
      '{ id: b, effect: mask, match: { tools: [x] }, mask: [{ with: redact }] }',
      '5:56 this has too few keys | Kinds of data or fields, and how they are hidden.',
    ],
    [
      'without how',
      '{ id: b, effect: mask, match: { tools: [x] }, mask: [{ entities: [email], fields: [x] }] }',
      '5:56 "with" is missing | How it is hidden; block refuses the whole message.',
    ],
    [
      'another how',
      '{ id: b, effect: mask, match: { tools: [x] }, mask: [{ entities: [email], with: hide }] }',
      '5:83 this must be partial or redact or hash or surrogate or block or allow | How it is hidden; block refuses the whole message.',
    ],
    [
      'by a hash of few values',
      '{ id: b, effect: mask, match: { tools: [x] }, mask: [{ entities: [credit_card], with: hash }] }',
      '5:89 hash would not hide credit_card: all its values can be tried | use surrogate, partial or redact',
    ],
    [
      'by a hash of secrets',
      '{ id: b, effect: mask, match: { tools: [x] }, mask: [{ entities: [secret], with: hash }] }',
      '5:84 hash is not for secret: of secrets nothing is kept by which one could be told or guessed | use redact',
    ],
    [
      'a misspelt key',
      '{ id: b, effect: mask, match: { tools: [x] }, mask: [{ entity: [email], with: redact }] }',
      '5:58 unknown key "entity" | known here: entities, fields, in, with',
    ],
    [
      'of an alert rule',
      '{ id: b, effect: alert, match: { tools: [x] }, mask: [{ entities: [email], with: hash }] }',
      '5:50 "mask" belongs to a rule with effect: mask | this rule has effect: alert',
    ],
  ])('%s', (_, rule, expected) => {
    expect(complain(rule)).toBe(expected)
  })
})

/** Of a rule that stands in line 5, from column 3. */
function complain(rule: string): string {
  return complaints(`${HEAD}${FINE}- ${rule}\n`, { connections: CONNECTIONS }).join('\n')
}
