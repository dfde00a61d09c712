import type { Buffer } from 'node:buffer'
import { assert } from '../../base/assert.ts'
import { decodeEntry, kindOf } from '../../audit/entry.ts'
import { CompactRange, leafHash } from '../../audit/tree.ts'
import { intentOf } from '../../audit/pair.ts'
import { LogDamage } from './damage.ts'
import { HEADER_BYTES } from './header.ts'
import type { Inventory, Segment } from './inventory.ts'
import { type Io, readAll } from './io.ts'
import { openListOf } from './own-records.ts'
import { Running } from './running.ts'
import {
  asBuffer,
  commitLiesAfter,
  type RawCommit,
  type RawRecord,
  readCommit,
  walkCommits,
  type Within,
} from './walk.ts'

/** A record, and its place in the tree. */
export interface Walked {
  readonly record: RawRecord
  readonly leaf: Uint8Array
}

/** What was found on disk. Nothing was written yet. */
export interface Recovered {
  /** The segment with the last complete commit, and that commit: the one thing that may be in the page cache only. */
  readonly segment: Segment
  readonly last: RawCommit
  readonly leaves: readonly Uint8Array[]
  /** Every record of that segment, read and hashed once for all that is recovered from them. */
  readonly walked: readonly Walked[]
  readonly running: Running
  /** Segments after it, without a single complete commit: nothing in them was ever acknowledged. */
  readonly aborted: readonly Segment[]
}

/** Steps 3 to 6 of recovery (audit.md, 6.2). Undefined: no commit was ever completed. Throws LogDamage. */
export function recover(io: Io, { segments }: Inventory): Recovered | undefined {
  const aborted: Segment[] = []
  for (let last = segments.length; last > 0; last--) {
    const segment = segments[last - 1]
    assert(segment !== undefined, 'within the list')
    const bytes = asBuffer(readAll(io, segment.path))
    if (readCommit(bytes, HEADER_BYTES, within(segment, bytes))?.kind === 'commit')
      return recovered(io, { segment, bytes, before: segments.slice(0, last - 1), aborted })
    if (commitLiesAfter(bytes, HEADER_BYTES, within(segment, bytes)))
      throw new LogDamage('segment_damaged', DAMAGED, { file: segment.path, offset: HEADER_BYTES })
    aborted.push(segment)
  }
  return undefined
}

function recovered(
  io: Io,
  of: { segment: Segment; bytes: Buffer; before: readonly Segment[]; aborted: readonly Segment[] },
): Recovered {
  const { aborted, before, bytes, segment } = of
  const found = recoverSegment(segment, bytes)
  const running = readRunning(io, before, found.walked, segment.header.voidFrom)
  return { ...found, running, aborted }
}

const DAMAGED = 'acknowledged records were altered: a complete commit lies behind a place that cannot be read'

function within({ cipher, header, saltCrc }: Segment, bytes: Buffer): Within {
  return { end: bytes.length, saltCrc, cipher, seq: header.firstSeq }
}

function recoverSegment(segment: Segment, bytes: Buffer): Pick<Recovered, 'segment' | 'last' | 'leaves' | 'walked'> {
  const { header, path } = segment
  const tree = new CompactRange(header.firstSeq, header.range)
  const walked: Walked[] = []
  let last: { commit: RawCommit; leaves: readonly Uint8Array[] } | undefined
  const walk = walkCommits(bytes, HEADER_BYTES, within(segment, bytes))
  let step = walk.next()
  for (; step.done !== true; step = walk.next()) {
    const commit = step.value
    last = { commit, leaves: commit.records.map(({ entry }) => leafHash(entry)) }
    for (const [i, leaf] of last.leaves.entries()) {
      const record = commit.records[i]
      if (record !== undefined) walked.push({ record, leaf })
      tree.append(leaf)
    }
    if (commit.treeSize !== tree.size || !same(commit.root, tree.root()))
      throw new LogDamage('segment_damaged', 'records were altered: their hashes do not give the root beside them', {
        file: path,
        offset: commit.at,
      })
  }
  if (commitLiesAfter(bytes, step.value, within(segment, bytes)))
    throw new LogDamage('segment_damaged', DAMAGED, { file: path, offset: step.value })
  if (last === undefined) throw new LogDamage('segment_damaged', 'the first commit is gone', { file: path })
  return { segment, last: last.commit, leaves: last.leaves, walked }
}

/** Sessions and open intents, read back to the newest record that lists what was open before it. */
function readRunning(
  io: Io,
  before: readonly Segment[],
  last: readonly Walked[],
  voidFrom: number | undefined,
): Running {
  const read: (readonly Walked[])[] = [last]
  for (let i = before.length - 1; i >= 0 && read[0]?.some(listsWhatIsOpen) !== true; i--) {
    const end = i === before.length - 1 ? voidFrom : before[i + 1]?.header.voidFrom
    read.unshift([...walkSegment(io, before[i], end)])
  }
  const running = new Running()
  for (const records of read) for (const walked of records) note(running, walked)
  return running
}

/** The records of a segment that count: up to where the next one says that it ends. */
export function* walkSegment(io: Io, segment: Segment | undefined, voidFrom: number | undefined): Generator<Walked> {
  if (segment === undefined) return
  const bytes = asBuffer(readAll(io, segment.path))
  const end = Math.min(bytes.length, voidFrom ?? Infinity)
  for (const { records } of walkCommits(bytes, HEADER_BYTES, { ...within(segment, bytes), end }))
    for (const record of records) yield { record, leaf: leafHash(record.entry) }
}

function listsWhatIsOpen({ record: { entry, parts } }: Walked): boolean {
  const kind = kindOf(entry[1] ?? 0)
  return kind !== undefined && parts.envelope !== undefined && openListOf(kind, parts.envelope.content) !== undefined
}

function note(running: Running, { leaf, record }: Walked): void {
  const entry = decodeEntry(record.entry)
  const envelope = record.parts.envelope?.content
  if (entry === undefined || envelope === undefined) return
  running.load(openListOf(entry.kind, envelope))
  running.note({
    kind: entry.kind,
    seq: record.seq,
    session: entry.session === undefined ? '' : asBuffer(entry.session).toString('latin1'),
    leaf,
    of: entry.kind === 'outcome' ? intentOf(envelope) : undefined,
  })
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
