import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../base/bytes.ts'
import { intentOf } from './pair.ts'

describe('the intent that a record belongs to', () => {
  it('is the member `of` of the envelope itself, wherever it stands', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.option(fc.nat(), { nil: undefined }), (rest, of) => {
        delete rest['of']
        const keys = Object.keys(rest)
        const middle = Math.floor(keys.length / 2)
        const envelope = Object.fromEntries([
          ...keys.slice(0, middle).map((key) => [key, rest[key]]),
          ['of', of],
          ...keys.slice(middle).map((key) => [key, rest[key]]),
        ])
        expect(intentOf(encodeUtf8(JSON.stringify(envelope)))).toBe(of)
      }),
    )
  })

  it.each([
    '{"io":{"part":{"i":1,"of":4}}}',
    String.raw`{"a":"\"of\":7"}`,
    String.raw`{"a":"\\","b":["of",5]}`,
    '{"of":"7"}',
    '{"of":null}',
    '[{"of":3}]',
    '',
  ])('is not found in %s', (text) => {
    expect(intentOf(encodeUtf8(text))).toBeUndefined()
  })
})
