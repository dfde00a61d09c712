import { dirname, join } from 'node:path'
import type { Tile, TilePrefixReader } from '../../audit/log-tree.ts'
import { subtreeHash, TILE_WIDTH, type TileCoordinate, tilePath } from '../../audit/tile.ts'
import { concat } from '../../base/bytes.ts'
import { diskIo, type Io } from './io.ts'

/** Some hours of a full disk: beyond it the log itself has no room either. */
const WAITING_BYTES_MAX = 64 * 1024 * 1024
/** From here on records wait for tiles, so that a disk that is slow to make files does not come to that. */
const BEHIND_BYTES = WAITING_BYTES_MAX / 2
/** Files under way at the same time. */
const AT_ONCE = 8

/**
 * Writes the tiles of a stream beside the commits: to make a file the file system may wait for its journal, and no call waits
 * for a tile, only the next head does (audit.md, 7.2 and 20.1). They can be made again from the records, so none is synced,
 * and a full one that cannot be written now is written later.
 */
export class TileFiles {
  readonly #io: Io
  readonly #folder: string
  /** In their order; those under way are the first of them. */
  #waiting: Tile[] = []
  #waitingBytes = 0
  /** How many were ever added. */
  #added = 0
  #round: Promise<unknown> | undefined
  /** Folders of partial tiles; undefined until the first is written, since those of a writer before this one are unknown. */
  #partials: Set<string> | undefined

  /** `folder` of the stream. */
  constructor(io: Io, folder: string) {
    this.#io = io
    this.#folder = folder
  }

  /** Begins to write these after those that wait already. */
  add(tiles: readonly Tile[]): void {
    for (const tile of tiles) {
      // Two heads may share an upper one. The same file is never under way twice: one would take the other's away.
      if (!isFull(tile) && this.#waits(tile)) continue
      this.#waiting.push(tile)
      this.#waitingBytes += tile.bytes.length
      this.#added++
    }
    if (this.#waitingBytes > WAITING_BYTES_MAX) throw new Error('the tiles of the log cannot be written')
    if (this.#waiting.length > 0) this.#round ??= this.#writeSome()
  }

  #waits({ at }: Tile): boolean {
    return this.#waiting.some((one) => tilePath(one.at) === tilePath(at))
  }

  get isBehind(): boolean {
    return this.#waitingBytes > BEHIND_BYTES
  }

  /** Resolves once all that were added until now are there, or with what stands in the way. */
  async written(): Promise<unknown> {
    const all = this.#added
    while (this.#added - this.#waiting.length < all) {
      const trouble = await (this.#round ??= this.#writeSome())
      if (trouble !== undefined) return trouble
    }
    return undefined
  }

  /** Never rejects: resolves with what stood in the way. Then it goes on when there are more, or when a head asks. */
  async #writeSome(): Promise<unknown> {
    const some = this.#nextRound()
    const ended = await Promise.allSettled(some.map((tile) => this.#writeOne(tile)))
    const failed = some.filter((_, i) => ended[i]?.status === 'rejected')
    // The head that a partial one is for is not published then; the next brings its own.
    const again = failed.filter(isFull)
    this.#waiting.splice(0, some.length, ...again)
    this.#waitingBytes = this.#waiting.reduce((sum, { bytes }) => sum + bytes.length, 0)
    this.#round = failed.length === 0 && this.#waiting.length > 0 ? this.#writeSome() : undefined
    return ended.find((one) => one.status === 'rejected')?.reason
  }

  /** Partial and full ones apart: a full one ends the folder of its partial ones, which must not be under way then. */
  #nextRound(): Tile[] {
    const [first] = this.#waiting
    const other = this.#waiting.findIndex((tile) => first !== undefined && isFull(tile) !== isFull(first))
    return this.#waiting.slice(0, Math.min(AT_ONCE, other === -1 ? Infinity : other))
  }

  async #writeOne(tile: Tile): Promise<void> {
    const path = join(this.#folder, tilePath(tile.at))
    await this.#io.put(path, tile.bytes)
    if (!isFull(tile)) return void (this.#partials ??= new Set()).add(dirname(path))
    // Once the full one is there, a client takes it for each of its beginnings.
    const partials = `${path}.p`
    if (this.#partials === undefined || this.#partials.delete(partials)) await this.#io.removeFolder(partials)
  }
}

function isFull({ at }: Tile): boolean {
  return at.width === TILE_WIDTH
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
