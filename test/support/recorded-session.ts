// Records as a reader of the log finds them, made for tests of what is shown and exported.
import type { EntryKind } from '../../src/audit/entry.ts'
import type { StoredRecord } from '../../src/audit/stored.ts'
import { encodeUtf8 } from '../../src/base/bytes.ts'
import type { RecordedSession } from '../../src/recording/load-session.ts'
import { loadSession } from '../../src/recording/load-session.ts'

export interface MadeRecord {
  readonly kind: EntryKind
  readonly envelope?: Readonly<Record<string, unknown>>
  readonly request?: string
  readonly response?: string
  readonly opens?: boolean
  /** Microseconds after the first. */
  readonly after?: number
  /** 0: no session. */
  readonly session?: number
}

export const FIRST = 1_795_341_600_000_000
const ZERO = new Uint8Array(32)

/** Numbered from 0 in their order. */
export function storedRecords(made: readonly MadeRecord[]): StoredRecord[] {
  return made.map(({ after = 0, envelope = {}, kind, opens = true, request, response, session = 1 }, seq) => ({
    origin: 'deployment/node/incarnation',
    seq,
    leaf: ZERO,
    inTree: true,
    entry: {
      kind,
      flags: (request === undefined ? 0 : 2) | (response === undefined ? 0 : 4),
      retentionClass: 1,
      seq,
      time: FIRST + after,
      session: session === 0 ? undefined : new Uint8Array(16).fill(session),
      policyEpoch: ZERO.subarray(16),
      envelope: ZERO,
      request: request === undefined ? undefined : ZERO,
      response: response === undefined ? undefined : ZERO,
      prev: undefined,
    },
    parts: {
      envelope: { bytes: encodeUtf8(JSON.stringify({ v: 1, kind, ...envelope })), opens: true },
      ...(request === undefined ? {} : { request: { bytes: encodeUtf8(request), opens } }),
      ...(response === undefined ? {} : { response: { bytes: encodeUtf8(response), opens } }),
    },
  }))
}

export async function* asLog(records: readonly StoredRecord[]): AsyncGenerator<StoredRecord, void, undefined> {
  yield* records
}

export async function madeSession(made: readonly MadeRecord[]): Promise<RecordedSession> {
  const loaded = await loadSession(asLog(storedRecords(made)), 'ses_01')
  if (loaded.kind !== 'one') throw new Error(`the session is ${loaded.kind}`)
  return loaded.session
}

/** A call and its reply: seq of the intent is what the outcome names. */
export function madeCall(of: number, more: { request?: string; response?: string; after?: number } = {}): MadeRecord[] {
  const common = {
    dir: 'c2s',
    ts: '2026-11-22T10:00:00.000000Z',
    id: '019aaa',
    tenant: 'acme',
    session: { id: `ses_${'01'.repeat(16)}`, basis: 'mcp-session-id', n: 1 },
    actor: {
      sub: 'ann',
      iss: 'https://idp.example',
      email: 'ann@example.com',
      groups: ['dev'],
      client: { name: 'cli' },
      ip: '127.0.0.1',
    },
    conn: { name: 'db', type: 'mcp-http', labels: {} },
    mcp: { era: 'legacy', method: 'tools/call', target: 'query', transport: 'http', req_id: '7' },
  }
  const after = more.after ?? 0
  return [
    {
      kind: 'intent',
      after,
      envelope: {
        ...common,
        decision: { effect: 'allow', rule: 'readers', policy: 'abc', mode: 'enforce', latency_us: 5 },
      },
      request:
        more.request ??
        '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"query","arguments":{"sql":"SELECT 1"}}}',
    },
    {
      kind: 'outcome',
      after: after + 2000,
      envelope: {
        ...common,
        of,
        outcome: { status: 'ok' },
        io: { total_us: 1500, status: 200, bytes_out: 20 },
        masking: { entities: { email: { surrogate: 2, redact: 1 } } },
      },
      response: more.response ?? '{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"1"}]}}',
    },
  ]
}
