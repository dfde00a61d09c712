import { equal } from '../base/bytes.ts'
import { assert } from '../base/assert.ts'
import { ENTRY_BYTES_WITH_PREV } from './entry.ts'
import { HASH_BYTES } from './hash.ts'
import { decodeBundle, hashAt, TILE_HEIGHT, TILE_LEVELS_MAX, TILE_WIDTH, type TileCoordinate } from './tile.ts'
import { CompactRange, leafHash } from './tree.ts'

/** A tile or bundle, and what stands in it. */
export interface Tile {
  readonly at: TileCoordinate
  readonly bytes: Uint8Array
}

/** Gives `count` hashes or entries from the beginning of a tile or bundle; undefined where it is not there, or shorter. */
export type TilePrefixReader = (tile: TileCoordinate) => Uint8Array | undefined

/** The tree of a log that grows: its compact range, and the tile of each level that is not full yet (audit.md, 7.2). */
export class LogTree {
  readonly #range: CompactRange
  readonly #levels: RunningTile[]
  readonly #bundle: RunningBundle
  readonly #onFull = (height: number, hash: Uint8Array): void => this.#push(height / TILE_HEIGHT, hash)
  #full: Tile[] = []

  private constructor(range: CompactRange, levels: RunningTile[], bundle: RunningBundle) {
    this.#range = range
    this.#levels = levels
    this.#bundle = bundle
  }

  static empty(): LogTree {
    return new LogTree(new CompactRange(), [], new RunningBundle([]))
  }

  /**
   * The tree at a size whose compact range is known, with what stands in its tiles. Undefined where a tile is missing or says
   * something else than the range: then the entries must be read again. Without a range a head must prove it later.
   */
  static load(size: number, hashes: readonly Uint8Array[] | undefined, read: TilePrefixReader): LogTree | undefined {
    const levels: RunningTile[] = []
    const found: Uint8Array[] = []
    for (let level = 0; level < TILE_LEVELS_MAX; level++) {
      const tile = RunningTile.load(level, size, read)
      if (tile === undefined) return undefined
      levels.push(tile)
      found.unshift(...tile.subtrees())
    }
    const bundle = levels[0] && loadEntries(levels[0], size, read)
    const known = hashes ?? found
    const same = found.length === known.length && found.every((hash, i) => equal(hash, known[i] ?? hash))
    return bundle && same ? new LogTree(new CompactRange(size, known), levels, new RunningBundle(bundle)) : undefined
  }

  get size(): number {
    return this.#range.size
  }
  get hashes(): readonly Uint8Array[] {
    return this.#range.hashes
  }
  root(): Uint8Array {
    return this.#range.root()
  }
  range(): CompactRange {
    return this.#range.clone()
  }

  /** Both may be overwritten afterwards. */
  append(leaf: Uint8Array, entry: Uint8Array): void {
    const index = Math.floor(this.size / TILE_WIDTH)
    this.#bundle.push(entry)
    if (this.#bundle.width === TILE_WIDTH)
      this.#full.push({ at: { level: 'entries', index, width: TILE_WIDTH }, bytes: this.#bundle.take() })
    this.#push(0, leaf)
    this.#range.append(leaf, TILE_HEIGHT, this.#onFull)
  }

  /** Full tiles and bundles since the last time. */
  takeFull(): readonly Tile[] {
    const full = this.#full
    if (full.length > 0) this.#full = []
    return full
  }

  /** What a head of this size needs besides the full ones. */
  partial(): readonly Tile[] {
    const tiles: Tile[] = []
    for (const tile of this.#levels) if (tile.width > 0) tiles.push({ at: tile.at, bytes: tile.bytes() })
    const index = Math.floor(this.size / TILE_WIDTH)
    const { width } = this.#bundle
    if (width > 0) tiles.unshift({ at: { level: 'entries', index, width }, bytes: this.#bundle.bytes() })
    return tiles
  }

  #push(level: number, hash: Uint8Array): void {
    const tile = (this.#levels[level] ??= new RunningTile(level, 0))
    const full = tile.push(hash)
    if (full !== undefined) this.#full.push(full)
  }
}

/** The rightmost tile of a level. */
class RunningTile {
  readonly #level: number
  #index: number
  #width = 0
  #bytes = new Uint8Array(TILE_WIDTH * HASH_BYTES)

  constructor(level: number, index: number) {
    this.#level = level
    this.#index = index
  }

  static load(level: number, size: number, read: TilePrefixReader): RunningTile | undefined {
    const count = Math.floor(size / TILE_WIDTH ** level)
    const at = { level, index: Math.floor(count / TILE_WIDTH), width: count % TILE_WIDTH }
    const bytes = at.width === 0 ? new Uint8Array(0) : read(at)
    if (bytes === undefined || bytes.length < at.width * HASH_BYTES) return undefined
    const tile = new RunningTile(level, at.index)
    for (let i = 0; i < at.width; i++) tile.push(hashAt(bytes, i))
    return tile
  }

  get width(): number {
    return this.#width
  }
  get at(): TileCoordinate {
    return { level: this.#level, index: this.#index, width: this.#width }
  }
  hash(i: number): Uint8Array {
    return hashAt(this.#bytes, i)
  }
  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#width * HASH_BYTES)
  }

  /** The largest full subtrees over its hashes, as a compact range has them. */
  subtrees(): readonly Uint8Array[] {
    const range = new CompactRange()
    for (let i = 0; i < this.#width; i++) range.append(this.hash(i))
    return range.hashes
  }

  push(hash: Uint8Array): Tile | undefined {
    this.#bytes.set(hash, this.#width * HASH_BYTES)
    this.#width++
    if (this.#width < TILE_WIDTH) return undefined
    const full = { at: this.at, bytes: this.#bytes }
    this.#index++
    this.#width = 0
    this.#bytes = new Uint8Array(TILE_WIDTH * HASH_BYTES)
    return full
  }
}

/** The bundle that is not full yet, as it will be written. */
class RunningBundle {
  #bytes = new Uint8Array(TILE_WIDTH * (2 + ENTRY_BYTES_WITH_PREV))
  #used = 0
  #width = 0

  constructor(entries: readonly Uint8Array[]) {
    for (const entry of entries) this.push(entry)
  }

  get width(): number {
    return this.#width
  }
  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#used)
  }

  push(entry: Uint8Array): void {
    assert(entry.length <= 0xffff, 'an entry is shorter than 64 KiB')
    const at = this.#used + 2
    if (at + entry.length > this.#bytes.length) this.#grow(at + entry.length)
    this.#bytes[at - 2] = entry.length >>> 8
    this.#bytes[at - 1] = entry.length & 0xff
    this.#bytes.set(entry, at)
    this.#used = at + entry.length
    this.#width++
  }

  take(): Uint8Array {
    const bytes = this.bytes()
    this.#used = 0
    this.#width = 0
    return bytes
  }

  /** Only for entries of a longer kind than ours; those of a log are read as they stand. */
  #grow(bytes: number): void {
    const larger = new Uint8Array(2 * bytes)
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}

/** The entries of the block that is not full; undefined unless they hash to the leaves. */
function loadEntries(leaves: RunningTile, size: number, read: TilePrefixReader): Uint8Array[] | undefined {
  const { width } = leaves
  if (width === 0) return []
  const bundle = read({ level: 'entries', index: Math.floor(size / TILE_WIDTH), width })
  const entries = (bundle && decodeBundle(bundle))?.slice(0, width)
  if (entries?.length !== width) return undefined
  const same = entries.every((entry, i) => equal(leafHash(entry), leaves.hash(i)))
  assert(width < TILE_WIDTH, 'a running tile is not full')
  return same ? entries : undefined
}
