import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StoredRecord } from '../../audit/stored.ts'
import { SealedReader } from '../packs/sealed-reader.ts'
import type { Segment } from './inventory.ts'
import { newestFirst } from './read-newest.ts'
import { type Bounds, boundsOf, type ReadOptions, type Wanted } from './read-options.ts'
import { chainOf, listSegments, nextOf } from './segment-chain.ts'
import { SegmentCursor } from './segment-cursor.ts'
import { findStream, type Stream } from './stream.ts'
import { isNotThere } from './io.ts'

/** How soon something new is seen; a person does not notice it, a disk neither. */
const POLL_MS = 200

/**
 * The records of a data folder, oldest first unless asked otherwise: packs and segments as one log. Reads only, takes no lock,
 * and can run beside a gateway: what is not complete yet is not there yet. A record that cannot be decoded is left out;
 * `verifyFolder` says so.
 */
export async function* readRecords(options: ReadOptions): AsyncGenerator<StoredRecord, void, undefined> {
  const records = options.order === 'newest' ? newestOf(options) : oldestFirst(options)
  for await (const record of records) {
    if (options.signal?.aborted === true) return
    yield record
  }
}

/** One record; undefined where there is none of that number that can be read. */
export async function recordAt(
  log: Pick<ReadOptions, 'folder' | 'keys'>,
  seq: number,
): Promise<StoredRecord | undefined> {
  for await (const record of readRecords({ ...log, from: { seq } })) return record.seq === seq ? record : undefined
  return undefined
}

function newestOf(options: ReadOptions): Iterable<StoredRecord> {
  const stream = findStream(options.folder)
  return stream === undefined ? [] : newestFirst(options, stream)
}

interface Place {
  cursor: SegmentCursor | undefined
  nextSeq: number
}

async function* oldestFirst(options: ReadOptions): AsyncGenerator<StoredRecord, void, undefined> {
  const bounds = boundsOf(options)
  const place: Place = { cursor: undefined, nextSeq: bounds.leastSeq }
  while (!isAborted(options)) {
    const stream = findStream(options.folder)
    const segments = stream === undefined ? [] : listSegments(stream, options.keys)
    if (stream !== undefined) yield* sealedBefore(segments[0], place, { options, stream, bounds })
    place.cursor ??= startAt(segments, place.nextSeq)
    // What comes after is looked up first: then nothing can be added to this one any more once it is read.
    const after = place.cursor && nextOf(place.cursor.segment, segments)
    if (!(yield* unseen(place, after?.header.voidFrom, bounds.wanted))) place.cursor = undefined
    else if (after !== undefined) place.cursor = new SegmentCursor(after)
    else if (options.follow === true) await pause(options.signal)
    else return
  }
}

function isAborted({ signal }: ReadOptions): boolean {
  return signal?.aborted === true
}

/** Sealed meanwhile, or before we began: what is not in segments any more is in packs. */
function* sealedBefore(
  first: Segment | undefined,
  place: Place,
  { bounds, options, stream }: { options: ReadOptions; stream: Stream; bounds: Bounds },
): Generator<StoredRecord, void, undefined> {
  const end = first?.header.firstSeq ?? 0
  if (place.nextSeq >= end) return
  place.cursor = undefined
  using reader = new SealedReader({ folder: dirname(stream.folder), origin: stream.origin, keys: options.keys })
  const start = bounds.since === undefined ? 0 : reader.seqAt(bounds.since, end)
  for (const record of reader.oldestFirst(Math.max(start, place.nextSeq), end, bounds.wanted)) {
    place.nextSeq = record.seq + 1
    yield record
  }
  place.nextSeq = end
}

/**
 * False: the segment was sealed and removed before it was opened. After a recovery the next one begins with a copy of the last
 * commit, which is not shown twice.
 */
function* unseen(
  place: Place,
  voidFrom: number | undefined,
  wanted: Wanted,
): Generator<StoredRecord, boolean, undefined> {
  try {
    for (const record of place.cursor?.read(voidFrom) ?? []) {
      if (record.seq < place.nextSeq) continue
      place.nextSeq = record.seq + 1
      if (wanted(record.entry)) yield record
    }
    return true
  } catch (failure) {
    if (isNotThere(failure)) return false
    throw failure
  }
}

/** Where to begin among segments: at the last that begins at or before this record. */
function startAt(segments: readonly Segment[], seq: number): SegmentCursor | undefined {
  const start = chainOf(segments).findLast(({ segment }, i) => i === 0 || segment.header.firstSeq <= seq)
  return start && new SegmentCursor(start.segment)
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await sleep(POLL_MS, undefined, signal && { signal }).catch(() => undefined)
}
