import { describe, expect, it } from 'vitest'
import { type Entry, Receipt } from '../audit/log.ts'
import { GatewayError } from '../base/assert.ts'
import { entryIndex } from '../base/ids.ts'
import { Masked, Unmasked } from '../masking/masked.ts'
import { carry } from './carry.ts'
import { release } from './release.ts'
import type { EntryKind } from '../audit/entry.ts'
import type { Exchange } from '../downstream/exchange.ts'
import { KeepAlive } from '../downstream/keep-alive.ts'
import { loadPolicy } from '../policy/parse-policy.ts'
import type { ClientRequest } from '../protocol/message.ts'
import { Sessions } from '../session/sessions.ts'
import type { Gateway, Place } from './gateway.ts'
import { Heads } from './heads.ts'
import { ParamSchemas } from './param-schemas.ts'
import { RefusedTokens } from './refused-tokens.ts'
import { Tasks } from './tasks.ts'
import { mask } from '../masking/masked.ts'

const CARD = '4111111111111111'

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
  it.each([
    { fails: 'intent', reachesUpstream: false },
    { fails: 'outcome', reachesUpstream: true },
  ] as const)('on $fails: the client gets no data', async ({ fails, reachesUpstream }) => {
    const world = setUp({ groups: ['staff'], failOn: fails })
    const carried = carry(toolCall('pay', { card: CARD }), world.place, world.gateway)
    if (fails === 'intent') await expect(carried).rejects.toThrow(GatewayError)
    else await carried
    expect(world.sent.length > 0).toBe(reachesUpstream)
    expect(JSON.stringify(world.exchange.answers)).not.toContain('result')
    if (fails === 'outcome') expect(world.exchange.answers[0]).toMatchObject({ status: 503 })
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

it('an unmasked reply cannot be released, by type or at run time', () => {
  const world = setUp({ groups: [] })
  const raw = new TextEncoder().encode(CARD)
  const receipt = Receipt.issue('outcome', entryIndex(0))
  const head = { status: 200, headers: [] }
  // @ts-expect-error plain bytes are not Masked
  expect(() => release(raw, receipt, world.exchange, head)).toThrow(TypeError)
  // @ts-expect-error nor is an Unmasked value
  expect(() => release(new Unmasked(raw), receipt, world.exchange, head)).toThrow(TypeError)
  expect(world.exchange.answers).toEqual([])
  expect(`${new Unmasked(CARD)}${JSON.stringify({ raw: new Unmasked(CARD) })}`).not.toContain(CARD)
})

it('a masked reply cannot be released on the receipt of an auth record or on a look-alike', () => {
  const world = setUp({ groups: [] })
  const head = { status: 200, headers: [] }
  const fake = { kind: 'outcome', index: entryIndex(0) } as unknown as Receipt<'outcome'>
  expect(() => release(world.masked('x'), fake, world.exchange, head)).toThrow(TypeError)
  // @ts-expect-error this record lets nothing out
  void (() => release(world.masked('x'), Receipt.issue('auth', entryIndex(0)), world.exchange, head))
  expect(world.exchange.answers).toEqual([])
})

const POLICY = `
version: 1
default: deny
groups: { staff: [staff] }
rules:
- { id: staff-pays, effect: allow, match: { groups: [staff], tools: [pay, refund] } }
- { id: nobody-deletes, effect: deny, match: { tools: [delete] } }
`

function toolCall(name: string, args: Record<string, unknown>): ClientRequest {
  const params = { name, arguments: args } as ClientRequest['params']
  const bytes = new TextEncoder().encode(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }))
  return {
    kind: 'request',
    id: '1',
    method: 'tools/call',
    era: 'legacy',
    revision: undefined,
    target: name,
    progressToken: undefined,
    params,
    bytes,
  }
}

interface World {
  readonly groups: readonly string[]
  readonly failOn?: EntryKind
  readonly upstreamFails?: Error
  readonly reply?: string
}

function setUp(options: World) {
  const order: string[] = []
  const entries: Entry[] = []
  const envelopes: string[] = []
  const disk: unknown[] = []
  const sent: Uint8Array[] = []
  const hide = {
    bytes: (raw: Uint8Array) => {
      const text = new TextDecoder().decode(raw)
      return text.includes(CARD) ? new TextEncoder().encode(text.replaceAll(CARD, '[card]')) : raw
    },
    text: (raw: string) => raw.replaceAll(CARD, '[card]'),
  }
  const audit: Gateway['audit'] = {
    state: { kind: 'ready' },
    async append(entry) {
      if (entry.kind === options.failOn) throw new GatewayError('log_unavailable', 'disk full')
      await new Promise(setImmediate)
      entries.push(entry)
      envelopes.push(Masked.read(entry.envelope))
      for (const part of [entry.request, entry.response])
        if (part) disk.push(new TextDecoder().decode(Masked.read(part)))
      order.push(`durable ${entry.kind}`)
      return Receipt.issue(entry.kind, entryIndex(entries.length - 1))
    },
  }
  const loaded = loadPolicy(POLICY, { file: 'policy.yaml', connections: [{ name: 'bank', labels: {} }] })
  if (loaded.kind !== 'policy') throw new Error(JSON.stringify(loaded.mistakes))
  const answers: { status: number; body: unknown }[] = []
  const exchange: Exchange & { answers: typeof answers } = {
    answers,
    state: 'waiting',
    onGone: () => undefined,
    answer(status, _headers, body) {
      order.push('answered')
      answers.push({ status, body: JSON.parse(new TextDecoder().decode(body)) })
      return undefined
    },
    begin: () => undefined,
    event: () => undefined,
    keepAlive: () => undefined,
    end: () => undefined,
    drop: () => undefined,
  }
  const limits = { depthMax: 64, keysPerObjectMax: 100, keysMax: 1000, stringBytesMax: 100_000 }
  const now = { micros: () => 1, ms: () => 1, mono: () => 1 }
  const sessions = new Sessions(
    { bind: () => true, find: () => undefined, drop: () => undefined, expire: () => undefined },
    { sessionsMax: 10, sessionsPerPrincipalMax: 10, idleMs: 1000, ageMs: 1000 },
    () => undefined,
  )
  const gateway: Gateway = {
    policy: () => loaded.policy,
    audit,
    bearer: {
      check: () => {
        throw new Error('not asked here')
      },
      warmUp: async () => [],
    },
    connection: () => undefined,
    sessions,
    tasks: new Tasks(10),
    heads: new Heads(),
    refusedTokens: new RefusedTokens(
      audit,
      () => {
        throw new Error('not asked here')
      },
      10,
    ),
    keepAlive: () => new KeepAlive(1000),
    baseUrl: () => 'http://127.0.0.1',
    limits: {
      body: limits,
      message: limits,
      streamsMax: 10,
      streamsPerSessionMax: 4,
      eventsInFlightMax: 4,
      askedMax: 4,
    },
    now,
    ids: { record: () => 'id' },
    warn: () => undefined,
  }
  const place: Place = {
    principal: {
      id: 'pri_ann',
      issuer: 'https://id.example',
      subject: 'ann',
      groups: options.groups,
      expiresAtMs: 1e15,
    },
    connection: {
      facts: { name: 'bank', labels: {} },
      type: 'mcp-http',
      hide,
      hits: () => 0,
      schemas: new ParamSchemas(10),
      scopes: [],
      bodyBytesMax: 1000,
      passHost: false,
      upstream: {
        async send(_permit, intent, { body }) {
          Receipt.check(intent)
          order.push('sent')
          if (body !== undefined) sent.push(Masked.read(body))
          if (options.upstreamFails !== undefined) throw options.upstreamFails
          const reply = options.reply ?? JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [], card: CARD } })
          return {
            kind: 'body',
            status: 200,
            headers: new Unmasked({ 'content-type': 'application/json' }),
            body: new Unmasked(new TextEncoder().encode(reply)),
            done: () => undefined,
          }
        },
        close: async () => undefined,
      },
    },
    session: sessions.open('pri_ann', 'bank', 1),
    exchange,
    headers: {},
    address: '127.0.0.1',
    policy: loaded.policy,
    since: 0,
  }
  const masked = (text: string) => mask(new Unmasked(new TextEncoder().encode(text)), hide)
  return { gateway, place, exchange, entries, envelopes, disk, sent, order, masked }
}
