import type { Buffer } from 'node:buffer'
import { assert } from '../../base/assert.ts'
import { decodeEntry } from '../../audit/entry.ts'

import { CompactRange, leafHash } from '../../audit/tree.ts'
import { intentOf } from '../../audit/pair.ts'
import { LogDamage } from './damage.ts'
import { HEADER_BYTES } from './header.ts'
import type { Inventory, Segment } from './inventory.ts'
import { type Io, readAll } from './io.ts'
import { openListOf } from './own-records.ts'
import { Running } from './running.ts'
import { asBuffer, commitLiesAfter, type RawCommit, type RawRecord, readCommit, walkCommits } from './walk.ts'

/** What was found on disk. Nothing was written yet. */
export interface Recovered {
  /** The segment with the last complete commit, and that commit: the one thing that may be in the page cache only. */
  readonly segment: Segment
  readonly last: RawCommit
  readonly leaves: readonly Uint8Array[]
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
      return { ...recoverSegment(segment, bytes), running: readRunning(io, segments.slice(0, last)), aborted }
    if (commitLiesAfter(bytes, HEADER_BYTES, within(segment, bytes)))
      throw new LogDamage('segment_damaged', DAMAGED, { file: segment.path, offset: HEADER_BYTES })
    aborted.push(segment)
  }
  return undefined
}

const DAMAGED = 'acknowledged records were altered: a complete commit lies behind a place that cannot be read'

function within(segment: Segment, bytes: Buffer): { end: number; saltCrc: number; seq: number } {
  return { end: bytes.length, saltCrc: segment.saltCrc, seq: segment.header.firstSeq }
}

function recoverSegment(segment: Segment, bytes: Buffer): Pick<Recovered, 'segment' | 'last' | 'leaves'> {
  const { header, path } = segment
  const tree = new CompactRange(header.firstSeq, header.range)
  let last: { commit: RawCommit; leaves: readonly Uint8Array[] } | undefined
  const walk = walkCommits(bytes, HEADER_BYTES, within(segment, bytes))
  let step = walk.next()
  for (; step.done !== true; step = walk.next()) {
    const commit = step.value
    last = { commit, leaves: commit.records.map(({ entry }) => leafHash(entry)) }
    for (const leaf of last.leaves) tree.append(leaf)
    if (commit.treeSize !== tree.size || !same(commit.root, tree.root()))
      throw new LogDamage('segment_damaged', 'records were altered: their hashes do not give the root beside them', {
        file: path,
        offset: commit.at,
      })
  }
  if (commitLiesAfter(bytes, step.value, within(segment, bytes)))
    throw new LogDamage('segment_damaged', DAMAGED, { file: path, offset: step.value })
  if (last === undefined) throw new LogDamage('segment_damaged', 'the first commit is gone', { file: path })
  return { segment, last: last.commit, leaves: last.leaves }
}

/** Sessions and open intents, read back to the newest record that lists what was open before it. */
function readRunning(io: Io, segments: readonly Segment[]): Running {
  const read: Segment[] = []
  for (const segment of segments.toReversed()) {
    read.unshift(segment)
    if (listsWhatIsOpen(segment, asBuffer(readAll(io, segment.path)))) break
  }
  const running = new Running()
  for (const [i, segment] of read.entries()) {
    const bytes = asBuffer(readAll(io, segment.path))
    const end = Math.min(bytes.length, read[i + 1]?.header.voidFrom ?? Infinity)
    for (const { records } of walkCommits(bytes, HEADER_BYTES, { ...within(segment, bytes), end }))
      for (const record of records) note(running, record)
  }
  return running
}

function listsWhatIsOpen(segment: Segment, bytes: Buffer): boolean {
  for (const { records } of walkCommits(bytes, HEADER_BYTES, within(segment, bytes)))
    for (const { entry, parts } of records) {
      const kind = decodeEntry(entry)?.kind
      if (kind !== undefined && parts.envelope && openListOf(kind, parts.envelope.content) !== undefined) return true
    }
  return false
}

function note(running: Running, record: RawRecord): void {
  const entry = decodeEntry(record.entry)
  const envelope = record.parts.envelope?.content
  if (entry === undefined || envelope === undefined) return
  running.load(openListOf(entry.kind, envelope))
  running.note({
    kind: entry.kind,
    seq: record.seq,
    session: entry.session === undefined ? '' : asBuffer(entry.session).toString('latin1'),
    leaf: leafHash(record.entry),
    of: entry.kind === 'outcome' ? intentOf(envelope) : undefined,
  })
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
