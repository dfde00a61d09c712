import { Buffer } from 'node:buffer'
import { assert } from '../../base/assert.ts'
import { FRAME_HEAD_BYTES, type Frame, frameBytes, readFrame } from './frame.ts'
import type { Segment } from './inventory.ts'
import { diskIo } from './io.ts'
import { asBuffer, type RawCommit, type RawRecord, readCommitFrom, recordsIn, type SegmentEnd } from './walk.ts'

/** Read at once; more where a single record is larger. What was read is kept as long as one record of it is. */
const WINDOW_BYTES = 1024 * 1024

/** A record that was read and is right, without what it says: that is read again when it is needed. */
export interface RecordPlace {
  readonly seq: number
  readonly at: number
  /** Of its frame. */
  readonly bytes: number
  readonly entry: Buffer
  /** What it says, where that is little and was at hand. */
  readonly raw?: RawRecord | undefined
}

/** A segment on disk, read with as much memory as its largest record needs, however large the segment or a commit in it is. */
export class SegmentFile implements Disposable {
  readonly segment: Segment
  readonly size: number
  readonly #fd: number
  #window: Buffer = NOTHING
  #windowAt = 0
  #large: Buffer = NOTHING
  /** The frame that was opened last. */
  #opened: { readonly at: number; readonly records: readonly RawRecord[] } | undefined

  /** Throws what the system says where it is not there. */
  constructor(segment: Segment) {
    this.segment = segment
    this.#fd = diskIo.open(segment.path, 'r')
    this.size = diskIo.size(this.#fd)
  }

  /** As `readCommit`: the complete commit that begins at `at` with record `seq`. `keepNear`: records that lie close by are kept whole. */
  commit(
    at: number,
    { end, keepNear = false, seq }: { readonly end: number; readonly seq: number; readonly keepNear?: boolean },
  ): RawCommit<RecordPlace> | SegmentEnd | undefined {
    return readCommitFrom(
      (place) => this.#frame(place, end),
      { ...this.segment, at, seq },
      (record, next) => placeOf(record, { next, near: keepNear && next - at <= WINDOW_BYTES }),
    )
  }

  /** The record that was found there. */
  record(place: RecordPlace): RawRecord {
    if (place.raw !== undefined) return place.raw
    if (this.#opened?.at !== place.at) this.#opened = { at: place.at, records: this.#open(place) }
    const record = this.#opened.records.find(({ seq }) => seq === place.seq)
    assert(record !== undefined, 'what was read of a segment a moment ago is still there')
    return record
  }

  /** The records of one frame; those of a sealed commit are opened together. */
  #open({ at, bytes: length }: RecordPlace): readonly RawRecord[] {
    const bytes = this.#inWindow(at, length) ?? readAt(this.#fd, at, length)
    const frame = readFrame(bytes, 0, bytes.length, this.segment.saltCrc)
    return (frame && recordsIn(frame, at, frame.seq, this.segment)) ?? []
  }

  [Symbol.dispose](): void {
    this.#window = NOTHING
    this.#large = NOTHING
    this.#opened = undefined
    diskIo.close(this.#fd)
  }

  /** Whoever follows a log asks again and again, and mostly there is nothing yet: zeros are not read by the megabyte. */
  #frame(at: number, end: number): Frame | undefined {
    if (at + FRAME_HEAD_BYTES > Math.min(end, this.size)) return undefined
    const head = this.#inWindow(at, FRAME_HEAD_BYTES) ?? readAt(this.#fd, at, FRAME_HEAD_BYTES)
    const bodyBytes = head.length < FRAME_HEAD_BYTES ? 0 : head.readUInt32BE(0)
    const length = frameBytes(bodyBytes)
    if (bodyBytes === 0 || at + length > Math.min(end, this.size)) return undefined
    const bytes = this.#inWindow(at, length) ?? this.#read(at, length)
    const frame = readFrame(bytes, 0, bytes.length, this.segment.saltCrc)
    return frame && { ...frame, next: at + frame.next }
  }

  #inWindow(at: number, length: number): Buffer | undefined {
    const from = at - this.#windowAt
    return from < 0 || from + length > this.#window.length ? undefined : this.#window.subarray(from, from + length)
  }

  /** A large one lies in the same memory as the large one before it, which was looked at by then. */
  #read(at: number, length: number): Buffer {
    if (length > WINDOW_BYTES) {
      if (this.#large.length < length) this.#large = Buffer.allocUnsafeSlow(length)
      return readInto(this.#fd, at, this.#large.subarray(0, length))
    }
    this.#window = readAt(this.#fd, at, Math.min(WINDOW_BYTES, this.size - at))
    this.#windowAt = at
    return this.#window.subarray(0, length)
  }
}

const NOTHING = Buffer.alloc(0)

/** An entry of its own, or it would keep all that was read along with it. */
function placeOf(raw: RawRecord, { near, next }: { next: number; near: boolean }): RecordPlace {
  const { at, entry, seq } = raw
  return near ? { seq, at, bytes: next - at, entry, raw } : { seq, at, bytes: next - at, entry: Buffer.from(entry) }
}

export function readAt(fd: number, position: number, length: number): Buffer {
  return readInto(fd, position, asBuffer(new Uint8Array(length)))
}

function readInto(fd: number, position: number, bytes: Buffer): Buffer {
  let at = 0
  while (at < bytes.length) {
    const count = diskIo.read(fd, bytes.subarray(at), position + at)
    if (count === 0) break
    at += count
  }
  return bytes.subarray(0, at)
}
