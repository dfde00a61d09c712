import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeColumn, encodeColumn, valuesIn } from './columns.ts'

const numbers = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: -5, max: 70_000 }),
  fc.integer({ min: 0, max: 2 ** 40 }),
  fc.constant(1_795_341_600_000_000),
)

describe('a column', () => {
  it('gives back what was put in', () => {
    fc.assert(
      fc.property(fc.array(fc.option(numbers, { nil: undefined }), { maxLength: 40 }), (values) => {
        expect(valuesIn(decodeColumn(encodeColumn(values), values.length), values.length)).toEqual(values)
      }),
    )
  })

  it('takes as few bytes as its numbers are apart', () => {
    const columns = [
      [7, 7, 7],
      [undefined, undefined],
      [1e15, 1e15 + 254],
      [1, 256],
      [1, 65_536],
    ]
    expect(columns.map((values) => encodeColumn(values).length - 16)).toEqual([0, 0, 2, 4, 8])
  })

  it.each([
    ['shorter than it says', encodeColumn([1, 2, 3]).subarray(0, 18)],
    ['of another length', encodeColumn([1, 2, 3, 4])],
    ['of a width that there is not', Uint8Array.from(encodeColumn([1, 2, 3]), (byte, i) => (i === 0 ? 3 : byte))],
    ['nothing', new Uint8Array()],
  ])('that is %s is damage', (_, bytes) => {
    expect(() => decodeColumn(bytes, 3)).toThrow('A database is damaged')
  })
})
