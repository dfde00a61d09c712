import type { StoredRecord } from '../../audit/stored.ts'
import type { PackKeys } from '../packs/keys.ts'
import type { Segment } from '../segments/inventory.ts'
import { readRecords } from '../segments/read-records.ts'
import { chainOf, listSegments, nextOf } from '../segments/segment-chain.ts'
import { SegmentCursor } from '../segments/segment-cursor.ts'
import { findStream } from '../segments/stream.ts'
import { isNotThere } from '../segments/io.ts'

/**
 * Reads a log that grows, as often as it is asked: each time what has come since. It keeps its place in the segment, so that a
 * question about the newest records does not read the segment again.
 */
export class LogFollower {
  readonly #folder: string
  readonly #keys: PackKeys | undefined
  #cursor: SegmentCursor | undefined
  #nextSeq: number
  #reading: AsyncGenerator<StoredRecord, void, undefined> | undefined

  constructor(folder: string, from: number, keys?: PackKeys) {
    this.#folder = folder
    this.#keys = keys
    this.#nextSeq = from
  }

  /** The next record; undefined where there is none that is complete by now. */
  async next(): Promise<StoredRecord | undefined> {
    this.#reading ??= this.#newRecords()
    const step = await this.#reading.next()
    if (step.done !== true) return step.value
    this.#reading = undefined
    return undefined
  }

  /** Everything that is complete by now and was not read before, in order. Read to its end, or a commit would be read in part. */
  async *#newRecords(): AsyncGenerator<StoredRecord, void, undefined> {
    for (;;) {
      const segments = this.#segments()
      const first = segments[0]?.header.firstSeq ?? 0
      // Sealed meanwhile, or before we began.
      if (this.#nextSeq < first) yield* this.#sealedBefore(first)
      this.#cursor ??= startAt(segments, this.#nextSeq)
      if (this.#cursor === undefined) return
      // What comes after is looked up first: then nothing can be added to this one any more once it is read.
      const after = nextOf(this.#cursor.segment, segments)
      if (!(yield* this.#rest(this.#cursor, after?.header.voidFrom))) this.#cursor = undefined
      else if (after === undefined) return
      else this.#cursor = new SegmentCursor(after)
    }
  }

  async *#sealedBefore(end: number): AsyncGenerator<StoredRecord, void, undefined> {
    this.#cursor = undefined
    for await (const record of readRecords({ folder: this.#folder, from: { seq: this.#nextSeq }, keys: this.#keys })) {
      if (record.seq >= end) break
      this.#nextSeq = record.seq + 1
      yield record
    }
    this.#nextSeq = end
  }

  /** False where the segment was sealed and removed before it was opened. */
  *#rest(cursor: SegmentCursor, voidFrom: number | undefined): Generator<StoredRecord, boolean, undefined> {
    try {
      for (const record of cursor.read(voidFrom)) {
        // A segment begins with a copy of the last commit of the one before.
        if (record.seq < this.#nextSeq) continue
        this.#nextSeq = record.seq + 1
        yield record
      }
      return true
    } catch (failure) {
      if (isNotThere(failure)) return false
      throw failure
    }
  }

  #segments(): readonly Segment[] {
    const stream = findStream(this.#folder)
    return stream === undefined ? [] : listSegments(stream, this.#keys)
  }
}

/** The last that begins at or before this record, of those that count. */
function startAt(segments: readonly Segment[], seq: number): SegmentCursor | undefined {
  const start = chainOf(segments).findLast(({ segment }, i) => i === 0 || segment.header.firstSeq <= seq)
  return start && new SegmentCursor(start.segment)
}
