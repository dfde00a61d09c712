import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { LogInMemory } from '../../test/support/log-in-memory.ts'
import { encodeUtf8 } from '../base/bytes.ts'
import { authenticate, continues, parseAddCheckpoint, writeAddCheckpoint } from './add-checkpoint.ts'
import { writeNote } from '../audit/note.ts'

const log = new LogInMemory().append('0', '1', '2', '3', '4', '5', '6')
const bytes = encodeUtf8(log.request(3, 7))

it('a request is read as it was written', () => {
  const { head, oldSize, proof } = parseAddCheckpoint(bytes) ?? { oldSize: -1, proof: [], head: undefined }
  expect(head && encodeUtf8(writeAddCheckpoint({ oldSize, proof, note: writeNote(head.note) }))).toEqual(bytes)
})

it('no request that differs in any byte is taken for growth', () => {
  const last = { size: 3, root: parseAddCheckpoint(encodeUtf8(log.request(3, 3)))?.head.root ?? new Uint8Array() }
  const isTaken = (body: Uint8Array) => {
    const request = parseAddCheckpoint(body)
    if (request === undefined || authenticate(request, [log.signer.key]).kind !== 'signed') return false
    return continues(request, last).kind === 'continues'
  }
  expect(isTaken(bytes)).toBe(true)
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
      return !isTaken(bytes.with(at, (bytes[at] ?? 0) ^ change))
    }),
    { numRuns: 1000 },
  )
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (body) => !isTaken(body)))
})
