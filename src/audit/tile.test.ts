import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBundle, encodeBundle, parseTilePath, partialTiles, tileAt, tilePath } from './tile.ts'

describe('a tile', () => {
  it.each([
    [{ level: 0, index: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 2, index: 0, width: 1 }, 'tile/2/000.p/1'],
    [{ level: 'entries', index: 999, width: 112 }, 'tile/entries/999.p/112'],
    [{ level: 0, index: 1000, width: 256 }, 'tile/0/x001/000'],
  ] as const)('%j stands at %s', (tile, path) => {
    expect(tilePath(tile)).toBe(path)
    expect(parseTilePath(path)).toEqual(tile)
  })

  it.each([
    'tile/0/1',
    'tile/0/x000/001',
    'tile/0/001.p/256',
    'tile/0/001.p/0',
    'tile/00/001',
    'tile/-1/001',
    'x/0/001',
  ])('is not named %s', (path) => {
    expect(parseTilePath(path)).toBeUndefined()
  })

  it('of a tree of 70,000 leaves is partial where the specification says so', () => {
    expect(partialTiles(70_000).map(tilePath)).toEqual([
      'tile/entries/273.p/112',
      'tile/0/273.p/112',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ])
    expect(partialTiles(256).map(tilePath)).toEqual(['tile/1/000.p/1'])
    expect(tileAt(0, 273, 70_000)).toEqual({ level: 0, index: 273, width: 112 })
    expect(tileAt(0, 274, 70_000)).toBeUndefined()
  })
})

describe('a bundle', () => {
  it('gives back the entries that were put in', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 256 })
    fc.assert(
      fc.property(entries, (list) => {
        expect(decodeBundle(encodeBundle(list))?.map((entry) => [...entry])).toEqual(list.map((entry) => [...entry]))
      }),
    )
  })

  it('that is cut off, or longer than 256 entries, is none', () => {
    const bundle = encodeBundle([new Uint8Array(5), new Uint8Array(7)])
    for (const cut of [1, 2, 6, 8, bundle.length - 1]) expect(decodeBundle(bundle.subarray(0, cut))).toBeUndefined()
    expect(decodeBundle(encodeBundle(Array.from({ length: 257 }, () => new Uint8Array(1))))).toBeUndefined()
  })
})
