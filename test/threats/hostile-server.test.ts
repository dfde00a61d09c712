// A server that lies, floods, stalls or breaks the protocol: its client gets a clear error or nothing, never its bytes
// unjudged, and the gateway lives on.
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  body,
  bytes,
  drip,
  expectFailed,
  expectNoLoot,
  http,
  json,
  LOOT,
  result,
  startHostileWorld,
  TOTAL_MS,
} from '../support/hostile-world.ts'
import type { HostileWorld } from '../support/hostile-world.ts'
import { callModern, goodHeaders, initialize, post } from '../support/mcp-client.ts'
import { at, ofKind, recordsOf, run } from '../support/records.ts'
import { replyTo, sendJson, textResult } from '../support/scripted-server.ts'
import type { Script } from '../support/scripted-server.ts'

let world: HostileWorld
beforeAll(async () => {
  world = await startHostileWorld()
})
beforeEach(() => world.server.forget())
afterEach(() => world.expectUnharmed())
afterAll(() => world?.[Symbol.asyncDispose]())

describe('a whole reply', () => {
  it.each<[string, Script]>([
    ['with the id of another request', json(() => ({ jsonrpc: '2.0', id: 2, result }))],
    ['with the id as a string', json(() => ({ jsonrpc: '2.0', id: '1', result }))],
    ['without an id', json(() => ({ jsonrpc: '2.0', result }))],
    ['with id null', json(() => ({ jsonrpc: '2.0', id: null, result }))],
    ['with result and error', json(() => ({ jsonrpc: '2.0', id: 1, result, error: { code: 1, message: LOOT } }))],
    ['with neither', json(() => ({ jsonrpc: '2.0', id: 1, [LOOT]: 1 }))],
    [
      'that is a request',
      json(() => ({ jsonrpc: '2.0', id: 1, method: 'sampling/createMessage', params: { a: LOOT } })),
    ],
    [
      'that is a notification',
      json(() => ({ jsonrpc: '2.0', method: 'notifications/message', params: { data: LOOT } })),
    ],
    ['that is a batch', json(() => [{ jsonrpc: '2.0', id: 1, result }])],
    ['whose result is a text', json(() => ({ jsonrpc: '2.0', id: 1, result: LOOT }))],
    ['with its result twice', body(`{"jsonrpc":"2.0","id":1,"result":{},"result":{"a":"${LOOT}"}}`)],
    ['with Result beside result', body(`{"jsonrpc":"2.0","id":1,"result":{},"Result":{"a":"${LOOT}"}}`)],
    ['with content twice', body(`{"jsonrpc":"2.0","id":1,"result":{"content":[],"content":["${LOOT}"]}}`)],
    [
      'followed by another',
      body(`{"jsonrpc":"2.0","id":1,"result":{}}{"jsonrpc":"2.0","id":1,"result":{"a":"${LOOT}"}}`),
    ],
    [
      'that nests 10,000 deep',
      body(`{"jsonrpc":"2.0","id":1,"result":{"${LOOT}":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`),
    ],
    ['that is no JSON', body(`<html>${LOOT}</html>`, { 'content-type': 'text/html' })],
    ['that is empty', body('', { [LOOT]: LOOT })],
    ['that is empty with 202', body('', {}, 202)],
    ['that is empty with 204', body('', {}, 204)],
    ['in UTF-16', body(`\uFEFF{"jsonrpc":"2.0","id":1,"result":{"a":"${LOOT}"}}`)],
    ['that is not UTF-8', bytes(() => http(`{"jsonrpc":"2.0","id":1,"result":{"a":"${LOOT}\xff"}}`))],
    ['that is cut off', bytes(() => http(`{"jsonrpc":"2.0","id":1,"result":{"a":"${LOOT}"}}`, 1000))],
    [
      'in gzip, and cut off',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        response.end(gzipSync(JSON.stringify({ jsonrpc: '2.0', id: 1, result })).subarray(0, -9))
        return true
      },
    ],
    [
      'above the limit, once it is expanded',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        response.end(gzipSync(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { a: LOOT.repeat(50_000) } })))
        return true
      },
    ],
    [
      'in gzip within gzip',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip, gzip' })
        response.end(gzipSync(gzipSync(JSON.stringify({ jsonrpc: '2.0', id: 1, result }))))
        return true
      },
    ],
    [
      'in an encoding that nobody knows',
      body(JSON.stringify({ jsonrpc: '2.0', id: 1, result }), { 'content-encoding': 'made-up' }),
    ],
    ['above the limit, by its length', body(`{"jsonrpc":"2.0","id":1,"result":{"a":"${LOOT.repeat(50_000)}"}}`)],
    [
      'above the limit, in chunks',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.write('{"jsonrpc":"2.0","id":1,"result":{"a":"')
        for (let i = 0; i < 60; i += 1) response.write(LOOT.repeat(1000))
        response.end('"}}')
        return true
      },
    ],
    ['with a header that is too large', body('{}', { 'x-a': LOOT.repeat(8000) })],
    ['with two lengths', bytes(() => `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{} ${LOOT}`)],
    [
      'with a folded header',
      bytes(() => `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nMcp-Session-Id: a\r\n\tSet-Cookie: ${LOOT}\r\n\r\n{}`),
    ],
    [
      'with a null byte in a header',
      bytes(() => `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nMcp-Session-Id: a\0${LOOT}\r\n\r\n{}`),
    ],
    ['that is no HTTP', bytes(() => `220 ${LOOT} ESMTP\r\n`)],
    [
      'that is a switch of protocols',
      bytes(() => `HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${LOOT}\r\nConnection: upgrade\r\n\r\n`),
    ],
  ])('%s is an error', async (_, script) => {
    world.server.behave(script)
    expectFailed(await callModern(world))
    expect(world.server.reached()).toEqual(['tools/call'])
  })

  // A probing client reads errors of HTTP, so they pass; but not what cannot be searched.
  it.each(['', ']'.repeat(600)])('that is an error of HTTP and nests too deep is withheld', async (end) => {
    world.server.behave(body(`${'['.repeat(600)}{"password":"${LOOT}"}${end}`, {}, 400))
    const reply = await callModern(world)
    expectNoLoot(reply)
    expect(reply.message).toMatchObject({ id: 1, result: { isError: true } })
    expect(reply.text).toContain('nested too deep')
  })

  it.each([301, 302, 303, 307, 308])('that is a redirect, %i, is not followed', async (status) => {
    world.elsewhere.forget()
    world.server.behave(body(LOOT, { location: world.elsewhere.url }, status))
    expectFailed(await callModern(world))
    expect(world.elsewhere.received).toEqual([])
  })

  it.each([401, 403])('with status %i does not make the client log in elsewhere', async (status) => {
    world.server.behave(
      body(LOOT, { 'www-authenticate': `Bearer resource_metadata="https://evil.example/${LOOT}"` }, status),
    )
    const reply = await callModern(world)
    expectFailed(reply)
    expect(reply.headers.get('www-authenticate')).toBeNull()
  })

  it('brings no header but those of MCP', async () => {
    const extra = {
      'set-cookie': LOOT,
      'x-a': LOOT,
      location: LOOT,
      'access-control-allow-origin': '*',
      'strict-transport-security': 'x',
      server: LOOT,
    }
    world.server.behave((received, response) => sendJson(response, replyTo(received, textResult('good')), extra))
    const reply = await callModern(world)
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
    world.server.behave(
      bytes((received) => {
        const text = JSON.stringify(
          replyTo(received, {
            protocolVersion: '2025-11-25',
            capabilities: {},
            serverInfo: { name: 'x', version: '1' },
          }),
        )
        return `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nMcp-Session-Id: ${id}\r\nContent-Length: ${text.length}\r\n\r\n${text}`
      }),
    )
    const reply = await post(
      world.gateway.url('db'),
      JSON.stringify(initialize('2025-11-25', {}, 1)),
      await goodHeaders(world),
    )
    expect(reply.headers.get('set-cookie')).toBeNull()
    // Ids are visible ASCII (2025-11-25, Session Management): with any other one, the server is at fault.
    expectFailed(reply)
  })

  it('waits no longer for the first byte than it may', async () => {
    world.server.behave(() => true)
    const began = Date.now()
    expectFailed(await callModern(world), 504)
    expect(Date.now() - began).toBeLessThan(4000)
  })

  it('that drips for ever ends with the time that a call may take', async () => {
    world.server.behave((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write(`{"a":"${LOOT}`)
      drip(response, () => 'a')
      return true
    })
    const began = Date.now()
    expectFailed(await callModern(world), 504)
    expect(Date.now() - began).toBeLessThan(TOTAL_MS * 2)
  })

  it('is recorded as failed, without what it said', async () => {
    world.server.behave(json(() => ({ jsonrpc: '2.0', id: 2, result })))
    await callModern(world)
    const outcome = ofKind(await recordsOf(world.gateway), 'outcome').at(-1)
    expect(at(outcome, 'outcome', 'status')).toBe('upstream_error')
    expect(JSON.stringify(outcome)).not.toContain(LOOT)
  })
})

it('after all that the log is whole', async () => {
  expect((await run(world.gateway, ['audit', 'verify'])).stdout).toContain('Verified')
})
