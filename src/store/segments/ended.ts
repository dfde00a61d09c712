import { HEADER_BYTES } from './header.ts'
import type { Segment } from './inventory.ts'
import { type Io, readAll } from './io.ts'
import { asBuffer, type RawCommit, type RawRecord, walkCommits } from './walk.ts'

/** A segment to which nothing is added any more. */
export interface Ended {
  readonly segment: Segment
  /** All of its records that count. */
  readonly records: readonly RawRecord[]
  /** What follows it, up to the end of the block of its last record. */
  readonly following: readonly RawRecord[]
}

/** The first segment, if another one goes on after it and the block of its last record is complete. */
export function firstEnded(io: Io, segments: readonly Segment[], blockRecords: number): Ended | undefined {
  const [segment] = segments
  const next = segment && successor(io, segments, 0)
  if (segment === undefined || next === undefined) return undefined
  const records = recordsOf(io, segment, next.segment.header.voidFrom)
  const until = Math.ceil((segment.header.firstSeq + records.length) / blockRecords) * blockRecords
  const following: RawRecord[] = []
  for (let at: Successor | undefined = next; at !== undefined && at.segment.header.firstSeq < until;) {
    const after: Successor | undefined = successor(io, segments, at.index)
    const durable =
      after === undefined ? durableOf(at.commits) : recordsOf(io, at.segment, after.segment.header.voidFrom)
    following.push(...durable.filter(({ seq }) => seq < until))
    at = after
  }
  const end = segment.header.firstSeq + records.length + following.length
  return end < until ? undefined : { segment, records, following }
}

interface Successor {
  readonly index: number
  readonly segment: Segment
  readonly commits: readonly RawCommit[]
}

/** The segment that goes on after this one: one that names it and holds a commit. Others were begun and never used. */
function successor(io: Io, segments: readonly Segment[], index: number): Successor | undefined {
  for (let i = index + 1; i < segments.length; i++) {
    const segment = segments[i]
    if (segment === undefined || segment.header.previous !== segments[index]?.header.number) continue
    const commits = commitsOf(io, segment, undefined)
    if (commits.length > 0) return { index: i, segment, commits }
  }
  return undefined
}

/** The last commit may be in the page cache only: none is written before the one before it is synced (audit.md, 6.2). */
function durableOf(commits: readonly RawCommit[]): RawRecord[] {
  return commits.slice(0, -1).flatMap(({ records }) => [...records])
}

function recordsOf(io: Io, segment: Segment, voidFrom: number | undefined): RawRecord[] {
  return commitsOf(io, segment, voidFrom).flatMap(({ records }) => [...records])
}

function commitsOf(io: Io, { cipher, header, path, saltCrc }: Segment, voidFrom: number | undefined): RawCommit[] {
  const bytes = asBuffer(readAll(io, path))
  const end = Math.min(bytes.length, voidFrom ?? Infinity)
  return [...walkCommits(bytes, HEADER_BYTES, { end, saltCrc, cipher, seq: header.firstSeq })]
}
