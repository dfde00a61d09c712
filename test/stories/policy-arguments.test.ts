// What a rule sees of a call's arguments, through a real gateway: SQL and commands are read, limits count, and both are on record.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { callModern } from '../support/mcp-client.ts'
import { at, ofKind, recordsOf } from '../support/records.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

const POLICY = {
  version: 1,
  groups: { engineers: ['engineers'], dba: ['dba'] },
  rules: [
    { id: 'open', effect: 'allow', match: { connections: ['*'], groups: ['engineers', 'dba'] } },
    {
      id: 'no-destruction',
      effect: 'deny',
      match: { connections: ['db'] },
      when: 'sql.present && (!sql.parsed || !sql.verbs.all(v, v in ["read", "write"]))',
      message: 'Use a migration.',
    },
    {
      id: 'writes-are-approved',
      effect: 'approve',
      match: { connections: ['db'], groups: ['engineers'] },
      when: '"write" in sql.verbs',
      approval: { by: [{ group: 'dba' }] },
    },
    {
      id: 'read-only-shell',
      effect: 'deny',
      match: { connections: ['shell'] },
      when: 'shell.present && (!shell.parsed || !shell.verbs.all(v, v == "read"))',
    },
    {
      id: 'no-cards',
      effect: 'deny',
      match: { connections: ['mail'] },
      when: '"credit_card" in call.pii_in_args',
      message: 'Cards are not for mail.',
    },
    {
      id: 'no-keys',
      effect: 'deny',
      match: { connections: ['mail'] },
      when: 'call.secrets_in_args > 0',
    },
    {
      id: 'no-staff',
      effect: 'deny',
      match: { connections: ['mail'] },
      when: 'call.pii_in_args.exists(kind, kind == "employee_no")',
    },
    {
      id: 'three-a-minute',
      effect: 'limit',
      match: { connections: ['counted'] },
      limit: [{ calls: 3, per: '10m', by: ['identity'] }],
    },
    {
      id: 'few-bytes',
      effect: 'limit',
      match: { connections: ['heavy'] },
      limit: [{ result_bytes: 200, per: '10m', by: ['identity'] }],
    },
  ],
}

let server: ScriptedServer
let gateway: Gateway
beforeAll(async () => {
  server = await startScriptedServer()
  const upstream = { http: { url: server.url } }
  gateway = await startGateway({
    connections: {
      db: { upstream, labels: { kind: 'postgres' } },
      shell: { upstream, inspect: { shell: '$.args.run' } },
      mail: { upstream, masking: { profile: 'off' } },
      counted: { upstream },
      heavy: { upstream },
    },
    policy: POLICY,
    config: {
      approvals: { hold: '300ms' },
      masking: {
        detectors: [
          {
            name: 'employee_no',
            pattern: 'EMP-[0-9]{6}',
            examples: { matches: ['EMP-004711'], leaves_alone: ['EMP-1'] },
          },
        ],
      },
    },
  })
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

async function said(connection: string, args: Record<string, unknown>, person = 'alice'): Promise<string> {
  const reply = await callModern({ gateway, connection, person }, 'query', args)
  return JSON.stringify(reply.message)
}

describe('SQL in arguments', () => {
  it('is allowed where it reads', async () => {
    expect(await said('db', { sql: 'SELECT id FROM users WHERE id = 1' })).not.toContain('Refused')
  })

  it.each([
    ['a dropped table', 'DROP TABLE users'],
    ['a delete inside of a query', 'WITH d AS (DELETE FROM users RETURNING *) SELECT * FROM d; DROP TABLE x'],
    ['what cannot be parsed', 'DEL/**/ETE FROM users'],
    ['a control character', 'SELECT 1\u0000; DROP TABLE users'],
    ['a long text with the end hidden in it', `SELECT 1 /* ${'x'.repeat(6000)} */; DROP TABLE users`],
    ['a text beyond the limit', `SELECT ${'1, '.repeat(40_000)} 1`],
  ])('refuses %s', async (_, sql) => {
    expect(await said('db', { sql })).toMatch(/Refused by rule \\"no-destruction\\".*Use a migration\./)
  })

  it('waits for approval where the rules say so, and is not sent before', async () => {
    const text = await said('db', { sql: "UPDATE users SET plan = 'x' WHERE id = 1" })
    expect(text).toContain('requestState')
    expect(await said('db', { sql: "UPDATE users SET plan = 'x' WHERE id = 1" }, 'bob')).not.toContain('Refused')
  })

  it('reads long texts in a thread, and answers as for short ones', async () => {
    const many = Array.from({ length: 800 }, (_, i) => `'name-${i}'`).join(', ')
    expect(await said('db', { sql: `SELECT id FROM users WHERE name IN (${many})` })).not.toContain('Refused')
    expect(await said('db', { sql: `TRUNCATE ${many.replaceAll("'", '').replaceAll('-', '_')}` })).toContain(
      'no-destruction',
    )
  })

  it('finds it whatever the argument is called', async () => {
    const spellings = [
      { SQL: 'DROP TABLE users' },
      { query: 'DROP TABLE users' },
      { options: { Statement: 'DROP TABLE users' } },
      { statements: ['SELECT 1', 'DROP TABLE users'] },
      { queries: [{ sql: 'DROP TABLE users' }] },
      { sql: { text: 'DROP TABLE users' } },
    ]
    for (const args of spellings) expect(await said('db', args)).toContain('no-destruction')
  })

  it('does not read over something that is no text where a text belongs', async () => {
    expect(await said('shell', { run: 7 })).toContain('read-only-shell')
    expect(await said('shell', { run: { command: 'rm -rf /' } })).toContain('read-only-shell')
  })
})

describe('commands in arguments', () => {
  it('are read where the connection says they stand', async () => {
    expect(await said('shell', { run: 'grep -c ERROR app.log | sort' })).not.toContain('Refused')
    expect(await said('shell', { run: 'grep x y; rm -rf /' })).toContain('read-only-shell')
  })

  it('are read together with the words beside them', async () => {
    expect(await said('shell', { run: 'git', args: ['push', '--force'] })).toContain('read-only-shell')
    expect(await said('shell', { run: 'git', args: ['status'] })).not.toContain('Refused')
  })
})

describe('personal data and secrets in arguments', () => {
  const key = ['gh', 'p_', 'a1B2'.repeat(9)].join('')

  it('are seen by the rules, also where nothing is masked', async () => {
    expect(await said('mail', { text: 'pay with 4111 1111 1111 1111' })).toContain('Cards are not for mail.')
    expect(await said('mail', { n: 4111111111111111 })).toContain('no-cards')
    expect(await said('mail', { text: `use ${key}` })).toContain('no-keys')
    expect(await said('mail', { text: 'ask EMP-004711' })).toContain('no-staff')
    expect(await said('mail', { to: 'ann@example.com', text: 'order 17, please' })).not.toContain('Refused')
  })

  it('are on record by kind and number, and without any value', async () => {
    await said('mail', { to: 'ann@example.com', text: `use ${key}` })
    const facts = at(ofKind(await recordsOf(gateway), 'refused').at(-1), 'facts')
    expect(facts).toMatchObject({ secrets: 1, pii: ['email'] })
    expect(JSON.stringify(facts)).not.toMatch(/ann@|ghp/)
  })
})

describe('limits', () => {
  it('let pass what is theirs, and then say when to try again', async () => {
    for (let i = 0; i < 3; i++) expect(await said('counted', {})).not.toContain('Limit')
    expect(await said('counted', {})).toMatch(/Limit \\"three-a-minute\\": 3 calls per 10m for you\. Try again in \d/)
    expect(await said('counted', {}, 'bob')).not.toContain('Limit')
  })

  it('are kept over a restart', async () => {
    await gateway.restart()
    expect(await said('counted', {})).toContain('three-a-minute')
  })

  it('count the bytes that went out, and refuse what comes after', async () => {
    let passed = 0
    while (passed < 10 && !(await said('heavy', {})).includes('few-bytes')) passed += 1
    expect(passed).toBeGreaterThan(0)
    expect(passed).toBeLessThan(10)
  })
})

it('keeps what a decision was made from in the record, and what refused it', async () => {
  await said('db', { sql: 'DROP TABLE users' })
  const records = await recordsOf(gateway)
  const refused = ofKind(records, 'refused')
  const dropped = refused.filter((record) => JSON.stringify(record).includes('drop:OBJECT_TABLE')).at(-1)
  expect(at(dropped, 'facts', 'sql')).toMatchObject({ parsed: true, verbs: ['ddl'], tables_written: ['users'] })
  expect(String(at(dropped, 'facts', 'sql', 'parser'))).toMatch(/^libpg-query@\d/)
  const limited = refused.filter((record) => at(record, 'decision', 'by') === 'limit')
  expect(at(limited[0], 'decision', 'rule')).toBe('three-a-minute')
})
