// Access that people give for a session or some time: asked for when it is needed or ahead of it, and gone with the session.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { idWaitingFor, vote, waitingFor } from '../support/approvals.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { openSession, type Reply } from '../support/mcp-client.ts'
import { at, recordsOf } from '../support/records.ts'
import { replyTo, type ScriptedServer, sendJson, startScriptedServer } from '../support/scripted-server.ts'

const POLICY = {
  version: 1,
  default: 'deny',
  groups: { engineers: ['engineers'], dba: ['dba'] },
  rules: [
    { id: 'all-use', effect: 'allow', match: { connections: ['db'] } },
    {
      id: 'access-by-the-session',
      effect: 'approve',
      match: { connections: ['db'], groups: ['engineers'] },
      approval: { by: [{ group: 'dba' }], scope: 'session', reason: 'required' },
    },
  ],
}

const TOOLS = { tools: [{ name: 'query', inputSchema: { type: 'object' } }] }

describe('access for a session', () => {
  let server: ScriptedServer
  let gateway: Gateway
  beforeAll(async () => {
    server = await startScriptedServer((received, response) => {
      if (received.method !== 'tools/list') return false
      sendJson(response, replyTo(received, TOOLS))
      return true
    })
    gateway = await startGateway({
      connections: { db: { upstream: { http: { url: server.url } } } },
      policy: POLICY,
      config: { approvals: { hold: '4s' } },
    })
  })
  afterAll(async () => {
    await gateway.stop()
    await server[Symbol.asyncDispose]()
  })
  beforeEach(() => server.forget())

  it('is asked for ahead of need with a tool of the gateway, lasts for the session, and ends with it', async () => {
    const session = await openSession({ gateway })
    expect(namesIn(await session.ask('tools/list'))).toEqual(['query', 'request_access'])
    const asking = session.call('request_access', { reason: 'the invoice run of today', duration: '10m' })
    const id = await idWaitingFor(gateway, 'bob')
    expect(await waitingFor(gateway, 'bob')).toMatchObject([
      { id, method: 'request_access', reason: 'the invoice run of today', scope: '600000ms', own: false },
    ])
    expect(namesIn(await session.ask('tools/list'))).toContain('approval_status')
    await vote(gateway, 'bob', id, ['approve'])
    expect(textOf(await asking)).toMatch(/^ACCESS GRANTED/)
    expect(textOf(await session.call('query'))).toBe('tools/call query')
    expect(textOf(await session.call('query', { other: 'arguments' }))).toBe('tools/call query')
    await fetch(session.url, { method: 'DELETE', headers: session.headers })
    const next = await openSession({ gateway })
    expect(textOf(await next.call('query'))).toMatch(/^APPROVAL PENDING/)
    expect(textOf(await next.call('approval_status', { id }))).toBe(
      `Approval ${id} was for some time, which is over ("the session ended"). To ask anew, call the tool that needs it.`,
    )
    const ended = (await recordsOf(gateway)).find((record) => record['kind'] === 'approval.lapsed')
    expect(at(ended, 'approval', 'detail')).toBe('the session ended')
    expect(server.reached().filter((method) => method === 'tools/call')).toHaveLength(2)
  })

  it('says what is wrong with a request for it', async () => {
    const session = await openSession({ gateway })
    expect(textOf(await session.call('request_access'))).toContain('reason is missing')
    expect(textOf(await session.call('request_access', { reason: 'x', duration: 'soon' }))).toContain('such as 30m')
    expect(textOf(await session.call('request_access', { reason: 'x', connection: 'other' }))).toContain('"db"')
  })
})

function namesIn(reply: Reply): unknown[] {
  const tools = at(reply.message, 'result', 'tools')
  return Array.isArray(tools) ? tools.map((tool) => at(tool, 'name')) : []
}

function textOf(reply: Reply): unknown {
  return at(reply.message, 'result', 'content', '0', 'text') ?? first(at(reply.message, 'result', 'content'))
}

function first(content: unknown): unknown {
  return Array.isArray(content) ? at(content[0], 'text') : undefined
}
