import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENTRY_KINDS, isEntryKind } from '../audit/entry.ts'
import { entryIndex, sessionId } from '../base/ids.ts'
import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import { type Envelope, writeEnvelope } from './envelope.ts'
import { sortedText } from './sorted-json.ts'

const FULL: Envelope = {
  id: '019aaa00-0000-7000-8000-000000000000',
  kind: 'intent',
  dir: 'c2s',
  of: entryIndex(7),
  ts: 1_795_341_600_000_123,
  mono_us: 918_273_645,
  tenant: 'acme',
  session: { id: sessionId(new Uint8Array(16).fill(1)), basis: 'window', n: 17, started: 1_795_341_600_000_000 },
  trace: { trace_id: 'a', span_id: 'b' },
  actor: {
    sub: 'ann',
    iss: 'https://idp',
    email: 'a@example.com',
    groups: ['z', 'a'],
    client: { name: 'x', id: 'y' },
    ip: '::1',
    ua: 'u',
  },
  conn: { name: 'pg', type: 'mcp-http', labels: { zone: 'b', env: 'prod' }, server: { version: '1', name: 's' } },
  mcp: {
    era: 'legacy',
    proto: '2025-06-18',
    transport: 'http',
    method: 'tools/call',
    target: 'query',
    req_id: '"7"',
    is_error: true,
  },
  decision: {
    effect: 'allow',
    rule: 'r',
    matched: ['r', 'q'],
    policy: 'v3',
    mode: 'enforce',
    left_out: 2,
    latency_us: 12,
  },
  facts: { b: [{ d: 1, c: 2 }], a: null },
  masking: {
    verified: 'passed',
    rules: 'r',
    restored: ['b', 'a'],
    left_in_place: { phone: 1, email: 2 },
    not_inspected: ['image/png'],
    minted: 1,
    pieces: 2,
    bytes_in: 9,
    entities: { secret: { redact: 2 }, email: { surrogate: 1, partial: 2 } },
  },
  io: { bytes_in: 1, bytes_out: 2, status: 200, upstream_us: 3, total_us: 4, part: { i: 0, of: 4 } },
  outcome: { status: 'ok', detail: 'd' },
  change: { resource: 'policy/prod', before: 'x', after: 'y' },
  log: { z: 1, a: { y: 1, x: 2 } },
  error: { code: 'c', detail: 'd' },
  tags: ['b', 'a'],
}

describe('an envelope', () => {
  it('has sorted keys at every level and no white space, whatever is in it', () => {
    const text = writeEnvelope(FULL)
    expect(text).toBe(sortedText(parseJson(text)))
    expect(parseJson(text)).toMatchObject({
      v: 1,
      of: 7,
      ts: '2026-11-22T10:00:00.000123Z',
      actor: { groups: ['z', 'a'] },
    })
  })

  it('is sorted where keys are not ours to choose, too', () => {
    const freeForm = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('10', '9', '__proto__', 'é', '\u{1f600}', '\ufb01')),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(
        freeForm,
        fc.dictionary(fc.string(), fc.string()),
        fc.constantFrom(...kinds()),
        (free, labels, kind) => {
          const change = integersOnly(free)
          const text = writeEnvelope({
            ...FULL,
            kind,
            change,
            log: change,
            conn: { name: 'c', type: 'mcp-http', labels },
          })
          const parsed: unknown = JSON.parse(text)
          expect(text).toBe(isObject(parsed) ? sortedText(parsed) : '')
          expect(isObject(parsed) && parsed['change']).toEqual(JSON.parse(JSON.stringify(change)))
        },
      ),
      { numRuns: 200 },
    )
  })

  it('leaves out what is undefined', () => {
    const { dir, id, kind, mono_us, ts } = FULL
    expect(writeEnvelope({ dir, id, kind, mono_us, ts, actor: undefined })).toBe(
      `{"dir":"c2s","id":"${id}","kind":"intent","mono_us":918273645,"ts":"2026-11-22T10:00:00.000123Z","v":1}`,
    )
  })

  it.each([0.5, Number.NaN, 2 ** 53])('refuses %s, which is no integer that every reader agrees on', (value) => {
    expect(() => writeEnvelope({ ...FULL, mono_us: value })).toThrow('integers')
    expect(() => writeEnvelope({ ...FULL, log: { deep: [{ value }] } })).toThrow('integers')
  })
})

function kinds() {
  return Object.keys(ENTRY_KINDS).filter(isEntryKind)
}

function integersOnly(value: unknown): JsonObject {
  const text = JSON.stringify(value, (_, item: unknown) => (typeof item === 'number' ? Math.trunc(item % 1e9) : item))
  const object = parseJson(text)
  return isObject(object) ? object : {}
}
