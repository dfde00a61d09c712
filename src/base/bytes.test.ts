import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  concat,
  decodeLatin1,
  decodeUtf8,
  encodeUtf8,
  equal,
  equalSecret,
  fromBase64,
  fromBase64Url,
  fromHex,
  indexOf,
  isAscii,
  isUtf8,
  toBase64,
  toBase64Url,
  toHex,
} from './bytes.ts'

describe('text and bytes', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeUtf8(encodeUtf8(text))).toBe(text)
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) =>
        equal(
          Uint8Array.from(decodeLatin1(bytes), (c) => c.charCodeAt(0)),
          bytes,
        ),
      ),
    )
  })
  it('are read from a part of a larger array', () => {
    const whole = encodeUtf8('xxhelloyy')
    expect(decodeUtf8(new Uint8Array(whole).subarray(2, 7))).toBe('hello')
    expect(decodeUtf8(whole, 2, 7)).toBe('hello')
  })
  it('are told apart when they are no UTF-8', () => {
    expect(isUtf8(Uint8Array.of(0xc0, 0xaf))).toBe(false)
    expect(isUtf8(encodeUtf8('€'))).toBe(true)
    expect(isAscii(encodeUtf8('€'))).toBe(false)
  })
})

describe('encodings', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect([fromHex(toHex(bytes)), fromBase64(toBase64(bytes)), fromBase64Url(toBase64Url(bytes))]).toEqual(
          Array.from({ length: 3 }, () => encode(bytes)),
        )
      }),
    )
  })
  it.each([
    ['hex', fromHex, ['0', 'zz', '0x00', '00 ']],
    ['base64', fromBase64, ['QQ', 'QR==', 'Q===', 'QUI=\n', 'QUJD QUJD', '-_==']],
    ['base64url', fromBase64Url, ['QQ==', 'QR', '+/', 'QUJD\n']],
  ] as const)('%s refuses what its writer would not write', (_name, read, texts) => {
    for (const text of texts) expect(read(text)).toBeUndefined()
  })
})

describe('parts of bytes', () => {
  it('are found where they are', () => {
    const haystack = encodeUtf8('a needle, a needle')
    expect(indexOf(haystack, encodeUtf8('needle'))).toBe(2)
    expect(indexOf(haystack, encodeUtf8('needle'), 3)).toBe(12)
    expect(indexOf(haystack, encodeUtf8('pin'))).toBe(-1)
    expect(indexOf(haystack, encodeUtf8(''))).toBe(-1)
  })
  it('are put together', () => {
    expect(decodeUtf8(concat([encodeUtf8('a'), encodeUtf8(''), encodeUtf8('bc')]))).toBe('abc')
    expect(concat([])).toHaveLength(0)
  })
  it('compare as secrets without throwing on another length', () => {
    expect(equalSecret(encodeUtf8('same'), encodeUtf8('same'))).toBe(true)
    expect(equalSecret(encodeUtf8('same'), encodeUtf8('sane'))).toBe(false)
    expect(equalSecret(encodeUtf8('same'), encodeUtf8('longer'))).toBe(false)
  })
})

function encode(bytes: Uint8Array): Uint8Array {
  return concat([encodeUtf8(''), bytes])
}
