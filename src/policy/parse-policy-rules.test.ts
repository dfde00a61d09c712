import { describe, expect, it } from 'vitest'
import { complaints } from '../../test/support/policy.ts'

const CONNECTIONS = [
  { name: 'prod-db', labels: { kind: 'postgres', env: 'prod' } },
  { name: 'github', labels: { kind: 'saas' } },
]

const HEAD = 'version: 1\ngroups: { engineers: [okta-eng], dba: [okta-dba] }\nrules:\n'
const FINE = '- { id: a, effect: allow, match: { groups: [engineers] } }\n'

describe('a rule that is not as a rule is refused, and the mistake is found where it stands', () => {
  it.each([
    [
      'a misspelt key',
      '{ id: b, efect: deny, effect: deny, match: { tools: [x] } }',
      '5:12 unknown key "efect" | did you mean "effect"?',
    ],
    [
      'a key that every object has',
      '{ id: b, effect: deny, match: { tools: [x] }, __proto__: { a: 1 } }',
      '5:49 unknown key "__proto__" | known here: id, effect, mode, match, except, during, outside, when, message, severity, approval, mask, limit',
    ],
    [
      'a misspelt key of match',
      '{ id: b, effect: deny, match: { tool: [x] } }',
      '5:35 unknown key "tool" | did you mean "tools"?',
    ],
    [
      'a misspelt key of except',
      '{ id: b, effect: deny, match: { tools: [x] }, except: { group: [dba] } }',
      '5:59 unknown key "group" | did you mean "groups"?',
    ],
    [
      'an id with a space',
      '{ id: "a b", effect: deny, match: { tools: [x] } }',
      '5:9 this is not in the right form | Its name in refusals and records: letters, digits, dots, dashes, unique.',
    ],
    [
      'no id',
      '{ effect: deny, match: { tools: [x] } }',
      '5:3 "id" is missing | Its name in refusals and records: letters, digits, dots, dashes, unique.',
    ],
    [
      'a misspelt effect',
      '{ id: b, effect: alow, match: { tools: [x] } }',
      '5:20 this must be deny or approve or allow or mask or limit or alert | did you mean "allow"?',
    ],
    [
      'another effect',
      '{ id: b, effect: forbid, match: { tools: [x] } }',
      '5:20 this must be deny or approve or allow or mask or limit or alert | deny, approve or allow decide; mask, limit and alert come with whatever is not denied.',
    ],
    [
      'no effect',
      '{ id: b, match: { tools: [x] } }',
      '5:3 "effect" is missing | deny, approve or allow decide; mask, limit and alert come with whatever is not denied.',
    ],
    [
      'no match',
      '{ id: b, effect: allow }',
      '5:3 "match" is missing | What the rule is about; everything given must fit. connections: ["*"] is everything.',
    ],
    [
      'an empty match',
      '{ id: b, effect: allow, match: {} }',
      '5:34 this must not be empty | What the rule is about; everything given must fit. connections: ["*"] is everything.',
    ],
    [
      'an empty list',
      '{ id: b, effect: allow, match: { tools: [] } }',
      '5:43 this must not be empty | Globs on names of tools; * is any text.',
    ],
    [
      'an empty glob',
      '{ id: b, effect: allow, match: { tools: [""] } }',
      '5:44 this must not be empty | Globs on names of tools; * is any text.',
    ],
    [
      'a text for connections',
      '{ id: b, effect: deny, match: { connections: github } }',
      '5:48 this must be a list or a map of keys and values | A list of names and globs, or labels that the connection must all have.',
    ],
    [
      'a text for tools',
      '{ id: b, effect: deny, match: { tools: x } }',
      '5:42 this must be a list | Globs on names of tools; * is any text.',
    ],
    [
      'another mode',
      '{ id: b, effect: deny, mode: dry-run, match: { tools: [x] } }',
      '5:32 this must be enforce or shadow | Of this rule alone. enforce: carried out; shadow: only recorded.',
    ],
    [
      'another severity',
      '{ id: b, effect: deny, severity: hi, match: { tools: [x] } }',
      '5:36 this must be low or medium or high or critical | did you mean "high"?',
    ],
    [
      'a message that is too long',
      '{ id: b, effect: deny, match: { tools: [x] }, message: mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm }',
      '5:58 this must not be longer than 500 characters | Shown to whoever is refused.',
    ],
  ])('%s', (_, rule, expected) => {
    expect(complain(rule)).toBe(expected)
  })
})

describe('a time window with a mistake is refused', () => {
  it.each([
    [
      'a misspelt key',
      '{ id: b, effect: deny, match: { tools: [x] }, outside: { day: mon-fri } }',
      '5:60 unknown key "day" | did you mean "days"?',
    ],
    [
      'a misspelt day',
      '{ id: b, effect: deny, match: { tools: [x] }, outside: { days: mon-fry } }',
      '5:66 "fry" is no day | did you mean "fri"? such as mon-fri, or sat,sun, or mon-wed,fri, or daily',
    ],
    [
      'hours without minutes',
      '{ id: b, effect: deny, match: { tools: [x] }, during: { hours: "7-20" } }',
      '5:66 "7-20" is no time of day | such as "07:00-20:00", or "22:00-06:00" over midnight',
    ],
    [
      'a day of 25 hours',
      '{ id: b, effect: deny, match: { tools: [x] }, during: { hours: "07:00-25:00" } }',
      '5:66 "07:00-25:00" is no time of day | such as "07:00-20:00", or "22:00-06:00" over midnight',
    ],
    [
      'hours that are none',
      '{ id: b, effect: deny, match: { tools: [x] }, during: { hours: "07:00-07:00" } }',
      '5:66 "07:00-07:00" is empty | the whole day is "00:00-24:00"',
    ],
    [
      'an end before its beginning',
      '{ id: b, effect: deny, match: { tools: [x] }, during: { from: 2026-12-24, until: 2026-12-20 } }',
      '5:84 it ends before it begins | "until" is the first day after it',
    ],
    [
      'a day that is in no calendar',
      '{ id: b, effect: deny, match: { tools: [x] }, during: { from: 2026-02-30 } }',
      '5:65 "2026-02-30" is no date | such as 2026-12-24, or 2026-12-24T18:00',
    ],
    [
      'nothing',
      '{ id: b, effect: deny, match: { tools: [x] }, during: {} }',
      '5:57 a time window needs days, hours, from or until | such as { days: mon-fri, hours: "07:00-20:00" }',
    ],
    [
      'a list of days',
      '{ id: b, effect: deny, match: { tools: [x] }, during: { days: [mon, tue] } }',
      '5:65 this must be text | Days of the week, such as mon-fri, or sat,sun, or daily.',
    ],
    [
      'a text',
      '{ id: b, effect: deny, match: { tools: [x] }, during: "mon-fri" }',
      '5:57 this must be a map of keys and values | The rule holds within this time only.',
    ],
  ])('%s', (_, rule, expected) => {
    expect(complain(rule)).toBe(expected)
  })
})

/** Of a rule that stands in line 5, from column 3. */
function complain(rule: string): string {
  return complaints(`${HEAD}${FINE}- ${rule}\n`, { connections: CONNECTIONS }).join('\n')
}
