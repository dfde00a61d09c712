import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { itemsAt, membersAt, splice, valueAt } from './places.ts'

describe('places in a text that was scanned', () => {
  it('hold the members of an object, in order, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
        fc.constantFrom(undefined, 1),
        (object, indent) => {
          const bytes = encodeUtf8(` \n${JSON.stringify(object, null, indent)}`)
          const found = membersAt(bytes, valueAt(bytes)).map(({ key, start, end }) => [key, textOf(bytes, start, end)])
          expect(found.map(([key, text]) => [key, JSON.stringify(JSON.parse(text ?? ''))])).toEqual(
            Object.entries(object).map(([key, value]) => [key, JSON.stringify(value)]),
          )
        },
      ),
    )
  })
  it('hold the items of an array', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (array) => {
        const bytes = encodeUtf8(JSON.stringify(array))
        expect(itemsAt(bytes, 0).map(({ start, end }) => textOf(bytes, start, end))).toEqual(
          array.map((item) => JSON.stringify(item)),
        )
      }),
    )
  })
  it('are none where another value stands', () => {
    expect(membersAt(encodeUtf8('[1]'), 0)).toEqual([])
    expect(itemsAt(encodeUtf8('{"a":1}'), 0)).toEqual([])
  })
})

describe('a text with parts replaced', () => {
  it('is otherwise as it was', () => {
    const bytes = encodeUtf8('{"a": 1.0, "b" :2}')
    const edits = membersAt(bytes, 0).map(({ start, end, key }) => ({ start, end, text: `"${key}!"` }))
    expect(decodeUtf8(splice(bytes, edits))).toBe('{"a": "a!", "b" :"b!"}')
    expect(decodeUtf8(splice(bytes, []))).toBe('{"a": 1.0, "b" :2}')
  })
})

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return decodeUtf8(bytes, start, end)
}
