import { describe, expect, it } from 'vitest'
import { entryIndex } from '../base/ids.ts'
import { encodeUtf8 } from '../base/bytes.ts'
import { stringifyJson, type JsonObject } from '../base/json.ts'
import type { EntryKind } from '../audit/entry.ts'
import { policyPlaces } from '../config/policy-places.ts'
import { compileInspection } from '../facts/inspection.ts'
import { inspectHere } from '../inspection/inspect-here.ts'
import { loadReaders } from '../inspection/readers.ts'
import { loadPolicy } from '../policy/parse-policy.ts'
import type { ConnectionFacts } from '../policy/rule.ts'
import type { RecordedRecord } from '../recording/read.ts'
import { BacktestTally } from './backtest-report.ts'
import { backtest } from './backtest-run.ts'
import { findSensitive } from '../../test/support/sensitive.ts'

/** A record as a reader finds it, without its log. */
interface Told {
  readonly kind?: EntryKind
  readonly at?: number
  readonly facts?: JsonObject
  readonly more?: JsonObject
  readonly on?: string
  readonly who?: string
  readonly decision?: JsonObject
  readonly integrity?: RecordedRecord['integrity']
}

const READ = { parsed: true, dialect: 'postgresql', verbs: ['read'] }
const DENIED = { effect: 'deny', rule: 'old', matched: ['old'] }

function recordOf(told: Told, seq: number): RecordedRecord {
  const { kind = 'intent', at = seq, facts, more = {}, on = 'db', who = 'ann', integrity = 'verified' } = told
  const decision = told.decision ?? { effect: 'allow', rule: 'old', matched: ['old'] }
  const time = 1_790_000_000_000_000 + at * 1_000_000
  const envelope: JsonObject = {
    dir: 'c2s',
    ts: new Date(time / 1000).toISOString(),
    actor: { sub: who, iss: 'https://idp.example', groups: [], ip: '', client: {} },
    conn: { name: on, type: 'mcp-http', labels: {} },
    mcp: { method: 'tools/call', target: 'query' },
    ...(kind === 'outcome' ? {} : { decision }),
    facts,
    ...more,
  }
  const request = { bytes: encodeUtf8(stringifyJson({ params: { arguments: {} } })), opens: true }
  const none = new Uint8Array()
  const entry = {
    kind,
    flags: 0,
    retentionClass: 1,
    seq,
    time,
    session: undefined,
    policyEpoch: none,
    envelope: none,
    request: none,
    response: undefined,
    prev: undefined,
  }
  return {
    envelope,
    integrity,
    stored: { origin: 'o', seq: entryIndex(seq), entry, leaf: none, parts: { request }, inTree: true },
  }
}

async function* each(told: readonly Told[]): AsyncGenerator<RecordedRecord> {
  for (const [seq, one] of told.entries()) yield await Promise.resolve(recordOf(one, seq))
}

const CONNECTION: ConnectionFacts = { name: 'db', labels: { kind: 'postgres' } }

/** What a policy of these rules makes of these records. */
async function reportOf(rules: string, told: readonly Told[]) {
  const inspection = compileInspection({ labels: CONNECTION.labels })
  if ('kind' in inspection) throw new Error(inspection.message)
  const connections = [{ ...CONNECTION, inspection }]
  const readers = await loadReaders(connections)
  const place = { ...policyPlaces('/tmp/p.yaml'), connections, inspect: inspectHere(readers, findSensitive) }
  const loaded = loadPolicy(`version: 1\nrules:\n${rules}`, place)
  if (loaded.kind === 'mistakes') throw new Error(loaded.mistakes.map(({ message }) => message).join('\n'))
  const { policy } = loaded
  const tally = new BacktestTally()
  const span = { fromMs: 0, toMs: Number.POSITIVE_INFINITY }
  for await (const one of backtest(each(told), { policy, connections, readers, findSensitive, ...span })) tally.add(one)
  return tally.report(policy.shortVersion)
}

const ALLOW = '- { id: all, effect: allow, match: { connections: [db] } }'
const NO_DDL = `${ALLOW}\n- { id: no-ddl, effect: deny, match: { tools: [query] }, when: '"ddl" in sql.verbs' }`
const ONLY_READS = `- { id: reads, effect: allow, match: { tools: [query] }, when: 'sql.verbs == ["read"]' }`
const NOBODY = `- { id: nobody, effect: allow, match: { tools: [other] }, when: 'sql.verbs == ["read"]' }`
const parserInUse =
  (await loadReaders([{ ...CONNECTION, inspection: { inspectors: [], dialect: 'postgresql' } }])).get('postgresql')
    ?.parser ?? ''

describe('a recorded call', () => {
  it('is not judged by facts of another parser, where the policy looks at them', async () => {
    const facts = { sql: { ...READ, parser: 'old-parser@1' } }
    const { not_judged: unjudged } = await reportOf(NO_DDL, [{ facts }, { facts, decision: DENIED, kind: 'refused' }])
    expect(unjudged).toMatchObject({
      count: 2,
      may_widen: 1,
      reasons: { 'old-parser@1 read it, and another parser is in use now': 2 },
    })
    expect((await reportOf(ALLOW, [{ facts }])).unchanged).toEqual({ allow: 1 })
    expect((await reportOf(NO_DDL, [{ facts: { sql: { ...READ, parser: parserInUse } } }])).unchanged).toEqual({
      allow: 1,
    })
  })

  it('is refused without facts where no facts could let it pass', async () => {
    const old: readonly Told[] = [{ kind: 'refused', decision: DENIED }]
    expect(await reportOf(NOBODY, old)).toMatchObject({ unchanged: { deny: 1 }, not_judged: { count: 0 } })
    expect(await reportOf(ONLY_READS, old)).toMatchObject({
      widening: 0,
      not_judged: { count: 1, may_widen: 1, reasons: { 'sql was not recorded': 1 } },
    })
  })

  it('is not judged where it was altered, or its connection is gone', async () => {
    const told: readonly Told[] = [
      { on: 'gone', facts: {} },
      { integrity: 'altered', facts: {} },
    ]
    expect((await reportOf(ALLOW, told)).not_judged).toMatchObject({
      count: 2,
      may_widen: 0,
      reasons: { 'the connection gone is not configured': 1, 'the record was altered': 1 },
    })
  })

  it('is left out where no policy decided it', async () => {
    const protocol = { effect: 'deny', rule: 'protocol' }
    const told: readonly Told[] = [
      { kind: 'refused', decision: protocol },
      { kind: 'refused', decision: { ...DENIED, by: 'limit' } },
      { more: { dir: 's2c' } },
      { kind: 'notification' },
    ]
    expect((await reportOf(ALLOW, told)).decisions).toBe(0)
  })

  it('that passed was allowed, whatever a policy on trial said of it', async () => {
    const told: readonly Told[] = [
      { facts: {}, decision: { effect: 'deny', rule: 'x', matched: ['x'], mode: 'shadow' } },
    ]
    expect(await reportOf(ALLOW, told)).toMatchObject({ widening: 0, unchanged: { allow: 1 } })
  })
})

function limited(limit: string): string {
  return `${ALLOW}\n- { id: few, effect: limit, match: { connections: [db] }, limit: [${limit}] }`
}

function call(at: number, who = 'ann'): Told {
  return { facts: {}, at, who }
}

function reply(of: number, bytes: number, at: number): Told {
  return { kind: 'outcome', at, more: { of, io: { bytes_out: bytes } } }
}

/** Which of these calls have no room, by their numbers, and how many have. */
async function came(limit: string, told: readonly Told[]) {
  const { changes, unchanged } = await reportOf(limited(limit), told)
  return {
    limited: changes.find(({ to }) => to === 'limited')?.examples.map(({ seq }) => seq) ?? [],
    allowed: unchanged['allow'],
  }
}

describe('limits of the new policy', () => {
  it('count calls of each caller by the time they were made', async () => {
    const told = [call(0), call(1), call(2), call(3, 'bob'), call(100)]
    expect(await came('{ calls: 2, per: 1m }', told)).toEqual({ limited: [2], allowed: 4 })
  })

  it('count what replies brought', async () => {
    const told = [call(0), reply(0, 5_000, 1), call(2), call(3600)]
    expect(await came('{ result_bytes: 1KB, per: 10m }', told)).toEqual({ limited: [2], allowed: 2 })
  })

  it('count calls until their outcome', async () => {
    const told = [call(0), call(1), reply(0, 1, 2), call(3)]
    expect(await came('{ concurrent: 1 }', told)).toEqual({ limited: [1], allowed: 2 })
  })

  it('do not count what was refused then as running for ever', async () => {
    const refused: Told = { ...call(0), kind: 'refused', decision: DENIED }
    expect(await came('{ concurrent: 1 }', [refused, call(1)])).toEqual({ limited: [], allowed: 1 })
  })
})
