import { describe, expect, it } from 'vitest'
import { concat, encodeUtf8, toHex } from '../base/bytes.ts'
import {
  consistencyProof,
  type HashReader,
  inclusionProof,
  rootAt,
  tileHashReader,
  verifyConsistency,
  verifyInclusion,
} from './proof.ts'
import { partialTiles, tileAt, type TileCoordinate, tilePath } from './tile.ts'
import { CompactRange, leafHash, nodeHash } from './tree.ts'

describe('proofs', () => {
  it('of every leaf in every tree of 1 to 70 leaves verify, and no altered one does', () => {
    const tree = makeTree(70)
    for (let size = 1; size <= 70; size++)
      for (let index = 0; index < size; index++) {
        const proof = inclusionProof(index, size, tree.read)
        const claim = { index, size, leaf: tree.leaf(index), proof, root: tree.root(size) }
        expect(verifyInclusion(claim)).toBe(true)
        expect(verifyInclusion({ ...claim, leaf: tree.leaf(index + 1) })).toBe(false)
        expect(verifyInclusion({ ...claim, index: index + 1 })).toBe(false)
        expect(verifyInclusion({ ...claim, proof: [...proof, claim.root] })).toBe(false)
        expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(size === 1)
      }
  })

  it('of growth between every two trees of 0 to 70 leaves verify, and no altered one does', () => {
    const tree = makeTree(71)
    for (let size = 1; size <= 70; size++)
      for (let oldSize = 0; oldSize <= size; oldSize++) {
        const proof = consistencyProof(oldSize, size, tree.read)
        const claim = { oldSize, size, oldRoot: tree.root(oldSize), root: tree.root(size), proof }
        expect(verifyConsistency(claim)).toBe(true)
        expect(verifyConsistency({ ...claim, oldRoot: tree.root(oldSize + 1) })).toBe(false)
        expect(verifyConsistency({ ...claim, proof: [...proof, claim.root] })).toBe(false)
        // From nothing everything follows, and a tree follows from itself without a hash.
        const root = tree.root(size + 1)
        expect(verifyConsistency({ ...claim, root })).toBe(oldSize === 0)
        expect(verifyConsistency({ ...claim, proof: proof.slice(1) })).toBe(proof.length === 0)
      }
  })

  it('are those of Certificate Transparency for its eight leaves', () => {
    const data = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
    const leaves = data.map((hex) =>
      leafHash(Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))),
    )
    const read = readerOf(leaves)
    expect(inclusionProof(5, 8, read).map(toHex)).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ])
    expect(consistencyProof(6, 8, read).map(toHex)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ])
  })

  it('are read from tiles as a folder holds them, partial ones included', () => {
    const size = 70_000
    const leaves = Array.from({ length: size }, (_, i) => leafHash(encodeUtf8(String(i))))
    const tiles = tilesOf(leaves)
    const range = new CompactRange()
    for (const leaf of leaves) range.append(leaf)
    const read = tileHashReader(size, (tile) => tiles.get(tilePath(tile)) ?? new Uint8Array(0))
    const root = range.root()
    expect(toHex(rootAt(size, read))).toBe(toHex(root))
    for (const index of [0, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999]) {
      const proof = inclusionProof(index, size, read)
      expect(verifyInclusion({ index, size, leaf: leaves[index] ?? root, proof, root })).toBe(true)
    }
    for (const oldSize of [1, 255, 256, 65_536, 69_999]) {
      const old = new CompactRange()
      for (const leaf of leaves.slice(0, oldSize)) old.append(leaf)
      const proof = consistencyProof(oldSize, size, read)
      expect(verifyConsistency({ oldSize, oldRoot: old.root(), size, root, proof })).toBe(true)
    }
  })
})

function makeTree(count: number) {
  const leaves = Array.from({ length: count + 1 }, (_, i) => leafHash(encodeUtf8(`leaf ${i}`)))
  const range = new CompactRange()
  const roots = [range.root()]
  for (const leaf of leaves) {
    range.append(leaf)
    roots.push(range.root())
  }
  return { read: readerOf(leaves), leaf: (i: number) => at(leaves, i), root: (size: number) => at(roots, size) }
}

function at(list: readonly Uint8Array[], i: number): Uint8Array {
  return list[i] ?? new Uint8Array(32)
}

function readerOf(leaves: readonly Uint8Array[]): HashReader {
  const read: HashReader = (height, index) =>
    height === 0
      ? (leaves[index] ?? new Uint8Array(32))
      : nodeHash(read(height - 1, 2 * index), read(height - 1, 2 * index + 1))
  return read
}

/** All tiles of a tree, by the definition of C2SP tlog-tiles. */
function tilesOf(leaves: readonly Uint8Array[]): Map<string, Uint8Array> {
  const read = readerOf(leaves)
  const size = leaves.length
  const wanted: TileCoordinate[] = [...partialTiles(size)]
  for (let level = 0; 256 ** (level + 1) <= size; level++)
    for (let index = 0; index < Math.floor(size / 256 ** (level + 1)); index++)
      wanted.push(tileAt(level, index, size) ?? { level, index, width: 256 })
  const tiles = new Map<string, Uint8Array>()
  for (const tile of wanted) {
    const { index, level, width } = tile
    if (level === 'entries') continue
    const hashes = Array.from({ length: width }, (_, i) => read(8 * level, index * 256 + i))
    tiles.set(tilePath(tile), concat(hashes))
  }
  return tiles
}
