import type { Buffer } from 'node:buffer'
import { assert } from '../../base/assert.ts'
import { equal } from '../../base/bytes.ts'
import type { LogTree } from '../../audit/log-tree.ts'
import { leafHash } from '../../audit/tree.ts'
import { LogDamage } from './damage.ts'
import { HEADER_BYTES } from './header.ts'
import type { Inventory, Segment } from './inventory.ts'
import { type Io, readAll } from './io.ts'
import { Running } from './running.ts'
import { noteWalked } from './running-again.ts'
import { asBuffer, commitLiesAfter, type RawCommit, readCommit, walkCommits } from './walk.ts'
import { within } from './walk-segment.ts'

/** The segment with the last complete commit. */
export interface Newest {
  readonly segment: Segment
  readonly bytes: Buffer
  readonly before: readonly Segment[]
  /** Segments after it, without a single complete commit: nothing in them was ever acknowledged. */
  readonly aborted: readonly Segment[]
}

/** What was read of it. Nothing was written yet. */
export interface Replayed {
  /** The one commit that may be in the page cache only. */
  readonly last: RawCommit
  /** Compact range of the tree before that commit. */
  readonly before: readonly Uint8Array[]
  readonly running: Running
  /** A record said what was open before it, so that `running` knows all. */
  readonly listed: boolean
}

/** Step 3 of recovery (audit.md, 6.2). Undefined: no commit was ever completed. Throws LogDamage. */
export function findNewest(io: Io, { segments }: Inventory): Newest | undefined {
  const aborted: Segment[] = []
  for (let last = segments.length; last > 0; last--) {
    const segment = segments[last - 1]
    assert(segment !== undefined, 'within the list')
    const bytes = asBuffer(readAll(io, segment.path))
    if (readCommit(bytes, HEADER_BYTES, within(segment, bytes))?.kind === 'commit')
      return { segment, bytes, before: segments.slice(0, last - 1), aborted }
    if (commitLiesAfter(bytes, HEADER_BYTES, within(segment, bytes)))
      throw new LogDamage('segment_damaged', DAMAGED, { file: segment.path, offset: HEADER_BYTES })
    aborted.push(segment)
  }
  return undefined
}

const DAMAGED = 'acknowledged records were altered: a complete commit lies behind a place that cannot be read'

/**
 * Steps 4 to 6: puts its records onto the tree at its beginning, each read and hashed once. Stops before each commit, where
 * every record in the tree is durable and its full tiles may be taken. Throws LogDamage.
 */
export function* replayNewest({ bytes, segment }: Newest, tree: LogTree): Generator<void, Replayed, undefined> {
  assert(tree.size === segment.header.firstSeq, 'it goes on where the tree ends')
  const running = new Running()
  let listed = false
  let last: Pick<Replayed, 'last' | 'before'> | undefined
  const walk = walkCommits(bytes, HEADER_BYTES, within(segment, bytes))
  let step = walk.next()
  for (; step.done !== true; step = walk.next()) {
    yield
    last = { last: step.value, before: tree.hashes }
    for (const record of step.value.records) {
      const leaf = leafHash(record.entry)
      tree.append(leaf, record.entry)
      listed = noteWalked(running, { record, leaf }) || listed
    }
    refuseAltered(segment, step.value, tree)
  }
  if (commitLiesAfter(bytes, step.value, within(segment, bytes)))
    throw new LogDamage('segment_damaged', DAMAGED, { file: segment.path, offset: step.value })
  if (last === undefined) throw new LogDamage('segment_damaged', 'the first commit is gone', { file: segment.path })
  return { ...last, running, listed }
}

function refuseAltered({ path }: Segment, { at, root, treeSize }: RawCommit, tree: LogTree): void {
  if (treeSize !== tree.size || !equal(root, tree.root()))
    throw new LogDamage('segment_damaged', 'records were altered: their hashes do not give the root beside them', {
      file: path,
      offset: at,
    })
}
