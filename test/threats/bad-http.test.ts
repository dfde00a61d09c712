// What no HTTP client sends: too large, too slow, ambiguous. Nothing of it reaches the server, and the gateway goes on.
import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startGateway } from '../support/gateway.ts'
import type { Gateway } from '../support/gateway.ts'
import { callModern, modern, openSession } from '../support/mcp-client.ts'
import { openRaw, rawRequest, sendRaw, valueOf } from '../support/raw.ts'
import { startScriptedServer } from '../support/scripted-server.ts'
import type { ScriptedServer } from '../support/scripted-server.ts'

const HEADER_RECEIVE_MS = 2000
const BODY_RECEIVE_MS = 2000

let gateway: Gateway
let server: ScriptedServer
let token: string
beforeAll(async () => {
  server = await startScriptedServer()
  gateway = await startGateway({
    connections: { db: { upstream: { http: { url: server.url } } }, other: { upstream: { http: { url: server.url } } } },
    config: {
      limits: {
        header_receive: `${HEADER_RECEIVE_MS}ms`,
        body_receive: `${BODY_RECEIVE_MS}ms`,
        request_headers: '16KiB',
        request_header_count: 50,
      },
    },
  })
  token = await gateway.token('alice')
})
beforeEach(() => server.forget())
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

type Pairs = readonly (readonly [string, string])[]

const CALL = modern('tools/call', { name: 'query' }, 7)

/** Headers of a good call, without those that say how long the body is. */
function good(): Pairs {
  return [
    ['Host', `127.0.0.1:${gateway.port()}`],
    ['Authorization', `Bearer ${token}`],
    ['Content-Type', 'application/json'],
    ['Accept', 'application/json, text/event-stream'],
    ...Object.entries(CALL.headers),
  ]
}

const LENGTH = ['Content-Length', String(CALL.body.length)] as const

function request(headers: Pairs, body = CALL.body, startLine = 'POST /mcp/db HTTP/1.1'): string {
  return rawRequest(startLine, headers, body)
}

/** Nobody heard of it, and the next good call passes. */
async function expectUnharmed(): Promise<void> {
  expect(server.received).toEqual([])
  expect((await callModern({ gateway })).message).toMatchObject({ result: { content: [{ text: 'tools/call query' }] } })
}

const refused = expect.toSatisfy((status: unknown) => status === undefined || (typeof status === 'number' && status >= 400 && status < 500))

it('a good call, written by hand, passes', async () => {
  const reply = await sendRaw(gateway.port(), request([...good(), LENGTH]))
  expect(reply).toMatchObject({ status: 200 })
  expect(server.reached()).toEqual(['tools/call'])
})

describe('a body that is too large', () => {
  it('is refused by its Content-Length, before it was sent', async () => {
    const reply = await sendRaw(gateway.port(), request([...good(), ['Content-Length', String(100 * 1024 * 1024)]], ''))
    expect(reply.status).toBe(413)
    expect(JSON.parse(reply.body.toString())).toMatchObject({ jsonrpc: '2.0', id: null, error: { message: expect.stringContaining('4194304') } })
    expect(valueOf(reply.headers, 'connection')).toBe('close')
    await expectUnharmed()
  })

  it.each(['Content-Length', 'Transfer-Encoding'])('is not read to its end when 100 MiB come by %s', async (how) => {
    const before = memoryOf(gateway.process().pid)
    const connection = await openRaw(gateway.port())
    const framing: Pairs = how === 'Content-Length' ? [[how, String(100 * 1024 * 1024)]] : [[how, 'chunked']]
    connection.write(request([...good(), ...framing], ''))
    const sent = await pour(connection, how !== 'Content-Length')
    const reply = await connection.read()
    connection.close()
    // The refusal may be lost where the peer goes on to send: then the connection breaks, which says the same.
    expect(reply.status ?? 413).toBe(413)
    expect(sent).toBeLessThan(50 * 1024 * 1024)
    expect((await memoryOf(gateway.process().pid)) - (await before)).toBeLessThan(64 * 1024 * 1024)
    await expectUnharmed()
  })
})

const CHUNK_BYTES = 1024 * 1024

/** Writes up to 100 MiB, as fast as the peer takes them. Gives how many bytes it took. */
async function pour(connection: Awaited<ReturnType<typeof openRaw>>, chunked: boolean): Promise<number> {
  const { socket } = connection
  const chunk = Buffer.alloc(CHUNK_BYTES, 'a')
  const framed = chunked ? Buffer.concat([Buffer.from(`${CHUNK_BYTES.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]) : chunk
  for (let i = 0; i < 100 && !socket.destroyed; i += 1) {
    if (!socket.write(framed)) await Promise.race([once(socket, 'drain'), once(socket, 'close'), sleep(2000)]).catch(() => undefined)
    if (socket.writableLength > 8 * CHUNK_BYTES) break
  }
  return socket.bytesWritten - socket.writableLength
}

/** Resident bytes of a process. */
async function memoryOf(pid: number): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  const [, pages = '0'] = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')
  return Number(pages) * 4096
}

describe('headers that are too many or too large', () => {
  it('are refused with 431 above 16 KiB', async () => {
    const reply = await sendRaw(gateway.port(), request([...good(), LENGTH, ['X-Large', 'a'.repeat(17 * 1024)]]))
    expect(reply.status).toBe(431)
    await expectUnharmed()
  })

  it('are refused with 431 above the number that is allowed', async () => {
    const many: Pairs = Array.from({ length: 100 }, (_, at) => [`X-H${at}`, '1'] as const)
    const reply = await sendRaw(gateway.port(), request([...many, ...good(), LENGTH]))
    expect(reply.status).toBe(431)
    await expectUnharmed()
  })

  it('are refused when one behind the others would have decided something', async () => {
    const many: Pairs = Array.from({ length: 60 }, (_, at) => [`X-H${at}`, '1'] as const)
    const reply = await sendRaw(gateway.port(), request([...good(), LENGTH, ...many, ['Origin', 'https://evil.example']]))
    expect(reply.status).toBeGreaterThanOrEqual(400)
    await expectUnharmed()
  })

  it('may be a start line without end', async () => {
    const reply = await sendRaw(gateway.port(), `POST /mcp/${'a'.repeat(200_000)} HTTP/1.1\r\n`)
    expect(reply.status).toEqual(refused)
    await expectUnharmed()
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
    const first = good().find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? 'http://localhost'
    const headers: Pairs = [...good().filter(([key]) => key.toLowerCase() !== name.toLowerCase()), [name, first], [name, value ?? first], LENGTH]
    const reply = await sendRaw(gateway.port(), request(headers))
    expect(reply.status).toBe(400)
    await expectUnharmed()
  })

  it('Mcp-Session-Id is refused, even if both are the same', async () => {
    const session = await openSession({ gateway })
    server.forget()
    const body = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}'
    const headers: Pairs = [
      ...good().filter(([name]) => !name.toLowerCase().startsWith('mcp-')),
      ['Mcp-Session-Id', session.id],
      ['Mcp-Session-Id', session.id],
      ['Content-Length', String(body.length)],
    ]
    expect((await sendRaw(gateway.port(), request(headers, body))).status).toBe(400)
    await expectUnharmed()
  })
})

/** A request that must not be found inside another. */
function smuggled(): string {
  return request([...good(), LENGTH], CALL.body.replace('query', 'drop'))
}

describe('a request inside a request', () => {
  it.each([
    ['Content-Length and Transfer-Encoding', () => request([...good(), ['Content-Length', '4'], ['Transfer-Encoding', 'chunked']], `0\r\n\r\n${smuggled()}`)],
    ['Transfer-Encoding and Content-Length', () => request([...good(), ['Transfer-Encoding', 'chunked'], ['Content-Length', '4']], `0\r\n\r\n${smuggled()}`)],
    ['two lengths', () => request([...good(), LENGTH, ['Content-Length', '0']], CALL.body + smuggled())],
    ['a list of lengths', () => request([...good(), ['Content-Length', `${CALL.body.length}, ${CALL.body.length}`]], CALL.body + smuggled())],
    ['a length with a sign', () => request([...good(), ['Content-Length', `+${CALL.body.length}`]])],
    ['a length in hexadecimal', () => request([...good(), ['Content-Length', `0x${CALL.body.length.toString(16)}`]])],
    ['a negative length', () => request([...good(), ['Content-Length', '-1']])],
    ['a length with a space in the name', () => request([...good(), ['Content-Length ', String(CALL.body.length)]])],
    ['a folded header', () => request([...good(), LENGTH, ['X-Folded', 'a\r\n Mcp-Name: drop']])],
    ['a folded Transfer-Encoding', () => request([...good(), ['Transfer-Encoding', '\r\n chunked']], `0\r\n\r\n${smuggled()}`)],
    ['an unknown transfer coding', () => request([...good(), ['Transfer-Encoding', 'xchunked']], `0\r\n\r\n${smuggled()}`)],
    ['gzip as transfer coding', () => request([...good(), ['Transfer-Encoding', 'gzip, chunked']], `0\r\n\r\n${smuggled()}`)],
    ['chunked twice', () => request([...good(), ['Transfer-Encoding', 'chunked, chunked']], `0\r\n\r\n${smuggled()}`)],
    ['chunked that is not last', () => request([...good(), ['Transfer-Encoding', 'chunked, identity']], `0\r\n\r\n${smuggled()}`)],
    ['bare line feeds', () => request([...good(), LENGTH]).replaceAll('\r\n', '\n')],
    ['a bare line feed inside a header', () => request([...good(), LENGTH, ['X-A', 'a\nMcp-Name: drop']])],
    ['a bare carriage return inside a header', () => request([...good(), LENGTH, ['X-A', 'a\rMcp-Name: drop']])],
    ['a null byte inside a header', () => request([...good(), LENGTH, ['X-A', 'a\0b']])],
    ['a chunk with a size that overflows', () => request([...good(), ['Transfer-Encoding', 'chunked']], `FFFFFFFFFFFFFFFFF\r\n${CALL.body}\r\n0\r\n\r\n`)],
    ['a chunk with a negative size', () => request([...good(), ['Transfer-Encoding', 'chunked']], `-1\r\n${CALL.body}\r\n0\r\n\r\n`)],
    ['a chunk that is longer than it says', () => request([...good(), ['Transfer-Encoding', 'chunked']], `1\r\n${CALL.body}\r\n0\r\n\r\n`)],
    ['chunks in HTTP/1.0', () => request([...good(), ['Transfer-Encoding', 'chunked']], `${CALL.body.length.toString(16)}\r\n${CALL.body}\r\n0\r\n\r\n`, 'POST /mcp/db HTTP/1.0').replace('chunked', 'xchunked')],
    ['another version of HTTP', () => request([...good(), LENGTH], CALL.body, 'POST /mcp/db HTTP/3.7')],
    ['no version of HTTP', () => request([...good(), LENGTH], CALL.body, 'POST /mcp/db')],
    ['a verb of its own', () => request([...good(), LENGTH], CALL.body, 'SMUGGLE /mcp/db HTTP/1.1')],
    ['no Host', () => request([...good().slice(1), LENGTH])],
    ['an empty Host', () => request([['Host', ''], ...good().slice(1), LENGTH])],
    ['the Host of a stranger', () => request([['Host', 'evil.example'], ...good().slice(1), LENGTH])],
    ['a Host that begins like ours', () => request([['Host', `127.0.0.1.evil.example:${gateway.port()}`], ...good().slice(1), LENGTH])],
    ['a Host with a user before it', () => request([['Host', `evil@127.0.0.1:${gateway.port()}`], ...good().slice(1), LENGTH])],
    ['the Origin of a stranger', () => request([...good(), ['Origin', 'https://evil.example'], LENGTH])],
    ['the Origin null', () => request([...good(), ['Origin', 'null'], LENGTH])],
    ['an Origin that begins like ours', () => request([...good(), ['Origin', 'http://localhost.evil.example'], LENGTH])],
    ['an Origin with a user before it', () => request([...good(), ['Origin', 'http://localhost@evil.example'], LENGTH])],
  ])('%s is refused', async (_, bytes) => {
    const reply = await sendRaw(gateway.port(), bytes(), { timeoutMs: 1500 })
    expect(reply.status).toEqual(refused)
    await expectUnharmed()
  })
})

describe('a client that is slow on purpose', () => {
  it('loses its connection when its headers do not end', async () => {
    const connection = await openRaw(gateway.port())
    const began = Date.now()
    connection.write('POST /mcp/db HTTP/1.1\r\nHost: 127.0.0.1\r\n')
    while (!connection.socket.destroyed && Date.now() - began < HEADER_RECEIVE_MS * 4) {
      connection.write('X-A: b\r\n')
      if ((await connection.read(200)).closed) break
    }
    expect(Date.now() - began).toBeLessThan(HEADER_RECEIVE_MS * 3)
    connection.close()
    await expectUnharmed()
  })

  it('loses its connection when its body does not end', async () => {
    const connection = await openRaw(gateway.port())
    const began = Date.now()
    connection.write(request([...good(), LENGTH], ''))
    for (const letter of CALL.body) {
      if (connection.socket.destroyed || Date.now() - began > (HEADER_RECEIVE_MS + BODY_RECEIVE_MS) * 3) break
      connection.write(letter)
      if ((await connection.read(200)).closed) break
    }
    expect(Date.now() - began).toBeLessThan((HEADER_RECEIVE_MS + BODY_RECEIVE_MS) * 2)
    connection.close()
    await expectUnharmed()
  })

  it('does not keep others from being served, even a hundred times over', async () => {
    const slow = await Promise.all(Array.from({ length: 100 }, () => openRaw(gateway.port())))
    for (const one of slow) one.write('POST /mcp/db HTTP/1.1\r\nHost: 127.0')
    await expectUnharmed()
    for (const one of slow) one.close()
  })
})

describe('requests that are sent before the answer to the one before', () => {
  it('are answered one by one, in their order', async () => {
    const connection = await openRaw(gateway.port())
    const ids = [1, 2, 3, 4, 5]
    connection.write(ids.map((id) => request([...good(), LENGTH], CALL.body.replace('"id":7', `"id":${id}`))).join(''))
    const got: unknown[] = []
    for (const _ of ids) got.push((JSON.parse((await connection.read()).body.toString()) as { id: unknown }).id)
    connection.close()
    expect(got).toEqual(ids)
    expect(server.reached()).toHaveLength(5)
  })

  it('do not pass behind one that was refused for its form', async () => {
    const connection = await openRaw(gateway.port())
    connection.write(request([...good(), ['Content-Length', '-1']]) + smuggled())
    const first = await connection.read()
    expect(first.status).toEqual(refused)
    expect((await connection.read(500)).status).toBeUndefined()
    connection.close()
    await expectUnharmed()
  })
})

describe('a path that is not exactly that of a connection', () => {
  it.each(['/mcp/d%62', '/mcp/%64b', '/mcp%2fdb', '//mcp/db', '/mcp//db', '/mcp/db/', '/mcp/./db', '/mcp/other/../db', '/mcp/other/%2e%2e/db', '/mcp/DB', '/MCP/db', '/mcp/db;a=b', '/mcp/db#a', '/mcp/db%00', '/mcp/db%0a', '/mcp/', '/mcp', '/mcp/nothing', '*'])(
    '%s is not found',
    async (path) => {
      const reply = await sendRaw(gateway.port(), request([...good(), LENGTH], CALL.body, `POST ${path} HTTP/1.1`))
      expect(reply.status).toEqual(refused)
      await expectUnharmed()
    },
  )

  it('a query behind it changes nothing, and a token in it counts for nothing', async () => {
    const reply = await sendRaw(gateway.port(), request([...good(), LENGTH], CALL.body, 'POST /mcp/db?name=drop HTTP/1.1'))
    expect(reply.status).toBe(200)
    expect(server.received.map(({ path }) => path)).toEqual(['/mcp'])
  })

  it.each(['PUT', 'PATCH', 'TRACE', 'HEAD', 'CONNECT', 'PROPFIND'])('%s is refused', async (verb) => {
    const reply = await sendRaw(gateway.port(), request([...good(), LENGTH], CALL.body, `${verb} /mcp/db HTTP/1.1`), { timeoutMs: 1500 })
    expect(reply.status).toEqual(refused)
    await expectUnharmed()
  })
})
