// What a person types who keeps a policy: check it, test it, ask why.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isRecord, root, runProgram } from '../support/process.ts'
import { elementsOf } from '../support/xml.ts'

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
  - id: weekends
    effect: deny
    match: { connections: { kind: postgres } }
    during: { days: 'sat,sun' }
  - id: own-approval
    effect: approve
    match: { connections: { kind: postgres }, groups: [dba], tools: [odd] }
    approval: { by: [{ group: dba }] }
  - id: slow
    effect: deny
    match: { connections: { kind: postgres }, tools: [odd] }
    when: sql.tables_read.exists(t, t == "a" && t != "b") && call.tool == "odd"
  - id: quick
    effect: deny
    mode: shadow
    match: { connections: { kind: postgres }, tools: [odd] }
    when: call.tool == "odd" && sql.tables_read.exists(t, t == "a" && t != "b")
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

const MAIN = `version: 1
identity: { issuers: [{ issuer: "https://login.example.com" }] }
master_key: \${env:NOT_THERE}
resources: [connections/]
policy: policy.yaml
`
const DATABASE = `kind: Connection
name: db
labels: { kind: postgres }
upstream: { http: { url: "http://127.0.0.1:9/mcp" } }
`
const SELECT = { sql: 'SELECT a FROM t WHERE id = 1' }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-policy-'))
  const bare = POLICY.slice(0, POLICY.indexOf('tests:'))
  const files = {
    'policy.yaml': POLICY,
    'failing.yaml': POLICY.replace('expect: allow', 'expect: deny'),
    'broken.yaml': POLICY.replace("sql.verbs'", "sql.verb'"),
    'bare.yaml': bare,
    'untested.yaml': POLICY.replace(/tests:\n(?: {2}- .*\n)+/, ''),
    'bad-groups.json': '{"as": {"groups": "eng"}, "call": {"connection": "db"}}',
    'no-call.json': '{"connection": "db"}',
    'half.json': '{"call": {"connection": ',
    'call.json': JSON.stringify({ as: { groups: ['eng'] }, call: { connection: 'db', tool: 'query', args: SELECT } }),
    'team/sallyport.yaml': MAIN,
    'team/policy.yaml': bare,
    'team/other.yaml': bare.replaceAll('no-drop', 'never-drop'),
    'team/connections/db.yaml': DATABASE,
    'lost/sallyport.yaml': 'version: 2\n',
    'lost/policy.yaml': bare,
    'lost/alone.yaml': POLICY,
  }
  for (const name of ['team/connections', 'lost']) await mkdir(join(folder, name), { recursive: true })
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The program as a person starts it in the folder of the files. */
function run(args: readonly string[], input?: string) {
  return runProgram({
    args: [join(root, 'src/cli/main.ts'), ...args],
    cwd: folder,
    ...(input === undefined ? {} : { input }),
  })
}

async function jsonOf(args: readonly string[]): Promise<unknown> {
  const { stdout, stderr } = await run([...args, '--json'])
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

describe('policy check', () => {
  it('says that a file is fine, and what is worth a second look', async () => {
    const { code, stdout } = await run(['policy', 'check', 'policy.yaml'])
    const said = unwrapped(stdout)
    expect(said).toMatch(/policy\.yaml: fine\. 10 rules, 2 tests passed\. Policy: [0-9a-f]{12}\./)
    expect(said).toContain('note: approvals are not available yet, so these rules refuse: "ask-for-writes"')
    expect(said).toContain('the rule "everywhere" allows everybody on every connection')
    expect(said).toMatch(/line \d+: the limit of "some" counts by what callers make up/)
    expect(said).toContain('whoever the rule "own-approval" holds back is in the group that approves it')
    expect(said).toContain('no test hits the rule "ask-for-writes"')
    expect(code).toBe(0)
  })

  it('says which condition asks the costly part first, and not where only a loop holds a chain', async () => {
    const { stdout } = await run(['policy', 'check', 'policy.yaml'])
    expect(unwrapped(stdout)).toContain('the condition of "slow" asks the costly part first')
    expect(stdout).not.toContain('the condition of "quick"')
    expect(stdout).not.toContain('the condition of "read"')
  })

  it('fits on an old terminal', async () => {
    const { stdout } = await run(['policy', 'check', 'policy.yaml'])
    const [, ...notes] = stdout.trimEnd().split('\n')
    expect(notes.filter((line) => line.length > 80)).toEqual([])
  })

  it('refuses a mistake with its line, column and what was meant', async () => {
    const { code, stdout, stderr } = await run(['policy', 'check', 'broken.yaml'])
    expect(stderr).toMatch(/broken\.yaml:11:\d+: .*verb/)
    expect(stderr).toContain('did you mean')
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })

  it('refuses a file whose tests fail, and shows the line', async () => {
    const { code, stderr } = await run(['policy', 'check', 'failing.yaml'])
    expect(stderr).toMatch(/failing\.yaml:\d+:\d+: the test "reads <well> & "fine"" fails/)
    expect(code).toBe(1)
  })

  it('says as JSON what is odd, and what is wrong', async () => {
    expect(await jsonOf(['policy', 'check', 'policy.yaml'])).toMatchObject({ rules: 10, tests: 2, warnings: [{}, {}] })
    expect(await jsonOf(['policy', 'check', 'broken.yaml'])).toMatchObject({ mistakes: [{ line: 11 }] })
  })

  it('says that there are no tests once, and not of every rule', async () => {
    const { stdout } = await run(['policy', 'check', 'untested.yaml'])
    expect(stdout).toContain('it has no tests')
    expect(stdout).not.toContain('no test hits')
  })
})

describe('the connections that a policy is for', () => {
  it('are those of the sallyport.yaml beside it that names it', async () => {
    const { code, stdout } = await run(['policy', 'check', 'team/policy.yaml'])
    expect(stdout).toContain('team/policy.yaml: fine. 10 rules')
    expect(code).toBe(0)
  })

  it('are not those of a sallyport.yaml that names another policy, unless -c says so', async () => {
    const refused = await run(['policy', 'check', 'team/other.yaml'])
    expect(refused.stderr).toContain('nothing says which connections this policy is for')
    expect(refused.stderr).toContain('-c sallyport.yaml')
    expect(refused.code).toBe(1)
    const { stdout } = await run(['policy', 'check', 'team/other.yaml', '-c', 'team/sallyport.yaml'])
    expect(stdout).toContain('team/other.yaml: fine')
  })

  it('are those of the configuration that -c names, with its policy where no other is named', async () => {
    const { stdout } = await run(['policy', 'check', '-c', 'team/sallyport.yaml'])
    expect(stdout).toContain('team/policy.yaml: fine')
  })

  it('are those that the file describes itself, where the configuration beside it is broken', async () => {
    expect((await run(['policy', 'check', 'lost/alone.yaml'])).stdout).toContain('lost/alone.yaml: fine')
    const { code, stderr } = await run(['policy', 'check', 'lost/policy.yaml'])
    expect(stderr).toContain('lost/sallyport.yaml:1:10')
    expect(code).toBe(1)
  })

  it.each([
    [['policy', 'check', 'bare.yaml'], 'nothing says which connections this policy is for'],
    [['policy', 'check'], 'there is no sallyport.yaml here'],
    [['policy', 'test', 'nowhere.yaml'], 'this file cannot be read'],
    [['policy', 'test', '-c', 'nowhere.yaml'], 'this file cannot be read'],
  ])('have to be known: %s', async (args, message) => {
    const { code, stderr } = await run(args)
    expect(stderr).toContain(message)
    expect(code).toBe(1)
  })
})

describe('policy test', () => {
  it('runs the tests and says how many passed, by which rules', async () => {
    const { code, stdout } = await run(['policy', 'test', 'policy.yaml', '--coverage'])
    expect(stdout).toContain('passed  no drops  (deny by no-drop, some)')
    expect(stdout).toContain('Rules that a test hits: 3 of 10 (30 %)')
    expect(stdout).toContain('never hit: needs-count')
    expect(stdout).not.toContain('never hit: no-drop')
    expect(stdout).toContain('2 passed, 0 failed')
    expect(code).toBe(0)
  })

  it('shows a failing test with its place, what was said and what was expected, and ends with 1', async () => {
    const { code, stdout } = await run(['policy', 'test', 'failing.yaml'])
    expect(stdout).toMatch(/FAILED {2}reads <well> & "fine" {2}\(allow by read, some\)\n +\/.*failing\.yaml:\d+:\d+: /)
    expect(stdout).toContain('the policy says allow by rule "read", expected deny')
    expect(stdout).toContain('1 passed, 1 failed')
    expect(code).toBe(1)
  })

  it('writes JUnit XML that a parser takes, whatever the names are', async () => {
    await run(['policy', 'test', 'failing.yaml', '--junit', 'out.xml'])
    const xml = elementsOf(await readFile(join(folder, 'out.xml'), 'utf8'))
    expect(xml.filter(({ name }) => name === 'testsuite')).toMatchObject([{ of: { tests: '2', failures: '1' } }])
    const cases = xml.filter(({ name }) => name === 'testcase')
    expect(cases).toMatchObject([{ of: { name: 'reads <well> & "fine"' } }, { of: { name: 'no drops' } }])
    expect(xml.filter(({ name }) => name === 'failure')).toHaveLength(1)
  })

  it('prints JUnit XML and nothing else', async () => {
    const { code, stdout, stderr } = await run(['policy', 'test', 'failing.yaml', '--junit', '-'])
    expect(elementsOf(stdout).filter(({ name }) => name === 'testcase')).toHaveLength(2)
    expect(stderr).toBe('')
    expect(code).toBe(1)
  })

  it('gives the same as JSON', async () => {
    expect(await jsonOf(['policy', 'test', 'policy.yaml'])).toMatchObject([
      { passed: 2, failed: 0, coverage: { percent: 30, missed: expect.arrayContaining(['needs-count']) } },
    ])
  })

  it('tests all packs of the program, which pass, and whose rules are all hit', async () => {
    const all = await jsonOf(['policy', 'test', '--packs'])
    if (!Array.isArray(all)) throw new Error('no packs')
    const { stdout } = await run(['policy', 'packs'])
    expect(all).toHaveLength(stdout.match(/^\S+/gm)?.length ?? 0)
    expect(all.filter((pack) => !isRecord(pack) || pack['failed'] !== 0)).toEqual([])
    expect(all).toContainEqual(expect.objectContaining({ coverage: expect.objectContaining({ percent: 100 }) }))
  })

  it.each([
    [['--junit', 'no-folder/out.xml'], 'no-folder/out.xml cannot be written'],
    [['--packs'], '--packs are those of the program'],
    [['--json', '--junit', '-'], 'name a file for one of them'],
    [['second.yaml'], '"second.yaml" is one too many'],
    [['--covrage'], "Unknown option '--covrage'"],
  ])('says what does not go together: %s', async (args, message) => {
    const { code, stderr } = await run(['policy', 'test', 'policy.yaml', ...args])
    expect(stderr).toContain(message)
    expect(stderr).not.toContain(' at ')
    expect(code).toBe(2)
  })
})

describe('policy explain', () => {
  const explain = (sql: string, ...options: readonly string[]) =>
    run(
      ['policy', 'explain', 'policy.yaml', '--call', '-', ...options],
      JSON.stringify({ as: { groups: ['eng'] }, call: { connection: 'db', tool: 'query', args: { sql } } }),
    )

  it('says of a DROP who said no, what was read, and why the others did not', async () => {
    const { stdout } = await explain('DROP TABLE users')
    expect(stdout).toMatch(/^deny, by rule "no-drop"\n {2}Use a migration\.\n/)
    expect(stdout).toContain('caller  in engineers')
    expect(stdout).toContain('time    2026-11-23T09:00:00Z')
    expect(stdout).toMatch(/sql\.verbs +ddl/)
    expect(stdout).toMatch(/- +allow +read: its condition is false\n +true +sql\.parsed\n +false +sql\.verbs\.all/)
    expect(stdout).toMatch(/matched +deny +no-drop\n +true +"ddl" in sql\.verbs/)
    expect(stdout).toMatch(/- +deny +needs-count: it is about something else \(tools many\)/)
    expect(stdout).toMatch(/- +deny +weekends: the time is not in its during/)
    expect(stdout).toMatch(/- +approve +own-approval: the caller is in none of its groups \(dba\)/)
    expect(stdout).not.toContain('comes with it')
  })

  it('names who would have to approve, and what comes with it', async () => {
    const { stdout } = await explain('UPDATE users SET a = 1 WHERE id = 2')
    expect(stdout).toContain('approve, by rule "ask-for-writes"')
    expect(stdout).toContain('ask-for-writes needs 2 of dba')
    expect(stdout).toContain('limit  some: 5 calls per 1m')
  })

  it('says of what is allowed by which rule', async () => {
    const { code, stdout } = await run(['policy', 'explain', 'policy.yaml', '--call', 'call.json'])
    expect(stdout).toMatch(/^allow, by rule "read"\n/)
    expect(stdout).toMatch(/matched +allow +read\n/)
    expect(code).toBe(0)
  })

  it('says that nothing allows, and who may', async () => {
    const { stdout } = await run(['policy', 'explain', 'policy.yaml', '--connection', 'db', '--tool', 'query'])
    expect(stdout).toMatch(/^deny, by rule "default": no rule allows it\n/)
    expect(stdout).toContain('caller  in no group')
    expect(stdout).not.toContain('facts')
  })

  it('shows a condition that failed, and that it counts', async () => {
    const many = ['--connection', 'db', '--tool', 'many', '--groups', 'eng']
    const { stdout } = await run(['policy', 'explain', 'policy.yaml', ...many])
    expect(unwrapped(stdout)).toMatch(
      /matched +deny +needs-count its condition failed, which counts as a match here: No such key: count error args\.count > 10/,
    )
  })

  it('judges the time that it is asked about', async () => {
    const { stdout } = await run([
      ...['policy', 'explain', 'policy.yaml', '--connection', 'db', '--tool', 'query', '--groups', 'eng'],
      ...['--args', '{"sql": "SELECT 1"}', '--at', '2026-11-22T23:00:00+01:00'],
    ])
    expect(stdout).toMatch(/^deny, by rule "weekends"/)
    expect(stdout).toContain('time    2026-11-22T22:00:00Z')
  })

  it('takes a test as it stands in a policy', async () => {
    const test = '{ name: n, as: { groups: [eng] }, call: { connection: db, tool: query, args: { sql: SELECT 1 } } }'
    const { stdout } = await run(['policy', 'explain', 'policy.yaml', '--call', '-'], test)
    expect(stdout).toMatch(/^allow, by rule "read"/)
  })

  it('gives the same as JSON', async () => {
    expect(await jsonOf(['policy', 'explain', 'policy.yaml', '--call', 'call.json'])).toMatchObject({
      decision: { kind: 'allow', rule: 'read' },
      groups: ['engineers'],
      facts: { sql: { verbs: ['read'] } },
      rules: expect.arrayContaining([expect.objectContaining({ rule: 'no-drop', because: 'its condition is false' })]),
    })
  })

  it('shows no control characters that a policy or a call brings', async () => {
    const { stdout } = await explain('SELECT 1 AS "\u001b[2J"')
    expect(stdout).toContain('allow')
    expect(stdout).not.toContain('\u001b')
  })

  it.each([
    [['--call', 'nowhere.json'], 'nowhere.json cannot be read'],
    [['--call', 'bad-groups.json'], 'bad-groups.json:1:19: this must be a list'],
    [['--call', 'no-call.json'], '"call" is missing'],
    [['--call', 'half.json'], 'half.json:1:'],
    [['--call', 'call.json', '--tool', 'x'], 'Either --call, or the call in options'],
    [['--connection', 'db', '--tool', 'x', '--args', '{'], '--args is no JSON'],
    [['--connection', 'db', '--tool', 'x', '--args', '[1]'], '--args is a JSON object'],
    [['--connection', 'db', '--args', '{}'], 'name it with --tool'],
    [['--connection', 'db', '--at', 'noon'], '"noon" is no time'],
    [['--connection', 'dbb', '--tool', 'query'], 'no connection "dbb"; did you mean "db"?'],
    [[], 'Say which call'],
  ])('says what is wrong with the question: %s', async (args, message) => {
    const { code, stdout, stderr } = await run(['policy', 'explain', 'policy.yaml', ...args])
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })
})

describe('policy facts', () => {
  it('says what is read in the arguments of a call', async () => {
    const call = ['--connection', 'db', '--tool', 'query', '--args', '{"sql": "DELETE FROM t"}']
    expect((await run(['policy', 'facts', 'policy.yaml', ...call])).stdout).toMatch(/sql\.where +none/)
    expect(await jsonOf(['policy', 'facts', 'policy.yaml', ...call])).toMatchObject({ sql: { verbs: ['write'] } })
  })

  it('says where nothing is read', async () => {
    const { stdout } = await run(['policy', 'facts', 'policy.yaml', '--connection', 'db', '--tool', 'query'])
    expect(stdout).toContain('Nothing in these arguments is read')
  })
})

describe('facts', () => {
  it('are printed in the words that rules use', async () => {
    expect((await run(['facts', 'sql', 'DELETE FROM t'])).stdout).toMatch(/sql\.where +none/)
    expect((await run(['facts', 'shell'], 'sudo rm -rf /\n')).stdout).toMatch(/shell\.programs +rm, sudo/)
    expect((await run(['facts', 'k8s', '-'], 'kubectl delete pod x')).stdout).toMatch(/k8s\.verb +delete/)
    expect((await run(['facts', 'cloud', 'aws s3 ls'])).stdout).toMatch(/cloud\.service +s3/)
    expect((await run(['facts', 'mongo', '{"collection":"users"}', '--tool', 'find'])).stdout).toMatch(/verbs +read/)
    expect(await jsonOf(['facts', 'http', 'http://127.1/'])).toMatchObject({ private_address: true })
  })

  it('are read in the dialect that is named, and in that of the client inside of a command', async () => {
    expect(await jsonOf(['facts', 'sql', '--dialect', 'mysql', 'SELECT `a` FROM t'])).toMatchObject({ parsed: true })
    expect(await jsonOf(['facts', 'shell', "mysql -e 'SELECT `a` FROM t'"])).toMatchObject({
      sql: [{ parsed: true, dialect: 'mysql', tables_read: ['t'] }],
    })
  })

  it('say where a text cannot be read, which is no failure', async () => {
    const { code, stdout } = await run(['facts', 'sql', 'SELEC 1'])
    expect(stdout).toMatch(/^This cannot be read: .*syntax error/)
    expect(stdout).toMatch(/sql\.parsed +false/)
    expect(code).toBe(0)
  })

  it.each([
    [['sqll', 'x'], 'facts sql "SELECT 1"'],
    [['sql', '--dialect', 'oracle', 'x'], 'There is no dialect "oracle"'],
    [['mongo', '[1]'], 'are a JSON object'],
    [['sql', 'a', 'b'], 'facts sql "SELECT 1"'],
  ])('say how they are asked for: %s', async (args, message) => {
    const { code, stderr } = await run(['facts', ...args])
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})

it('the commands about policies are listed, on lines that fit', async () => {
  const { stdout } = await run(['policy', 'help'])
  for (const name of ['check', 'test', 'explain', 'facts', 'backtest', 'shadow', 'packs'])
    expect(stdout).toContain(`policy ${name}`)
  const packs = await run(['policy', 'packs'])
  expect([...stdout.split('\n'), ...packs.stdout.split('\n')].filter((line) => line.length > 80)).toEqual([])
  expect((await run(['policy', 'chekc'])).code).toBe(2)
})

/** What is printed, without where lines end. */
function unwrapped(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
