import { join } from 'node:path'
import type { Tile, TilePrefixReader } from '../../audit/log-tree.ts'
import { subtreeHash, TILE_WIDTH, type TileCoordinate, tilePath } from '../../audit/tile.ts'
import { concat } from '../../base/bytes.ts'
import { diskIo, type Io } from './io.ts'

/** Some hours of a full disk: beyond it the log itself has no room either. */
const WAITING_BYTES_MAX = 64 * 1024 * 1024

/**
 * Writes the tiles of a stream. They can be made again from the records, so none is synced here, and one that cannot be
 * written now is written later: no call waits for a tile, only the next head does (audit.md, 7.2 and 20.1).
 */
export class TileFiles {
  readonly #io: Io
  readonly #folder: string
  #waiting: Tile[] = []

  /** `folder` of the stream. */
  constructor(io: Io, folder: string) {
    this.#io = io
    this.#folder = folder
  }

  /** Writes these after those that wait already. Returns what stood in the way; then they wait. */
  write(tiles: readonly Tile[]): unknown {
    this.#waiting.push(...tiles)
    for (let tile = this.#waiting[0]; tile !== undefined; tile = this.#waiting[0]) {
      try {
        this.#writeOne(tile)
      } catch (failure) {
        const bytes = this.#waiting.reduce((sum, one) => sum + one.bytes.length, 0)
        if (bytes > WAITING_BYTES_MAX) throw failure
        return failure
      }
      this.#waiting.shift()
    }
    return undefined
  }

  #writeOne({ at, bytes }: Tile): void {
    const path = join(this.#folder, tilePath(at))
    this.#io.replace(path, bytes)
    // Once the full one is there, a client takes it for each of its beginnings.
    if (at.width === TILE_WIDTH) this.#io.removeFolder(`${path}.p`)
  }
}

/** A tile or bundle as a folder holds it: of that width, else the full one, which begins with it. */
export function readTile(folder: string, at: TileCoordinate, io: Io = diskIo): Uint8Array | undefined {
  return (
    io.readFile(join(folder, tilePath(at))) ??
    (at.width === TILE_WIDTH ? undefined : io.readFile(join(folder, tilePath({ ...at, width: TILE_WIDTH }))))
  )
}

/** Reads the beginning of tiles, of whatever width they are; upper ones that are not there are made from those below. */
export function tilePrefixReader(io: Io, folder: string): TilePrefixReader {
  return (at) => readTile(folder, at, io) ?? readWider(io, folder, at) ?? readFromBelow(io, folder, at)
}

function readWider(io: Io, folder: string, at: TileCoordinate): Uint8Array | undefined {
  const widths = listOf(io, join(folder, `${tilePath({ ...at, width: TILE_WIDTH })}.p`))
  const wider = widths.map(Number).find((width) => width > at.width)
  return wider === undefined ? undefined : io.readFile(join(folder, tilePath({ ...at, width: wider })))
}

function listOf(io: Io, folder: string): readonly string[] {
  try {
    return io.list(folder)
  } catch {
    // There is no such folder: the usual case.
    return []
  }
}

function readFromBelow(io: Io, folder: string, { index, level, width }: TileCoordinate): Uint8Array | undefined {
  if (level === 'entries' || level === 0) return undefined
  const hashes: Uint8Array[] = []
  for (let i = 0; i < width; i++) {
    const below = readTile(folder, { level: level - 1, index: index * TILE_WIDTH + i, width: TILE_WIDTH }, io)
    if (below?.length !== TILE_WIDTH * 32) return undefined
    hashes.push(subtreeHash(below, 0, TILE_WIDTH))
  }
  return concat(hashes)
}
