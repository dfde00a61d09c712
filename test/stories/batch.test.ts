// 2025-03-26, the one revision with arrays: each message is judged by itself, and gets an answer of its own.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { openSession, post } from '../support/mcp-client.ts'
import type { Reply } from '../support/mcp-client.ts'
import { ofKind, recordsOf } from '../support/records.ts'
import { eventOf, openEvents, replyTo, startScriptedServer, textResult } from '../support/scripted-server.ts'
import type { Message, ScriptedServer } from '../support/scripted-server.ts'

let gateway: Gateway
let server: ScriptedServer
beforeAll(async () => {
  server = await startScriptedServer((received, response) => {
    if (!received.body.includes('list_users')) return false
    const progress = {
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: 'x', progress: 1, message: 'y'.repeat(100_000) },
    }
    openEvents(response).end(eventOf(progress) + eventOf(replyTo(received, textResult('streamed'))))
    return true
  })
  gateway = await startGateway({
    connections: { db: { upstream: { http: { url: server.url } } } },
    policy: {
      version: 1,
      default: 'deny',
      rules: [
        { id: 'all', effect: 'allow', match: { connections: ['*'] } },
        { id: 'no-drop', effect: 'deny', match: { connections: ['*'], tools: ['drop'] } },
      ],
    },
  })
})
beforeEach(() => server.forget())
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

const call = (id: number, name: string): Message => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } })

async function send(version: string, messages: readonly unknown[]): Promise<Reply> {
  const { url, headers } = await openSession({ gateway }, version)
  server.forget()
  return post(url, JSON.stringify(messages), headers)
}

/** The messages of all events, by id. */
function repliesIn({ text }: Reply): Record<string, unknown> {
  const messages = [...text.matchAll(/^data: ?(\{.*\})$/gm)].map(([, json = '{}']) => JSON.parse(json) as Message)
  return Object.fromEntries(
    messages.filter(({ id }) => id !== undefined).map((message) => [String(message['id']), message]),
  )
}

it('a batch is answered message by message: allowed, refused, unknown and streamed beside one another', async () => {
  const notice = { jsonrpc: '2.0', method: 'notifications/roots/list_changed' }
  const unknown = { jsonrpc: '2.0', id: 4, method: 'tools/destroy' }
  const reply = await send('2025-03-26', [
    call(1, 'query'),
    call(2, 'drop'),
    notice,
    call(3, 'list_users'),
    unknown,
    call(5, 'list_users'),
  ])
  expect(reply.status).toBe(200)
  expect(repliesIn(reply)).toMatchObject({
    1: { result: { content: [{ text: 'tools/call query' }] } },
    2: { result: { isError: true } },
    3: { result: { content: [{ text: 'streamed' }] } },
    4: { error: { code: -32_601 } },
    5: { result: { content: [{ text: 'streamed' }] } },
  })
  expect(server.reached().toSorted()).toEqual([
    'notifications/roots/list_changed',
    'tools/call',
    'tools/call',
    'tools/call',
  ])
  expect(server.received.map(({ body }) => body).join('')).not.toContain('drop')
  const records = await recordsOf(gateway)
  expect(ofKind(records, 'refused')).toMatchObject([{ mcp: { target: 'drop' } }])
})

it('a batch of notifications alone is taken without a body', async () => {
  const reply = await send('2025-03-26', [{ jsonrpc: '2.0', method: 'notifications/roots/list_changed' }])
  expect(reply).toMatchObject({ status: 202, text: '' })
})

it('twenty streamed calls in one batch, each larger than a socket takes at once, all arrive', async () => {
  const reply = await send(
    '2025-03-26',
    Array.from({ length: 20 }, (_, id) => call(id, 'list_users')),
  )
  expect(Object.keys(repliesIn(reply))).toHaveLength(20)
})

it.each([
  ['in a session of another revision', '2025-06-18', [call(1, 'query')]],
  ['of more than a hundred', '2025-03-26', Array.from({ length: 101 }, (_, id) => call(id, 'query'))],
  ['with a malformed message in it', '2025-03-26', [call(1, 'query'), { id: 2, method: 'tools/call' }]],
  ['with initialize in it', '2025-03-26', [{ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} }]],
  ['in a batch', '2025-03-26', [[call(1, 'query')]]],
])('a batch %s is refused whole, and nothing of it reaches the server', async (_, version, messages) => {
  const reply = await send(version, messages)
  expect(reply.status).toBe(400)
  expect(reply.message).toMatchObject({ id: null, error: { code: -32_600 } })
  expect(server.received).toEqual([])
})
