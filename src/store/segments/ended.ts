import { Buffer } from 'node:buffer'
import { LogDamage } from './damage.ts'
import { FRAME, FRAME_HEAD_BYTES, frameBytes } from './frame.ts'
import { HEADER_BYTES } from './header.ts'
import type { Segment } from './inventory.ts'
import { diskIo } from './io.ts'
import { nextOf } from './segment-chain.ts'
import { readAt, type RecordPlace, SegmentFile } from './segment-file.ts'
import { type RawRecord, readRecord } from './walk.ts'

/** A segment to which nothing is added any more, and those after it that hold the rest of its last block. */
export interface Ended {
  readonly segment: Segment
  /** First seq of the first block that begins in it; the one before was sealed with the segment before. */
  readonly from: number
  /** The seq after its last block. */
  readonly until: number
  readonly stretch: readonly Link[]
}

/** A segment, and where the next one says that it ends. */
interface Link {
  readonly segment: Segment
  readonly next: Segment | undefined
}

/** A record, and in which file it lies. */
export interface PlacedRecord extends RecordPlace {
  readonly segment: Segment
}

/**
 * The first segment, if another one goes on after it and the block of its last record is complete. Headers say where it ends, so
 * that nothing but heads of frames is read to find that out, as long as the answer is no.
 */
export function firstEnded(segments: readonly Segment[], blockRecords: number): Ended | undefined {
  const [segment] = segments
  const goesOn = segments.find(({ header }) => header.previous === segment?.header.number)
  if (segment === undefined || goesOn === undefined) return undefined
  const blockEnd = (seq: number): number => Math.ceil(seq / blockRecords) * blockRecords
  const until = blockEnd(goesOn.header.firstSeq)
  if (!isSettled(segments, until)) return undefined
  const stretch: Link[] = []
  for (let at: Segment | undefined = segment; at !== undefined && at.header.firstSeq < until;) {
    const next: Segment | undefined = nextOf(at, segments)
    stretch.push({ segment: at, next })
    at = next
  }
  const end = stretch[0]?.next?.header.firstSeq
  if (end === undefined || blockEnd(end) !== until) return undefined
  return { segment, from: blockEnd(segment.header.firstSeq), until, stretch }
}

/** Records of whole blocks, in order: fewer than `until` says where what was written last is not sure to be durable. Throws LogDamage. */
export function* recordsOf({ from, stretch, until }: Ended): Generator<PlacedRecord, void, undefined> {
  for (const { next, segment } of stretch)
    for (const record of next === undefined ? durableIn(segment) : allIn(segment, next)) {
      if (record.seq >= until) return
      if (record.seq >= from) yield { ...record, raw: atHand(record), segment }
    }
}

/** A block has so many records that what is little of each stays in memory, by itself; what is more is read again. */
const AT_HAND_BYTES_MAX = 16 * 1024

function atHand({ raw }: RecordPlace): RawRecord | undefined {
  if (raw === undefined || raw.body.length > AT_HAND_BYTES_MAX) return undefined
  return readRecord({ body: Buffer.from(raw.body), records: 1, seq: raw.seq }, raw.at)
}

function* allIn(segment: Segment, { header: { firstSeq, voidFrom } }: Segment): Generator<RecordPlace> {
  let seq = segment.header.firstSeq
  for (const records of commitsIn(segment, voidFrom)) {
    yield* records
    seq += records.length
  }
  // What follows was acknowledged: to seal without it would be to remove it.
  if (seq < firstSeq)
    throw new LogDamage('segment_damaged', `records from ${seq} on cannot be read, so the file is not sealed`, {
      file: segment.path,
    })
}

/** The last commit may be in the page cache only: none is written before the one before it is synced (audit.md, 6.2). */
function* durableIn(segment: Segment): Generator<RecordPlace> {
  let before: readonly RecordPlace[] = []
  for (const records of commitsIn(segment, undefined)) {
    yield* before
    before = records
  }
}

function* commitsIn(segment: Segment, voidFrom: number | undefined): Generator<readonly RecordPlace[]> {
  using file = new SegmentFile(segment)
  const end = Math.min(file.size, voidFrom ?? Infinity)
  let place = { at: HEADER_BYTES, seq: segment.header.firstSeq }
  for (;;) {
    const commit = file.commit(place.at, { end, seq: place.seq, keepNear: true })
    if (commit?.kind !== 'commit') return
    yield commit.records
    place = { at: commit.next, seq: commit.lastSeq + 1 }
  }
}

/** Whether a commit follows the one with the record before `until`. Heads of frames say so; whether they are right is seen later. */
function isSettled(segments: readonly Segment[], until: number): boolean {
  for (const segment of segments.toReversed()) {
    let any = false
    let reached = segment.header.firstSeq - 1
    let commits = 0
    for (const { records, seq, type } of headsIn(segment)) {
      any = true
      if (type === FRAME.record || type === FRAME.sealed) reached = seq + records - 1
      if (type === FRAME.footer && reached >= until - 1) commits++
      if (commits === 2 || segment.header.firstSeq >= until) return true
    }
    if (any) return false
  }
  return false
}

interface Head {
  readonly seq: number
  readonly type: number
  readonly records: number
}

function* headsIn(segment: Segment): Generator<Head> {
  const fd = diskIo.open(segment.path, 'r')
  try {
    for (let at = HEADER_BYTES; ;) {
      const head = readAt(fd, at, FRAME_HEAD_BYTES)
      const bodyBytes = head.length < FRAME_HEAD_BYTES ? 0 : head.readUInt32BE(0)
      if (bodyBytes === 0) return
      const seq = head.readUInt32BE(8) * 2 ** 32 + head.readUInt32BE(12)
      yield { seq, type: head.readUInt8(16), records: head.readUInt16BE(18) }
      at += frameBytes(bodyBytes)
    }
  } finally {
    diskIo.close(fd)
  }
}
