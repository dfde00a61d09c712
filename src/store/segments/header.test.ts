import { describe, expect, it } from 'vitest'
import { originOf } from '../../audit/origin.ts'
import { decodeHeader, encodeHeader, HEADER_BYTES, type SegmentHeader, segmentName, segmentNumber } from './header.ts'

const HEADER: SegmentHeader = {
  number: 0x1234,
  firstSeq: 2 ** 40 + 5,
  salt: new Uint8Array(16).fill(3),
  created: 1_795_341_600_000_000,
  previous: 0x1233,
  voidFrom: 65_536,
  origin: originOf({
    deployment: new Uint8Array(16).fill(1),
    node: new Uint8Array(16).fill(2),
    incarnation: new Uint8Array(10).fill(3),
  }),
  range: [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte)),
}

describe('the header of a segment', () => {
  it('comes back as it was written', () => {
    expect(plain(decodeHeader(encodeHeader(HEADER)))).toEqual(plain(HEADER))
    const first = { ...HEADER, number: 0, firstSeq: 0, range: [], previous: undefined, voidFrom: undefined }
    expect(plain(decodeHeader(encodeHeader(first)))).toEqual(plain(first))
  })

  it('is not read with any byte of it changed or missing', () => {
    const bytes = encodeHeader(HEADER)
    for (let at = 0; at < HEADER_BYTES; at++) {
      const changed = Uint8Array.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 0x40
      expect(decodeHeader(changed), `byte ${at}`).toBeUndefined()
    }
    expect(decodeHeader(bytes.subarray(0, HEADER_BYTES - 1))).toBeUndefined()
  })

  it('is named by its number, so that names sort as numbers do', () => {
    expect(segmentName(255)).toBe('00000000000000ff.seg')
    expect(segmentNumber('00000000000000ff.seg')).toBe(255)
    expect(segmentNumber('00000000000000ff.seg.new')).toBeUndefined()
    expect(segmentName(16) > segmentName(9)).toBe(true)
  })
})

function plain(header: SegmentHeader | undefined) {
  return header && { ...header, salt: [...header.salt], range: header.range.map((hash) => [...hash]) }
}
