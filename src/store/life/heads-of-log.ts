import type { SignedCheckpoint } from '../../audit/checkpoint.ts'
import { decodeEntry } from '../../audit/entry.ts'
import { rootAt, tileHashReader } from '../../audit/proof.ts'
import { decodeBundle, type TileCoordinate, tilePath } from '../../audit/tile.ts'
import { assert } from '../../base/assert.ts'
import { equal } from '../../base/bytes.ts'
import { HOUR_MS } from '../../base/units.ts'
import { BLOCK_RECORDS } from '../packs/block-files.ts'
import { minimumIndex } from '../packs/sealed.ts'
import { readTile } from '../segments/tile-files.ts'

/** Tiles that are looked at once more for the next head; one after the other has most of them in common. */
const KEPT_TILES = 16

/** What the tiles of a log say of heads of it. Heads come in the order of their size. */
export class HeadsOfLog {
  readonly #folder: string
  readonly #least: number
  readonly #tiles = new Map<string, Uint8Array>()

  constructor(folder: string) {
    this.#folder = folder
    this.#least = minimumIndex(folder)
  }

  /** The hour of its newest record; where that was pruned, its block stands for the hour. Undefined: not before that time, or not known. */
  hourOf({ size }: SignedCheckpoint, oldBefore: number): string | undefined {
    const block = Math.floor((size - 1) / BLOCK_RECORDS)
    if (size <= this.#least) return `block ${block}`
    const width = size - block * BLOCK_RECORDS
    const bundle = this.#tile({ level: 'entries', index: block, width })
    const bytes = bundle && decodeBundle(bundle)?.[width - 1]
    const time = bytes && decodeEntry(bytes)?.time
    if (time === undefined || time / 1000 >= oldBefore) return undefined
    return `hour ${Math.floor(time / 1000 / HOUR_MS)}`
  }

  /** Whether the log has that root at that size, as far as its tiles still tell. */
  fits({ root, size }: SignedCheckpoint): boolean {
    if (size <= this.#least) return true
    try {
      const read = tileHashReader(size, (at) => {
        const tile = this.#tile(at)
        assert(tile !== undefined, 'the tile is there')
        return tile
      })
      return equal(rootAt(size, read), root)
    } catch {
      // Nobody can tell, so it stays.
      return false
    }
  }

  /** At least as wide as asked: a full one serves for all of its beginnings. */
  #tile(at: TileCoordinate): Uint8Array | undefined {
    const full = { ...at, width: BLOCK_RECORDS }
    const path = tilePath(full)
    const known = this.#tiles.get(path) ?? readTile(this.#folder, full)
    if (known === undefined) return readTile(this.#folder, at)
    if (this.#tiles.size >= KEPT_TILES) this.#tiles.clear()
    this.#tiles.set(path, known)
    return known
  }
}
