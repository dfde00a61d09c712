// Requests that two readers of HTTP could take for different ones: none is found inside another, behind another, or under a
// name that is not ours.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openRaw, sendRaw } from '../support/raw.ts'
import { CALL, LENGTH, refused, request, startRawWorld } from '../support/raw-world.ts'
import type { RawWorld } from '../support/raw-world.ts'

let world: RawWorld
beforeAll(async () => {
  world = await startRawWorld()
})
beforeEach(() => world.server.forget())
afterAll(() => world?.[Symbol.asyncDispose]())

/** A request that must not be found inside another. */
function smuggled(): string {
  return request([...world.good(), LENGTH], CALL.body.replace('query', 'drop'))
}

describe('a request inside a request', () => {
  it.each([
    [
      'Content-Length and Transfer-Encoding',
      () =>
        request([...world.good(), ['Content-Length', '4'], ['Transfer-Encoding', 'chunked']], `0\r\n\r\n${smuggled()}`),
    ],
    [
      'Transfer-Encoding and Content-Length',
      () =>
        request([...world.good(), ['Transfer-Encoding', 'chunked'], ['Content-Length', '4']], `0\r\n\r\n${smuggled()}`),
    ],
    ['two lengths', () => request([...world.good(), LENGTH, ['Content-Length', '0']], CALL.body + smuggled())],
    [
      'a list of lengths',
      () =>
        request(
          [...world.good(), ['Content-Length', `${CALL.body.length}, ${CALL.body.length}`]],
          CALL.body + smuggled(),
        ),
    ],
    ['a length with a sign', () => request([...world.good(), ['Content-Length', `+${CALL.body.length}`]])],
    [
      'a length in hexadecimal',
      () => request([...world.good(), ['Content-Length', `0x${CALL.body.length.toString(16)}`]]),
    ],
    ['a negative length', () => request([...world.good(), ['Content-Length', '-1']])],
    [
      'a length with a space in the name',
      () => request([...world.good(), ['Content-Length ', String(CALL.body.length)]]),
    ],
    ['a folded header', () => request([...world.good(), LENGTH, ['X-Folded', 'a\r\n Mcp-Name: drop']])],
    [
      'a folded Transfer-Encoding',
      () => request([...world.good(), ['Transfer-Encoding', '\r\n chunked']], `0\r\n\r\n${smuggled()}`),
    ],
    [
      'an unknown transfer coding',
      () => request([...world.good(), ['Transfer-Encoding', 'xchunked']], `0\r\n\r\n${smuggled()}`),
    ],
    [
      'gzip as transfer coding',
      () => request([...world.good(), ['Transfer-Encoding', 'gzip, chunked']], `0\r\n\r\n${smuggled()}`),
    ],
    [
      'chunked twice',
      () => request([...world.good(), ['Transfer-Encoding', 'chunked, chunked']], `0\r\n\r\n${smuggled()}`),
    ],
    [
      'chunked that is not last',
      () => request([...world.good(), ['Transfer-Encoding', 'chunked, identity']], `0\r\n\r\n${smuggled()}`),
    ],
    ['bare line feeds', () => request([...world.good(), LENGTH]).replaceAll('\r\n', '\n')],
    ['a bare line feed inside a header', () => request([...world.good(), LENGTH, ['X-A', 'a\nMcp-Name: drop']])],
    ['a bare carriage return inside a header', () => request([...world.good(), LENGTH, ['X-A', 'a\rMcp-Name: drop']])],
    ['a null byte inside a header', () => request([...world.good(), LENGTH, ['X-A', 'a\0b']])],
    [
      'a chunk with a size that overflows',
      () =>
        request([...world.good(), ['Transfer-Encoding', 'chunked']], `FFFFFFFFFFFFFFFFF\r\n${CALL.body}\r\n0\r\n\r\n`),
    ],
    [
      'a chunk with a negative size',
      () => request([...world.good(), ['Transfer-Encoding', 'chunked']], `-1\r\n${CALL.body}\r\n0\r\n\r\n`),
    ],
    [
      'a chunk that is longer than it says',
      () => request([...world.good(), ['Transfer-Encoding', 'chunked']], `1\r\n${CALL.body}\r\n0\r\n\r\n`),
    ],
    [
      'chunks in HTTP/1.0',
      () =>
        request(
          [...world.good(), ['Transfer-Encoding', 'chunked']],
          `${CALL.body.length.toString(16)}\r\n${CALL.body}\r\n0\r\n\r\n`,
          'POST /mcp/db HTTP/1.0',
        ).replace('chunked', 'xchunked'),
    ],
    ['another version of HTTP', () => request([...world.good(), LENGTH], CALL.body, 'POST /mcp/db HTTP/3.7')],
    ['no version of HTTP', () => request([...world.good(), LENGTH], CALL.body, 'POST /mcp/db')],
    ['a verb of its own', () => request([...world.good(), LENGTH], CALL.body, 'SMUGGLE /mcp/db HTTP/1.1')],
    ['no Host', () => request([...world.good().slice(1), LENGTH])],
    ['an empty Host', () => request([['Host', ''], ...world.good().slice(1), LENGTH])],
    ['the Host of a stranger', () => request([['Host', 'evil.example'], ...world.good().slice(1), LENGTH])],
    [
      'a Host that begins like ours',
      () => request([['Host', `127.0.0.1.evil.example:${world.gateway.port()}`], ...world.good().slice(1), LENGTH]),
    ],
    [
      'a Host with a user before it',
      () => request([['Host', `evil@127.0.0.1:${world.gateway.port()}`], ...world.good().slice(1), LENGTH]),
    ],
    ['the Origin of a stranger', () => request([...world.good(), ['Origin', 'https://evil.example'], LENGTH])],
    ['the Origin null', () => request([...world.good(), ['Origin', 'null'], LENGTH])],
    [
      'an Origin that begins like ours',
      () => request([...world.good(), ['Origin', 'http://localhost.evil.example'], LENGTH]),
    ],
    [
      'an Origin with a user before it',
      () => request([...world.good(), ['Origin', 'http://localhost@evil.example'], LENGTH]),
    ],
  ])('%s is refused', async (_, bytes) => {
    const reply = await sendRaw(world.gateway.port(), bytes(), { timeoutMs: 1500 })
    expect(reply.status).toEqual(refused)
    await world.expectUnharmed()
  })
})

describe('requests that are sent before the answer to the one before', () => {
  it('are answered one by one, in their order', async () => {
    const connection = await openRaw(world.gateway.port())
    const ids = [1, 2, 3, 4, 5]
    connection.write(
      ids.map((id) => request([...world.good(), LENGTH], CALL.body.replace('"id":7', `"id":${id}`))).join(''),
    )
    const got: unknown[] = []
    for (const _ of ids) got.push((JSON.parse((await connection.read()).body.toString()) as { id: unknown }).id)
    connection.close()
    expect(got).toEqual(ids)
    expect(world.server.reached()).toHaveLength(5)
  })

  it('do not pass behind one that was refused for its form', async () => {
    const connection = await openRaw(world.gateway.port())
    connection.write(request([...world.good(), ['Content-Length', '-1']]) + smuggled())
    const first = await connection.read()
    expect(first.status).toEqual(refused)
    expect((await connection.read(500)).status).toBeUndefined()
    connection.close()
    await world.expectUnharmed()
  })
})
