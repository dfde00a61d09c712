// What an auditor reads of a person's calls: who, when, where, what, by which rule, and that it is as it was written.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { openSession } from '../support/mcp-client.ts'
import { at, ofKind, recordsOf, run } from '../support/records.ts'
import type { Recorded } from '../support/records.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

const SECRET = 'made-up-key-Zq42/xV'

const POLICY = {
  version: 1,
  default: 'deny',
  groups: { developers: ['engineers'] },
  rules: [
    {
      id: 'developers-read',
      effect: 'allow',
      match: { connections: ['db'], groups: ['developers'], tools: ['query'] },
    },
    {
      id: 'nobody-truncates',
      effect: 'deny',
      match: { connections: ['*'], tools: ['truncate'] },
      message: 'Truncating is done by change request.',
    },
  ],
}

let gateway: Gateway
let server: ScriptedServer
let records: readonly Recorded[]
let session: string
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({
    connections: {
      db: {
        upstream: { http: { url: server.url } },
        labels: { env: 'test' },
        credentials: [{ name: 'key', header: 'X-Api-Key' }],
        secrets: { key: SECRET },
      },
    },
    policy: POLICY,
  })
  const alice = await openSession({ gateway })
  await alice.call('query', { sql: 'SELECT 1', note: `mine is ${SECRET}` })
  await alice.call('truncate', { table: 'users' })
  records = await recordsOf(gateway)
  session = String(at(ofKind(records, 'refused').at(-1), 'session', 'id'))
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

describe('an auditor', () => {
  it('reads of a call who, when, where, what, by which rule, how large and how long, and that it is as it was written', () => {
    const intent = ofKind(records, 'intent').findLast((record) => at(record, 'mcp', 'method') === 'tools/call')
    const outcome = ofKind(records, 'outcome').findLast((record) => record['of'] === intent?.['seq'])
    const common = {
      actor: {
        sub: 'alice',
        iss: gateway.issuer.url,
        email: 'alice@example.com',
        groups: ['engineers'],
        client: { id: 'test-client', name: 'plain', version: '1.0' },
        ip: '127.0.0.1',
      },
      conn: { name: 'db', type: 'mcp-http', labels: { env: 'test' } },
      session: { id: session, basis: 'mcp-session-id' },
      mcp: { era: 'legacy', proto: '2025-11-25', method: 'tools/call', target: 'query' },
      integrity: { state: 'verified' },
      ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    }
    expect(intent).toMatchObject({
      ...common,
      decision: {
        effect: 'allow',
        rule: 'developers-read',
        policy: expect.stringMatching(/^[0-9a-f]{12}$/),
        mode: 'enforce',
      },
    })
    expect(String(at(intent, 'body', 'req', 'text'))).toMatch(/SELECT 1.*mine is \[[^\]]*masked/)
    expect(outcome).toMatchObject({
      ...common,
      outcome: { status: 'ok' },
      io: { status: 200, bytes_out: expect.any(Number), total_us: expect.any(Number) },
    })
    expect(at(outcome, 'body', 'res', 'text')).toContain('tools/call query')
    expect(Date.parse(String(outcome?.['ts']))).toBeGreaterThanOrEqual(Date.parse(String(intent?.['ts'])))
    expect(Number(at(outcome, 'io', 'total_us'))).toBeGreaterThan(0)
  })

  it('reads of a refused call the same, and that it was refused, by which rule and why', () => {
    expect(ofKind(records, 'refused').at(-1)).toMatchObject({
      actor: { sub: 'alice' },
      mcp: { method: 'tools/call', target: 'truncate' },
      decision: { effect: 'deny', rule: 'nobody-truncates', reason: expect.stringContaining('change request') },
      body: { req: { text: expect.stringContaining('users') } },
    })
  })

  it('sees them with tail, sessions and replay', async () => {
    const { stdout: tail } = await run(gateway, ['tail', '--no-follow'])
    expect(tail).toMatch(/intent.*alice@example\.com.*db tools\/call query.*allow by developers-read/)
    expect(tail).toMatch(/refused.*alice@example\.com.*db tools\/call truncate.*deny by nobody-truncates/)
    const { stdout: sessions } = await run(gateway, ['sessions'])
    expect(sessions.split('\n').find((line) => line.startsWith(session))).toMatch(
      /alice@example\.com.*db.*plain.*1 refused/,
    )
    const { stdout: replay } = await run(gateway, ['replay', session])
    expect(replay).toMatch(/initialize[\s\S]*SELECT 1[\s\S]*tools\/call query[\s\S]*truncate/)
    expect(replay).not.toContain(SECRET)
    const { stdout: short } = await run(gateway, ['replay', session.slice(0, 14), '--json'])
    expect(short.trim().split('\n').length).toBeGreaterThan(4)
  })

  it('finds the log whole, and sees each gap in the numbering of a session', async () => {
    const numbers = records
      .filter((record) => at(record, 'session', 'id') === session)
      .map((record) => at(record, 'session', 'n'))
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    const verified = await run(gateway, ['audit', 'verify', '--json'])
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, findings: [] })
  })
})
