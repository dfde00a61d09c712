// A server that lies, floods, stalls or breaks the protocol in its streams: its client gets a clear error or nothing, never its bytes
// unjudged, and the gateway lives on.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  drip,
  events,
  expectFailed,
  expectNoLoot,
  good,
  LOOT,
  result,
  startHostileWorld,
  TOTAL_MS,
} from '../support/hostile-world.ts'
import type { HostileWorld } from '../support/hostile-world.ts'
import { callModern, goodHeaders, initialize, openSession, post } from '../support/mcp-client.ts'
import { at, ofKind, recordsOf, run } from '../support/records.ts'
import { eventOf, openEvents, replyTo, sendJson } from '../support/scripted-server.ts'
import type { Received } from '../support/scripted-server.ts'

const KIB = 1024

let world: HostileWorld
beforeAll(async () => {
  world = await startHostileWorld()
})
beforeEach(() => world.server.forget())
afterEach(() => world.expectUnharmed())
afterAll(() => world?.[Symbol.asyncDispose]())

describe('a stream', () => {
  const progress = eventOf({
    jsonrpc: '2.0',
    method: 'notifications/progress',
    params: { progressToken: 'x', progress: 1 },
  })

  it.each<[string, (received: Received) => string]>([
    ['a reply to another request', () => eventOf({ jsonrpc: '2.0', id: 2, result })],
    ['a reply whose id is a string', () => eventOf({ jsonrpc: '2.0', id: '1', result })],
    [
      'a request to the client, which this era has not',
      () => eventOf({ jsonrpc: '2.0', id: 9, method: 'sampling/createMessage', params: { a: LOOT } }),
    ],
    [
      'a ping to the client, which this era has not',
      () => eventOf({ jsonrpc: '2.0', id: 9, method: 'ping', params: { a: LOOT } }),
    ],
    [
      'a request that only clients make',
      () => eventOf({ jsonrpc: '2.0', id: 9, method: 'tools/call', params: { a: LOOT } }),
    ],
    [
      'a notification that nobody knows',
      () => eventOf({ jsonrpc: '2.0', method: 'notifications/evil', params: { a: LOOT } }),
    ],
    ['a comment', () => `: ${LOOT}\n\n`],
  ])('with %s before the reply lets only the reply pass', async (_, before) => {
    world.server.behave(events((received) => before(received) + good(received)))
    const reply = await callModern(world)
    expect(reply.message).toMatchObject({ id: 1, result: { content: [{ text: 'good' }] } })
    expectNoLoot(reply)
  })

  it('with a second reply behind the first lets only the first pass', async () => {
    world.server.behave(events((received) => good(received) + eventOf(replyTo(received, result))))
    const reply = await callModern(world)
    expect(reply.text.match(/"id":1/g)).toHaveLength(1)
    expectNoLoot(reply)
  })

  it.each<[string, (received: Received) => string]>([
    ['is no JSON', () => `data: ${LOOT}\n\n`],
    ['has a key twice', () => `data: {"jsonrpc":"2.0","id":1,"result":{"a":1,"a":"${LOOT}"}}\n\n`],
    ['is a batch', (received) => eventOf([replyTo(received, result)])],
    [
      'is not UTF-8',
      () => `data: {"jsonrpc":"2.0","id":1,"result":{"a":"${LOOT}\ud800"}}\n\n`.replace('\ud800', '\\ud800'),
    ],
    ['is too large', () => `data: {"jsonrpc":"2.0","id":1,"result":{"a":"${LOOT.repeat(30 * KIB)}"}}\n\n`],
    ['is one line without end', () => `data: ${LOOT.repeat(30 * KIB)}`],
    ['is made of lines without end', () => `data: ${LOOT}\n`.repeat(20 * KIB)],
    ['has an id without end', (received) => `id: ${LOOT.repeat(30 * KIB)}\n${good(received)}`],
  ])('with an event that %s is an error', async (_, write) => {
    world.server.behave(events(write))
    expectFailed(await callModern(world))
  })

  it('that breaks the rules after its first event ends with an error in the stream', async () => {
    world.server.behave(events(() => `${progress}data: ${LOOT}\n\n`))
    const reply = await callModern(world)
    expect(reply.status).toBe(200)
    expect(reply.text).toContain('notifications/progress')
    expect(reply.message).toMatchObject({ id: 1, error: { code: -31_502 } })
    expectNoLoot(reply)
  })

  it.each(['comments', 'progress'])('of %s for ever ends with the time that a call may take', async (what) => {
    world.server.behave((_, response) => {
      openEvents(response).write(progress)
      drip(response, () => (what === 'comments' ? `: ${LOOT}\n\n` : progress))
      return true
    })
    const began = Date.now()
    const reply = await callModern(world)
    expect(Date.now() - began).toBeLessThan(TOTAL_MS * 2)
    expect(reply.message).toMatchObject({ id: 1, error: { code: -31_502 } })
    expectNoLoot(reply)
  })

  it('that ends without a reply is recorded as such', async () => {
    world.server.behave(events(() => progress))
    const reply = await callModern(world)
    expect(reply.text).toContain('notifications/progress')
    const outcome = ofKind(await recordsOf(world.gateway), 'outcome').at(-1)
    expect(outcome).toMatchObject({ outcome: { status: 'upstream_error', detail: 'no_reply' } })
  })
})

describe('a legacy session', () => {
  it('whose id another caller holds is not given to a second one, and goes on for the first', async () => {
    const alice = await openSession(world)
    world.server.behave((received, response) => {
      if (received.method !== 'initialize') return false
      return sendJson(
        response,
        replyTo(received, {
          protocolVersion: '2025-11-25',
          capabilities: {},
          serverInfo: { name: LOOT, version: '1' },
        }),
        { 'mcp-session-id': alice.id },
      )
    })
    const reply = await post(
      world.gateway.url('db'),
      JSON.stringify(initialize('2025-11-25', {}, 1)),
      await goodHeaders({ ...world, person: 'bob' }),
    )
    expectFailed(reply)
    expect(JSON.stringify([...reply.headers])).not.toContain(alice.id)
    world.server.behave()
    expect((await alice.call('query')).message).toMatchObject({ result: {} })
    const stolen = await post(world.gateway.url('db'), '{"jsonrpc":"2.0","id":1,"method":"tools/list"}', {
      ...(await goodHeaders({ ...world, person: 'bob' })),
      'mcp-session-id': alice.id,
    })
    expect(stolen.status).toBe(404)
  })

  it('gets on its own stream no replies to calls of others, nor to calls that were never made', async () => {
    const alice = await openSession(world)
    const ping = eventOf({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })
    world.server.behave((received, response) => {
      if (received.verb !== 'GET') return false
      openEvents(response).write(
        [1, 2, 3, '"a"', 77]
          .map((id) => `data: {"jsonrpc":"2.0","id":${String(id)},"result":{"a":"${LOOT}"}}\n\n`)
          .join(''),
      )
      response.end(ping)
      return true
    })
    const stream = await fetch(alice.url, { headers: alice.headers })
    const text = await stream.text()
    expect(text).toContain('list_changed')
    expect(text).not.toContain(LOOT)
    expect(
      ofKind(await recordsOf(world.gateway), 'refused').filter((record) => at(record, 'mcp', 'method') === 'reply')
        .length,
    ).toBeGreaterThanOrEqual(5)
  })

  it('that gets ten thousand questions stays what it was', async () => {
    const alice = await openSession({ ...world, connection: 'wide' })
    world.server.behave((received, response) => {
      if (received.method !== 'tools/call') return false
      openEvents(response)
      for (let id = 0; id < 10_000; id += 1) response.write(eventOf({ jsonrpc: '2.0', id, method: 'ping' }))
      response.end(good(received))
      return true
    })
    const reply = await alice.call('query')
    expect(reply.message).toMatchObject({ result: { content: [{ text: 'good' }] } })
    world.server.behave()
    expect((await alice.send({ id: 9_999, result: {} })).status).toBe(202)
    expect(world.server.received.at(-1)?.message).toEqual({ jsonrpc: '2.0', id: 9_999, result: {} })
    world.server.forget()
    expect((await alice.send({ id: 9_999, result: {} })).status).toBe(202)
    expect((await alice.send({ id: 'never-asked', result: {} })).status).toBe(202)
    expect(world.server.received).toEqual([])
  })
})

it('a list of 100,000 tools arrives whole', async () => {
  world.server.behave(
    (received, response) =>
      received.method === 'tools/list' &&
      sendJson(
        response,
        replyTo(received, {
          tools: Array.from({ length: 100_000 }, (_, i) => ({ name: `tool_${i}`, inputSchema: { type: 'object' } })),
        }),
      ),
  )
  const alice = await openSession({ ...world, connection: 'wide' })
  const reply = await alice.ask('tools/list')
  expect(at(reply.message, 'result', 'tools')).toHaveLength(100_000)
})

it('after all that the log is whole', async () => {
  expect((await run(world.gateway, ['audit', 'verify'])).stdout).toContain('Verified')
})
