import { assert } from '../base/assert.ts'
import { HASH_BYTES, sha256, sha256Into } from './hash.ts'

/** `SHA-256(0x00 ‖ data)` (RFC 6962, 2.1). The first byte keeps a leaf from being taken for a node. */
export function leafHash(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + data.length)
  bytes.set(data, 1)
  return sha256(bytes)
}

/** `SHA-256(0x01 ‖ left ‖ right)`. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const node = emptyNode()
  node.set(left, LEFT_AT)
  node.set(right, RIGHT_AT)
  return sha256(node)
}

const LEFT_AT = 1
const RIGHT_AT = LEFT_AT + HASH_BYTES

/** What the hash of a node is of, with room for both halves. */
function emptyNode(): Uint8Array {
  return new Uint8Array(RIGHT_AT + HASH_BYTES).fill(1, 0, LEFT_AT)
}

export function emptyRoot(): Uint8Array {
  return sha256(new Uint8Array(0))
}

/** A tree has at most 2^53 leaves. */
const HEIGHTS = 54

/** Hashes of the largest full subtrees, largest first: one for each bit set in the size. All that appending needs. */
export class CompactRange {
  /** The hash of the subtree of each height; those of heights whose bit is not set are left over and mean nothing. */
  readonly #byHeight = new Uint8Array(HEIGHTS * HASH_BYTES)
  /** Node under way: what is hashed stands right, and the hash goes there again. */
  readonly #node = emptyNode()
  #size: number

  /** Throws a bug where the number of hashes does not belong to the size. */
  constructor(size = 0, hashes: readonly Uint8Array[] = []) {
    const heights = heightsOf(size)
    assert(hashes.length === heights.length, 'a compact range has one hash for each bit set in its size')
    this.#size = size
    for (const [i, hash] of hashes.entries()) this.#byHeight.set(hash, (heights[i] ?? 0) * HASH_BYTES)
  }

  get size(): number {
    return this.#size
  }
  get hashes(): readonly Uint8Array[] {
    return heightsOf(this.#size).map((height) => this.#byHeight.slice(height * HASH_BYTES, (height + 1) * HASH_BYTES))
  }

  clone(): CompactRange {
    return new CompactRange(this.#size, this.hashes)
  }

  /** `onFull` is told of each subtree that the leaf completes whose height is a multiple of `step`; its hash is valid until it returns. */
  append(leaf: Uint8Array, step = 0, onFull?: (height: number, hash: Uint8Array) => void): void {
    const node = this.#node
    let height = 0
    node.set(leaf, RIGHT_AT)
    // Each one bit at the end of the size is a full subtree as large as the one just completed.
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      this.#hashUnder(height)
      height++
      if (onFull !== undefined && height % step === 0) onFull(height, node.subarray(RIGHT_AT))
    }
    for (let i = 0; i < HASH_BYTES; i++) this.#byHeight[height * HASH_BYTES + i] = node[RIGHT_AT + i] ?? 0
    this.#size++
  }

  root(): Uint8Array {
    const heights = heightsOf(this.#size)
    const lowest = heights.pop()
    if (lowest === undefined) return emptyRoot()
    this.#node.set(this.#byHeight.subarray(lowest * HASH_BYTES, (lowest + 1) * HASH_BYTES), RIGHT_AT)
    for (const height of heights.toReversed()) this.#hashUnder(height)
    return this.#node.slice(RIGHT_AT)
  }

  /** Joins the node under way, as the right half, with the subtree of that height. */
  #hashUnder(height: number): void {
    const node = this.#node
    for (let i = 0; i < HASH_BYTES; i++) node[LEFT_AT + i] = this.#byHeight[height * HASH_BYTES + i] ?? 0
    sha256Into(node, node, RIGHT_AT)
  }
}

/** Heights of the largest full subtrees of a tree of that size, largest first. */
function heightsOf(size: number): number[] {
  const heights: number[] = []
  for (let rest = size, height = 0; rest > 0; rest = Math.floor(rest / 2), height++)
    if (rest % 2 === 1) heights.unshift(height)
  return heights
}

export function bitsSet(size: number): number {
  let count = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2
  return count
}
