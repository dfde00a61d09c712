import { clock } from '../../base/clock.ts'
import type { LogTree } from '../../audit/log-tree.ts'
import type { Heads, Published, TreeHead } from './heads.ts'
import type { NoteKeys } from './note-keys.ts'
import type { TileFiles } from './tile-files.ts'

/** A head that can be signed once its tiles are there: `tiles` resolves then, or with what stands in the way. */
export interface NextHead extends TreeHead {
  readonly tiles: Promise<unknown>
}

export interface HeadSigningOptions {
  readonly heads: Heads
  readonly tiles: TileFiles
  /** Told of each try: why no head could be published, or nothing. */
  readonly onHeads: (trouble: unknown) => void
}

/** From a tree whose records are durable to a head that is published (audit.md, 7.3): tiles first, then the signature. */
export class HeadSigning {
  readonly #options: HeadSigningOptions

  constructor(options: HeadSigningOptions) {
    this.#options = options
  }

  /** Of the newest head. */
  get size(): number {
    return this.#options.heads.last?.size ?? 0
  }

  /** The head of an empty tree, which has no tiles. A witness may begin with it; nothing was promised yet. */
  begin(tree: LogTree, keys: NoteKeys): void {
    this.#options.heads.publish({ size: tree.size, root: tree.root() }, keys.all)
  }

  /** What there is to sign, its tiles being written from now on; undefined where the newest head says it all. */
  next(tree: LogTree): NextHead | undefined {
    const { heads, tiles } = this.#options
    if (heads.upToDate(tree.size)) return undefined
    tiles.add(tree.partial())
    return { root: tree.root(), size: tree.size, tiles: tiles.written() }
  }

  /** `trouble`: what stood in the way of its tiles. */
  sign(head: TreeHead, of: { keys: NoteKeys; trouble: unknown }): Published | undefined {
    const signers = of.keys.signersAt(Math.floor(clock.nowMs() / 1000))
    const published = of.trouble === undefined ? this.#options.heads.publish(head, signers) : of
    const trouble = 'trouble' in published ? published.trouble : undefined
    this.#options.onHeads(trouble)
    return 'trouble' in published ? undefined : published
  }
}
