import { join } from 'node:path'
import { equal } from '../../base/bytes.ts'
import type { Checkpoint } from '../../audit/checkpoint.ts'
import { LogTree, type Tile } from '../../audit/log-tree.ts'
import { subtreeHash, TILE_WIDTH, tilePath } from '../../audit/tile.ts'
import { LogDamage } from './damage.ts'
import { behind, CHECKPOINTS, conflict } from './heads.ts'
import type { Segment } from './inventory.ts'
import type { Io } from './io.ts'
import { type Newest, type Replayed, replayNewest } from './recover.ts'
import { readRunning } from './running-again.ts'
import { readTile, type TileFiles, tilePrefixReader } from './tile-files.ts'
import { walkSegment } from './walk-segment.ts'

export interface TreeRecovery {
  readonly io: Io
  /** Of the stream. */
  readonly folder: string
  readonly newest: Newest
  /** The newest signed head. */
  readonly signed: Checkpoint | undefined
  readonly tiles: TileFiles
}

/** What was found on disk. Of the log nothing was written yet. */
export interface Recovered extends Replayed {
  /** Of the newest segment. */
  readonly number: number
  /** With the last commit; tiles that it makes full are still in it. */
  readonly tree: LogTree
}

/**
 * Steps 4 to 6, 8 and 10 of recovery (audit.md, 6.2): the tree, what is missing of its full tiles written again. Everything
 * before the newest segment is taken from tiles. Throws LogDamage where the log is not what was signed, or was altered.
 */
export async function recoverTree(of: TreeRecovery): Promise<Recovered> {
  const { newest } = of
  const signed = new SignedRoot(of.signed)
  const tree = await treeBefore(of, signed)
  const replay = replayNewest(newest, tree)
  let step = replay.next()
  for (; step.done !== true; step = replay.next()) {
    signed.look(tree)
    const full = tree.takeFull()
    if (full.length > 0) await mend(of, full)
  }
  signed.look(tree)
  refuseToContradict(of, tree, signed.root)
  await mendUpperTiles(of, step.value.last.firstSeq)
  const { listed } = step.value
  const running = listed ? step.value.running : readRunning(of.io, [...newest.before, newest.segment])
  return { ...step.value, running, tree, number: newest.segment.header.number }
}

/** The root where the newest head was signed. A head is signed after a commit, so at the end of one. */
class SignedRoot {
  readonly #size: number | undefined
  root: Uint8Array | undefined

  constructor(signed: Checkpoint | undefined) {
    this.#size = signed?.size
  }

  look(tree: LogTree): void {
    if (tree.size === this.#size) this.root = tree.root()
  }
}

/** The tree at the beginning of the newest segment. Where tiles are missing, or a head is older, segments before it are read again. */
async function treeBefore(of: TreeRecovery, signed: SignedRoot): Promise<LogTree> {
  const { before, segment } = of.newest
  const segments = [...before, segment]
  const { from, tree } = beginning(of, segments)
  signed.look(tree)
  for (let i = from; i < before.length; i++)
    for (const { leaf, record } of walkSegment(of.io, segments[i], segments[i + 1]?.header.voidFrom)) {
      if (record.seq !== tree.size || record.seq >= segment.header.firstSeq) continue
      tree.append(leaf, record.entry)
      signed.look(tree)
      if (tree.size % TILE_WIDTH === 0) await mend(of, tree.takeFull())
    }
  return tree
}

/** Where they cannot be written now, they wait, and the next head with them. */
async function mend(of: TreeRecovery, tiles: readonly Tile[]): Promise<unknown> {
  of.tiles.add(tiles.filter((tile) => !isThere(of, tile)))
  return of.tiles.written()
}

/** A file has its length only once its bytes are on the disk (decisions/030). */
function isThere({ folder, io }: TreeRecovery, { at, bytes }: Tile): boolean {
  return io.sizeOf(join(folder, tilePath(at))) === bytes.length
}

/** The newest segment from which everything that is missing can be made again, and the tree at its beginning. */
function beginning(of: TreeRecovery, segments: readonly Segment[]): { from: number; tree: LogTree } {
  const [first] = segments
  const firstSeq = first?.header.firstSeq ?? 0
  const wanted = Math.min(of.signed?.size ?? Infinity, firstMissing(of, firstSeq), of.newest.segment.header.firstSeq)
  for (let i = segments.length - 1; i >= 0; i--) {
    const header = segments[i]?.header
    if (header === undefined || (header.firstSeq > wanted && i > 0)) continue
    const tree = LogTree.load(header.firstSeq, header.range, tilePrefixReader(of.io, of.folder))
    if (tree !== undefined) return { from: i, tree }
  }
  throw new LogDamage('tile_missing', 'tiles below the first segment are missing or altered', {
    file: join(of.folder, tilePath({ level: 0, index: Math.floor(firstSeq / TILE_WIDTH), width: TILE_WIDTH })),
  })
}

/**
 * Seq of the first record whose full tile or bundle is not there. They are not synced when they are written: after a power
 * cut the newest may be missing or empty.
 */
function firstMissing({ folder, io, newest }: TreeRecovery, firstSeq: number): number {
  const end = Math.floor(newest.segment.header.firstSeq / TILE_WIDTH)
  for (let index = Math.floor(firstSeq / TILE_WIDTH); index < end; index++) {
    const at = { index, width: TILE_WIDTH }
    const tile = io.sizeOf(join(folder, tilePath({ level: 0, ...at })))
    const bundle = io.sizeOf(join(folder, tilePath({ level: 'entries', ...at }))) ?? 0
    if (tile !== FULL_TILE_BYTES || bundle < FULL_BUNDLE_BYTES_LEAST) return index * TILE_WIDTH
  }
  return Infinity
}

const FULL_TILE_BYTES = TILE_WIDTH * 32
const FULL_BUNDLE_BYTES_LEAST = TILE_WIDTH * (2 + 152)

/** Step 8: whoever has the newest head must be able to go on from it. */
function refuseToContradict({ folder, signed }: TreeRecovery, tree: LogTree, signedRoot: Uint8Array | undefined): void {
  const file = join(folder, CHECKPOINTS)
  if (signed === undefined) return
  if (signed.size > tree.size) throw behind(tree.size, signed.size, file)
  if (signedRoot === undefined || !equal(signedRoot, signed.root)) throw conflict(signed.size, file)
}

/** Upper tiles are few, and everything in them stands in the tiles below. */
async function mendUpperTiles(of: TreeRecovery, size: number): Promise<void> {
  const { folder, io } = of
  for (let level = 1; TILE_WIDTH ** (level + 1) <= size; level++)
    for (let index = 0; index < Math.floor(size / TILE_WIDTH ** (level + 1)); index++) {
      const at = { level, index, width: TILE_WIDTH }
      if (io.sizeOf(join(folder, tilePath(at))) === FULL_TILE_BYTES) continue
      const bytes = new Uint8Array(FULL_TILE_BYTES)
      for (let i = 0; i < TILE_WIDTH; i++) {
        const below = { level: level - 1, index: index * TILE_WIDTH + i, width: TILE_WIDTH }
        const hashes = readTile(folder, below, io)
        if (hashes?.length !== FULL_TILE_BYTES)
          throw new LogDamage('tile_missing', 'a tile is missing or cut off', { file: join(folder, tilePath(below)) })
        bytes.set(subtreeHash(hashes, 0, TILE_WIDTH), i * 32)
      }
      // The level above is made from it.
      const trouble = await mend(of, [{ at, bytes }])
      if (trouble !== undefined) throw trouble
    }
}
