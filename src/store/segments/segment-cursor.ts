import type { Buffer } from 'node:buffer'
import { equal } from '../../base/bytes.ts'
import type { PartName } from '../../audit/commitment.ts'
import { decodeEntry } from '../../audit/entry.ts'
import type { Origin } from '../../audit/origin.ts'
import { openPart, type StoredPart, type StoredRecord } from '../../audit/stored.ts'
import { CompactRange, leafHash } from '../../audit/tree.ts'
import { FRAME, FRAME_HEAD_BYTES, frameBytes } from './frame.ts'
import { HEADER_BYTES } from './header.ts'
import type { Segment } from './inventory.ts'
import { diskIo } from './io.ts'
import { asBuffer, type RawCommit, type RawRecord, readCommit } from './walk.ts'

/** Read at once; more where a single commit is larger. What was read is kept as long as one record of it is. */
const WINDOW_BYTES = 1024 * 1024

/** A place in a segment, which moves on as commits are read. */
export class SegmentCursor {
  readonly segment: Segment
  readonly #tree: CompactRange
  #at = HEADER_BYTES

  constructor(segment: Segment) {
    this.segment = segment
    this.#tree = new CompactRange(segment.header.firstSeq, segment.header.range)
  }

  /** What is complete by now, up to where the next segment says that this one counts. */
  *read(voidFrom: number | undefined): Generator<StoredRecord, void, undefined> {
    const fd = diskIo.open(this.segment.path, 'r')
    try {
      const end = Math.min(diskIo.size(fd), voidFrom ?? Infinity)
      while (this.#at < end) {
        // Whoever follows a log asks again and again, and mostly there is nothing yet: zeros are not read by the megabyte.
        const bytes = commitBytes(fd, this.#at, end)
        if (bytes === 0) return
        const before = this.#at
        yield* this.#commits(readAt(fd, this.#at, Math.min(Math.max(bytes, WINDOW_BYTES), end - this.#at)))
        if (this.#at === before) return
      }
    } finally {
      diskIo.close(fd)
    }
  }

  *#commits(bytes: Buffer): Generator<StoredRecord, void, undefined> {
    const { cipher, saltCrc, header } = this.segment
    const base = this.#at
    for (;;) {
      const within = { end: bytes.length, saltCrc, cipher, seq: this.#tree.size }
      const commit = readCommit(bytes, this.#at - base, within)
      if (commit?.kind !== 'commit') return
      this.#at = base + commit.next
      yield* this.#records(commit, header.origin)
    }
  }

  #records(commit: RawCommit, origin: Origin): StoredRecord[] {
    const leaves = commit.records.map(({ entry }) => leafHash(entry))
    for (const leaf of leaves) this.#tree.append(leaf)
    const inTree = commit.treeSize === this.#tree.size && equal(commit.root, this.#tree.root())
    const records: StoredRecord[] = []
    for (const [i, raw] of commit.records.entries()) {
      const record = toStored(raw, { origin, leaf: leaves[i] ?? leafHash(raw.entry), inTree })
      if (record !== undefined) records.push(record)
    }
    return records
  }
}

function toStored(raw: RawRecord, of: Pick<StoredRecord, 'origin' | 'leaf' | 'inTree'>): StoredRecord | undefined {
  const entry = decodeEntry(raw.entry)
  if (entry === undefined) return undefined
  const parts: Partial<Record<PartName, StoredPart>> = {}
  for (const name of PARTS) {
    const part = raw.parts[name]
    if (part !== undefined) parts[name] = openPart(entry, name, part)
  }
  return { ...of, seq: raw.seq, entry, parts }
}

const PARTS: readonly PartName[] = ['envelope', 'request', 'response']

/** How long the next commit is, by the heads of its frames; 0 where there is none that has its footer. */
function commitBytes(fd: number, from: number, end: number): number {
  for (let at = from; at + FRAME_HEAD_BYTES <= end;) {
    const head = readAt(fd, at, FRAME_HEAD_BYTES)
    const bodyBytes = head.length < FRAME_HEAD_BYTES ? 0 : head.readUInt32BE(0)
    if (bodyBytes === 0) return 0
    at += frameBytes(bodyBytes)
    const type = head.readUInt8(16)
    if (type !== FRAME.record && type !== FRAME.sealed) return at - from
  }
  return 0
}

function readAt(fd: number, position: number, length: number): Buffer {
  const bytes = new Uint8Array(length)
  let at = 0
  while (at < length) {
    const count = diskIo.read(fd, bytes.subarray(at), position + at)
    if (count === 0) break
    at += count
  }
  return asBuffer(bytes.subarray(0, at))
}
