import { concat, equal } from '../base/bytes.ts'
import { assert } from '../base/assert.ts'
import { HASH_BYTES } from './hash.ts'
import {
  decodeBundle,
  encodeBundle,
  hashAt,
  TILE_HEIGHT,
  TILE_LEVELS_MAX,
  TILE_WIDTH,
  type TileCoordinate,
} from './tile.ts'
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
  #entries: Uint8Array[]
  #full: Tile[] = []

  private constructor(range: CompactRange, levels: RunningTile[], entries: Uint8Array[]) {
    this.#range = range
    this.#levels = levels
    this.#entries = entries
  }

  static empty(): LogTree {
    return new LogTree(new CompactRange(), [], [])
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
    return bundle && same ? new LogTree(new CompactRange(size, known), levels, bundle) : undefined
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

  /** `entry` may be overwritten afterwards, `leaf` may not. */
  append(leaf: Uint8Array, entry: Uint8Array): void {
    const block = Math.floor(this.size / TILE_WIDTH)
    this.#entries.push(entry.slice())
    if (this.#entries.length === TILE_WIDTH) {
      this.#full.push({ at: { level: 'entries', index: block, width: TILE_WIDTH }, bytes: encodeBundle(this.#entries) })
      this.#entries = []
    }
    this.#push(0, leaf)
    this.#range.append(leaf, TILE_HEIGHT, (height, hash) => this.#push(height / TILE_HEIGHT, hash))
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
    const bundle = this.#entries
    const index = Math.floor(this.size / TILE_WIDTH)
    if (bundle.length > 0)
      tiles.unshift({ at: { level: 'entries', index, width: bundle.length }, bytes: encodeBundle(bundle) })
    return tiles
  }

  #push(level: number, hash: Uint8Array): void {
    const tile = (this.#levels[level] ??= new RunningTile(level, 0, []))
    const full = tile.push(hash)
    if (full !== undefined) this.#full.push(full)
  }
}

/** The rightmost tile of a level. */
class RunningTile {
  readonly #level: number
  #index: number
  #hashes: Uint8Array[]

  constructor(level: number, index: number, hashes: Uint8Array[]) {
    this.#level = level
    this.#index = index
    this.#hashes = hashes
  }

  static load(level: number, size: number, read: TilePrefixReader): RunningTile | undefined {
    const count = Math.floor(size / TILE_WIDTH ** level)
    const at = { level, index: Math.floor(count / TILE_WIDTH), width: count % TILE_WIDTH }
    const bytes = at.width === 0 ? new Uint8Array(0) : read(at)
    if (bytes === undefined || bytes.length < at.width * HASH_BYTES) return undefined
    return new RunningTile(
      level,
      at.index,
      Array.from({ length: at.width }, (_, i) => hashAt(bytes, i)),
    )
  }

  get width(): number {
    return this.#hashes.length
  }
  get at(): TileCoordinate {
    return { level: this.#level, index: this.#index, width: this.width }
  }
  get hashes(): readonly Uint8Array[] {
    return this.#hashes
  }
  bytes(): Uint8Array {
    return concat(this.#hashes).slice()
  }

  /** The largest full subtrees over its hashes, as a compact range has them. */
  subtrees(): readonly Uint8Array[] {
    const range = new CompactRange()
    for (const hash of this.#hashes) range.append(hash)
    return range.hashes
  }

  push(hash: Uint8Array): Tile | undefined {
    this.#hashes.push(hash)
    if (this.width < TILE_WIDTH) return undefined
    const full = { at: this.at, bytes: concat(this.#hashes) }
    this.#index++
    this.#hashes = []
    return full
  }
}

/** The entries of the block that is not full; undefined unless they hash to the leaves. */
function loadEntries(leaves: RunningTile, size: number, read: TilePrefixReader): Uint8Array[] | undefined {
  const { width } = leaves
  if (width === 0) return []
  const bundle = read({ level: 'entries', index: Math.floor(size / TILE_WIDTH), width })
  const entries = (bundle && decodeBundle(bundle))?.slice(0, width)
  if (entries?.length !== width) return undefined
  const same = entries.every((entry, i) => equal(leafHash(entry), leaves.hashes[i] ?? entry))
  assert(width < TILE_WIDTH, 'a running tile is not full')
  return same ? entries : undefined
}
