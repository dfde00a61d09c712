// What no HTTP client sends: too large, too slow, ambiguous. Nothing of it reaches the server, and the gateway goes on.
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openSession } from '../support/mcp-client.ts'
import { openRaw, sendRaw, valueOf } from '../support/raw.ts'
import {
  BODY_RECEIVE_MS,
  CALL,
  HEADER_RECEIVE_MS,
  LENGTH,
  refused,
  request,
  startRawWorld,
} from '../support/raw-world.ts'
import type { Pairs, RawWorld } from '../support/raw-world.ts'

let world: RawWorld
beforeAll(async () => {
  world = await startRawWorld()
})
beforeEach(() => world.server.forget())
afterAll(() => world?.[Symbol.asyncDispose]())

it('a good call, written by hand, passes', async () => {
  const reply = await sendRaw(world.gateway.port(), request([...world.good(), LENGTH]))
  expect(reply).toMatchObject({ status: 200 })
  expect(world.server.reached()).toEqual(['tools/call'])
})

describe('a body that is too large', () => {
  it('is refused by its Content-Length, before it was sent', async () => {
    const reply = await sendRaw(
      world.gateway.port(),
      request([...world.good(), ['Content-Length', String(100 * 1024 * 1024)]], ''),
    )
    expect(reply.status).toBe(413)
    expect(JSON.parse(reply.body.toString())).toMatchObject({
      jsonrpc: '2.0',
      id: null,
      error: { message: expect.stringContaining('4194304') },
    })
    expect(valueOf(reply.headers, 'connection')).toBe('close')
    await world.expectUnharmed()
  })

  it.each(['Content-Length', 'Transfer-Encoding'])('is not read to its end when 100 MiB come by %s', async (how) => {
    const before = memoryOf(world.gateway.process().pid)
    const connection = await openRaw(world.gateway.port())
    const framing: Pairs = how === 'Content-Length' ? [[how, String(100 * 1024 * 1024)]] : [[how, 'chunked']]
    connection.write(request([...world.good(), ...framing], ''))
    const sent = await pour(connection, how !== 'Content-Length')
    const reply = await connection.read()
    connection.close()
    // The refusal may be lost where the peer goes on to send: then the connection breaks, which says the same.
    expect(reply.status ?? 413).toBe(413)
    expect(sent).toBeLessThan(50 * 1024 * 1024)
    expect((await memoryOf(world.gateway.process().pid)) - (await before)).toBeLessThan(64 * 1024 * 1024)
    await world.expectUnharmed()
  })
})

const CHUNK_BYTES = 1024 * 1024

/** Writes up to 100 MiB, as fast as the peer takes them. Gives how many bytes it took. */
async function pour(connection: Awaited<ReturnType<typeof openRaw>>, chunked: boolean): Promise<number> {
  const { socket } = connection
  const chunk = Buffer.alloc(CHUNK_BYTES, 'a')
  const framed = chunked
    ? Buffer.concat([Buffer.from(`${CHUNK_BYTES.toString(16)}\r\n`), chunk, Buffer.from('\r\n')])
    : chunk
  for (let i = 0; i < 100 && !socket.destroyed; i += 1) {
    if (!socket.write(framed))
      await Promise.race([once(socket, 'drain'), once(socket, 'close'), sleep(2000)]).catch(() => undefined)
    if (socket.writableLength > 8 * CHUNK_BYTES) break
  }
  return socket.bytesWritten - socket.writableLength
}

/** Resident bytes of a process. */
async function memoryOf(pid: number): Promise<number> {
  const [, pages = '0'] = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')
  return Number(pages) * 4096
}

describe('headers that are too many or too large', () => {
  it('are refused with 431 above 16 KiB', async () => {
    const reply = await sendRaw(
      world.gateway.port(),
      request([...world.good(), LENGTH, ['X-Large', 'a'.repeat(17 * 1024)]]),
    )
    expect(reply.status).toBe(431)
    await world.expectUnharmed()
  })

  it('are refused with 431 above the number that is allowed', async () => {
    const many: Pairs = Array.from({ length: 100 }, (_, at) => [`X-H${at}`, '1'] as const)
    const reply = await sendRaw(world.gateway.port(), request([...many, ...world.good(), LENGTH]))
    expect(reply.status).toBe(431)
    await world.expectUnharmed()
  })

  it('are refused when one behind the others would have decided something', async () => {
    const many: Pairs = Array.from({ length: 60 }, (_, at) => [`X-H${at}`, '1'] as const)
    const reply = await sendRaw(
      world.gateway.port(),
      request([...world.good(), LENGTH, ...many, ['Origin', 'https://evil.example']]),
    )
    expect(reply.status).toBeGreaterThanOrEqual(400)
    await world.expectUnharmed()
  })

  it('may be a start line without end', async () => {
    const reply = await sendRaw(world.gateway.port(), `POST /mcp/${'a'.repeat(200_000)} HTTP/1.1\r\n`)
    expect(reply.status).toEqual(refused)
    await world.expectUnharmed()
  })
})

describe('a header that comes twice', () => {
  it.each([
    ['Authorization', 'Bearer x'],
    ['Authorization', undefined],
    ['Host', 'evil.example'],
    ['Host', undefined],
    ['Origin', 'http://localhost'],
    ['Content-Type', 'application/json'],
    ['MCP-Protocol-Version', '2025-11-25'],
    ['Mcp-Method', 'tools/list'],
    ['Mcp-Name', 'drop'],
    ['mcp-name', 'query'],
  ] as const)('%s, the second time %s, is refused', async (name, value) => {
    const first = world.good().find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? 'http://localhost'
    const headers: Pairs = [
      ...world.good().filter(([key]) => key.toLowerCase() !== name.toLowerCase()),
      [name, first],
      [name, value ?? first],
      LENGTH,
    ]
    const reply = await sendRaw(world.gateway.port(), request(headers))
    expect(reply.status).toBe(400)
    await world.expectUnharmed()
  })

  it('Mcp-Session-Id is refused, even if both are the same', async () => {
    const session = await openSession(world)
    world.server.forget()
    const body = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
    const headers: Pairs = [
      ...world.good().filter(([name]) => !name.toLowerCase().startsWith('mcp-')),
      ['Mcp-Session-Id', session.id],
      ['Mcp-Session-Id', session.id],
      ['Content-Length', String(body.length)],
    ]
    expect((await sendRaw(world.gateway.port(), request(headers, body))).status).toBe(400)
    await world.expectUnharmed()
  })
})

describe('a client that is slow on purpose', () => {
  it('loses its connection when its headers do not end', async () => {
    const connection = await openRaw(world.gateway.port())
    const began = Date.now()
    connection.write('POST /mcp/db HTTP/1.1\r\nHost: 127.0.0.1\r\n')
    while (!connection.socket.destroyed && Date.now() - began < HEADER_RECEIVE_MS * 4) {
      connection.write('X-A: b\r\n')
      if ((await connection.read(200)).closed) break
    }
    expect(Date.now() - began).toBeLessThan(HEADER_RECEIVE_MS * 3)
    connection.close()
    await world.expectUnharmed()
  })

  it('loses its connection when its body does not end', async () => {
    const connection = await openRaw(world.gateway.port())
    const began = Date.now()
    connection.write(request([...world.good(), LENGTH], ''))
    for (const letter of CALL.body) {
      if (connection.socket.destroyed || Date.now() - began > (HEADER_RECEIVE_MS + BODY_RECEIVE_MS) * 3) break
      connection.write(letter)
      if ((await connection.read(200)).closed) break
    }
    expect(Date.now() - began).toBeLessThan((HEADER_RECEIVE_MS + BODY_RECEIVE_MS) * 2)
    connection.close()
    await world.expectUnharmed()
  })

  it('does not keep others from being served, even a hundred times over', async () => {
    const slow = await Promise.all(Array.from({ length: 100 }, () => openRaw(world.gateway.port())))
    for (const one of slow) one.write('POST /mcp/db HTTP/1.1\r\nHost: 127.0')
    await world.expectUnharmed()
    for (const one of slow) one.close()
  })
})

describe('a path that is not exactly that of a connection', () => {
  it.each([
    '/mcp/d%62',
    '/mcp/%64b',
    '/mcp%2fdb',
    '//mcp/db',
    '/mcp//db',
    '/mcp/db/',
    '/mcp/./db',
    '/mcp/other/../db',
    '/mcp/other/%2e%2e/db',
    '/mcp/DB',
    '/MCP/db',
    '/mcp/db;a=b',
    '/mcp/db#a',
    '/mcp/db%00',
    '/mcp/db%0a',
    '/mcp/',
    '/mcp',
    '/mcp/nothing',
    '*',
  ])('%s is not found', async (path) => {
    const reply = await sendRaw(
      world.gateway.port(),
      request([...world.good(), LENGTH], CALL.body, `POST ${path} HTTP/1.1`),
    )
    expect(reply.status).toEqual(refused)
    await world.expectUnharmed()
  })

  it('a query behind it changes nothing, and a token in it counts for nothing', async () => {
    const reply = await sendRaw(
      world.gateway.port(),
      request([...world.good(), LENGTH], CALL.body, 'POST /mcp/db?name=drop HTTP/1.1'),
    )
    expect(reply.status).toBe(200)
    expect(world.server.received.map(({ path }) => path)).toEqual(['/mcp'])
  })

  it.each(['PUT', 'PATCH', 'TRACE', 'HEAD', 'CONNECT', 'PROPFIND'])('%s is refused', async (verb) => {
    const reply = await sendRaw(
      world.gateway.port(),
      request([...world.good(), LENGTH], CALL.body, `${verb} /mcp/db HTTP/1.1`),
      {
        timeoutMs: 1500,
      },
    )
    expect(reply.status).toEqual(refused)
    await world.expectUnharmed()
  })
})
