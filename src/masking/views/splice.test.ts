import { array, assert, nat, property, string, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts'
import { type Edit, mergeEdits, splice } from './splice.ts'

/** Texts with some cuts: at even ones an edit begins, at odd ones it ends. */
const edited = tuple(
  string({ maxLength: 400 }),
  array(nat(), { maxLength: 12 }),
  array(string(), { minLength: 6 }),
).map(([text, cuts, puts]) => {
  const ascii = text.replaceAll(/[^ -~]/g, '?')
  const sorted = cuts.map((cut) => cut % (ascii.length + 1)).toSorted((a, b) => a - b)
  const edits = Array.from({ length: sorted.length >> 1 }, (_, i) => ({
    start: sorted[2 * i] ?? 0,
    end: sorted[2 * i + 1] ?? 0,
    put: puts[i % puts.length] ?? '',
  }))
  return { text: ascii, edits }
})

describe('a splice', () => {
  it('gives what replacing in a string gives', () => {
    assert(
      property(edited, ({ text, edits }) => {
        const expected = edits.reduceRight(
          (out, { start, end, put }) => out.slice(0, start) + put + out.slice(end),
          text,
        )
        const out = splice(
          encodeUtf8(text),
          edits.map(({ start, end, put }) => ({ start, end, put: encodeUtf8(put) })),
        )
        expect(decodeUtf8(out)).toBe(expected)
      }),
    )
  })

  it('copies long pieces and short ones alike', () => {
    const text = 'x'.repeat(500)
    const out = splice(encodeUtf8(text), [edit(10, 20, 'short'), edit(200, 300, 'y'.repeat(300))])
    expect(decodeUtf8(out)).toBe(`${'x'.repeat(10)}short${'x'.repeat(180)}${'y'.repeat(300)}${'x'.repeat(200)}`)
  })

  it('refuses edits that overlap, rather than to write over what is hidden', () => {
    expect(() => splice(encodeUtf8('abcdef'), [edit(0, 4, 'x'), edit(3, 5, 'y')])).toThrow(/apart/)
  })
})

describe('merged edits', () => {
  it('are in order, apart, and cover all that was to be covered', () => {
    const any = array(tuple(nat(60), nat(12)).map(([start, size]) => edit(start, start + size, 'x')))
    assert(
      property(any, (edits) => {
        const merged = mergeEdits(edits)
        for (const [i, { start }] of merged.entries()) expect(start).toBeGreaterThanOrEqual(merged[i - 1]?.end ?? 0)
        for (const { start, end } of edits)
          expect(merged.some((one) => one.start <= start && end <= one.end)).toBe(true)
      }),
    )
  })

  it('put what the widest of them puts', () => {
    const [merged] = mergeEdits([edit(0, 3, 'a'), edit(2, 9, 'b'), edit(8, 10, 'c')])
    expect(merged).toEqual(edit(0, 10, 'b'))
  })

  it('that only touch stay two', () => {
    expect(mergeEdits([edit(3, 5, 'b'), edit(0, 3, 'a')])).toEqual([edit(0, 3, 'a'), edit(3, 5, 'b')])
  })
})

function edit(start: number, end: number, put: string): Edit {
  return { start, end, put: encodeUtf8(put) }
}
