import { assert } from '../base/assert.ts'
import { HASH_BYTES, sha256 } from './hash.ts'

/** `SHA-256(0x00 ‖ data)` (RFC 6962, 2.1). The first byte keeps a leaf from being taken for a node. */
export function leafHash(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + data.length)
  bytes.set(data, 1)
  return sha256(bytes)
}

/** `SHA-256(0x01 ‖ left ‖ right)`. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return new NodeHasher().hash(left, right)
}

export function emptyRoot(): Uint8Array {
  return sha256(new Uint8Array(0))
}

/** Hashes of the largest full subtrees, largest first: one for each bit set in the size. All that appending needs. */
export class CompactRange {
  readonly #hasher = new NodeHasher()
  readonly #hashes: Uint8Array[]
  #size: number

  /** Throws a bug where the number of hashes does not belong to the size. */
  constructor(size = 0, hashes: readonly Uint8Array[] = []) {
    assert(hashes.length === bitsSet(size), 'a compact range has one hash for each bit set in its size')
    this.#size = size
    this.#hashes = [...hashes]
  }

  get size(): number {
    return this.#size
  }
  get hashes(): readonly Uint8Array[] {
    return this.#hashes
  }

  clone(): CompactRange {
    return new CompactRange(this.#size, this.#hashes)
  }

  /** `onFull` is told of each subtree that the leaf completes whose height is a multiple of `step`. */
  append(leaf: Uint8Array, step = 0, onFull?: (height: number, hash: Uint8Array) => void): void {
    let hash = leaf
    let height = 0
    // Each one bit at the end of the size is a full subtree as large as the one just completed.
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      const left = this.#hashes.pop()
      assert(left !== undefined, 'a compact range has a hash for each bit')
      hash = this.#hasher.hash(left, hash)
      height++
      if (onFull !== undefined && height % step === 0) onFull(height, hash)
    }
    this.#hashes.push(hash)
    this.#size++
  }

  root(): Uint8Array {
    let root = this.#hashes.at(-1)
    if (root === undefined) return emptyRoot()
    for (let i = this.#hashes.length - 2; i >= 0; i--) {
      const left = this.#hashes[i]
      assert(left !== undefined, 'a compact range has a hash for each bit')
      root = this.#hasher.hash(left, root)
    }
    return root
  }
}

/** Keeps its 65 bytes, since a log hashes one node for each record. */
class NodeHasher {
  readonly #bytes = new Uint8Array(1 + 2 * HASH_BYTES).fill(1, 0, 1)

  hash(left: Uint8Array, right: Uint8Array): Uint8Array {
    this.#bytes.set(left, 1)
    this.#bytes.set(right, 1 + HASH_BYTES)
    return sha256(this.#bytes)
  }
}

export function bitsSet(size: number): number {
  let count = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2
  return count
}
