import { describe, expect, it } from 'vitest'
import { complaints } from '../../test/support/policy.ts'

const CONNECTIONS = [
  { name: 'prod-db', labels: { kind: 'postgres', env: 'prod' } },
  { name: 'github', labels: { kind: 'saas' } },
]

const HEAD = 'version: 1\ngroups: { engineers: [okta-eng], dba: [okta-dba] }\nrules:\n'
const FINE = '- { id: a, effect: allow, match: { groups: [engineers] } }\n'

describe('a name of nothing is refused, with the name that was probably meant', () => {
  it.each([
    [
      'a group',
      '{ id: b, effect: allow, match: { groups: [enginers] } }',
      '5:45 no group "enginers" under groups: | did you mean "engineers"?',
    ],
    [
      'a value of the claim for a group',
      '{ id: b, effect: allow, match: { groups: [okta-eng] } }',
      '5:45 no group "okta-eng" under groups: | known here: engineers, dba',
    ],
    [
      'a group of an exception',
      '{ id: b, effect: deny, match: { tools: [x] }, except: { groups: [dbas] } }',
      '5:68 no group "dbas" under groups: | did you mean "dba"?',
    ],
    [
      'a connection',
      '{ id: b, effect: deny, match: { connections: [githib] } }',
      '5:49 no connection "githib" | did you mean "github"?',
    ],
    [
      'a glob that no connection fits',
      '{ id: b, effect: deny, match: { connections: [stage-*] } }',
      '5:49 no connection fits "stage-*" | known here: prod-db, github',
    ],
    [
      'a label',
      '{ id: b, effect: deny, match: { connections: { evn: prod } } }',
      '5:50 no connection has a label "evn" | did you mean "env"?',
    ],
    [
      'a value of a label',
      '{ id: b, effect: deny, match: { connections: { env: prd } } }',
      '5:55 no connection has the label env: prd | did you mean "prod"?',
    ],
    [
      'a number for a value of a label',
      '{ id: b, effect: deny, match: { connections: { env: 1 } } }',
      '5:55 this must be text or a list | put it in quotes: "1"',
    ],
    [
      'labels that no connection has all of',
      '{ id: b, effect: deny, match: { connections: { kind: saas, env: prod } } }',
      '5:48 no connection has all of these labels | each is there, on different connections',
    ],
  ])('%s', (_, rule, expected) => {
    expect(complain(`${HEAD}${FINE}- ${rule}\n`)).toBe(expected)
  })

  it.each([
    [
      'an id twice',
      `${HEAD}${FINE}- { id: a, effect: allow, match: { groups: [engineers] } }\n`,
      '5:9 there is another rule with the id "a" | give it an id of its own',
    ],
    [
      'the id of no rule',
      `${HEAD}${FINE}- { id: default, effect: deny, match: { tools: [x] } }\n`,
      '5:9 "default" is the rule of no rule | give it an id of its own',
    ],
  ])('%s', (_, text, expected) => {
    expect(complain(text)).toBe(expected)
  })
})

describe('a rule that can never have an effect is refused', () => {
  it.each([
    [
      'an allow rule under a deny rule',
      `${HEAD}- { id: a, effect: allow, match: { tools: [get_a*], groups: [engineers] } }\n- { id: d, effect: deny, match: { tools: ["get_*"] } }`,
      '4:9 the rule "a" can never allow anything: "d" denies it all | a deny rule wins wherever it stands: remove this rule or narrow that one',
    ],
    [
      'an obligation under a deny rule',
      `${HEAD}- { id: a, effect: mask, match: { tools: [get_a*], groups: [engineers] }, mask: [{entities: [email], with: hash}] }\n- { id: d, effect: deny, match: { tools: ["get_*"] } }`,
      '4:9 the rule "a" can never have an effect: "d" denies it all | a deny rule wins wherever it stands: remove this rule or narrow that one',
    ],
    [
      'an exception that swallows its rule',
      `${HEAD}${FINE}- { id: b, effect: allow, match: { tools: [x] }, except: { tools: ["*"] } }\n`,
      '5:9 the rule "b" excepts everything it matches | narrow its except',
    ],
    [
      'an approval where nothing is allowed',
      `${HEAD}- { id: a, effect: allow, match: { connections: [github] } }\n- { id: b, effect: approve, match: { connections: [prod-db] }, approval: { by: [{ group: dba }] } }`,
      '5:9 the rule "b" can never have an effect: no rule allows anything on its connections | a rule with effect: approve opens nothing: add an allow rule',
    ],
    [
      'a mask where nothing is allowed',
      `${HEAD}- { id: a, effect: allow, match: { connections: [github] } }\n- { id: b, effect: mask, match: { connections: [prod-db] }, mask: [{entities: [email], with: hash}] }`,
      '5:9 the rule "b" can never have an effect: no rule allows anything on its connections | a rule with effect: mask opens nothing: add an allow rule',
    ],
    [
      'facts that nothing reads',
      `${HEAD}${FINE}- { id: b, effect: deny, match: { connections: [github] }, when: "sql.present" }\n`,
      '5:66 the condition looks at sql, which is read in no argument of "github" | add inspect: { sql: $.args.NAME } to the connection, or a label kind',
    ],
    [
      'facts of another kind than are read',
      `${HEAD}${FINE}- { id: b, effect: deny, match: { connections: [prod-db] }, when: "shell.present" }\n`,
      '5:67 the condition looks at shell, which is read in no argument of "prod-db" | add inspect: { shell: $.args.NAME } to the connection, or a label kind',
    ],
  ])('%s', (_, text, expected) => {
    expect(complain(text)).toBe(expected)
  })
})

describe('a condition with a mistake is refused, at the place inside of it', () => {
  it.each([
    [
      'its syntax',
      `${HEAD}${FINE}- { id: b, effect: deny, match: { connections: [prod-db] }, when: 'sql.verbs.size( > 1' }\n`,
      '5:84 ">" cannot stand here | is an operator such as && missing?',
    ],
    [
      'a field that is none',
      `${HEAD}${FINE}- { id: b, effect: deny, match: { connections: [prod-db] }, when: '"ddl" in sql.verb' }\n`,
      '5:81 sql has no field "verb" | did you mean "verbs"?',
    ],
    [
      'types that do not go together',
      `${HEAD}${FINE}- { id: b, effect: deny, match: { connections: [prod-db] }, when: 'sql.statements > "1"' }\n`,
      '5:68 int > string cannot be compared or computed | write the number without quotes',
    ],
    [
      'neither true nor false',
      `${HEAD}${FINE}- { id: b, effect: deny, match: { connections: [prod-db] }, when: 'sql.verbs' }\n`,
      '5:68 the condition is of type list<string>, neither true nor false | write sql.verbs.size() > 0',
    ],
    [
      'matches()',
      `${HEAD}${FINE}- { id: b, effect: deny, match: { connections: [prod-db] }, when: 'args.x.matches("a+")' }\n`,
      '5:75 matches() is not available: one text could make it run for ever | write .re("…"), which takes RE2 patterns',
    ],
    [
      'a pattern that is not RE2',
      `${HEAD}${FINE}- { id: b, effect: deny, match: { connections: [prod-db] }, when: 'args.x.re("(?=a)")' }\n`,
      '5:78 the pattern of re() is not RE2: invalid or unsupported Perl syntax: `(?=` | RE2 has no look-around and no back-references, so that no text can make it slow',
    ],
    [
      'loops in loops in loops',
      `${HEAD}${FINE}- { id: b, effect: deny, match: { connections: [prod-db] }, when: 'sql.verbs.exists(v, sql.flags.exists(f, sql.kinds.exists(k, k == v)))' }\n`,
      '5:125 loops are nested more than 2 deep | split it into several rules',
    ],
    [
      'no text',
      `${HEAD}- { id: a, effect: deny, match: { tools: [x] }, when: true }`,
      '4:55 this must be text | put it in quotes: "true"',
    ],
    [
      'an empty text',
      `${HEAD}- { id: a, effect: deny, match: { tools: [x] }, when: "" }`,
      '4:55 this must not be empty | A CEL expression that is true or false, over the call and what was read in its arguments.',
    ],
    [
      'a comment of YAML in a block',
      `${HEAD}- id: a\n  effect: deny\n  match: { connections: [prod-db] }\n  when: |\n    sql.present\n    # no writes\n    && sql.parsed\n`,
      '9:5 # begins no comment here | CEL comments are //',
    ],
    [
      'the second line of a block',
      `${HEAD}- id: a\n  effect: deny\n  match: { connections: [prod-db] }\n  when: |\n    sql.present\n    && sql.wher == "none"\n`,
      '9:12 sql has no field "wher" | did you mean "where"?',
    ],
    [
      'a block with an indentation of its own',
      `${HEAD}- id: a\n  effect: deny\n  match: { connections: [prod-db] }\n  when: |2\n      sql.present\n      && sql.wher == "none"\n`,
      '9:14 sql has no field "wher" | did you mean "where"?',
    ],
    [
      'a block with a comment and an empty line',
      `${HEAD}- id: a\n  effect: deny\n  match: { connections: [prod-db] }\n  when: | # why\n\n    sql.present\n    && sql.wher == "none"\n`,
      '10:12 sql has no field "wher" | did you mean "where"?',
    ],
    [
      'a folded block, at its beginning',
      `${HEAD}- id: a\n  effect: deny\n  match: { connections: [prod-db] }\n  when: >\n    sql.present\n    && sql.wher == "none"\n`,
      '7:9 sql has no field "wher" | did you mean "where"?',
    ],
    [
      'a text without quotes',
      `${HEAD}- id: a\n  effect: deny\n  match: { connections: [prod-db] }\n  when: sql.present && sql.wher == "none"\n`,
      '7:28 sql has no field "wher" | did you mean "where"?',
    ],
    [
      'a text over two lines, at its beginning',
      `${HEAD}- id: a\n  effect: deny\n  match: { connections: [prod-db] }\n  when: sql.present\n    && sql.wher == "none"\n`,
      '7:9 sql has no field "wher" | did you mean "where"?',
    ],
    [
      'a text with escaped quotes',
      `${HEAD}- id: a\n  effect: deny\n  match: { connections: [prod-db] }\n  when: "args.q == \\"x\\" && sql.wher == \\"none\\""\n`,
      '7:33 sql has no field "wher" | did you mean "where"?',
    ],
  ])('%s', (_, text, expected) => {
    expect(complain(text)).toBe(expected)
  })
})

function complain(text: string): string {
  return complaints(text, { connections: CONNECTIONS }).join('\n')
}
