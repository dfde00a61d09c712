// What a person types who keeps a policy: check it, test it, ask why.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../support/process.ts'

const POLICY = `version: 1
groups: { engineers: [eng], dba: [dba] }
rules:
  - id: read
    effect: allow
    match: { connections: { kind: postgres }, groups: [engineers], tools: [query] }
    when: sql.parsed && sql.verbs.all(v, v in ["read", "write"])
  - id: no-drop
    effect: deny
    match: { connections: { kind: postgres } }
    when: '"ddl" in sql.verbs'
    message: Use a migration.
  - id: ask-for-writes
    effect: approve
    match: { connections: { kind: postgres } }
    when: '"write" in sql.verbs'
    approval: { by: [{ group: dba, count: 2 }] }
  - id: needs-count
    effect: deny
    match: { connections: { kind: postgres }, tools: [many] }
    when: args.count > 10
  - id: everywhere
    effect: allow
    match: { connections: ["*"], tools: [many] }
  - id: some
    effect: limit
    match: { connections: { kind: postgres } }
    limit: [{ calls: 5, per: 1m, by: [session] }]
tests:
  - { name: reads <well> & "fine", as: { groups: [eng] }, call: { connection: db, tool: query, args: { sql: SELECT 1 } }, expect: allow }
  - { name: no drops, as: { groups: [eng] }, call: { connection: db, tool: query, args: { sql: DROP TABLE t } }, expect: deny, rule: no-drop }
test_with:
  connections: { db: { labels: { kind: postgres } } }
`

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-policy-'))
  await writeFile(join(folder, 'policy.yaml'), POLICY)
  await writeFile(join(folder, 'failing.yaml'), POLICY.replace('expect: allow', 'expect: deny'))
  await writeFile(join(folder, 'broken.yaml'), POLICY.replace("sql.verbs'", "sql.verb'"))
  await writeFile(join(folder, 'bare.yaml'), POLICY.slice(0, POLICY.indexOf('tests:')))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function run(args: readonly string[], input?: string) {
  const placed = args.map((arg) => (arg.endsWith('.yaml') || arg.endsWith('.xml') ? join(folder, arg) : arg))
  return runProgram({ args: ['src/cli/main.ts', ...placed], ...(input === undefined ? {} : { input }) })
}

describe('policy check', () => {
  it('says that a file is fine, and what is worth a second look', async () => {
    const { code, stdout } = await run(['policy', 'check', 'policy.yaml'])
    expect(stdout).toMatch(/policy\.yaml: fine\. 6 rules, 2 tests passed\. Policy: [0-9a-f]{12}\./)
    expect(stdout).toContain('note: approvals are not available yet, so these rules refuse: "ask-for-writes"')
    expect(stdout).toContain('the rule "everywhere" allows everybody on every connection')
    expect(stdout).toContain('the limit of "some" counts by what callers choose')
    expect(stdout).toContain('no test of the file hits the rule "ask-for-writes"')
    expect(code).toBe(0)
  })

  it('refuses a mistake with its line, column and what was meant', async () => {
    const { code, stderr } = await run(['policy', 'check', 'broken.yaml'])
    expect(stderr).toMatch(/broken\.yaml:11:\d+: .*verb/)
    expect(stderr).toContain('did you mean')
    expect(code).toBe(1)
  })

  it('says what is missing where nothing names the connections', async () => {
    const { code, stderr } = await run(['policy', 'check', 'bare.yaml'])
    expect(stderr).toContain('nothing says which connections this policy is for')
    expect(stderr).toContain('-c sallyport.yaml')
    expect(code).toBe(1)
  })
})

describe('policy test', () => {
  it('runs the tests and says how many passed, by which rules', async () => {
    const { code, stdout } = await run(['policy', 'test', 'policy.yaml', '--coverage'])
    expect(stdout).toContain('passed  no drops  (deny by no-drop, some)')
    expect(stdout).toMatch(/Rules that a test hits: 3 of 6 \(50 %\)/)
    expect(stdout).toContain('never hit: needs-count')
    expect(stdout).toContain('2 passed, 0 failed')
    expect(code).toBe(0)
  })

  it('shows a failing test with its place, and ends with 1', async () => {
    const { code, stdout, stderr } = await run(['policy', 'test', 'failing.yaml'])
    expect(stdout).toContain('1 passed, 1 failed')
    expect(stderr).toMatch(
      /failing\.yaml:\d+:\d+: the test "reads <well> & "fine"" fails: the policy says allow by rule "read"/,
    )
    expect(code).toBe(1)
  })

  it('writes JUnit XML that a parser takes, whatever the names are', async () => {
    await run(['policy', 'test', 'failing.yaml', '--junit', 'out.xml'])
    const xml = await readFile(join(folder, 'out.xml'), 'utf8')
    expect(xml).toContain('tests="2" failures="1"')
    expect(xml).toContain('name="reads &lt;well&gt; &amp; &quot;fine&quot;"')
    expect(xml.match(/<testcase /g)).toHaveLength(2)
    expect(xml.match(/<failure message="[^"<&]*(?:&\w+;[^"<&]*)*">/g)).toHaveLength(1)
  })

  it('gives the same as JSON', async () => {
    const { stdout } = await run(['policy', 'test', 'policy.yaml', '--json'])
    expect(JSON.parse(stdout)).toMatchObject([
      { passed: 2, failed: 0, coverage: { missed: expect.arrayContaining(['needs-count']) } },
    ])
  })
})

function explain(sql: string) {
  const call = { as: { groups: ['eng'] }, call: { connection: 'db', tool: 'query', args: { sql } } }
  return run(['policy', 'explain', 'policy.yaml', '--call', '-'], JSON.stringify(call))
}

describe('policy explain', () => {
  it('says who said no, what was read, and why the others did not', async () => {
    const { stdout } = await explain('DROP TABLE users')
    expect(stdout).toContain('deny, by rule "no-drop"')
    expect(stdout).toContain('Use a migration.')
    expect(stdout).toMatch(/sql\.verbs +ddl/)
    expect(stdout).toMatch(/- +allow +read: its condition is false\n +true +sql\.parsed\n +false +sql\.verbs\.all/)
    expect(stdout).toMatch(/- +deny +needs-count: it is about something else/)
  })

  it('names who would have to approve, and what comes with it', async () => {
    const { stdout } = await explain('UPDATE users SET a = 1 WHERE id = 2')
    expect(stdout).toContain('approve, by rule "ask-for-writes"')
    expect(stdout).toContain('ask-for-writes needs 2 of dba')
    expect(stdout).toContain('limit  some: 5 calls per 1m')
  })

  it('shows a condition that failed, and that it counts', async () => {
    const { stdout } = await run([
      'policy',
      'explain',
      'policy.yaml',
      '--connection',
      'db',
      '--tool',
      'many',
      '--groups',
      'eng',
    ])
    expect(stdout).toMatch(/matched +deny +needs-count\n +its condition failed, which counts as a match here/)
  })

  it.each([
    [['--call', 'nowhere.json'], 'nowhere.json cannot be read'],
    [['--connection', 'db', '--args', '{'], '--args is no JSON'],
    [[], 'Say which call'],
  ])('says what is wrong with the question: %s', async (args, message) => {
    const { code, stderr } = await run(['policy', 'explain', 'policy.yaml', ...args])
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })

  it('names the connections there are', async () => {
    const { stderr } = await run(['policy', 'explain', 'policy.yaml', '--connection', 'dbb', '--tool', 'query'])
    expect(stderr).toContain('no connection "dbb"; did you mean "db"?')
  })
})

describe('facts', () => {
  it('are printed in the words that rules use', async () => {
    expect((await run(['facts', 'sql', 'DELETE FROM t'])).stdout).toMatch(/sql\.where +none/)
    expect((await run(['facts', 'shell'], 'sudo rm -rf /')).stdout).toMatch(/shell\.programs +rm, sudo/)
    expect(JSON.parse((await run(['facts', 'http', 'http://127.1/', '--json'])).stdout)).toMatchObject({
      private_address: true,
    })
  })

  it('say how they are asked for', async () => {
    const { code, stderr } = await run(['facts', 'sqll', 'x'])
    expect(stderr).toContain('facts sql "SELECT 1"')
    expect(code).toBe(2)
  })
})
