import { concat } from '../base/bytes.ts'
import { assert } from '../base/assert.ts'
import { HASH_BYTES } from './hash.ts'
import { nodeHash } from './tree.ts'

/** Hashes in a full tile, entries in a full bundle (C2SP tlog-tiles): a tile is a subtree of height 8. */
export const TILE_WIDTH = 256
export const TILE_HEIGHT = 8
/** A tree of 2^53 leaves has seven levels of tiles. */
export const TILE_LEVELS_MAX = 7

/** Which tile. `entries` are the bundles, which stand beside the tiles of level 0. */
export interface TileCoordinate {
  readonly level: number | 'entries'
  readonly index: number
  /** 256, or fewer for a partial one. */
  readonly width: number
}

/** `tile/0/x001/x234/067.p/17`: below the folder of a stream. */
export function tilePath({ index, level, width }: TileCoordinate): string {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0')
  const groups = digits.match(/\d{3}/g) ?? []
  const path = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/')
  return `tile/${level}/${path}${width === TILE_WIDTH ? '' : `.p/${width}`}`
}

/** Undefined for every name that `tilePath` does not write. */
export function parseTilePath(path: string): TileCoordinate | undefined {
  const [, level = '', groups = '', part] =
    /^tile\/(entries|\d)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? []
  const tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(groups.replaceAll(/[x/]/g, '')),
    width: part === undefined ? TILE_WIDTH : Number(part),
  } as const
  return tilePath(tile) === path && tile.width >= 1 ? tile : undefined
}

/** The tile with that index in a tree of `size` leaves, as wide as it is there; undefined where it is empty. */
export function tileAt(level: number | 'entries', index: number, size: number): TileCoordinate | undefined {
  const hashes = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level))
  const width = Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH)
  return width >= 1 ? { level, index, width } : undefined
}

/** The partial tiles and the partial bundle of a tree of that size, lowest level first. */
export function partialTiles(size: number): readonly TileCoordinate[] {
  const tiles: TileCoordinate[] = []
  for (let level = 0; level < TILE_LEVELS_MAX; level++) {
    const hashes = Math.floor(size / TILE_WIDTH ** level)
    const width = hashes % TILE_WIDTH
    if (width === 0) continue
    const at = { index: Math.floor(hashes / TILE_WIDTH), width }
    if (level === 0) tiles.push({ level: 'entries', ...at })
    tiles.push({ level, ...at })
  }
  return tiles
}

/** Hash `i` of a tile. */
export function hashAt(tile: Uint8Array, i: number): Uint8Array {
  assert((i + 1) * HASH_BYTES <= tile.length, 'the tile is as wide as asked')
  return tile.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)
}

/** Hash of the full subtree over hashes `from` to `from + count` of a tile; `count` is a power of two. */
export function subtreeHash(tile: Uint8Array, from: number, count: number): Uint8Array {
  if (count === 1) return hashAt(tile, from)
  return nodeHash(subtreeHash(tile, from, count / 2), subtreeHash(tile, from + count / 2, count / 2))
}

/** The entries of a bundle, each behind its length in 16 bits. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = []
  for (const entry of entries) {
    assert(entry.length <= 0xffff, 'an entry is shorter than 64 KiB')
    parts.push(Uint8Array.of(entry.length >>> 8, entry.length & 0xff), entry)
  }
  return concat(parts)
}

/** Undefined where a length reaches beyond the end, or there are more entries than a bundle has. */
export function decodeBundle(bundle: Uint8Array): readonly Uint8Array[] | undefined {
  const entries: Uint8Array[] = []
  for (let at = 0; at < bundle.length;) {
    const end = at + 2 + (((bundle[at] ?? 0) << 8) | (bundle[at + 1] ?? 0))
    if (at + 2 > bundle.length || end > bundle.length || entries.length === TILE_WIDTH) return undefined
    entries.push(bundle.subarray(at + 2, end))
    at = end
  }
  return entries
}
