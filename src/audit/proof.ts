// Proofs of RFC 6962: generators by its recursive definition, over full subtrees; verifiers by the iterative algorithms of
// RFC 9162. The two share no code, so that a mistake in one shows in the other.
import { assert } from '../base/assert.ts'
import { equal } from '../base/bytes.ts'
import { hashAt, subtreeHash, TILE_HEIGHT, tileAt, type TileCoordinate } from './tile.ts'
import { emptyRoot, nodeHash } from './tree.ts'

/** Hash of the full subtree of 2^height leaves that begins with leaf `index · 2^height`. */
export type HashReader = (height: number, index: number) => Uint8Array

/** Reads subtrees of a tree of `size` leaves from its tiles; `read` gives a tile at least as wide as asked, or throws. */
export function tileHashReader(size: number, read: (tile: TileCoordinate) => Uint8Array): HashReader {
  return (height, index) => {
    const level = Math.floor(height / TILE_HEIGHT)
    const count = 2 ** (height % TILE_HEIGHT)
    const first = index * count
    const tile = tileAt(level, Math.floor(first / 256), size)
    assert(tile !== undefined, 'the subtree is full in a tree of that size')
    const from = first % 256
    const hashes = read(tile)
    return count === 1 ? hashAt(hashes, from) : subtreeHash(hashes, from, count)
  }
}

/** MTH(D[0:size]). */
export function rootAt(size: number, read: HashReader): Uint8Array {
  return size === 0 ? emptyRoot() : rangeHash({ from: 0, to: size }, read)
}

/** PATH(index, D[size]) of RFC 6962, 2.1.1: siblings from the leaf up. */
export function inclusionProof(index: number, size: number, read: HashReader): readonly Uint8Array[] {
  assert(index < size, 'the leaf is in the tree')
  return path(index, { from: 0, to: size }, read)
}

/** PROOF(old, D[size]) of RFC 6962, 2.1.2. Empty where there is nothing to prove. */
export function consistencyProof(oldSize: number, size: number, read: HashReader): readonly Uint8Array[] {
  assert(oldSize <= size, 'a tree only grows')
  return oldSize === 0 || oldSize === size ? [] : subproof(oldSize, { from: 0, to: size, known: true }, read)
}

interface Range {
  readonly from: number
  readonly to: number
}

export function rangeHash({ from, to }: Range, read: HashReader): Uint8Array {
  const count = to - from
  const k = splitOf(count)
  if (k * 2 === count || count === 1) return read(Math.log2(count), from / count)
  return nodeHash(rangeHash({ from, to: from + k }, read), rangeHash({ from: from + k, to }, read))
}

function path(index: number, { from, to }: Range, read: HashReader): Uint8Array[] {
  if (to - from === 1) return []
  const middle = from + splitOf(to - from)
  const [left, right] = [
    { from, to: middle },
    { from: middle, to },
  ]
  return index < middle
    ? [...path(index, left, read), rangeHash(right, read)]
    : [...path(index, right, read), rangeHash(left, read)]
}

/** `known`: the verifier has the hash of this subtree, since it is the old tree. */
function subproof(
  old: number,
  { from, known, to }: Range & { readonly known: boolean },
  read: HashReader,
): Uint8Array[] {
  if (old === to) return known ? [] : [rangeHash({ from, to }, read)]
  const middle = from + splitOf(to - from)
  return old <= middle
    ? [...subproof(old, { from, to: middle, known }, read), rangeHash({ from: middle, to }, read)]
    : [...subproof(old, { from: middle, to, known: false }, read), rangeHash({ from, to: middle }, read)]
}

/** The largest power of two below `count`; 1 of 1. */
export function splitOf(count: number): number {
  let k = 1
  while (k * 2 < count) k *= 2
  return k
}

/** RFC 9162, 2.1.3.2. */
export function verifyInclusion(of: {
  readonly index: number
  readonly size: number
  readonly leaf: Uint8Array
  readonly proof: readonly Uint8Array[]
  readonly root: Uint8Array
}): boolean {
  if (!(of.index >= 0 && of.index < of.size)) return false
  let hash = of.leaf
  const reached = climb([of.index, of.size - 1], of.proof, {
    left: (sibling) => (hash = nodeHash(sibling, hash)),
    right: (sibling) => (hash = nodeHash(hash, sibling)),
  })
  return reached && equal(hash, of.root)
}

/** RFC 9162, 2.1.4.2. From the empty tree everything follows, with an empty proof. */
export function verifyConsistency(of: {
  readonly oldSize: number
  readonly oldRoot: Uint8Array
  readonly size: number
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}): boolean {
  const { oldRoot, oldSize, root, size } = of
  if (!(oldSize >= 0 && oldSize <= size)) return false
  if (oldSize === 0) return of.proof.length === 0 && equal(oldRoot, emptyRoot())
  if (oldSize === size) return of.proof.length === 0 && equal(oldRoot, root)
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...of.proof] : of.proof
  if (first === undefined) return false
  let [fn, sn] = [oldSize - 1, size - 1]
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)]
  let [before, now] = [first, first]
  const reached = climb([fn, sn], rest, {
    left(sibling) {
      before = nodeHash(sibling, before)
      now = nodeHash(sibling, now)
    },
    right: (sibling) => (now = nodeHash(now, sibling)),
  })
  return reached && equal(before, oldRoot) && equal(now, root)
}

/** The loop that both algorithms have: on the right edge of the tree a level without a sibling is skipped. */
function climb(
  [index, last]: readonly [number, number],
  proof: readonly Uint8Array[],
  join: { left(sibling: Uint8Array): void; right(sibling: Uint8Array): void },
): boolean {
  let [fn, sn] = [index, last]
  for (const sibling of proof) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      join.left(sibling)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else join.right(sibling)
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0
}

/** Without bit operations, which have 32 bits only. */
function half(n: number): number {
  return Math.floor(n / 2)
}

function isPowerOfTwo(n: number): boolean {
  let rest = n
  while (rest % 2 === 0) rest /= 2
  return rest === 1
}
