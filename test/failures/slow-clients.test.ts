// Clients that do not read what they asked for: they slow down their own server, and cost nobody else anything.
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { callModern, goodHeaders, modern } from '../support/mcp-client.ts'
import { residentBytes, watchMemory } from '../support/memory.ts'
import { rawRequest } from '../support/raw.ts'
import { run } from '../support/records.ts'
import { eventOf, openEvents, replyTo, sendJson, startScriptedServer, textResult } from '../support/scripted-server.ts'
import type { Received, ScriptedServer } from '../support/scripted-server.ts'

const MIB = 1024 * 1024
const REPLY_BYTES = 10 * MIB
const SLOW_CLIENTS = 20
const STALL_MS = 5000
/** Node sees a socket that stands still after one to two such times. */
const STALL_SEEN_MS = 2 * STALL_MS
/** One more than the buffer of this gateway has room for. */
const DEAD_CLIENTS = 7

let gateway: Gateway
let server: ScriptedServer
const sockets: Socket[] = []
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({
    connections: { db: { upstream: { http: { url: server.url } } } },
    config: { limits: { buffered: '64MiB', client_stall: `${STALL_MS}ms` } },
  })
})
beforeEach(() => {
  server.behave()
  server.forget()
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

/** Sends a call and reads nothing of the answer until `resume` is called on the socket. */
async function callAndNotRead(tool: string): Promise<Socket> {
  const { body, headers } = modern('tools/call', { name: tool })
  const all = {
    host: `127.0.0.1:${gateway.port()}`,
    ...(await goodHeaders({ gateway })),
    ...headers,
    'content-length': String(body.length),
    connection: 'close',
  }
  const socket = connect({ port: gateway.port(), host: '127.0.0.1' })
  sockets.push(socket)
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.pause()
  socket.write(rawRequest('POST /mcp/db HTTP/1.1', Object.entries(all), body))
  return socket
}

/** Reads everything that is left. Gives how many bytes came. */
async function readAll(socket: Socket): Promise<number> {
  let bytes = 0
  socket.on('data', (chunk: Uint8Array) => {
    bytes += chunk.byteLength
  })
  socket.resume()
  await new Promise((resolve) => socket.once('close', resolve))
  return bytes
}

const largeBody = (received: Received, response: Parameters<typeof sendJson>[0]): boolean =>
  received.message?.['params'] !== undefined && JSON.stringify(received.message['params']).includes('"drop"')
    ? sendJson(response, replyTo(received, textResult('x'.repeat(REPLY_BYTES))))
    : false

it(`${SLOW_CLIENTS} replies of 10 MiB that nobody reads yet do not all lie in memory, and all arrive whole once they are read`, async () => {
  server.behave(largeBody)
  await callModern({ gateway })
  const before = residentBytes(gateway.process().pid)
  const most = watchMemory(gateway.process().pid)
  const slow = await Promise.all(Array.from({ length: SLOW_CLIENTS }, () => callAndNotRead('drop')))
  await sleep(STALL_MS / 2)
  const got = await Promise.all(slow.map(readAll))
  for (const bytes of got) expect(bytes).toBeGreaterThan(REPLY_BYTES)
  // Half of what it would be if each reply were held once, and each is held more than once on its way.
  expect(most() - before).toBeLessThan(SLOW_CLIENTS * REPLY_BYTES * 2)
})

it('clients that never read keep others waiting only until they are given up', async () => {
  server.behave(largeBody)
  await Promise.all(Array.from({ length: DEAD_CLIENTS }, () => callAndNotRead('drop')))
  await sleep(500)
  const began = Date.now()
  expect((await callModern({ gateway }, 'drop')).text.length).toBeGreaterThan(REPLY_BYTES)
  expect(Date.now() - began).toBeLessThan(STALL_SEEN_MS * DEAD_CLIENTS)
  expect((await callModern({ gateway })).status).toBe(200)
})

it('a client that is slow, but reads, gets everything', async () => {
  server.behave(largeBody)
  const socket = await callAndNotRead('drop')
  let bytes = 0
  socket.on('data', (chunk: Uint8Array) => {
    bytes += chunk.byteLength
    socket.pause()
    setTimeout(() => socket.resume(), Math.min(100, chunk.byteLength / 1000))
  })
  socket.resume()
  const began = Date.now()
  await new Promise((resolve) => socket.once('close', resolve))
  expect(bytes).toBeGreaterThan(REPLY_BYTES)
  expect(Date.now() - began).toBeGreaterThan(STALL_MS)
})

it('a client that does not read its stream stops the server that writes it', async () => {
  const event = eventOf({
    jsonrpc: '2.0',
    method: 'notifications/message',
    params: { level: 'info', data: 'x'.repeat(64 * 1024) },
  })
  let taken = 0
  server.behave((received, response) => {
    if (received.method !== 'tools/call') return false
    openEvents(response)
    const more = (): void => {
      while (taken < 500 * MIB && !response.destroyed) {
        taken += event.length
        if (!response.write(event)) return void response.once('drain', more)
      }
    }
    more()
    return true
  })
  const before = residentBytes(gateway.process().pid)
  await callAndNotRead('query')
  for (let early = -1; early !== taken;) {
    early = taken
    await sleep(1000)
  }
  expect(taken).toBeGreaterThan(MIB)
  expect(taken).toBeLessThan(64 * MIB)
  expect(residentBytes(gateway.process().pid) - before).toBeLessThan(200 * MIB)
})

it('after all that the log is whole', async () => {
  expect((await run(gateway, ['audit', 'verify'])).stdout).toContain('Verified')
})
