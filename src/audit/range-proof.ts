// A proof that leaves from..to-1 are exactly those of a tree: hashes of the largest subtrees on both sides of them. Whoever has
// the leaves computes the root of the whole tree, so none of them can be missing, altered or added.
import { assert } from '../base/assert.ts'
import { type HashReader, rangeHash, splitOf } from './proof.ts'
import { nodeHash } from './tree.ts'

export interface LeafRange {
  readonly from: number
  /** Behind the last. */
  readonly to: number
}

/** Hashes of the subtrees without a leaf of the range, from left to right. */
export function rangeProof(range: LeafRange, size: number, read: HashReader): readonly Uint8Array[] {
  assert(range.from < range.to && range.to <= size, 'the range is in the tree')
  return siblings({ from: 0, to: size }, range, read)
}

function siblings(tree: LeafRange, range: LeafRange, read: HashReader): Uint8Array[] {
  if (tree.to <= range.from || tree.from >= range.to) return [rangeHash(tree, read)]
  if (tree.from >= range.from && tree.to <= range.to) return []
  const [left, right] = halves(tree)
  return [...siblings(left, range, read), ...siblings(right, range, read)]
}

/** The root of the tree; undefined where the proof has too few or too many hashes. */
export function rootOfRange(of: {
  readonly range: LeafRange
  readonly size: number
  readonly leaves: readonly Uint8Array[]
  readonly proof: readonly Uint8Array[]
}): Uint8Array | undefined {
  const { leaves, range, size } = of
  if (range.from < 0 || range.to > size || leaves.length !== range.to - range.from || leaves.length === 0)
    return undefined
  const rest = [...of.proof]
  const root = rootOf({ from: 0, to: size }, { range, leaves, rest })
  return rest.length === 0 ? root : undefined
}

interface Known {
  readonly range: LeafRange
  readonly leaves: readonly Uint8Array[]
  readonly rest: Uint8Array[]
}

function rootOf(tree: LeafRange, known: Known): Uint8Array | undefined {
  const { leaves, range, rest } = known
  if (tree.to <= range.from || tree.from >= range.to) return rest.shift()
  if (tree.to - tree.from === 1) return leaves[tree.from - range.from]
  const [left, right] = halves(tree).map((half) => rootOf(half, known))
  return left && right && nodeHash(left, right)
}

function halves({ from, to }: LeafRange): readonly [LeafRange, LeafRange] {
  const middle = from + splitOf(to - from)
  return [
    { from, to: middle },
    { from: middle, to },
  ]
}
