// Everything that carry() needs, in memory, and everything that happened there.
import { Desk } from '../../src/approval/desk.ts'
import type { ApprovalRows } from '../../src/approval/rows.ts'
import type { EntryKind } from '../../src/audit/entry.ts'
import { type Entry, Receipt } from '../../src/audit/log.ts'
import { STANDARD_TERMS } from '../../src/audit/retention-class.ts'
import { GatewayError } from '../../src/base/assert.ts'
import { entryIndex } from '../../src/base/ids.ts'
import type { Exchange } from '../../src/downstream/exchange.ts'
import { KeepAlive } from '../../src/downstream/keep-alive.ts'
import { NO_FACTS } from '../../src/facts/facts.ts'
import type { Gateway, Place } from '../../src/gateway/gateway.ts'
import { Holds } from '../../src/gateway/holds.ts'
import { Heads } from '../../src/gateway/heads.ts'
import { KnownTools } from '../../src/gateway/known-tools.ts'
import { RefusedTokens } from '../../src/gateway/refused-tokens.ts'
import { Tasks } from '../../src/gateway/tasks.ts'
import { Limits } from '../../src/limits/limits.ts'
import { Dispatch, type Hide, mask, Masked, Unmasked } from '../../src/masking/masked.ts'
import type { ConnectionMasker } from '../../src/masking/passage.ts'
import { NOTHING_SENSITIVE } from '../../src/masking/sensitive.ts'
import type { ClientRequest } from '../../src/protocol/message.ts'
import { Logouts } from '../../src/session/logouts.ts'
import { Sessions } from '../../src/session/sessions.ts'
import { loadRight } from './policy.ts'

/** What masking hides in this world. */
export const CARD = '4111111111111111'

const POLICY = `
version: 1
default: deny
groups: { staff: [staff] }
rules:
- { id: staff-pays, effect: allow, match: { groups: [staff], tools: [pay, refund] } }
- { id: nobody-deletes, effect: deny, match: { tools: [delete] } }
`

/** A legacy `tools/call` with the id 1, as the scanner would read it. */
export function toolCall(name: string, args: Record<string, unknown>): ClientRequest {
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

export interface CarryOptions {
  readonly groups: readonly string[]
  readonly failOn?: EntryKind
  readonly upstreamFails?: Error
  readonly reply?: string
}

/**
 * A gateway in front of one bank. Policy, masking and sessions are the real ones; the log and the upstream only write down
 * what reaches them, and in which order.
 */
export function setUpCarry(options: CarryOptions) {
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
  const { policy } = loadRight(POLICY, { connections: [{ name: 'bank' }] })
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
    cut: () => undefined,
  }
  const limits = { depthMax: 64, keysPerObjectMax: 100, keysMax: 1000, stringBytesMax: 100_000 }
  const now = { micros: () => 1, ms: () => 1, mono: () => 1 }
  const sessions = new Sessions(
    {
      bind: () => true,
      find: () => undefined,
      drop: () => undefined,
      sessions: () => new Set(),
      expire: () => undefined,
    },
    { sessionsMax: 10, sessionsPerPrincipalMax: 10, idleMs: 1000, windowIdleMs: 1000, ageMs: 1000 },
    () => undefined,
  )
  const gateway: Gateway = {
    policy: () => policy,
    arguments: { read: () => NO_FACTS },
    rateLimits: new Limits({ load: () => [], save: () => undefined }, { nowMs: 1 }),
    shadow: () => undefined,
    audit,
    bearer: {
      check: () => {
        throw new Error('not asked here')
      },
      warmUp: async () => [],
      readLogout: async () => 'not asked here',
    },
    connection: () => undefined,
    sessions,
    logouts: new Logouts({ load: () => [], save: () => undefined, expire: () => undefined }),
    tasks: new Tasks(10),
    approvals: nobodyApproves(),
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
      claims: {},
      expiresAtMs: 1e15,
    },
    connection: {
      facts: { name: 'bank', labels: {} },
      type: 'mcp-http',
      hide,
      masker: maskerOf(hide),
      tools: new KnownTools(10, { first: (_, hash) => hash, find: () => undefined }),
      identity: 'bank',
      retentionClass: 1,
      recording: STANDARD_TERMS,
      scopes: [],
      bodyBytesMax: 1000,
      passHost: false,
      upstream: {
        async send(_permit, intent, { body }) {
          Receipt.check(intent)
          order.push('sent')
          if (body !== undefined) sent.push(body.derive((bytes) => bytes))
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
    policy,
    since: 0,
  }
  const masked = (text: string) => mask(new Unmasked(new TextEncoder().encode(text)), hide)
  return { gateway, place, exchange, entries, envelopes, disk, sent, order, masked }
}

/** Hides the card both ways and turns nothing back. */
function maskerOf(hide: Hide): ConnectionMasker {
  return {
    label: (text) => hide.text(text),
    recorded: (list) => hide.text(list),
    sensitiveIn: () => NOTHING_SENSITIVE,
    secretsIn: () => [],
    isSensitiveName: () => false,
    passage: () => ({
      results: hide,
      record: hide,
      kept: (shown) => shown,
      keptAlone: (dropped) => dropped,
      terms: [],
      textsOf: () => [],
      tell: () => undefined,
      outbound: (bytes) => ({ kind: 'pass', body: new Dispatch(hide.bytes(bytes)), restored: [] }),
    }),
  }
}

/** No rule of this world wants an approval. */
function nobodyApproves(): Gateway['approvals'] {
  return {
    desk: new Desk({
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else is asked for here
      rows: { list: () => [] } as unknown as ApprovalRows,
      record: notAsked,
      nowMs: () => 1,
      random: notAsked,
      limits: { pendingMax: 1, pendingPerPersonMax: 1, sessionMs: 1, deniedMs: 1, keptMs: 1 },
    }),
    get breakGlass() {
      return notAsked()
    },
    get logins() {
      return notAsked()
    },
    deliveries: notAsked,
    holds: new Holds(),
    get tasks() {
      return notAsked()
    },
    keyName: 'none',
    seal: notAsked,
    unseal: notAsked,
    exact: notAsked,
    terms: { holdMs: 1, holdToldMs: 1, progressEveryMs: 1, actsFor: {} },
  }
}

function notAsked(): never {
  throw new Error('not asked here')
}
