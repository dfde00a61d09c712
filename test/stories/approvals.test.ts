// A risky call waits until somebody else agrees, and then runs once.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { idWaitingFor, vote } from '../support/approvals.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { goodHeaders, modern, openSession, post, type Reply } from '../support/mcp-client.ts'
import { isRecord } from '../support/process.ts'
import { at, recordsOf } from '../support/records.ts'
import { type Message, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts'

const POLICY = {
  version: 1,
  default: 'deny',
  groups: { engineers: ['engineers'], dba: ['dba'] },
  rules: [
    { id: 'all-use', effect: 'allow', match: { connections: ['db'] } },
    {
      id: 'writes-need-a-dba',
      effect: 'approve',
      match: { connections: ['db'], tools: ['write'] },
      approval: { by: [{ group: 'dba' }] },
    },
  ],
}

describe('a call that needs approval', () => {
  let server: ScriptedServer
  let gateway: Gateway
  beforeAll(async () => {
    server = await startScriptedServer()
    gateway = await startGateway({
      connections: { db: { upstream: { http: { url: server.url } } } },
      policy: POLICY,
      config: { approvals: { hold: '3s', progress_every: '200ms' } },
    })
  })
  afterAll(async () => {
    await gateway.stop()
    await server[Symbol.asyncDispose]()
  })
  beforeEach(() => server.forget())

  it('of the legacy era is held on a stream, and runs once somebody else agreed', async () => {
    const session = await openSession({ gateway, connection: 'db' })
    server.forget()
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 7,
      method: 'tools/call',
      params: { name: 'write', arguments: { sql: 'one' }, _meta: { progressToken: 'p' } },
    })
    const calling = post(gateway.url('db'), body, session.headers)
    const id = await idWaitingFor(gateway, 'bob')
    expect(server.reached()).toEqual([])
    expect(await vote(gateway, 'alice', id, ['approve'])).toMatchObject({ status: 403 })
    expect(await vote(gateway, 'bob', id, ['approve'])).toMatchObject({ status: 200, body: { state: 'approved' } })
    const reply = await calling
    expect(reply.message).toMatchObject({ id: 7, result: { content: [{ text: 'tools/call write' }] } })
    expect(reply.text.match(/notifications\/progress/g)?.length).toBeGreaterThan(0)
    expect(server.reached()).toEqual(['tools/call'])
  })

  it('tells of progress that only grows, while people decide and while the server works', async () => {
    server.behave(({ method, message }, response) => {
      if (method !== 'tools/call') return false
      const tell = (body: object) => response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...body })}\n\n`)
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const progress of [0, 0.5, 1])
        tell({ method: 'notifications/progress', params: { progressToken: 'grows', progress, total: 1 } })
      tell({ id: message?.['id'], result: { content: [{ type: 'text', text: 'done' }] } })
      response.end()
      return true
    })
    const params = { name: 'write', arguments: { sql: 'slow' }, _meta: { progressToken: 'grows' } }
    const session = await openSession({ gateway, connection: 'db' })
    const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params })
    const calling = post(gateway.url('db'), body, session.headers)
    const id = await idWaitingFor(gateway, 'bob')
    await new Promise((resolve) => setTimeout(resolve, 500))
    await vote(gateway, 'bob', id, ['approve'])
    const { text } = await calling
    server.behave()
    expect(text).toContain('done')
    const told = [...text.matchAll(/"progress":([^,}]+)/g)].map(([, number]) => Number(number))
    expect(told.length).toBeGreaterThan(4)
    expect(told.slice(-3)).toEqual([0, 0.5, 1])
    for (const [i, number] of told.entries()) expect(number).toBeGreaterThan(told[i - 1] ?? Number.NEGATIVE_INFINITY)
  })

  it('of the modern era is told to come back, and runs once when it does', async () => {
    const ask = async (state?: unknown) => {
      const params = {
        name: 'write',
        arguments: { sql: 'two' },
        ...(state === undefined ? {} : { requestState: state }),
      }
      const { body, headers } = modern('tools/call', params)
      const good = await goodHeaders({ gateway, connection: 'db' })
      return post(gateway.url('db'), body, { ...good, ...headers })
    }
    const first = resultOf(await ask())
    expect(first).toMatchObject({ resultType: 'input_required', requestState: expect.stringMatching(/^slh1\./) })
    const id = await idWaitingFor(gateway, 'bob')
    expect(await ask(`${String(first['requestState'])}x`)).toMatchObject({ message: { error: { code: -32_602 } } })
    await vote(gateway, 'bob', id, ['approve'])
    const again = resultOf(await ask(first['requestState']))
    expect(again).toMatchObject({ content: [{ text: 'tools/call write' }] })
    expect(server.reached()).toEqual(['tools/call'])
    // The server gets the request as it would have come without a gateway.
    expect(server.received.at(-1)?.body).not.toContain('requestState')
    const records = await recordsOf(gateway)
    const told = records.filter(
      (record) => at(record, 'approval', 'id') === id || at(record, 'decision', 'approval') === id,
    )
    expect(told.map((record) => record['kind'])).toEqual([
      'approval.requested',
      'refused',
      'approval.vote',
      'approval.granted',
      'approval.claimed',
      'intent',
    ])
  })
})

function resultOf({ message }: Reply): Message {
  const { result } = message
  if (!isRecord(result)) throw new Error('no result')
  return result
}
