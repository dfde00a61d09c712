// A server that lies, floods, stalls or breaks the protocol: its client gets a clear error or nothing, never its bytes
// unjudged, and the gateway lives on.
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { callModern, goodHeaders, initialize, openSession, post } from '../support/mcp-client.ts'
import type { Reply } from '../support/mcp-client.ts'
import { at, ofKind, recordsOf, run } from '../support/records.ts'
import { eventOf, openEvents, replyTo, sendJson, startScriptedServer, textResult } from '../support/scripted-server.ts'
import type { Received, Script, ScriptedServer } from '../support/scripted-server.ts'

const KIB = 1024
const TOTAL_MS = 4000

let gateway: Gateway
let server: ScriptedServer
let elsewhere: ScriptedServer
beforeAll(async () => {
  server = await startScriptedServer()
  elsewhere = await startScriptedServer()
  const upstream = { http: { url: server.url } }
  const limits = {
    reply_body: '512KiB',
    stream_event: '256KiB',
    upstream_first_byte: '1500ms',
    upstream_stream_idle: '2s',
    upstream_total: `${TOTAL_MS}ms`,
  }
  gateway = await startGateway({ connections: { db: { upstream, limits }, wide: { upstream } } })
})
beforeEach(() => server.forget())
afterEach(async () => {
  server.behave()
  expect((await callModern({ gateway })).message).toMatchObject({ result: { content: [{ text: 'tools/call query' }] } })
  expect(gateway.process().stderr()).not.toContain('"bug"')
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
  await elsewhere?.[Symbol.asyncDispose]()
})

/** Stands in everything that must not pass. */
const LOOT = 'made-up-loot'

const body = (text: string, headers: Record<string, string> = { 'content-type': 'application/json' }, status = 200): Script => {
  return (_, response) => {
    response.writeHead(status, headers).end(text)
    return true
  }
}
const json = (make: (received: Received) => unknown): Script => (received, response) => sendJson(response, make(received))
const events = (write: (received: Received) => string): Script => (received, response) => {
  openEvents(response).end(write(received))
  return true
}
/** Writes the answer itself, byte by byte, below HTTP. */
const bytes = (write: (received: Received) => string): Script => (received, response) => {
  response.socket?.end(Uint8Array.from(write(received), (letter) => letter.charCodeAt(0)))
  return true
}

/** An error with the id of the request and a sentence, and no byte of the server's. */
function expectFailed(reply: Reply, status = 502): void {
  expect({ status: reply.status, message: reply.message }).toMatchObject({
    status,
    message: { id: 1, error: { code: -31_502, message: expect.stringMatching(/\w+ \w+ \w+/) } },
  })
  expectNoLoot(reply)
}

function expectNoLoot({ text, headers }: Reply): void {
  expect(`${text}${JSON.stringify([...headers])}`).not.toContain(LOOT)
}

const result = { content: [{ type: 'text', text: LOOT }] }
const good = (received: Received): string => eventOf(replyTo(received, textResult('good')))

describe('a whole reply', () => {
  it.each<[string, Script]>([
    ['with the id of another request', json(() => ({ jsonrpc: '2.0', id: 2, result }))],
    ['with the id as a string', json(() => ({ jsonrpc: '2.0', id: '1', result }))],
    ['without an id', json(() => ({ jsonrpc: '2.0', result }))],
    ['with id null', json(() => ({ jsonrpc: '2.0', id: null, result }))],
    ['with result and error', json(() => ({ jsonrpc: '2.0', id: 1, result, error: { code: 1, message: LOOT } }))],
    ['with neither', json(() => ({ jsonrpc: '2.0', id: 1, [LOOT]: 1 }))],
    ['that is a request', json(() => ({ jsonrpc: '2.0', id: 1, method: 'sampling/createMessage', params: { a: LOOT } }))],
    ['that is a notification', json(() => ({ jsonrpc: '2.0', method: 'notifications/message', params: { data: LOOT } }))],
    ['that is a batch', json(() => [{ jsonrpc: '2.0', id: 1, result }])],
    ['whose result is a text', json(() => ({ jsonrpc: '2.0', id: 1, result: LOOT }))],
    ['with its result twice', body(`{"jsonrpc":"2.0","id":1,"result":{},"result":{"a":"${LOOT}"}}`)],
    ['with Result beside result', body(`{"jsonrpc":"2.0","id":1,"result":{},"Result":{"a":"${LOOT}"}}`)],
    ['with content twice', body(`{"jsonrpc":"2.0","id":1,"result":{"content":[],"content":["${LOOT}"]}}`)],
    ['followed by another', body(`{"jsonrpc":"2.0","id":1,"result":{}}{"jsonrpc":"2.0","id":1,"result":{"a":"${LOOT}"}}`)],
    ['that nests 10,000 deep', body(`{"jsonrpc":"2.0","id":1,"result":{"${LOOT}":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`)],
    ['that is no JSON', body(`<html>${LOOT}</html>`, { 'content-type': 'text/html' })],
    ['that is empty', body('', { [LOOT]: LOOT })],
    ['that is empty with 202', body('', {}, 202)],
    ['that is empty with 204', body('', {}, 204)],
    ['in UTF-16', body(`\uFEFF{"jsonrpc":"2.0","id":1,"result":{"a":"${LOOT}"}}`)],
    ['that is not UTF-8', bytes(() => http(`{"jsonrpc":"2.0","id":1,"result":{"a":"${LOOT}\xff"}}`))],
    ['that is cut off', bytes(() => http(`{"jsonrpc":"2.0","id":1,"result":{"a":"${LOOT}"}}`, 1000))],
    ['in gzip, though nobody asked for it', (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      response.end(gzipSync(JSON.stringify({ jsonrpc: '2.0', id: 1, result })))
      return true
    }],
    ['above the limit, by its length', body(`{"jsonrpc":"2.0","id":1,"result":{"a":"${LOOT.repeat(50_000)}"}}`)],
    ['above the limit, in chunks', (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{"jsonrpc":"2.0","id":1,"result":{"a":"')
      for (let i = 0; i < 60; i += 1) response.write(LOOT.repeat(1000))
      response.end('"}}')
      return true
    }],
    ['with a header that is too large', body('{}', { 'x-a': LOOT.repeat(8000) })],
    ['with two lengths', bytes(() => `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ${LOOT}`)],
    ['with a folded header', bytes(() => `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nMcp-Session-Id: a\r\n\tSet-Cookie: ${LOOT}\r\n\r\n{}`)],
    ['with a null byte in a header', bytes(() => `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nMcp-Session-Id: a\0${LOOT}\r\n\r\n{}`)],
    ['that is no HTTP', bytes(() => `220 ${LOOT} ESMTP\r\n`)],
    ['that is a switch of protocols', bytes(() => `HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${LOOT}\r\nConnection: upgrade\r\n\r\n`)],
  ])('%s is an error', async (_, script) => {
    server.behave(script)
    expectFailed(await callModern({ gateway }))
    expect(server.reached()).toEqual(['tools/call'])
  })

  it.each([301, 302, 303, 307, 308])('that is a redirect, %i, is not followed', async (status) => {
    elsewhere.forget()
    server.behave(body(LOOT, { location: elsewhere.url }, status))
    expectFailed(await callModern({ gateway }))
    expect(elsewhere.received).toEqual([])
  })

  it.each([401, 403])('with status %i does not make the client log in elsewhere', async (status) => {
    server.behave(body(LOOT, { 'www-authenticate': `Bearer resource_metadata="https://evil.example/${LOOT}"` }, status))
    const reply = await callModern({ gateway })
    expectFailed(reply)
    expect(reply.headers.get('www-authenticate')).toBeNull()
  })

  it('brings no header but those of MCP', async () => {
    const extra = { 'set-cookie': LOOT, 'x-a': LOOT, location: LOOT, 'access-control-allow-origin': '*', 'strict-transport-security': 'x', server: LOOT }
    server.behave((received, response) => sendJson(response, replyTo(received, textResult('good')), extra))
    const reply = await callModern({ gateway })
    expect(reply.status).toBe(200)
    expectNoLoot(reply)
    expect(reply.headers.get('access-control-allow-origin')).toBeNull()
  })

  it.each([
    ['letters that are a line break when cut to a byte', 'a\xc4\x8d\xc4\x8aSet-Cookie: x'],
    ['letters beyond ASCII', 'caf\xc3\xa9 \xe4\xb8\x96'],
    ['bytes that are no text', '\xff\xfe'],
    ['10,000 letters', 'a'.repeat(10_000)],
    ['spaces', 'a b c'],
  ])('with an Mcp-Session-Id of %s brings no other header', async (_, id) => {
    server.behave(bytes((received) => {
      const text = JSON.stringify(replyTo(received, { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'x', version: '1' } }))
      return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nMcp-Session-Id: ${id}\r\nContent-Length: ${text.length}\r\n\r\n${text}`
    }))
    const reply = await post(gateway.url('db'), JSON.stringify(initialize('2025-11-25', {}, 1)), await goodHeaders({ gateway }))
    expect(reply.headers.get('set-cookie')).toBeNull()
    // Ids are visible ASCII (2025-11-25, Session Management): with any other one, the server is at fault.
    expectFailed(reply)
  })

  it('waits no longer for the first byte than it may', async () => {
    server.behave(() => true)
    const began = Date.now()
    expectFailed(await callModern({ gateway }), 504)
    expect(Date.now() - began).toBeLessThan(4000)
  })

  it('that drips for ever ends with the time that a call may take', async () => {
    server.behave((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write(`{"a":"${LOOT}`)
      drip(response, () => 'a')
      return true
    })
    const began = Date.now()
    expectFailed(await callModern({ gateway }), 504)
    expect(Date.now() - began).toBeLessThan(TOTAL_MS * 2)
  })

  it('is recorded as failed, without what it said', async () => {
    server.behave(json(() => ({ jsonrpc: '2.0', id: 2, result })))
    await callModern({ gateway })
    const outcome = ofKind(await recordsOf(gateway), 'outcome').at(-1)
    expect(at(outcome, 'outcome', 'status')).toBe('upstream_error')
    expect(JSON.stringify(outcome)).not.toContain(LOOT)
  })
})

/** An answer with a JSON body, as bytes. */
function http(text: string, length = text.length): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${text}`
}

function drip(response: Parameters<Script>[1], what: () => string): void {
  const timer = setInterval(() => response.write(what()), 100)
  response.on('close', () => clearInterval(timer))
}

describe('a stream', () => {
  const progress = eventOf({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 'x', progress: 1 } })

  it.each<[string, (received: Received) => string]>([
    ['a reply to another request', () => eventOf({ jsonrpc: '2.0', id: 2, result })],
    ['a reply whose id is a string', () => eventOf({ jsonrpc: '2.0', id: '1', result })],
    ['a request to the client, which this era has not', () => eventOf({ jsonrpc: '2.0', id: 9, method: 'sampling/createMessage', params: { a: LOOT } })],
    ['a ping to the client, which this era has not', () => eventOf({ jsonrpc: '2.0', id: 9, method: 'ping', params: { a: LOOT } })],
    ['a request that only clients make', () => eventOf({ jsonrpc: '2.0', id: 9, method: 'tools/call', params: { a: LOOT } })],
    ['a notification that nobody knows', () => eventOf({ jsonrpc: '2.0', method: 'notifications/evil', params: { a: LOOT } })],
    ['a comment', () => `: ${LOOT}\n\n`],
  ])('with %s before the reply lets only the reply pass', async (_, before) => {
    server.behave(events((received) => before(received) + good(received)))
    const reply = await callModern({ gateway })
    expect(reply.message).toMatchObject({ id: 1, result: { content: [{ text: 'good' }] } })
    expectNoLoot(reply)
  })

  it('with a second reply behind the first lets only the first pass', async () => {
    server.behave(events((received) => good(received) + eventOf(replyTo(received, result))))
    const reply = await callModern({ gateway })
    expect(reply.text.match(/"id":1/g)).toHaveLength(1)
    expectNoLoot(reply)
  })

  it.each<[string, (received: Received) => string]>([
    ['is no JSON', () => `data: ${LOOT}\n\n`],
    ['has a key twice', () => `data: {"jsonrpc":"2.0","id":1,"result":{"a":1,"a":"${LOOT}"}}\n\n`],
    ['is a batch', (received) => eventOf([replyTo(received, result)])],
    ['is not UTF-8', () => `data: {"jsonrpc":"2.0","id":1,"result":{"a":"${LOOT}\ud800"}}\n\n`.replace('\ud800', '\\ud800')],
    ['is too large', () => `data: {"jsonrpc":"2.0","id":1,"result":{"a":"${LOOT.repeat(30 * KIB)}"}}\n\n`],
    ['is one line without end', () => `data: ${LOOT.repeat(30 * KIB)}`],
    ['is made of lines without end', () => `data: ${LOOT}\n`.repeat(20 * KIB)],
    ['has an id without end', (received) => `id: ${LOOT.repeat(30 * KIB)}\n${good(received)}`],
  ])('with an event that %s is an error', async (_, write) => {
    server.behave(events(write))
    expectFailed(await callModern({ gateway }))
  })

  it('that breaks the rules after its first event ends with an error in the stream', async () => {
    server.behave(events(() => `${progress}data: ${LOOT}\n\n`))
    const reply = await callModern({ gateway })
    expect(reply.status).toBe(200)
    expect(reply.text).toContain('notifications/progress')
    expect(reply.message).toMatchObject({ id: 1, error: { code: -31_502 } })
    expectNoLoot(reply)
  })

  it.each(['comments', 'progress'])('of %s for ever ends with the time that a call may take', async (what) => {
    server.behave((_, response) => {
      openEvents(response).write(progress)
      drip(response, () => (what === 'comments' ? `: ${LOOT}\n\n` : progress))
      return true
    })
    const began = Date.now()
    const reply = await callModern({ gateway })
    expect(Date.now() - began).toBeLessThan(TOTAL_MS * 2)
    expect(reply.message).toMatchObject({ id: 1, error: { code: -31_502 } })
    expectNoLoot(reply)
  })

  it('that ends without a reply is recorded as such', async () => {
    server.behave(events(() => progress))
    const reply = await callModern({ gateway })
    expect(reply.text).toContain('notifications/progress')
    const outcome = ofKind(await recordsOf(gateway), 'outcome').at(-1)
    expect(outcome).toMatchObject({ outcome: { status: 'upstream_error', detail: 'no_reply' } })
  })
})

describe('a legacy session', () => {
  it('whose id another caller holds is not given to a second one, and goes on for the first', async () => {
    const alice = await openSession({ gateway })
    server.behave((received, response) => {
      if (received.method !== 'initialize') return false
      return sendJson(response, replyTo(received, { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: LOOT, version: '1' } }), { 'mcp-session-id': alice.id })
    })
    const reply = await post(gateway.url('db'), JSON.stringify(initialize('2025-11-25', {}, 1)), await goodHeaders({ gateway, person: 'bob' }))
    expectFailed(reply)
    expect(JSON.stringify([...reply.headers])).not.toContain(alice.id)
    server.behave()
    expect((await alice.call('query')).message).toMatchObject({ result: {} })
    const stolen = await post(gateway.url('db'), '{"jsonrpc":"2.0","id":1,"method":"tools/list"}', { ...(await goodHeaders({ gateway, person: 'bob' })), 'mcp-session-id': alice.id })
    expect(stolen.status).toBe(404)
  })

  it('gets on its own stream no replies to calls of others, nor to calls that were never made', async () => {
    const alice = await openSession({ gateway })
    const ping = eventOf({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })
    server.behave((received, response) => {
      if (received.verb !== 'GET') return false
      openEvents(response).write([1, 2, 3, '"a"', 77].map((id) => `data: {"jsonrpc":"2.0","id":${String(id)},"result":{"a":"${LOOT}"}}\n\n`).join(''))
      response.end(ping)
      return true
    })
    const stream = await fetch(alice.url, { headers: alice.headers })
    const text = await stream.text()
    expect(text).toContain('list_changed')
    expect(text).not.toContain(LOOT)
    expect(ofKind(await recordsOf(gateway), 'refused').filter((record) => at(record, 'mcp', 'method') === 'reply').length).toBeGreaterThanOrEqual(5)
  })

  it('that gets ten thousand questions stays what it was', async () => {
    const alice = await openSession({ gateway, connection: 'wide' })
    server.behave((received, response) => {
      if (received.method !== 'tools/call') return false
      openEvents(response)
      for (let id = 0; id < 10_000; id += 1) response.write(eventOf({ jsonrpc: '2.0', id, method: 'ping' }))
      response.end(good(received))
      return true
    })
    const reply = await alice.call('query')
    expect(reply.message).toMatchObject({ result: { content: [{ text: 'good' }] } })
    server.behave()
    expect((await alice.send({ id: 9_999, result: {} })).status).toBe(202)
    expect(server.received.at(-1)?.message).toEqual({ jsonrpc: '2.0', id: 9_999, result: {} })
    server.forget()
    expect((await alice.send({ id: 9_999, result: {} })).status).toBe(202)
    expect((await alice.send({ id: 'never-asked', result: {} })).status).toBe(202)
    expect(server.received).toEqual([])
  })
})

it('a list of 100,000 tools arrives whole', async () => {
  server.behave((received, response) => received.method === 'tools/list' && sendJson(response, replyTo(received, { tools: Array.from({ length: 100_000 }, (_, i) => ({ name: `tool_${i}`, inputSchema: { type: 'object' } })) })))
  const alice = await openSession({ gateway, connection: 'wide' })
  const reply = await alice.ask('tools/list')
  expect(at(reply.message, 'result', 'tools')).toHaveLength(100_000)
})

it('after all that the log is whole', async () => {
  expect((await run(gateway, ['audit', 'verify'])).stdout).toContain('Verified')
})
