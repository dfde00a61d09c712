// A class records no more of a body than it says: what is longer does not pass, or leaves its hash alone.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { filesWith } from '../support/files.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { callModern } from '../support/mcp-client.ts'
import { at, ofKind, recordsOf, run } from '../support/records.ts'
import {
  eventOf,
  openEvents,
  replyTo,
  type ScriptedServer,
  sendJson,
  startScriptedServer,
  textResult,
} from '../support/scripted-server.ts'

const LONG = 'the long words of the server. '.repeat(400)
const LONG_REQUEST = 'the long words of the client. '.repeat(400)

let gateway: Gateway
let server: ScriptedServer
beforeAll(async () => {
  server = await startScriptedServer()
  const upstream = { http: { url: server.url } }
  gateway = await startGateway({
    connections: { db: { upstream }, ledger: { upstream } },
    config: {
      audit: {
        classes: {
          strict: { max_body: '4KiB', connections: ['db'] },
          hashes: { max_body: '4KiB', over_limit: 'hash-only', connections: ['ledger'] },
        },
      },
    },
  })
})
beforeEach(() => {
  server.forget()
  server.behave((received, response) => {
    if (received.method !== 'tools/call') return false
    const streams = JSON.stringify(received.message).includes('"drop"')
    const reply = replyTo(received, textResult(LONG))
    if (!streams) return sendJson(response, reply)
    openEvents(response).end(eventOf(reply))
    return true
  })
})
afterAll(async () => {
  await gateway?.stop()
  await server?.[Symbol.asyncDispose]()
})

it('is on record with the class', async () => {
  const defined = ofKind(await recordsOf(gateway), 'log.class').map((record) => record['class'])
  expect(defined).toContainEqual(expect.objectContaining({ name: 'hashes', max_body: 4096, over_limit: 'hash-only' }))
  expect(defined).toContainEqual(expect.objectContaining({ name: 'strict', max_body: 4096, over_limit: 'block' }))
})

it.each([['query'], ['drop']])(
  'a longer reply of %s does not pass: the client learns why, the record has no byte of it',
  async (tool) => {
    const reply = await callModern({ gateway }, tool)
    expect(reply.text).not.toContain('the long words')
    expect(reply.text).toContain('at most 4096 are recorded')
    const outcome = ofKind(await recordsOf(gateway), 'outcome').at(-1)
    expect(at(outcome, 'outcome', 'status')).toBe('upstream_error')
    expect(at(outcome, 'outcome', 'detail')).toContain('recording_limit')
    expect(at(outcome, 'body')).toEqual({})
  },
)

it('a longer call is refused on record and never sent', async () => {
  const reply = await callModern({ gateway }, 'query', { note: LONG_REQUEST })
  expect(reply.text).toContain('isError')
  expect(reply.text).toContain('max_body')
  expect(server.received.filter(({ method }) => method === 'tools/call')).toEqual([])
  const refused = ofKind(await recordsOf(gateway), 'refused').at(-1)
  expect(refused).toMatchObject({
    decision: { effect: 'deny', rule: 'recording', by: 'recording' },
    io: { truncated: true },
    body: {},
  })
})

it.each([['query'], ['drop']])(
  'hash-only: a longer reply of %s passes whole, and its hash alone is kept',
  async (tool) => {
    const reply = await callModern({ gateway, connection: 'ledger' }, tool, { note: LONG_REQUEST })
    expect(reply.text).toContain(LONG)
    const records = await recordsOf(gateway)
    for (const kind of ['intent', 'outcome'])
      expect(ofKind(records, kind).at(-1)).toMatchObject({
        io: { truncated: true },
        body: {},
        integrity: { state: 'verified' },
      })
  },
)

it('says so wherever the record is shown, and verifies', async () => {
  const session = at(ofKind(await recordsOf(gateway), 'outcome').at(-1), 'session', 'id')
  expect((await run(gateway, ['tail', '--no-follow'])).stdout).toContain('content not kept')
  const replayed = await run(gateway, ['replay', String(session), '--as', 'json'])
  expect(replayed.stdout).toContain('content not kept: longer than its class records')
  const found = await run(gateway, ['search', 'is:truncated kind:outcome connection:ledger', '--json'])
  expect(found.stdout).toContain('"truncated":true')
  expect((await run(gateway, ['export'])).stdout).toContain('"truncated":true')
  const { stdout } = await run(gateway, ['audit', 'verify'])
  expect(stdout).toContain('Verified')
  expect(stdout).toMatch(/\d+ not_kept/)
})

it('no file of the gateway holds a word of what is not kept', () => {
  expect(filesWith(gateway.dataFolder, 'the long words')).toEqual([])
})
