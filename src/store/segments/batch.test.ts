import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLatin1, decodeUtf8 } from '../../base/bytes.ts'
import { sessionId } from '../../base/ids.ts'
import { COMMIT_HEAD_BYTES } from '../../audit/commitment.ts'
import { ENTRY_AT, ENTRY_BYTES } from '../../audit/entry.ts'
import {
  type BatchRecord,
  BatchWriter,
  copyIds,
  envelopeOf,
  type NewRecord,
  type PartPlace,
  readBatch,
  sessionOf,
} from './batch.ts'

const bytes16 = fc.uint8Array({ minLength: 16, maxLength: 16 })
const records: fc.Arbitrary<readonly NewRecord[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('intent' as const, 'outcome' as const, 'error' as const),
    time: fc.nat(2 ** 31).map((n) => n * 2 ** 20),
    session: fc.option(bytes16.map(sessionId), { nil: undefined }),
    policyEpoch: bytes16,
    envelope: fc.string({ unit: 'grapheme', maxLength: 200 }),
    request: fc.option(fc.uint8Array({ maxLength: 40_000 }), { nil: undefined }),
    response: fc.option(fc.uint8Array({ maxLength: 100 }), { nil: undefined }),
    partial: fc.boolean(),
  }),
  { maxLength: 6 },
)

describe('a batch', () => {
  it('brings records to the other thread as they were', () => {
    fc.assert(
      fc.property(records, (given) => {
        const writer = new BatchWriter(64)
        for (const record of given) writer.add(record)
        expect([...readBatch(writer.take())].map(plain)).toEqual(
          given.map((record) => ({
            ...record,
            policyEpoch: [...record.policyEpoch],
            session: record.session ?? sessionId(new Uint8Array(16)),
            request: record.request && [...record.request],
            response: record.response && [...record.response],
          })),
        )
      }),
      { numRuns: 100 },
    )
  })

  it('takes no session id of another shape', () => {
    const record = { kind: 'intent', time: 1, policyEpoch: new Uint8Array(16), envelope: '{}' } as const
    for (const session of ['ses_', 'ses_12', `ses_${'zz'.repeat(16)}`, `ses_${'ab'.repeat(17)}`] as const)
      expect(() => new BatchWriter().add({ ...record, session })).toThrow('32 hexadecimal digits')
  })
})

function plain(record: BatchRecord) {
  const content = (part: PartPlace | undefined) =>
    part && [...record.bytes.subarray(part.head + COMMIT_HEAD_BYTES, part.head + COMMIT_HEAD_BYTES + part.length)]
  const entry = new Uint8Array(ENTRY_BYTES)
  copyIds(record, entry)
  const ids = entry.subarray(ENTRY_AT.session, ENTRY_AT.session + 32)
  expect(sessionOf(record)).toBe(decodeLatin1(ids.subarray(0, 16)))
  return {
    kind: record.kind,
    time: record.time,
    session: sessionId(ids.subarray(0, 16)),
    policyEpoch: [...ids.subarray(16)],
    envelope: decodeUtf8(envelopeOf(record)),
    request: content(record.request),
    response: content(record.response),
    partial: record.partial,
  }
}
