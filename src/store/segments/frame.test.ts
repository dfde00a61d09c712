import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FRAME, FRAME_HEAD_BYTES, frameBytes, readFrame, saltCrc, sealFrame } from './frame.ts'

const SALT = saltCrc(new Uint8Array(16).fill(7))

describe('a frame', () => {
  it('comes back as it was written, wherever it stands', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(2 ** 31), fc.nat(5), (body, seq, place) => {
        const { at, bytes, next } = frameOf(body, { seq: seq * 2 ** 20, place })
        expect(readFrame(bytes, at, bytes.length, SALT)).toEqual({
          type: FRAME.record,
          seq: seq * 2 ** 20,
          records: 1,
          head: bytes.subarray(at, at + FRAME_HEAD_BYTES),
          body: Buffer.from(body),
          next,
        })
        expect(next % 8).toBe(0)
      }),
    )
  })

  it('is not read with any bit of it changed, not even in its padding', () => {
    const { at, bytes, next } = frameOf(Uint8Array.of(1, 2, 3), { seq: 5, place: 1 })
    for (let bit = at * 8; bit < next * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(readFrame(changed, at, changed.length, SALT), `bit ${bit}`).toBeUndefined()
    }
  })

  it('is not read under the salt of another use of the file', () => {
    const { at, bytes } = frameOf(Uint8Array.of(1), { seq: 0, place: 0 })
    expect(readFrame(bytes, at, bytes.length, saltCrc(new Uint8Array(16).fill(8)))).toBeUndefined()
  })

  it('is not read where it reaches beyond the end', () => {
    const { at, bytes, next } = frameOf(Uint8Array.of(1), { seq: 0, place: 0 })
    expect(readFrame(bytes, at, next - 1, SALT)).toBeUndefined()
    expect(readFrame(bytes, at, next, SALT)).toBeDefined()
  })

  it('is never found in zeros or in noise', () => {
    expect(readFrame(Buffer.alloc(64), 0, 64, SALT)).toBeUndefined()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(readFrame(Buffer.from(noise), 0, noise.length, SALT)).toBeUndefined()
      }),
    )
  })
})

function frameOf(body: Uint8Array, { place, seq }: { place: number; seq: number }) {
  const at = place * 8
  const bytes = Buffer.alloc(at + frameBytes(body.length) + 8, 0xff)
  bytes.set(body, at + FRAME_HEAD_BYTES)
  const head = { type: FRAME.record, seq, records: 1, bodyBytes: body.length, saltCrc: SALT }
  return { at, bytes, next: sealFrame(bytes, at, head) }
}
