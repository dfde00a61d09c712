import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import { BufferBudget } from './buffer-budget.ts'
import {
  all,
  everything,
  MIB,
  setUp,
  setUpTcp,
  sleep,
  sse,
  streamOf,
  textOf,
  tick,
} from '../../test/support/http-server.ts'

describe('a reply', () => {
  it.each([200, 202, 400, 404, 405, 500])('with status %i comes with its body and its headers', async (status) => {
    await using at = await setUp((_, res) =>
      res.writeHead(status, { 'content-type': 'application/json', 'x-a': 'b' }).end('{"a":1}'),
    )
    const reply = await at.post()
    expect(reply).toMatchObject({ kind: 'body', status, headers: { 'x-a': 'b' } })
    expect(textOf(reply)).toBe('{"a":1}')
  })

  it('arrives whole, however it was cut', async () => {
    await using at = await setUp(async (_, res) => {
      res.writeHead(200, { 'content-type': 'application/json' })
      for (const byte of '{"text":"grüße"}') {
        res.write(byte)
        await tick()
      }
      res.end()
    })
    expect(textOf(await at.post())).toBe('{"text":"grüße"}')
  })

  it('larger than allowed is refused, announced or not', async () => {
    await using at = await setUp(
      (req, res) => {
        res.writeHead(200, req.url === '/announced' ? { 'content-length': 300_000 } : {})
        res.end(new Uint8Array(300_000))
      },
      { messageBytesMax: 200_000 },
    )
    await expect(at.post()).rejects.toMatchObject({ code: 'upstream_too_large' })
    await using other = await setUp(
      (_, res) => res.writeHead(200, { 'content-length': 300_000 }).end(new Uint8Array(300_000)),
      {
        messageBytesMax: 200_000,
      },
    )
    await expect(other.post()).rejects.toMatchObject({ code: 'upstream_too_large' })
    expect(other.budget.heldBytes + at.budget.heldBytes).toBe(0)
  })

  it('is asked for without compression', async () => {
    let asked: unknown
    await using at = await setUp((req, res) => {
      asked = req.headers['accept-encoding']
      res.end()
    })
    await at.post()
    expect(asked).toBe('identity')
  })

  it('in an encoding that nobody knows is refused as a stream and as an error, too', async () => {
    for (const [status, type] of [
      [200, 'text/event-stream'],
      [400, 'application/json'],
    ] as const) {
      await using at = await setUp((_, res) =>
        res.writeHead(status, { 'content-type': type, 'content-encoding': 'made-up' }).end('data: {"secret":1}\n\n'),
      )
      await expect(at.post()).rejects.toMatchObject({ code: 'upstream_protocol' })
    }
  })

  it('that redirects is refused: the client would go around the gateway', async () => {
    await using at = await setUp((_, res) => res.writeHead(307, { location: 'http://127.0.0.1:1/' }).end())
    await expect(at.post()).rejects.toMatchObject({ code: 'upstream_protocol' })
  })

  it('with headers beyond the limit is refused', async () => {
    await using at = await setUp((_, res) => res.writeHead(200, { 'x-long': 'a'.repeat(70_000) }).end())
    await expect(at.post()).rejects.toMatchObject({ code: 'upstream_too_large' })
  })

  it('that is no HTTP is refused without a word of it', async () => {
    await using at = await setUpTcp('SSH-2.0-secret-banner\r\n')
    const error: unknown = await at.post().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'upstream_protocol' })
    expect(everything(error)).not.toContain('secret')
  })

  it('that breaks off is a failure', async () => {
    await using at = await setUp((_, res) => {
      res.writeHead(200, { 'content-length': 100 }).write('{"half')
      setTimeout(() => res.destroy(), 20)
    })
    await expect(at.post()).rejects.toMatchObject({ code: expect.stringMatching(/upstream_(unreachable|protocol)/) })
  })
})

describe('time-outs', () => {
  it('nobody listens: unreachable, and the message says so without an address', async () => {
    const at = await setUp((_, res) => res.end())
    await at.server()
    const error: unknown = await at.post().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'upstream_unreachable' })
    expect(String(error)).toContain('ECONNREFUSED')
    expect(String(error)).not.toContain('127.0.0.1')
    await at.client.close()
  })

  it('a server that never begins to answer', async () => {
    await using at = await setUp(() => undefined, { firstByteMs: 300 })
    await expect(at.post()).rejects.toMatchObject({ code: 'upstream_timeout' })
  })

  it('a stream that falls silent, but not one that only sends comments', async () => {
    await using at = await setUp(
      (_, res) => {
        sse(res)
        let comments = 0
        const timer = setInterval(() => {
          comments += 1
          if (comments > 5) clearInterval(timer)
          else res.write(': here\n\n')
        }, 300)
      },
      { streamIdleMs: 900 },
    )
    const { events } = streamOf(await at.post())
    let seen = 0
    await expect(
      (async () => {
        for await (const event of events) seen += event.raw.length > 0 ? 1 : 0
      })(),
    ).rejects.toMatchObject({ code: 'upstream_timeout' })
    expect(seen).toBe(5)
  })

  it('a call ends after its total time, whatever keeps it alive', async () => {
    await using at = await setUp(
      (_, res) => {
        sse(res)
        const timer = setInterval(() => res.write(': here\n\n'), 50)
        res.on('close', () => clearInterval(timer))
      },
      { callTotalMs: 400 },
    )
    const { events } = streamOf(await at.post())
    await expect(all(events)).rejects.toMatchObject({ code: 'upstream_timeout' })
  })
})

describe('a client that is gone', () => {
  it('takes the request with it, before and after the answer has begun', async () => {
    const closed = Promise.withResolvers<void>()
    await using at = await setUp((req) => req.on('close', () => closed.resolve()))
    let abort: (() => void) | undefined
    const reply = at.client.postMessage(encodeUtf8('{}'), { headers: {}, onAbort: (f) => (abort = f) })
    await sleep(100)
    abort?.()
    await expect(reply).rejects.toMatchObject({ code: 'client_gone' })
    await closed.promise
  })
})

describe('what all calls hold together', () => {
  it('stays within the budget and every reply arrives in the end', async () => {
    let most = 0
    await using at = await setUp(
      (_, res) => {
        res.writeHead(200, { 'content-type': 'application/json' })
        res.write(new Uint8Array(MIB))
        setTimeout(() => res.end(new Uint8Array(MIB)), 20)
      },
      {},
      new BufferBudget(4 * MIB),
    )
    const watch = setInterval(() => (most = Math.max(most, at.budget.heldBytes)), 1)
    const lengths = await Promise.all(
      Array.from({ length: 24 }, async () => {
        const reply = await at.post()
        if (reply.kind !== 'body') return 0
        await sleep(10)
        reply.done()
        return reply.body.length
      }),
    )
    clearInterval(watch)
    expect(lengths).toEqual(Array.from({ length: 24 }, () => 2 * MIB))
    // 24 calls would hold 48 MiB; the largest may go beyond the budget by itself, the others by one chunk each.
    expect(most).toBeLessThan(4 * MIB + 2 * MIB + 24 * 65_536 + MIB)
    expect(at.budget.heldBytes).toBe(0)
  })
})
