import { join } from 'node:path'
import { assert } from '../../base/assert.ts'
import { equal } from '../../base/bytes.ts'
import type { Checkpoint } from '../../audit/checkpoint.ts'
import { LogTree, type Tile } from '../../audit/log-tree.ts'
import { subtreeHash, TILE_WIDTH, tilePath } from '../../audit/tile.ts'
import { LogDamage } from './damage.ts'
import { behind, CHECKPOINTS, conflict } from './heads.ts'
import type { Segment } from './inventory.ts'
import type { Io } from './io.ts'
import { type Recovered, walkSegment } from './recover.ts'
import { readTile, type TileFiles, tilePrefixReader } from './tile-files.ts'

export interface TreeRecovery {
  readonly io: Io
  /** Of the stream. */
  readonly folder: string
  /** In their order; those that hold no commit are behind the one that recovery found. */
  readonly segments: readonly Segment[]
  readonly recovered: Recovered
  /** The newest signed head. */
  readonly signed: Checkpoint | undefined
  readonly tiles: TileFiles
}

/**
 * Steps 8 and 10 of recovery (audit.md, 6.2): the tree before the last commit with its running tiles, what is missing of the
 * full ones written again. Throws LogDamage where the log is not what was signed.
 */
export async function recoverTree(of: TreeRecovery): Promise<LogTree> {
  const upTo = of.segments.filter(({ header }) => header.number <= of.recovered.segment.header.number)
  const { from, tree } = beginning(of, upTo)
  const signedRoot = await replay(of, tree, { segments: upTo, from })
  refuseToContradict(of, tree, signedRoot)
  await mendUpperTiles(of, tree.size)
  return tree
}

/** Appends the records of the segments, the last commit left out. Returns the root where the newest head was signed. */
async function replay(
  of: TreeRecovery,
  tree: LogTree,
  { from, segments }: { from: number; segments: readonly Segment[] },
): Promise<Uint8Array | undefined> {
  let signedRoot = tree.size === of.signed?.size ? tree.root() : undefined
  for (let i = from; i < segments.length; i++) {
    const isLast = segments[i] === of.recovered.segment
    const walked = isLast ? of.recovered.walked : walkSegment(of.io, segments[i], segments[i + 1]?.header.voidFrom)
    for (const { leaf, record } of walked) {
      if (record.seq !== tree.size || record.seq >= of.recovered.last.firstSeq) continue
      tree.append(leaf, record.entry)
      if (tree.size === of.signed?.size) signedRoot = tree.root()
      if (tree.size % TILE_WIDTH === 0) await mend(of, tree.takeFull())
    }
  }
  return signedRoot
}

/** Where they cannot be written now, they wait, and the next head with them. */
async function mend(of: TreeRecovery, tiles: readonly Tile[]): Promise<void> {
  of.tiles.add(tiles.filter((tile) => !isThere(of, tile)))
  await of.tiles.written()
}

/** A file has its length only once its bytes are on the disk (decisions/030). */
function isThere({ folder, io }: TreeRecovery, { at, bytes }: Tile): boolean {
  return io.sizeOf(join(folder, tilePath(at))) === bytes.length
}

/** The newest segment from which everything that is missing can be made again, and the tree at its beginning. */
function beginning(of: TreeRecovery, segments: readonly Segment[]): { from: number; tree: LogTree } {
  const [first] = segments
  const firstSeq = first?.header.firstSeq ?? 0
  const wanted = Math.min(of.signed?.size ?? Infinity, firstMissing(of, firstSeq), of.recovered.segment.header.firstSeq)
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
function firstMissing({ folder, io, recovered }: TreeRecovery, firstSeq: number): number {
  const end = Math.floor(recovered.segment.header.firstSeq / TILE_WIDTH)
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

/** Step 8: whoever has the newest head must be able to go on from it. A head is signed after a commit, so at the end of one. */
function refuseToContradict(
  { folder, recovered, signed }: TreeRecovery,
  tree: LogTree,
  signedRoot: Uint8Array | undefined,
): void {
  const file = join(folder, CHECKPOINTS)
  const whole = tree.range()
  for (const leaf of recovered.leaves) whole.append(leaf)
  assert(equal(whole.root(), recovered.last.root), 'two ways to read the log give one root')
  if (signed === undefined) return
  if (signed.size > whole.size) throw behind(whole.size, signed.size, file)
  const root = signed.size === whole.size ? whole.root() : signedRoot
  if (root === undefined || !equal(root, signed.root)) throw conflict(signed.size, file)
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
      await mend(of, [{ at, bytes }])
    }
}
