import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import { HttpExchange } from './exchange.ts'

/** What a client gets of an exchange with which the test does something. */
async function answered(act: (exchange: HttpExchange) => void): Promise<string> {
  const server = createServer((_, response) => act(new HttpExchange(response, { nowMs: 0, stallMs: 10_000 })))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  try {
    return await (await fetch(`http://127.0.0.1:${address.port}`)).text()
  } finally {
    server.close()
  }
}

const LAST = encodeUtf8('data: the last word\n\n')
const LATE = encodeUtf8('data: too late\n\n')

it.each(['waiting', 'streaming'] as const)('one that is cut while %s has a last word and no other', async (state) => {
  const told: string[] = []
  const text = await answered((exchange) => {
    if (state === 'streaming') exchange.begin(200, ['Content-Type', 'text/event-stream'])
    exchange.onGone(() => told.push('before'))
    exchange.cut(() => {
      if (state === 'waiting') void exchange.answer(200, [], LAST)
      else {
        void exchange.event(LAST, 0)
        exchange.end()
      }
    })
    exchange.onGone(() => told.push('after'))
    void exchange.event(LATE, 0)
    void exchange.answer(200, [], LATE)
    exchange.end()
  })
  expect(text).toBe('data: the last word\n\n')
  expect(told).toEqual(['before', 'after'])
})
