// What a person sees of the gateway's decisions: refusals in words, and lists that show what that person may use.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { callModern, goodHeaders, initialize, modern, openSession, post } from '../support/mcp-client.ts'
import type { Reply } from '../support/mcp-client.ts'
import { at, recordsOf } from '../support/records.ts'
import { replyTo, sendJson, startScriptedServer } from '../support/scripted-server.ts'
import type { Message, ScriptedServer } from '../support/scripted-server.ts'

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
      db: { upstream },
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
    ['tools/list', 'tools', 'name', { alice: ['query', 'list_users'], bob: ['query', 'drop', 'list_users'] }],
    [
      'prompts/list',
      'prompts',
      'name',
      { alice: ['hello', 'hello-again'], bob: ['hello', 'hello-again', 'secret-prompt'] },
    ],
    [
      'resources/list',
      'resources',
      'uri',
      {
        alice: ['file:///public/a.txt'],
        bob: ['file:///public/a.txt', 'file:///private/b.txt', 'file:///public/../private/c.txt'],
      },
    ],
    [
      'resources/templates/list',
      'resourceTemplates',
      'uriTemplate',
      { alice: ['file:///public/{path}'], bob: ['file:///public/{path}', 'file:///private/{path}'] },
    ],
  ] as const)('%s shows each caller what that caller may use', async (method, member, key, wanted) => {
    const namesFor = async (person: string): Promise<unknown> => {
      const { message } = await ask(method, {}, person)
      const items = at(message, 'result', member)
      return Array.isArray(items) ? items.map((item) => at(item, key)) : message
    }
    expect({ alice: await namesFor('alice'), bob: await namesFor('bob') }).toEqual(wanted)
    const filtered = (await recordsOf(gateway)).findLast((record) => at(record, 'decision', 'left_out') !== undefined)
    expect(at(filtered, 'decision', 'left_out')).toBeGreaterThan(0)
  })

  it('a list that was shortened keeps the rest as it was, and no shared cache may keep it', async () => {
    const { message } = await ask('tools/list', {})
    // What the server gives out for itself is sealed: a client neither reads nor changes it.
    expect(at(message, 'result', 'nextCursor')).toMatch(/^sl1\./)
    expect(at(message, 'result', 'tools', '0', 'title') ?? JSON.stringify(message)).toContain('The tool query')
    // Cache hints are of the modern era; what a legacy server says in their place is its own affair.
    const hints = era === 'modern' ? { cacheScope: 'private', ttlMs: 60_000 } : {}
    expect(message).toMatchObject({ result: hints })
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

it('the policy of one connection is not that of another', async () => {
  expect((await callModern({ gateway, connection: 'other' })).message).toMatchObject({ result: { isError: true } })
  expect(server.reached()).toEqual([])
  expect((await callModern({ gateway, connection: 'other', person: 'bob' })).message).toMatchObject({
    result: { content: [{ text: 'tools/call query' }] },
  })
})
