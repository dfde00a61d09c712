import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Micros } from '../../base/clock.ts'
import { type SessionId, sessionId } from '../../base/ids.ts'
import type { EntryFields } from '../../audit/entry.ts'
import type { StoredRecord } from '../../audit/stored.ts'
import type { PackKeys } from '../packs/keys.ts'
import { SealedReader } from '../packs/sealed-reader.ts'
import { type Segment, takeInventory } from './inventory.ts'
import { diskIo } from './io.ts'
import { SEGMENT_BYTES } from './options.ts'
import { SegmentCursor } from './segment-cursor.ts'
import { findStream, type Stream } from './stream.ts'

export interface ReadOptions {
  /** The data folder. */
  readonly folder: string
  /** Goes on with what is written later, until the signal; oldest first only. */
  readonly follow?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  readonly order?: 'oldest' | 'newest' | undefined
  /** Nothing before it is shown. Times are those of the entries, which a clock that was set back can put out of order. */
  readonly from?: { readonly seq: number } | { readonly time: Micros } | undefined
  /** Only records of this session. */
  readonly session?: SessionId | undefined
  /** Opens what is encrypted; without it the content of such records is `locked`. */
  readonly keys?: PackKeys | undefined
}

/** How soon something new is seen; a person does not notice it, a disk neither. */
const POLL_MS = 200

/**
 * The records of a data folder, oldest first unless asked otherwise: packs and segments as one log. Reads only, takes no lock,
 * and can run beside a gateway: what is not complete yet is not there yet. A record that cannot be decoded is left out;
 * `verifyFolder` says so.
 */
export async function* readRecords(options: ReadOptions): AsyncGenerator<StoredRecord, void, undefined> {
  const stream = findStream(options.folder)
  if (stream === undefined && options.follow !== true) return
  yield* options.order === 'newest' ? newestFirst(options, stream) : oldestFirst(options)
}

interface Place {
  cursor: SegmentCursor | undefined
  nextSeq: number
}

async function* oldestFirst(options: ReadOptions): AsyncGenerator<StoredRecord, void, undefined> {
  const { follow, from, signal } = options
  const place: Place = { cursor: undefined, nextSeq: from !== undefined && 'seq' in from ? from.seq : 0 }
  const wanted = wantedBy(options)
  while (signal?.aborted !== true) {
    const stream = findStream(options.folder)
    const segments = stream === undefined ? [] : listSegments(stream)
    const [first] = segments
    if (stream !== undefined && first !== undefined && place.nextSeq < first.header.firstSeq) {
      // Sealed meanwhile, or before we began: what is not in segments any more is in packs.
      place.cursor = undefined
      yield* sealed(stream, place, { options, end: first.header.firstSeq, wanted })
    }
    place.cursor ??= startAt(segments, place.nextSeq)
    // What comes after is looked up first: then nothing can be added to this one any more once it is read.
    const after = place.cursor && nextOf(place.cursor.segment, segments)
    if (place.cursor !== undefined && !(yield* unseen(place, after?.header.voidFrom, wanted))) place.cursor = undefined
    else if (after !== undefined) place.cursor = new SegmentCursor(after)
    else if (follow === true) await pause(signal)
    else return
  }
}

function* sealed(
  stream: Stream,
  place: Place,
  of: { options: ReadOptions; end: number; wanted: Wanted },
): Generator<StoredRecord, void, undefined> {
  const { from, keys } = of.options
  using reader = new SealedReader({ folder: dirname(stream.folder), origin: stream.origin, keys })
  const start = from !== undefined && 'time' in from ? reader.seqAt(from.time, of.end) : 0
  for (const record of reader.oldestFirst(Math.max(start, place.nextSeq), of.end, of.wanted)) {
    place.nextSeq = record.seq + 1
    yield record
  }
  place.nextSeq = of.end
}

/** False: the segment was sealed and removed before it was opened. After a recovery the next one begins with a copy of the last commit, which is not shown twice. */
function* unseen(place: Place, voidFrom: number | undefined, wanted: Wanted): Generator<StoredRecord, boolean, undefined> {
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

function* newestFirst(options: ReadOptions, stream: Stream | undefined): Generator<StoredRecord, void, undefined> {
  if (stream === undefined) return
  const { from, keys, signal } = options
  const wanted = wantedBy(options)
  const least = from !== undefined && 'seq' in from ? from.seq : 0
  let end = 0
  for (const { segment, voidFrom } of chainOf(listSegments(stream)).toReversed()) {
    const records = readIfThere(segment, voidFrom)
    // Sealed meanwhile, and with it all before it.
    if (records === undefined) break
    end = segment.header.firstSeq
    for (const record of records.toReversed()) {
      if (signal?.aborted === true || record.seq < least) return
      if (wanted(record.entry)) yield record
    }
  }
  using reader = new SealedReader({ folder: dirname(stream.folder), origin: stream.origin, keys })
  const start = from !== undefined && 'time' in from ? reader.seqAt(from.time, end) : least
  for (const record of reader.newestFirst(start, end, wanted)) {
    if (signal?.aborted === true) return
    yield record
  }
}

function readIfThere(segment: Segment, voidFrom: number | undefined): StoredRecord[] | undefined {
  try {
    return [...new SegmentCursor(segment).read(voidFrom)]
  } catch (failure) {
    if (isNotThere(failure)) return undefined
    throw failure
  }
}

function isNotThere(failure: unknown): boolean {
  return failure instanceof Error && 'code' in failure && failure.code === 'ENOENT'
}

type Wanted = (entry: EntryFields) => boolean

function wantedBy({ from, session }: ReadOptions): Wanted {
  const since = from !== undefined && 'time' in from ? from.time : 0
  return (entry) =>
    entry.time >= since && (session === undefined || (entry.session !== undefined && sessionId(entry.session) === session))
}

function listSegments({ folder, origin }: Stream): readonly Segment[] {
  return takeInventory(diskIo, folder, { origin, segmentBytes: SEGMENT_BYTES }).segments
}

/** Where to begin among segments: at the last that begins at or before this record. */
function startAt(segments: readonly Segment[], seq: number): SegmentCursor | undefined {
  const start = chainOf(segments).findLast(({ segment }, i) => i === 0 || segment.header.firstSeq <= seq)
  return start && new SegmentCursor(start.segment)
}

/** The segments that count, from the first, each with where the next one says that it ends. */
function chainOf(segments: readonly Segment[]): { readonly segment: Segment; readonly voidFrom: number | undefined }[] {
  const chain: { segment: Segment; voidFrom: number | undefined }[] = []
  for (let segment = segments[0]; segment !== undefined;) {
    const next = nextOf(segment, segments)
    chain.push({ segment, voidFrom: next?.header.voidFrom })
    segment = next
  }
  return chain
}

/** The segment that goes on after this one: one that names it and holds a commit. Others were begun and never used. */
function nextOf(segment: Segment, segments: readonly Segment[]): Segment | undefined {
  return segments.find((one) => one.header.previous === segment.header.number && hasRecords(one))
}

function hasRecords(segment: Segment): boolean {
  try {
    // Leaving the loop closes the file.
    for (const _ of new SegmentCursor(segment).read(undefined)) return true
  } catch (failure) {
    if (!isNotThere(failure)) throw failure
  }
  return false
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await sleep(POLL_MS, undefined, signal && { signal }).catch(() => undefined)
}
