import { describe, expect, it } from 'vitest'
import { decodeUtf8 } from '../base/bytes.ts'
import { all, MIB, setUp, sleep, sse, streamOf } from '../../test/support/http-server.ts'

describe('a stream', () => {
  it('delivers what came before the server ended it', async () => {
    await using at = await setUp((_, res) => sse(res).end('id: 1\ndata: a\n\ndata: b\n\ndata: cut'))
    const { events } = streamOf(await at.post())
    expect((await all(events)).map((event) => decodeUtf8(event.data ?? new Uint8Array()))).toEqual(['a', 'b'])
  })

  it('is read no faster than its consumer takes it', async () => {
    let sent = 0
    await using at = await setUp(async (_, res) => {
      sse(res)
      const gone = new Promise((resolve) => res.once('close', resolve))
      const event = `data: ${'x'.repeat(10_000)}\n\n`
      while (sent < 3000 && !res.destroyed) {
        sent += 1
        if (!res.write(event)) await Promise.race([gone, new Promise((resolve) => res.once('drain', resolve))])
      }
      res.end()
    })
    const { events } = streamOf(await at.client.openStream(at.call()))
    await events.next()
    await sleep(500)
    const sentToIdle = sent
    // The sockets of both sides hold some megabytes; the client holds a quarter of one.
    expect(sentToIdle).toBeLessThan(2000)
    expect(at.budget.heldBytes).toBeLessThan(MIB)
    let taken = 1
    for await (const event of events) taken += event.data === undefined ? 0 : 1
    expect(taken).toBe(3000)
    expect(at.budget.heldBytes).toBe(0)
  })

  it('with an event beyond the limit is cut off', async () => {
    await using at = await setUp((_, res) => sse(res).write(`data: a\n\ndata: ${'x'.repeat(200_000)}`), {
      eventBytesMax: 100_000,
    })
    const { events } = streamOf(await at.post())
    expect((await events.next()).done).toBe(false)
    await expect(events.next()).rejects.toMatchObject({ code: 'upstream_too_large' })
  })

  it('that nobody wants any more lets its connection go', async () => {
    const closed = Promise.withResolvers<void>()
    await using at = await setUp((_, res) =>
      sse(res)
        .on('close', () => closed.resolve())
        .write('data: a\n\n'),
    )
    const { events } = streamOf(await at.post())
    for await (const event of events) if (event.data !== undefined) break
    await closed.promise
    expect(await events.next()).toEqual({ done: true, value: undefined })
    expect(at.budget.heldBytes).toBe(0)
  })
})
