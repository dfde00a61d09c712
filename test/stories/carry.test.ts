// What a person sees of the gateway's decisions, and what an auditor sees of that person's calls.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { callModern, goodHeaders, initialize, modern, openSession, post } from '../support/mcp-client.ts'
import type { LegacySession, Reply } from '../support/mcp-client.ts'
import { at, ofKind, recordsOf, run } from '../support/records.ts'
import type { Recorded } from '../support/records.ts'
import { replyTo, sendJson, startScriptedServer } from '../support/scripted-server.ts'
import type { Message, ScriptedServer } from '../support/scripted-server.ts'

const SECRET = 'made-up-key-Zq42/xV'

const POLICY = {
  version: 1,
  default: 'deny',
  groups: { developers: ['engineers'], 'database-team': ['dba'] },
  rules: [
    {
      id: 'developers-read',
      effect: 'allow',
      match: { connections: ['db'], groups: ['developers'], tools: ['query', 'list_*'] },
    },
    {
      id: 'developers-prompts',
      effect: 'allow',
      match: { connections: ['db'], groups: ['developers'], prompts: ['hello*'] },
    },
    {
      id: 'developers-files',
      effect: 'allow',
      match: { connections: ['db'], groups: ['developers'], resources: ['file:///public/**'] },
    },
    { id: 'dba-all', effect: 'allow', match: { connections: ['*'], groups: ['database-team'] } },
    {
      id: 'nobody-truncates',
      effect: 'deny',
      match: { connections: ['*'], tools: ['truncate'] },
      message: 'Truncating is done by change request.',
    },
  ],
}

const LISTS: Readonly<Record<string, Message>> = {
  'tools/list': {
    tools: ['query', 'drop', 'list_users', 'truncate'].map((name) => ({
      name,
      inputSchema: { type: 'object' },
      title: `The tool ${name}`,
    })),
    nextCursor: 'page-2',
  },
  'prompts/list': { prompts: ['hello', 'hello-again', 'secret-prompt'].map((name) => ({ name })) },
  'resources/list': {
    resources: ['file:///public/a.txt', 'file:///private/b.txt', 'file:///public/../private/c.txt'].map((uri) => ({
      uri,
      name: uri,
    })),
  },
  'resources/templates/list': {
    resourceTemplates: ['file:///public/{path}', 'file:///private/{path}'].map((uriTemplate) => ({
      uriTemplate,
      name: uriTemplate,
    })),
  },
}

let gateway: Gateway
let server: ScriptedServer
beforeAll(async () => {
  server = await startScriptedServer((received, response) => {
    const list = LISTS[received.method]
    if (list === undefined) return false
    return sendJson(
      response,
      replyTo(received, { resultType: 'complete', ttlMs: 3_600_000, cacheScope: 'public', ...list }),
    )
  })
  const upstream = { http: { url: server.url } }
  gateway = await startGateway({
    connections: {
      db: {
        upstream,
        labels: { env: 'test' },
        credentials: [{ name: 'key', header: 'X-Api-Key' }],
        secrets: { key: SECRET },
      },
      other: { upstream },
    },
    policy: POLICY,
  })
})
beforeEach(() => server.forget())
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

/** The same request in either era. */
const ERAS = {
  legacy: async (method: string, params: Message, person = 'alice'): Promise<Reply> =>
    (await openSession({ gateway, person })).ask(method, params),
  modern: async (method: string, params: Message, person = 'alice'): Promise<Reply> => {
    const { body, headers } = modern(method, params, 2)
    return post(gateway.url('db'), body, { ...(await goodHeaders({ gateway, person })), ...headers })
  },
}

describe.each(Object.entries(ERAS))('in the %s era', (era, ask) => {
  it('a tool that policy denies is refused in words for the model, and the server never hears of it', async () => {
    const reply = await ask('tools/call', { name: 'truncate', arguments: { table: 'users' } })
    expect(reply.status).toBe(200)
    expect(reply.message).toMatchObject({
      jsonrpc: '2.0',
      id: 2,
      result: { isError: true, content: [{ type: 'text' }] },
    })
    expect(at(reply.message, 'result', 'resultType')).toBe(era === 'modern' ? 'complete' : undefined)
    for (const words of ['nobody-truncates', 'truncate', 'Truncating is done by change request.', 'Nothing was sent'])
      expect(reply.text).toContain(words)
    expect(server.reached()).toEqual([])
  })

  it('a tool that no rule allows is refused, with whom to ask', async () => {
    const reply = await ask('tools/call', { name: 'drop' })
    expect(reply.message).toMatchObject({ result: { isError: true } })
    expect(reply.text).toContain('database-team')
    expect(server.reached()).toEqual([])
  })

  it.each([
    ['prompts/get', { name: 'secret-prompt' }],
    ['resources/read', { uri: 'file:///private/b.txt' }],
    ['resources/read', { uri: 'file:///public/../private/b.txt' }],
    ['resources/read', { uri: 'file:///public/%2e%2e/private/b.txt' }],
    ['resources/read', { uri: 'FILE:///private/b.txt' }],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'secret-prompt' }, argument: { name: 'a', value: 'b' } },
    ],
  ] as const)(
    '%s of %j, which policy does not allow, is an error of ours and reaches nobody',
    async (method, params) => {
      const reply = await ask(method, params)
      expect(reply.status).toBe(200)
      expect(reply.message).toMatchObject({ id: 2, error: { code: -31_403 } })
      expect(server.reached()).toEqual([])
    },
  )

  it.each([
    ['tools/list', 'tools', 'name', ['query', 'list_users'], ['query', 'drop', 'list_users']],
    ['prompts/list', 'prompts', 'name', ['hello', 'hello-again'], ['hello', 'hello-again', 'secret-prompt']],
    [
      'resources/list',
      'resources',
      'uri',
      ['file:///public/a.txt'],
      ['file:///public/a.txt', 'file:///private/b.txt', 'file:///public/../private/c.txt'],
    ],
    [
      'resources/templates/list',
      'resourceTemplates',
      'uriTemplate',
      ['file:///public/{path}'],
      ['file:///public/{path}', 'file:///private/{path}'],
    ],
  ] as const)('%s shows each caller what that caller may use', async (method, member, key, alices, bobs) => {
    const namesFor = async (person: string): Promise<unknown> => {
      const { message } = await ask(method, {}, person)
      const items = at(message, 'result', member)
      return Array.isArray(items) ? items.map((item) => at(item, key)) : message
    }
    expect(await namesFor('alice')).toEqual(alices)
    expect(await namesFor('bob')).toEqual(bobs)
    const filtered = (await recordsOf(gateway)).findLast((record) => at(record, 'decision', 'left_out') !== undefined)
    expect(at(filtered, 'decision', 'left_out')).toBeGreaterThan(0)
  })

  it('a list that was shortened keeps the rest as it was, and no shared cache may keep it', async () => {
    const { message } = await ask('tools/list', {})
    expect(at(message, 'result', 'nextCursor')).toBe('page-2')
    expect(at(message, 'result', 'tools', '0', 'title') ?? JSON.stringify(message)).toContain('The tool query')
    if (era === 'modern')
      expect(message).toMatchObject({
        result: { cacheScope: 'private', ttlMs: expect.toSatisfy((ttl: number) => ttl <= 60_000) },
      })
  })
})

describe('a session', () => {
  it('lives on after a refusal', async () => {
    const alice = await openSession({ gateway })
    expect((await alice.call('truncate')).message).toMatchObject({ result: { isError: true } })
    expect((await alice.call('query')).message).toMatchObject({ result: { content: [{ text: 'tools/call query' }] } })
    expect((await alice.ask('ping')).message).toMatchObject({ result: {} })
    expect(server.reached()).toEqual(['tools/call', 'ping'])
  })

  it('of somebody whom no rule knows is not opened', async () => {
    const reply = await post(
      gateway.url('db'),
      JSON.stringify(initialize()),
      await goodHeaders({ gateway, person: 'ada' }),
    )
    expect(reply.message).toMatchObject({ id: 0, error: { code: -31_403 } })
    expect(reply.headers.get('mcp-session-id')).toBeNull()
    expect(server.received).toEqual([])
  })
})

describe('an auditor', () => {
  let alice: LegacySession
  let records: readonly Recorded[]
  let session: string
  beforeAll(async () => {
    alice = await openSession({ gateway })
    await alice.call('query', { sql: 'SELECT 1', note: `mine is ${SECRET}` })
    await alice.call('truncate', { table: 'users' })
    records = await recordsOf(gateway)
    session = String(at(ofKind(records, 'refused').at(-1), 'session', 'id'))
  })

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

it('the policy of one connection is not that of another', async () => {
  expect((await callModern({ gateway, connection: 'other' })).message).toMatchObject({ result: { isError: true } })
  expect(server.reached()).toEqual([])
  expect((await callModern({ gateway, connection: 'other', person: 'bob' })).message).toMatchObject({
    result: { content: [{ text: 'tools/call query' }] },
  })
})
