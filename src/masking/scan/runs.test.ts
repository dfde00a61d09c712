import { assert as assertAll, constantFrom, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeLatin1, encodeUtf8 } from '../../base/bytes.ts'
import { scanRuns } from './runs.ts'

type Found = readonly [start: number, end: number, digits: number]

function found(bytes: Uint8Array): Found[] {
  const list: Found[] = []
  scanRuns(bytes, (start, end, digits) => list.push([start, end, digits]))
  return list
}

function byRegex(bytes: Uint8Array): Found[] {
  return [...decodeLatin1(bytes).matchAll(/[0-9 .()/\-+A-Z]{7,}/g)]
    .map((match): Found => [match.index, match.index + match[0].length, match[0].replaceAll(/\D/g, '').length])
    .filter(([, , digits]) => digits >= 4)
}

describe('the scan for runs of digits', () => {
  it('finds what a regular expression finds', () => {
    const unit = constantFrom('1', '7', ' ', '-', 'A', '.', 'x', '"', '€')
    assertAll(
      property(string({ unit, maxLength: 400 }), (text) => {
        const bytes = encodeUtf8(text)
        expect(found(bytes)).toEqual(byRegex(bytes))
      }),
      { numRuns: 3_000 },
    )
  })

  it.each(['1.1.1.1', '4111 1111 1111 1111', 'DE89370400440532013000', '(212) 555-0100', '+1-1111'])(
    'finds %s at every alignment, between small letters and at both ends',
    (number) => {
      for (let before = 0; before < 30; before += 1) {
        for (let after = 0; after < 9; after += 1) {
          const bytes = encodeUtf8('x'.repeat(before) + number + 'x'.repeat(after))
          const digits = number.replaceAll(/\D/g, '').length
          expect(found(bytes)).toEqual([[before, before + number.length, digits]])
        }
      }
    },
  )

  it('begins after the letter of an escape', () => {
    const text = String.raw`"a\n4111111111111111\t4111111111111111"`
    expect(found(encodeUtf8(text))).toEqual([
      [4, 20, 16],
      [22, 38, 16],
    ])
  })

  it('leaves fewer than seven bytes and fewer than four digits', () => {
    expect(found(encodeUtf8('x123456x 1 2 3 x------------123x'))).toEqual([])
  })

  it('reports a run that is as long as the message once', () => {
    const bytes = new Uint8Array(262_144).fill(0x31)
    expect(found(bytes)).toEqual([[0, 262_144, 262_144]])
  })
})
