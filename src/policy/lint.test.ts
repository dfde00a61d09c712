import { describe, expect, it } from 'vitest'
import { policyPlace } from '../../test/support/policy.ts'
import { lint } from './lint.ts'
import { readPolicy } from './parse-policy.ts'
import { runTests } from './run-tests.ts'

const HEAD =
  'version: 1\ngroups: { a: [a], b: [b] }\nrules:\n- { id: fine, effect: allow, match: { groups: [a, b] } }\n'
const TESTS =
  'tests: [{ name: n, as: { groups: [a] }, call: { connection: db, tool: t, args: { sql: SELECT 1 } }, expect: allow }]\n'

/** What is odd about one more rule, as `line message`. */
function setUp(rule: string, tests = TESTS): string[] {
  const read = readPolicy(
    `${HEAD}${rule === '' ? '' : `- ${rule}\n`}${tests}`,
    policyPlace({ connections: [{ name: 'db', labels: { kind: 'postgres' } }] }),
  )
  if (read.kind === 'mistakes') throw new Error(read.mistakes.map(({ message }) => message).join('\n'))
  return lint(read, runTests(read)).map(({ line, message }) => `${line} ${message}`)
}

const SHADOW = 'id: x, effect: deny, mode: shadow, match: { connections: [db] }'
const COSTLY = 'the condition of "x" asks the costly part first'
const BY = 'the limit of "x" counts by what callers make up'
const LIMIT = 'id: x, effect: limit, match: { connections: [db] }'

describe('a policy that loads is looked at again where', () => {
  it.each([
    [
      'everybody may do everything',
      '{ id: x, effect: allow, match: { tools: [t] } }',
      'allows everybody on every connection',
    ],
    ['that is said with a star', '{ id: x, effect: allow, match: { connections: ["*"] } }', 'allows everybody'],
    [
      'people approve their own kind',
      '{ id: x, effect: approve, match: { groups: [b, a], connections: [db], tools: [o] }, approval: { by: [{ group: a }, { group: b }] } }',
      'whoever the rule "x" holds back',
    ],
    ['a loop comes first', `{ ${SHADOW}, when: 'sql.verbs.exists(v, v == "ddl") && sql.parsed' }`, COSTLY],
    ['a pattern comes first', `{ ${SHADOW}, when: 'call.tool.re("^a") && sql.parsed' }`, COSTLY],
    [
      'that is deep inside',
      `{ ${SHADOW}, when: 'sql.parsed || !(sql.present && sql.verbs.all(v, v == "x") && sql.parsed)' }`,
      COSTLY,
    ],
    ['a limit counts by session', `{ ${LIMIT}, limit: [{ calls: 1, per: 1m, by: [session] }] }`, BY],
    ['beside a connection, too', `{ ${LIMIT}, limit: [{ calls: 1, per: 1m, by: [connection, tool] }] }`, BY],
    ['no test hits a rule', '{ id: x, effect: deny, match: { tools: [other] } }', 'no test hits the rule "x"'],
  ])('%s', (_, rule, message) => {
    expect(setUp(rule)).toContainEqual(expect.stringContaining(message))
    expect(setUp(rule).every((said) => said.startsWith('5 '))).toBe(true)
  })

  it.each([
    ['nothing is odd', ''],
    ['groups bound who may', '{ id: x, effect: allow, match: { connections: ["*"], groups: [a] } }'],
    ['connections bound where', '{ id: x, effect: allow, match: { connections: [db] } }'],
    ['the plain part comes first', `{ ${SHADOW}, when: 'sql.parsed && sql.verbs.exists(v, v == "ddl" && v != "x")' }`],
    ['a loop has an alternative', `{ ${SHADOW}, when: 'sql.verbs.exists(v, v == "ddl") || !sql.parsed' }`],
    ['identity is counted', `{ ${LIMIT}, limit: [{ calls: 1, per: 1m, by: [identity, session] }] }`],
    ['all share a limit', `{ ${LIMIT}, limit: [{ calls: 1, per: 1m, by: [connection] }] }`],
  ])('not where %s', (_, rule) => {
    expect(setUp(rule).filter((said) => !said.includes('no test hits'))).toEqual([])
  })

  it('there are no tests at all, which is said once', () => {
    expect(setUp('', '')).toEqual([expect.stringMatching(/^1 it has no tests/)])
  })
})
