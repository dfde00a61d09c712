import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodeUtf8 } from '../base/bytes.ts'
import { BufferBudget } from './buffer-budget.ts'
import { all, everything, MIB, setUp, sleep, streamOf, textOf, tick } from '../../test/support/http-server.ts'

const TEXT = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { text: 'grüße '.repeat(40_000) } })
const CODINGS = [
  ['gzip', gzipSync],
  ['GZIP', gzipSync],
  ['x-gzip', gzipSync],
  ['identity, gzip', gzipSync],
  ['gzip, identity', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const
const EACH = [
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const

const head = (encoding: string, type = 'application/json') => ({ 'content-type': type, 'content-encoding': encoding })
const sseEvent = (data: string) => `data: ${data}\n\n`

/** A reply of which nothing is known but its bytes. */
const answering = (encoding: string, bytes: Uint8Array, options = {}, type?: string) =>
  setUp((_, res) => res.writeHead(200, head(encoding, type)).end(bytes), options)

describe('a compressed reply', () => {
  it.each(CODINGS)('in %s comes plain, and no header says otherwise', async (encoding, compress) => {
    const bytes = compress(TEXT)
    await using at = await setUp((_, res) =>
      res.writeHead(200, { ...head(encoding), 'content-length': bytes.length }).end(bytes),
    )
    const reply = await at.post()
    expect(textOf(reply)).toBe(TEXT)
    expect(Object.keys(reply.headers)).not.toContain('content-encoding')
    expect(Object.keys(reply.headers)).not.toContain('content-length')
    expect(at.budget.heldBytes).toBe(0)
  })

  it.each(EACH)('in %s arrives whole, however it was cut', async (encoding, compress) => {
    await using at = await setUp(async (_, res) => {
      res.writeHead(400, head(encoding))
      for (const byte of compress('{"text":"grüße"}')) {
        res.write(Uint8Array.of(byte))
        await tick()
      }
      res.end()
    })
    expect(textOf(await at.post())).toBe('{"text":"grüße"}')
  })

  it('without a byte has nothing to expand', async () => {
    await using at = await answering('gzip', new Uint8Array(0))
    expect(textOf(await at.post())).toBe('')
  })

  it.each(EACH)('in %s that is broken or cut short is refused, without a word of it', async (encoding, compress) => {
    const whole = compress(`${TEXT}${Math.PI}secret`)
    const garbled = whole.map((byte, at) => (at > 3 && at % 3 === 0 ? byte ^ 0xa5 : byte))
    const cut = whole.subarray(0, whole.length - 3)
    const more = new Uint8Array([...whole, ...new TextEncoder().encode('secret')])
    for (const bytes of [garbled, cut, more, new TextEncoder().encode('{"secret":1}')]) {
      await using at = await answering(encoding, bytes)
      const error: unknown = await at.post().catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'upstream_protocol', message: expect.stringContaining('compressed') })
      expect(everything(error)).not.toContain('secret')
      expect(at.budget.heldBytes).toBe(0)
    }
  })

  it.each(['made-up', 'compress', 'gzip, gzip', 'br, gzip', '__proto__', 'toString'])(
    'in an encoding that cannot be undone (%s) is refused: it cannot be inspected',
    async (encoding) => {
      await using at = await answering(encoding, gzipSync('{"secret":1}'))
      await expect(at.post()).rejects.toMatchObject({ code: 'upstream_protocol' })
    },
  )
})

describe('a reply that expands without end', () => {
  it.each(EACH)('in %s is stopped where replies may be no larger', async (encoding, compress) => {
    const bomb = compress(new Uint8Array(256 * MIB))
    await using at = await answering(encoding, bomb, { messageBytesMax: 2 * MIB })
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers)), 1)
    await expect(at.post()).rejects.toMatchObject({
      code: 'upstream_too_large',
      message: "The MCP server's reply is larger than 2097152 bytes.",
    })
    clearInterval(watch)
    expect(at.budget.heldBytes).toBe(0)
    expect(most - before).toBeLessThan(32 * MIB)
  })

  it('as one event of a stream is stopped, too', async () => {
    const bomb = gzipSync(sseEvent('x'.repeat(64 * MIB)))
    await using at = await answering('gzip', bomb, { eventBytesMax: MIB }, 'text/event-stream')
    await expect(all(streamOf(await at.post()).events)).rejects.toMatchObject({ code: 'upstream_too_large' })
    expect(at.budget.heldBytes).toBe(0)
  })

  it('as many events waits for its reader, and holds no more than it may meanwhile', async () => {
    const one = sseEvent('x'.repeat(100_000))
    const budget = new BufferBudget(256 * MIB)
    await using at = await setUp(
      (_, res) => res.writeHead(200, head('gzip', 'text/event-stream')).end(gzipSync(one.repeat(500))),
      {},
      budget,
    )
    const { events } = streamOf(await at.post())
    await sleep(300)
    expect(budget.heldBytes).toBeLessThan(MIB)
    expect((await all(events)).length).toBe(500)
    expect(budget.heldBytes).toBe(0)
  })
})

describe('a compressed stream', () => {
  it.each([
    ['gzip', () => createGzip({ flush: constants.Z_SYNC_FLUSH })],
    ['br', () => createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH })],
    ['zstd', () => createZstdCompress({ flush: constants.ZSTD_e_flush })],
  ] as const)('in %s flows event by event', async (encoding, compressor) => {
    const { promise, resolve: goOn } = Promise.withResolvers<void>()
    await using at = await setUp(async (_, res) => {
      res.writeHead(200, head(encoding, 'text/event-stream'))
      const stream = compressor()
      stream.pipe(res)
      stream.write(sseEvent('{"n":1}'))
      await promise
      stream.end(sseEvent('{"n":2}'))
    })
    const { events } = streamOf(await at.post())
    const first = await events.next()
    expect(first.done === true ? '' : decodeUtf8(first.value.data ?? new Uint8Array())).toBe('{"n":1}')
    goOn()
    expect((await all(events)).map(({ data }) => decodeUtf8(data ?? new Uint8Array()))).toEqual(['{"n":2}'])
  })

  it('is refused where windows of others hold all that they may, until one of them ends', async () => {
    await using at = await setUp((_, res) => {
      res.writeHead(200, head('br', 'text/event-stream'))
      const stream = createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH })
      stream.pipe(res)
      stream.write(sseEvent('{"n":1}'))
    })
    const open = await Promise.all(Array.from({ length: 16 }, async () => streamOf(await at.post()).events))
    await expect(at.post()).rejects.toMatchObject({ code: 'upstream_busy' })
    open[0]?.close()
    open[0]?.close()
    const { events } = streamOf(await at.post())
    await expect(at.post()).rejects.toMatchObject({ code: 'upstream_busy' })
    for (const one of [...open, events]) one.close()
  })

  it('that nobody reads any more is let go', async () => {
    const closed = Promise.withResolvers<void>()
    await using at = await setUp((_, res) => {
      res.on('close', () => closed.resolve())
      const stream = createGzip({ flush: constants.Z_SYNC_FLUSH })
      res.writeHead(200, head('gzip', 'text/event-stream'))
      stream.pipe(res)
      stream.write(sseEvent('{"n":1}'))
    })
    const { events } = streamOf(await at.post())
    await events.next()
    events.close()
    await closed.promise
    expect(at.budget.heldBytes).toBe(0)
  })
})
