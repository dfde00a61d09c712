import { describe, expect, it } from 'vitest'
import { sha256 } from './hash.ts'
import { rangeProof, rootOfRange } from './range-proof.ts'
import { CompactRange, nodeHash } from './tree.ts'

const LEAVES = Array.from({ length: 40 }, (_, i) => sha256(new Uint8Array([i])))

/** Subtrees by their definition. */
function read(height: number, index: number): Uint8Array {
  if (height === 0) return LEAVES[index] ?? new Uint8Array(32)
  return nodeHash(read(height - 1, index * 2), read(height - 1, index * 2 + 1))
}

function rootAt(size: number): Uint8Array {
  const range = new CompactRange()
  for (const leaf of LEAVES.slice(0, size)) range.append(leaf)
  return range.root()
}

describe('a proof of a range', () => {
  it('gives the root of the tree for every range of every tree of 1 to 40 leaves, with few hashes', () => {
    for (let size = 1; size <= 40; size++)
      for (let from = 0; from < size; from++)
        for (let to = from + 1; to <= size; to++) {
          const proof = rangeProof({ from, to }, size, read)
          expect(proof.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(size + 1)))
          const root = rootOfRange({ range: { from, to }, size, leaves: LEAVES.slice(from, to), proof })
          expect(root).toEqual(rootAt(size))
        }
  })

  it('does not give it where a leaf is missing, altered, added or moved, or a hash is left out or added', () => {
    const [range, size] = [{ from: 5, to: 12 }, 40]
    const leaves = LEAVES.slice(5, 12)
    const proof = rangeProof(range, size, read)
    const root = rootAt(size)
    const wrong = [
      rootOfRange({ range: { from: 5, to: 11 }, size, leaves: leaves.slice(0, -1), proof }),
      rootOfRange({ range, size, leaves: leaves.with(3, sha256(new Uint8Array([99]))), proof }),
      rootOfRange({ range, size, leaves: leaves.toReversed(), proof }),
      rootOfRange({ range: { from: 6, to: 13 }, size, leaves, proof }),
      rootOfRange({ range, size, leaves, proof: proof.slice(1) }),
      rootOfRange({ range, size, leaves, proof: [...proof, root] }),
      rootOfRange({ range: { from: -1, to: 6 }, size, leaves, proof }),
    ]
    for (const one of wrong) expect(one).not.toEqual(root)
  })
})
