import { describe, expect, it } from 'vitest'
import { encodeUtf8, toHex } from '../base/bytes.ts'
import { LogTree, type Tile } from './log-tree.ts'
import { rootAt, tileHashReader } from './proof.ts'
import { TILE_WIDTH, tilePath } from './tile.ts'
import { leafHash } from './tree.ts'

const SIZE = 66_000

describe('the tree of a log', () => {
  it('writes tiles that give its root', () => {
    const { files, tree } = grown(SIZE)
    const read = tileHashReader(SIZE, (tile) => files.get(tilePath(tile)) ?? new Uint8Array(0))
    expect(toHex(rootAt(SIZE, read))).toBe(toHex(tree.root()))
  })

  it.each([0, 1, 255, 256, 257, 65_535, 65_536, 65_793])('goes on after it was read back at %i leaves', (size) => {
    const { files, tree } = grown(size)
    const back = LogTree.load(size, tree.hashes, (tile) => files.get(tilePath(tile)))
    expect(back?.size).toBe(size)
    const later = [tree, back].map((one) => {
      if (one === undefined) throw new Error('it was read back')
      for (let i = size; i < size + 300; i++) appendTo(one, i)
      return [toHex(one.root()), one.partial().map(shown), one.takeFull().map(shown)]
    })
    expect(later[1]).toEqual(later[0])
  })

  it('is not read back from a tile or bundle that says something else', () => {
    const { files, tree } = grown(65_793)
    const partial = [...files].filter(([path]) => path.includes('.p/'))
    expect(partial.map(([path]) => path)).toEqual([
      'tile/entries/257.p/1',
      'tile/0/257.p/1',
      'tile/1/001.p/1',
      'tile/2/000.p/1',
    ])
    for (const [path, bytes] of partial) {
      const broken = new Map(files).set(
        path,
        bytes.map((byte, i) => (i === 20 ? byte ^ 1 : byte)),
      )
      const read = LogTree.load(tree.size, tree.hashes, (tile) => broken.get(tilePath(tile)))
      expect([path, read]).toEqual([path, undefined])
    }
  })
})

/** A tree with so many leaves, and its tiles by path; of the full ones only the hashes. */
function grown(size: number) {
  const tree = LogTree.empty()
  const files = new Map<string, Uint8Array>()
  for (let i = 0; i < size; i++) {
    appendTo(tree, i)
    for (const { at, bytes } of tree.takeFull()) if (at.level !== 'entries') files.set(tilePath(at), bytes)
  }
  for (const { at, bytes } of tree.partial()) files.set(tilePath(at), bytes)
  return { tree, files }
}

function appendTo(tree: LogTree, i: number): void {
  const entry = encodeUtf8(`entry ${i} ${'x'.repeat(40)}`)
  tree.append(leafHash(entry), entry)
}

function shown({ at, bytes }: Tile): string {
  return `${tilePath(at)} ${at.width === TILE_WIDTH ? 'full' : 'partial'} ${toHex(bytes)}`
}
