// An id of a session is good in the hands of the one who opened it, and in nobody else's.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { goodHeaders, openSession, post, read } from '../support/mcp-client.ts'
import type { LegacySession, Reply } from '../support/mcp-client.ts'
import { at, recordsOf } from '../support/records.ts'
import { openEvents, startScriptedServer } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

let gateway: Gateway
let server: ScriptedServer
beforeAll(async () => {
  server = await startScriptedServer()
  const upstream = { http: { url: server.url } }
  gateway = await startGateway({
    connections: { db: { upstream }, other: { upstream } },
    config: { limits: { stream_keep_alive: '1s' } },
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

const LIST = JSON.stringify({ jsonrpc: '2.0', id: 5, method: 'tools/list' })

/** Uses an id of a session, as somebody, in one of the ways there are. */
async function use(
  id: string,
  person: string,
  verb: 'POST' | 'GET' | 'DELETE' = 'POST',
  connection = 'db',
): Promise<Reply> {
  const headers = {
    ...(await goodHeaders({ gateway, person })),
    'mcp-session-id': id,
    'mcp-protocol-version': '2025-11-25',
  }
  return read(
    await fetch(gateway.url(connection), { method: verb, headers, ...(verb === 'POST' ? { body: LIST } : {}) }),
  )
}

/** Everything of an answer that somebody could tell two cases apart by. */
function visible({ status, text, headers }: Reply): unknown {
  return { status, text, headers: [...headers].filter(([name]) => name !== 'date') }
}

describe.each(['POST', 'GET', 'DELETE'] as const)("Bob, with the id of Alice's session and %s", (verb) => {
  it('gets what he would get for an id that never was, and the record says why', async () => {
    const alice = await openSession({ gateway })
    server.forget()
    const stolen = await use(alice.id, 'bob', verb)
    const madeUp = await use(crypto.randomUUID(), 'bob', verb)
    expect(stolen.status).toBe(404)
    expect(visible(stolen)).toEqual(visible(madeUp))
    expect(server.received).toEqual([])
    const why = (await recordsOf(gateway)).filter((record) => at(record, 'decision', 'rule') === 'session-binding')
    expect(why.at(-1)).toMatchObject({ kind: 'refused', actor: { sub: 'bob' }, conn: { name: 'db' } })
    expect(JSON.stringify(why)).not.toContain(alice.id)
    expect((await alice.ask('tools/list')).status).toBe(200)
  })
})

it('an id is good for the connection that gave it, and for no other', async () => {
  const alice = await openSession({ gateway })
  server.forget()
  expect((await use(alice.id, 'alice', 'POST', 'other')).status).toBe(404)
  expect(server.received).toEqual([])
})

it('after a restart the session of Alice goes on, and Bob still has none', async () => {
  const alice = await openSession({ gateway })
  await gateway.restart()
  server.forget()
  expect((await use(alice.id, 'bob')).status).toBe(404)
  expect(server.received).toEqual([])
  expect((await use(alice.id, 'alice')).message).toMatchObject({ id: 5, result: { tools: expect.any(Array) } })
  expect((await use(alice.id, 'bob')).status).toBe(404)
})

it('after kill -9 the session of Alice goes on, and Bob still has none', async () => {
  const alice = await openSession({ gateway })
  await gateway.kill()
  await gateway.restart()
  server.forget()
  expect((await use(alice.id, 'bob')).status).toBe(404)
  expect(server.received).toEqual([])
  expect((await use(alice.id, 'alice')).status).toBe(200)
})

it('DELETE ends the session at the server, and its id is dead for everybody, after a restart as well', async () => {
  const alice = await openSession({ gateway })
  server.forget()
  expect((await use(alice.id, 'alice', 'DELETE')).status).toBe(200)
  expect(server.received).toMatchObject([{ verb: 'DELETE', headers: { 'mcp-session-id': alice.id } }])
  server.forget()
  expect((await use(alice.id, 'alice')).status).toBe(404)
  await gateway.restart()
  expect((await use(alice.id, 'alice')).status).toBe(404)
  expect((await use(alice.id, 'bob')).status).toBe(404)
  expect(server.received).toEqual([])
})

it.each(['', ' ', 'a b', '\u00e9', 'x'.repeat(5000), '../../etc/passwd', '__proto__'])(
  'an id like "%s" opens nothing',
  async (id) => {
    const reply = await use(id, 'bob')
    expect(reply.status === 404 || (id.trim() === '' && reply.status === 200)).toBe(true)
  },
)

describe('a stream that is open when the token of its caller runs out', () => {
  const LIVES_S = 3

  async function shortLived(): Promise<LegacySession> {
    const token = await gateway.token('alice', { exp: Math.floor(Date.now() / 1000) + LIVES_S })
    return openSession({ gateway, token })
  }

  it.each(['GET', 'POST'] as const)('and was opened by %s ends by itself, at both ends', async (verb) => {
    const alice = await shortLived()
    let closed = false
    server.behave((received, response) => {
      if (received.verb === 'POST' && received.method !== 'tools/list') return false
      openEvents(response).write(': hello\n\nid: 1\ndata:\n\n')
      const beat = setInterval(() => response.write(': alive\n\n'), 200)
      response.on('close', () => {
        closed = true
        clearInterval(beat)
      })
      return true
    })
    const began = Date.now()
    const stream = await fetch(alice.url, {
      method: verb,
      headers: alice.headers,
      ...(verb === 'POST' ? { body: LIST } : {}),
    })
    expect(stream.status).toBe(200)
    // It breaks off: what was cut must not look whole.
    await expect(stream.text()).rejects.toThrow(TypeError)
    const lasted = Date.now() - began
    expect(lasted).toBeGreaterThan(500)
    expect(lasted).toBeLessThan((LIVES_S + 3) * 1000)
    await expect.poll(() => closed, { timeout: 3000 }).toBe(true)
  })

  it('may be opened anew with a new token, by its owner', async () => {
    const alice = await shortLived()
    await sleep(100)
    const token = await gateway.token('alice')
    const reply = await post(alice.url, LIST, { ...alice.headers, authorization: `Bearer ${token}` })
    expect(reply.status).toBe(200)
  })
})
