import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import { type JsonObject, stringifyJson } from '../base/json.ts'
import { NOTHING_SENSITIVE } from '../masking/sensitive.ts'
import { NO_CIRCUMSTANCES } from './circumstances.ts'
import { argsDigest, inputsOf } from './inputs.ts'
import { recordedQuestion } from './recorded-question.ts'

const ARGS = { pin: '4711' }
const WHO = {
  subject: 'alice',
  issuer: 'https://idp.example',
  email: undefined,
  groups: [],
  claims: {},
  amr: undefined,
}

/** What a back-test of a rule about arguments lacks in a record with these facts. */
function missing(facts: JsonObject, args?: JsonObject): readonly string[] | undefined {
  const envelope = {
    ts: '2026-11-22T10:00:00.000000Z',
    actor: { sub: 'alice' },
    conn: { name: 'bank' },
    mcp: { method: 'tools/call', target: 'pay' },
    facts,
  }
  const request = args && encodeUtf8(stringifyJson({ params: { name: 'pay', arguments: args } }))
  const asking = { uses: new Set(['args.pin']), findSensitive: () => NOTHING_SENSITIVE }
  return recordedQuestion({ envelope, request }, asking)?.missing
}

describe('whether a request is kept as it was judged', () => {
  it('is said without a hash by which what was erased could be guessed', () => {
    const written = inputsOf(WHO, { ...NO_CIRCUMSTANCES, args: ARGS }, { uses: new Set(), isMasked: false })
    expect(stringifyJson(written)).not.toMatch(/[0-9a-f]{32}/)
    expect(missing(written, ARGS)).toEqual([])
    expect(missing(written)).toEqual(['args'])
  })

  it('is found by the hash that older records have', () => {
    const older = { args_sha256: argsDigest(ARGS) }
    expect(missing(older, ARGS)).toEqual([])
    expect(missing(older, { pin: '4712' })).toEqual(['args'])
    expect(missing(older)).toEqual(['args'])
  })
})
