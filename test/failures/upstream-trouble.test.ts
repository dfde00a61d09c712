// Servers that hang, die and come back: their callers are told, the log says how each call ended, and no call is sent twice.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { callModern, goodHeaders, modern } from '../support/mcp-client.ts'
import { ofKind, recordsOf, run } from '../support/records.ts'
import { eventOf, openEvents, replyTo, sendJson, startScriptedServer, textResult } from '../support/scripted-server.ts'
import type { Script, ScriptedServer } from '../support/scripted-server.ts'

let gateway: Gateway
let server: ScriptedServer
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({
    connections: {
      db: {
        upstream: { http: { url: server.url } },
        limits: { upstream_first_byte: '1s', upstream_stream_idle: '1s' },
      },
      patient: { upstream: { http: { url: server.url } } },
      away: { upstream: { http: { url: 'http://127.0.0.1:9/mcp' } } },
      nowhere: { upstream: { http: { url: 'http://no-such-host.invalid/mcp' } } },
    },
  })
})
beforeEach(() => {
  server.behave()
  server.forget()
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

const progress = eventOf({
  jsonrpc: '2.0',
  method: 'notifications/progress',
  params: { progressToken: 'x', progress: 1 },
})

/** How it breaks, the HTTP status that its caller gets, and how the record says that it ended. */
const TROUBLES: Readonly<Record<string, readonly [status: number, detail: string, script: Script]>> = {
  'hangs without a byte': [504, 'upstream_timeout', () => true],
  'dies without a byte': [
    502,
    'upstream_unreachable',
    (_, response) => {
      response.socket?.destroy()
      return true
    },
  ],
  'resets without a byte': [
    502,
    'upstream_unreachable',
    (_, response) => {
      response.socket?.resetAndDestroy()
      return true
    },
  ],
  'dies in the middle of its reply': [
    502,
    'upstream_unreachable',
    (_, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
        .write('{"jsonrpc":"2.0","id":1,"result":{"a":"made-up')
      setTimeout(() => response.socket?.destroy(), 50)
      return true
    },
  ],
  'hangs in the middle of its reply': [
    504,
    'upstream_timeout',
    (_, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .write('{"jsonrpc":"2.0","id":1,"result":{"a":"made-up')
      return true
    },
  ],
  'dies in its stream': [
    200,
    'upstream_unreachable',
    (_, response) => {
      openEvents(response).write(progress)
      setTimeout(() => response.socket?.destroy(), 50)
      return true
    },
  ],
  'resets in the middle of an event': [
    200,
    'upstream_unreachable',
    (_, response) => {
      openEvents(response).write(`${progress}data: {"jsonrpc":"2.0","id":1,"result":{"a":"made-up`)
      setTimeout(() => response.socket?.resetAndDestroy(), 50)
      return true
    },
  ],
  'hangs in its stream': [
    200,
    'upstream_timeout',
    (_, response) => {
      openEvents(response).write(progress)
      return true
    },
  ],
}

describe('a server that', () => {
  it.each(Object.entries(TROUBLES))(
    '%s leaves its caller with an error, once, and a record of it',
    async (_, [status, detail, script]) => {
      server.behave(script)
      const reply = await callModern({ gateway })
      expect({ status: reply.status, message: reply.message }).toMatchObject({
        status,
        message: { id: 1, error: { code: -31_502 } },
      })
      expect(reply.text).not.toContain('made-up')
      // Whether it may run twice only its caller knows.
      expect(server.reached()).toEqual(['tools/call'])
      const outcome = ofKind(await recordsOf(gateway), 'outcome').at(-1)
      expect(outcome).toMatchObject({ outcome: { status: 'upstream_error', detail } })
      server.behave()
      expect((await callModern({ gateway })).status).toBe(200)
    },
  )

  it.each(['away', 'nowhere'])(
    'cannot be reached (%s) is named in the error, and harms no other',
    async (connection) => {
      const reply = await callModern({ gateway, connection })
      expect({ status: reply.status, message: reply.message }).toMatchObject({
        status: 502,
        message: { id: 1, error: { code: -31_502, message: expect.stringMatching(/\w+ \w+/) } },
      })
      expect((await callModern({ gateway })).status).toBe(200)
    },
  )

  it('closes its idle connections gets the next call all the same', async () => {
    server.behave((received, response) => {
      response.setHeader('connection', 'close')
      return sendJson(response, replyTo(received, textResult('good')))
    })
    for (let i = 0; i < 20; i += 1) expect((await callModern({ gateway })).status).toBe(200)
    expect(server.received).toHaveLength(20)
  })
})

/** A busy machine needs a while; the time-outs of a call on this connection are minutes, so they are not what ends it. */
const LEARNS_WITHIN_MS = 20_000

it('a client that goes before the answer leaves a record that says so, and in the modern era its call is given up', async () => {
  let closed = false
  server.behave((received, response) => {
    response.on('close', () => {
      closed = true
    })
    return received.method === 'tools/call'
  })
  const { body, headers } = modern('tools/call', { name: 'query' })
  const gone = new AbortController()
  const call = fetch(gateway.url('patient'), {
    method: 'POST',
    body,
    headers: { ...(await goodHeaders({ gateway })), ...headers },
    signal: gone.signal,
  })
  await expect.poll(() => server.reached(), { timeout: LEARNS_WITHIN_MS }).toEqual(['tools/call'])
  gone.abort()
  await expect(call).rejects.toThrow('aborted')
  await expect.poll(() => closed, { timeout: LEARNS_WITHIN_MS }).toBe(true)
  await expect
    .poll(async () => ofKind(await recordsOf(gateway), 'outcome').at(-1), { timeout: LEARNS_WITHIN_MS })
    .toMatchObject({ outcome: { status: 'cancelled', detail: 'client_gone' } })
})

it('clients that go at any moment, before, while and after their intent is written, leave no call behind', async () => {
  let open = 0
  server.behave((received, response) => {
    if (received.method !== 'tools/call') return false
    open += 1
    response.on('close', () => {
      open -= 1
    })
    return true
  })
  const { body, headers } = modern('tools/call', { name: 'query' })
  const all = { ...(await goodHeaders({ gateway })), ...headers }
  const call = async (afterMs: number): Promise<void> => {
    await fetch(gateway.url('patient'), {
      method: 'POST',
      body,
      headers: all,
      signal: AbortSignal.timeout(afterMs),
    }).catch(() => undefined)
  }
  for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 10 }, (_, at) => call(1 + at)))
  await expect.poll(() => open, { timeout: LEARNS_WITHIN_MS }).toBe(0)
  server.behave()
  await expect.poll(async () => openIntents(), { timeout: LEARNS_WITHIN_MS }).toBe(0)
  expect((await run(gateway, ['audit', 'verify'])).stdout).toContain('Verified')
})

/** Intents without an outcome. */
async function openIntents(): Promise<number> {
  const records = await recordsOf(gateway)
  return ofKind(records, 'intent').length - ofKind(records, 'outcome').length
}
