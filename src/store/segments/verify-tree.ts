import { join } from 'node:path'
import { equal } from '../../base/bytes.ts'
import { LogTree, type Tile } from '../../audit/log-tree.ts'
import { type TileCoordinate, tilePath } from '../../audit/tile.ts'
import { leafHash } from '../../audit/tree.ts'
import type { Finding } from '../../audit/verify.ts'
import type { HeadChecker } from '../../audit/verify-heads.ts'
import { diskIo } from './io.ts'
import { readTile, tilePrefixReader } from './tile-files.ts'

export interface TreeWatchOptions {
  /** Of the stream. */
  readonly folder: string
  /** Entries below it were pruned. */
  readonly start: number
  /** Sizes of published heads. Tiles of a larger tree need not be there yet. */
  readonly published: ReadonlySet<number>
  readonly heads: HeadChecker
  readonly report: (finding: Finding) => void
}

const REBUILD = 'Start a gateway on it, which makes tiles again from the records; compare the copy with a backup.'

/** Computes the tree from the entries and compares tiles, bundles and heads with it (audit.md, 9.2, steps 3 and 4). */
export class TreeWatch {
  readonly #options: TreeWatchOptions
  readonly #tree: LogTree | undefined
  readonly #newest: number
  #broken = false

  constructor(options: TreeWatchOptions) {
    this.#options = options
    const { folder, start } = options
    this.#newest = Math.max(0, ...options.published)
    this.#tree = start === 0 ? LogTree.empty() : LogTree.load(start, undefined, tilePrefixReader(diskIo, folder))
    if (this.#tree === undefined) this.#missing({ level: 1, index: 0, width: 1 })
    this.#compareHeads()
  }

  /** Each entry in order. After a gap nothing can be computed any more; the gap is a finding already. */
  entry(seq: number, entry: Uint8Array): void {
    const tree = this.#tree
    if (tree === undefined || this.#broken) return
    this.#broken = seq !== tree.size
    if (this.#broken) return
    tree.append(leafHash(entry), entry)
    for (const tile of tree.takeFull()) if (tree.size <= this.#newest) this.#compare(tile)
    if (this.#options.published.has(tree.size)) for (const tile of tree.partial()) this.#compare(tile)
    this.#compareHeads()
  }

  #compareHeads(): void {
    const tree = this.#tree
    if (tree !== undefined) this.#options.heads.at(tree.size, () => tree.root())
  }

  #compare({ at, bytes }: Tile): void {
    const found = readTile(this.#options.folder, at)
    if (found === undefined || found.length < bytes.length) return this.#missing(at)
    const there = found.subarray(0, bytes.length)
    if (equal(there, bytes)) return
    this.#options.report({
      code: 'tile_mismatch',
      file: join(this.#options.folder, tilePath(at)),
      offset: there.findIndex((byte, i) => byte !== bytes[i]),
      what: 'the tile is not that of the records',
      do: REBUILD,
    })
  }

  #missing(at: TileCoordinate): void {
    const file = join(this.#options.folder, tilePath(at))
    this.#options.report({ code: 'tile_missing', file, what: 'the tile is missing or cut off', do: REBUILD })
  }
}
