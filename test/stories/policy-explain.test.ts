// What a person types who wonders: why was this refused, who may approve it, what did the gateway read in it?
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { policyFolder, type PolicyFolder, unwrapped } from '../support/policy-files.ts'

let world: PolicyFolder
beforeAll(async () => {
  world = await policyFolder()
})
afterAll(() => world?.[Symbol.asyncDispose]())

/** Asks about a statement of an engineer. */
function explain(sql: string) {
  const call = { as: { groups: ['eng'] }, call: { connection: 'db', tool: 'query', args: { sql } } }
  return world.run(['policy', 'explain', 'policy.yaml', '--call', '-'], JSON.stringify(call))
}

describe('policy explain', () => {
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
    const { code, stdout } = await world.run(['policy', 'explain', '-c', 'team/sallyport.yaml', '--call', 'call.json'])
    expect(stdout).toMatch(/^allow, by rule "read"\n/)
    expect(stdout).toMatch(/matched +allow +read\n/)
    expect(code).toBe(0)
  })

  it('says that nothing allows, and who may', async () => {
    const { stdout } = await world.run(['policy', 'explain', 'policy.yaml', '--connection', 'db', '--tool', 'query'])
    expect(stdout).toMatch(/^deny, by rule "default": no rule allows it\n/)
    expect(stdout).toContain('caller  in no group')
    expect(stdout).not.toContain('facts')
  })

  it('shows a condition that failed, and that it counts', async () => {
    const many = ['--connection', 'db', '--tool', 'many', '--groups', 'eng']
    const { stdout } = await world.run(['policy', 'explain', 'policy.yaml', ...many])
    expect(unwrapped(stdout)).toMatch(
      /matched +deny +needs-count its condition failed, which counts as a match here: No such key: count error args\.count > 10/,
    )
  })

  it('judges the time that it is asked about', async () => {
    const { stdout } = await world.run([
      'policy',
      'explain',
      'policy.yaml',
      '--connection',
      'db',
      '--tool',
      'query',
      '--groups',
      'eng',
      '--args',
      '{"sql": "SELECT 1"}',
      '--at',
      '2026-11-22T23:00:00+01:00',
    ])
    expect(stdout).toMatch(/^deny, by rule "weekends"/)
    expect(stdout).toContain('time    2026-11-22T22:00:00Z')
  })

  it('takes a test as it stands in a policy', async () => {
    const test = '{ name: n, as: { groups: [eng] }, call: { connection: db, tool: query, args: { sql: SELECT 1 } } }'
    const { stdout } = await world.run(['policy', 'explain', 'policy.yaml', '--call', '-'], test)
    expect(stdout).toMatch(/^allow, by rule "read"/)
  })

  it('gives the same as JSON', async () => {
    expect(await world.json(['policy', 'explain', 'policy.yaml', '--call', 'call.json'])).toMatchObject({
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
    const { code, stdout, stderr } = await world.run(['policy', 'explain', 'policy.yaml', ...args])
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })
})

describe('policy facts', () => {
  it('says what is read in the arguments of a call', async () => {
    const call = ['--connection', 'db', '--tool', 'query', '--args', '{"sql": "DELETE FROM t"}']
    expect((await world.run(['policy', 'facts', 'policy.yaml', ...call])).stdout).toMatch(/sql\.where +none/)
    expect(await world.json(['policy', 'facts', 'policy.yaml', ...call])).toMatchObject({ sql: { verbs: ['write'] } })
  })

  it('says where nothing is read', async () => {
    const { stdout } = await world.run(['policy', 'facts', 'policy.yaml', '--connection', 'db', '--tool', 'query'])
    expect(stdout).toContain('Nothing in these arguments is read')
  })
})

describe('facts', () => {
  it('are printed in the words that rules use', async () => {
    expect((await world.run(['facts', 'sql', 'DELETE FROM t'])).stdout).toMatch(/sql\.where +none/)
    expect((await world.run(['facts', 'shell'], 'sudo rm -rf /\n')).stdout).toMatch(/shell\.programs +rm, sudo/)
    expect((await world.run(['facts', 'k8s', '-'], 'kubectl delete pod x')).stdout).toMatch(/k8s\.verb +delete/)
    expect((await world.run(['facts', 'cloud', 'aws s3 ls'])).stdout).toMatch(/cloud\.service +s3/)
    expect((await world.run(['facts', 'mongo', '{"collection":"users"}', '--tool', 'find'])).stdout).toMatch(
      /verbs +read/,
    )
    expect(await world.json(['facts', 'http', 'http://127.1/'])).toMatchObject({ private_address: true })
  })

  it('are read in the dialect that is named; inside of a command, where it is that of PostgreSQL', async () => {
    expect(await world.json(['facts', 'sql', '--dialect', 'mysql', 'SELECT `a` FROM t'])).toMatchObject({
      parsed: true,
    })
    expect(await world.json(['facts', 'shell', "mysql -e 'SELECT `a` FROM t'"])).toMatchObject({
      sql: [{ parsed: false, dialect: 'mysql' }],
    })
    expect(await world.json(['facts', 'shell', "psql -X -c 'SELECT a FROM t'"])).toMatchObject({
      sql: [{ parsed: true, dialect: 'postgresql', tables_read: ['t'] }],
    })
  })

  it('say where a text cannot be read, which is no failure', async () => {
    const { code, stdout } = await world.run(['facts', 'sql', 'SELEC 1'])
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
    const { code, stderr } = await world.run(['facts', ...args])
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})
