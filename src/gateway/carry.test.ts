import { describe, expect, it } from 'vitest'
import { CARD, setUpCarry as setUp, toolCall } from '../../test/support/carry-world.ts'
import { GatewayError } from '../base/assert.ts'
import { carry } from './carry.ts'

describe('a permitted call', () => {
  it('comes back masked, with intent and outcome on record', async () => {
    const world = setUp({ groups: ['staff'] })
    await carry(toolCall('pay', { card: CARD }), world.place, world.gateway)
    expect(world.exchange.answers).toEqual([
      { status: 200, body: { jsonrpc: '2.0', id: 1, result: { content: [], card: '[card]' } } },
    ])
    expect(world.entries.map(({ kind }) => kind)).toEqual(['intent', 'outcome'])
    expect(JSON.stringify(world.disk)).not.toContain(CARD)
  })

  it('goes upstream only after its intent is durable, and the client gets no byte before its outcome is', async () => {
    const world = setUp({ groups: ['staff'] })
    await carry(toolCall('pay', {}), world.place, world.gateway)
    expect(world.order).toEqual(['durable intent', 'sent', 'durable outcome', 'answered'])
  })

  it('goes upstream byte by byte as it came when nothing was masked', async () => {
    const world = setUp({ groups: ['staff'] })
    const call = toolCall('pay', { amount: 1 })
    await carry(call, world.place, world.gateway)
    expect(world.sent[0]).toBe(call.bytes)
  })
})

describe('a call that no rule allows', () => {
  it('never reaches the upstream, is on record, and is answered as a tool result that names the rule', async () => {
    const world = setUp({ groups: [] })
    await carry(toolCall('pay', {}), world.place, world.gateway)
    expect(world.sent).toEqual([])
    expect(world.entries.map(({ kind }) => kind)).toEqual(['refused'])
    expect(world.exchange.answers[0]).toMatchObject({ status: 200, body: { id: 1, result: { isError: true } } })
    expect(JSON.stringify(world.exchange.answers)).toContain('rule \\"default\\"')
  })
})

describe('an audit log that fails', () => {
  it('on the intent: nothing is sent, and the client gets no data', async () => {
    const world = setUp({ groups: ['staff'], failOn: 'intent' })
    await expect(carry(toolCall('pay', { card: CARD }), world.place, world.gateway)).rejects.toThrow(GatewayError)
    expect(world.sent).toEqual([])
    expect(world.exchange.answers).toEqual([])
  })

  it('on the outcome: what came back stays here, and the client is told that the log cannot be written', async () => {
    const world = setUp({ groups: ['staff'], failOn: 'outcome' })
    await carry(toolCall('pay', { card: CARD }), world.place, world.gateway)
    expect(world.sent).toHaveLength(1)
    expect(JSON.stringify(world.exchange.answers)).not.toContain('result')
    expect(world.exchange.answers).toMatchObject([{ status: 503 }])
  })

  it('refuses nothing silently: a refusal that cannot be recorded is not given', async () => {
    const world = setUp({ groups: [], failOn: 'refused' })
    await expect(carry(toolCall('pay', {}), world.place, world.gateway)).rejects.toThrow('disk full')
    expect(world.exchange.answers).toEqual([])
  })
})

describe('an upstream that fails', () => {
  it.each(['upstream_unreachable', 'upstream_timeout', 'upstream_protocol', 'upstream_too_large'] as const)(
    '%s: the intent is closed on record and the client gets an error with its id',
    async (code) => {
      const world = setUp({ groups: ['staff'], upstreamFails: new GatewayError(code, 'The server is away.') })
      await carry(toolCall('pay', {}), world.place, world.gateway)
      expect(world.entries.map(({ kind }) => kind)).toEqual(['intent', 'outcome'])
      expect(world.exchange.answers[0]).toMatchObject({ body: { id: 1, error: { message: 'The server is away.' } } })
    },
  )

  it.each([
    { what: 'another id', reply: '{"jsonrpc":"2.0","id":2,"result":{}}' },
    { what: 'the id as a string', reply: '{"jsonrpc":"2.0","id":"1","result":{}}' },
    { what: 'two results', reply: '{"jsonrpc":"2.0","id":1,"result":{},"result":{"card":1}}' },
    { what: 'a look-alike key', reply: '{"jsonrpc":"2.0","id":1,"Result":{},"result":{}}' },
    { what: 'no JSON', reply: '<html>' },
    { what: 'an array', reply: '[{"jsonrpc":"2.0","id":1,"result":{}}]' },
  ])('a reply with $what is not released', async ({ reply }) => {
    const world = setUp({ groups: ['staff'], reply })
    await carry(toolCall('pay', {}), world.place, world.gateway)
    expect(world.exchange.answers[0]).toMatchObject({ status: 502, body: { id: 1, error: {} } })
  })
})

it('a list shows what the caller could call, in the order it came, and says in the record how many were left out', async () => {
  const tools = ['pay', 'refund', 'delete'].map((name) => ({ name, inputSchema: { type: 'object' } }))
  const world = setUp({ groups: ['staff'], reply: JSON.stringify({ jsonrpc: '2.0', id: 1, result: { tools } }) })
  await carry({ ...toolCall('', {}), method: 'tools/list', target: undefined }, world.place, world.gateway)
  expect(world.exchange.answers[0]?.body).toMatchObject({ result: { tools: [{ name: 'pay' }, { name: 'refund' }] } })
  expect(world.envelopes[1]).toContain('"left_out":1')
})
