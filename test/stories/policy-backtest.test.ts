// Somebody proposes another policy: what would it have decided of the calls that people really made?
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { openSession } from '../support/mcp-client.ts'
import { at, recordsOf } from '../support/records.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

type Rule = Readonly<Record<string, unknown>>

const ENGINEERS: Rule = { id: 'engineers', effect: 'allow', match: { connections: ['db'], groups: ['engineers'] } }
const NO_DDL: Rule = {
  id: 'no-ddl',
  effect: 'deny',
  match: { connections: ['db'], tools: ['query'] },
  when: 'sql.verbs.exists(v, v == "ddl")',
}
const NO_USERS: Rule = {
  id: 'no-users',
  effect: 'deny',
  match: { connections: ['db'], tools: ['query'] },
  when: '"users" in sql.tables_read',
}
const DBA: Rule = { id: 'dba', effect: 'allow', match: { connections: ['db'], groups: ['dba'] } }
const TENANTS: Rule = {
  id: 'tenants',
  effect: 'allow',
  match: { connections: ['db'] },
  when: 'has(identity.claims.tenant) && identity.claims.tenant == "acme"',
}

let gateway: Gateway
let server: ScriptedServer
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({
    connections: { db: { upstream: { http: { url: server.url } }, labels: { kind: 'postgres' } } },
    policy: policyOf([ENGINEERS, NO_DDL]),
  })
  const alice = await openSession({ gateway })
  await alice.call('query', { sql: "SELECT name FROM users WHERE name = 'hush-hush'" })
  await alice.call('query', { sql: 'SELECT 1 FROM orders' })
  await alice.call('query', { sql: 'SELECT 2 FROM orders' })
  await alice.call('query', { sql: 'DROP TABLE orders' })
  // Bob is refused at the door.
  await openSession({ gateway, person: 'bob' }).catch(() => undefined)
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

function policyOf(rules: readonly Rule[]) {
  return { version: 1, groups: { engineers: ['engineers'], dba: ['dba'] }, rules }
}

let files = 0

/** Back-tests a policy of these rules against what the gateway has recorded; it goes on running. */
async function backtest(rules: readonly Rule[], ...options: readonly string[]) {
  files += 1
  const file = join(gateway.folder, `new-${files}.yaml`)
  await writeFile(file, stringify(policyOf(rules)))
  return gateway.command(['policy', 'backtest', file, '-c', gateway.configFile, ...options])
}

async function reportOf(rules: readonly Rule[]): Promise<unknown> {
  const { stdout, stderr } = await backtest(rules, '--json')
  if (stderr !== '') throw new Error(stderr)
  return JSON.parse(stdout)
}

function changesIn(report: unknown): string[] {
  const changes = at(report, 'changes')
  if (!Array.isArray(changes)) throw new Error('no changes')
  return changes.map(
    (change) => `${String(at(change, 'from'))}->${String(at(change, 'to'))} ${String(at(change, 'count'))}`,
  )
}

describe('a policy that is tested against recorded calls', () => {
  it('changes nothing where it says the same', async () => {
    const { code, stdout } = await backtest([NO_DDL, ENGINEERS])
    expect(stdout).toContain('Nothing comes out differently.')
    expect(code).toBe(0)
  })

  it('may be narrower: who is refused now, of what, by which rule, is said, and that is fine', async () => {
    const { code, stdout } = await backtest([ENGINEERS, NO_DDL, NO_USERS])
    expect(stdout).toMatch(/^allow -> deny: 1 call of 1 identity$/m)
    expect(stdout).toMatch(/^ {4}engineers -> no-users: 1$/m)
    expect(stdout).toMatch(/#\d+ alice@example\.com db tools\/call query \(sql read of users\)/)
    expect(stdout).not.toContain('hush-hush')
    expect(stdout).toContain('Nothing that had been refused is allowed.')
    expect(code).toBe(0)
  })

  it('ends with 1 where it allows what had been refused, unless that is meant', async () => {
    const { code, stdout } = await backtest([ENGINEERS])
    expect(stdout).toMatch(/^WIDER {2}deny -> allow: 1 call of 1 identity$/m)
    expect(stdout).toMatch(/no-ddl -> engineers: 1/)
    expect(stdout).toContain('--accept-widening')
    expect(code).toBe(1)
    expect((await backtest([ENGINEERS], '--accept-widening')).code).toBe(0)
  })

  it('says how many people it lets in', async () => {
    const report = await reportOf([ENGINEERS, NO_DDL, DBA])
    // His login, and the word that he is ready.
    expect(changesIn(report)).toEqual(['deny->allow 2'])
    expect(report).toMatchObject({
      widening: 2,
      changes: [
        {
          widens: true,
          identities: 1,
          rules: [{ from: 'default', to: 'dba', count: 2 }],
          examples: [{ what: 'initialize', who: 'bob@example.com' }, { who: 'bob@example.com' }],
        },
      ],
    })
  })

  it('turns a refusal into a question to somebody else without being wider', async () => {
    const approve = { ...NO_DDL, effect: 'approve', approval: { by: [{ group: 'dba', count: 1 }] } }
    const { code } = await backtest([ENGINEERS, approve])
    expect(changesIn(await reportOf([ENGINEERS, approve]))).toEqual(['deny->approve 1'])
    expect(code).toBe(0)
  })

  it('has its limits held against the calls in their order', async () => {
    const limit = {
      id: 'two',
      effect: 'limit',
      match: { connections: ['db'], tools: ['query'] },
      limit: [{ calls: 2, per: '1h' }],
    }
    const report = await reportOf([ENGINEERS, NO_DDL, limit])
    expect(changesIn(report)).toEqual(['allow->limited 1'])
    const third = (await recordsOf(gateway)).filter(
      (record) => at(record, 'mcp', 'target') === 'query' && record['kind'] === 'intent',
    )[2]
    expect(report).toMatchObject({ changes: [{ examples: [{ seq: third?.['seq'] }] }] })
  })

  it('says what it looks at and nobody recorded, and counts a refusal that may be lifted as one', async () => {
    const report = await reportOf([ENGINEERS, NO_DDL, TENANTS])
    expect(report).toMatchObject({
      widening: 0,
      not_judged: { reasons: { 'identity.claims.tenant was not recorded': expect.any(Number) } },
    })
    expect(Number(at(report, 'not_judged', 'may_widen'))).toBeGreaterThanOrEqual(1)
    expect((await backtest([ENGINEERS, NO_DDL, TENANTS])).code).toBe(1)
  })

  it('says the same each time', async () => {
    expect(await reportOf([ENGINEERS, NO_USERS])).toEqual(await reportOf([ENGINEERS, NO_USERS]))
  })

  it('is about the time that was asked for', async () => {
    const { stdout, code } = await backtest([ENGINEERS], '--since', '2020-01-01', '--until', '2020-01-02')
    expect(stdout).toContain('no decisions are recorded in that time')
    expect(code).toBe(0)
    expect((await backtest([ENGINEERS], '--since', 'yesterday')).code).toBe(2)
  })

  it('has to be one: a file with a mistake is not compared', async () => {
    const { code, stdout, stderr } = await backtest([{ ...ENGINEERS, match: { connections: ['nowhere'] } }])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('nowhere')
  })
})
