import { setTimeout as sleep } from 'node:timers/promises'
import type { Buffer } from 'node:buffer'
import { equal } from '../../base/bytes.ts'
import type { PartName } from '../../audit/commitment.ts'
import { decodeEntry } from '../../audit/entry.ts'
import type { Origin } from '../../audit/origin.ts'
import { openPart, type StoredPart, type StoredRecord } from '../../audit/stored.ts'
import { CompactRange, leafHash } from '../../audit/tree.ts'
import { HEADER_BYTES } from './header.ts'
import { type Segment, takeInventory } from './inventory.ts'
import { diskIo } from './io.ts'
import { SEGMENT_BYTES } from './options.ts'
import { findStream } from './stream.ts'
import { asBuffer, type RawCommit, type RawRecord, readCommit } from './walk.ts'

export interface ReadOptions {
  /** The data folder. */
  readonly folder: string
  /** Goes on with what is written later, until the signal. */
  readonly follow?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** How soon something new is seen; a person does not notice it, a disk neither. */
const POLL_MS = 200
/** Read at once; more where a single commit is larger. */
const WINDOW_BYTES = 4 * 1024 * 1024

/**
 * The records of a data folder, oldest first. Reads only, takes no lock, and can run beside a gateway: what is not complete yet
 * is not there yet. A record that cannot be decoded is left out; `verifyFolder` says so.
 */
export async function* readRecords(options: ReadOptions): AsyncGenerator<StoredRecord, void, undefined> {
  const place: Place = { cursor: undefined, nextSeq: 0 }
  while (options.signal?.aborted !== true) {
    const segments = listSegments(options.folder)
    place.cursor ??= segments[0] && new Cursor(segments[0])
    // What comes after is looked up first: then nothing can be added to this one any more once it is read.
    const after = place.cursor && nextOf(place.cursor.segment, segments)
    yield* unseen(place, after?.header.voidFrom)
    if (after !== undefined) place.cursor = new Cursor(after)
    else if (options.follow === true) await pause(options.signal)
    else return
  }
}

interface Place {
  cursor: Cursor | undefined
  nextSeq: number
}

/** After a recovery the next segment begins with a copy of the last commit, which is not shown twice. */
function* unseen(place: Place, voidFrom: number | undefined): Generator<StoredRecord, void, undefined> {
  for (const record of place.cursor?.read(voidFrom) ?? []) {
    if (record.seq < place.nextSeq) continue
    place.nextSeq = record.seq + 1
    yield record
  }
}

function listSegments(folder: string): readonly Segment[] {
  const stream = findStream(folder)
  if (stream === undefined) return []
  return takeInventory(diskIo, stream.folder, { origin: stream.origin, segmentBytes: SEGMENT_BYTES }).segments
}

/** The segment that goes on after this one: one that names it and holds a commit. Others were begun and never used. */
function nextOf(segment: Segment, segments: readonly Segment[]): Segment | undefined {
  return segments.find((one) => one.header.previous === segment.header.number && hasRecords(one))
}

function hasRecords(segment: Segment): boolean {
  // Leaving the loop closes the file.
  for (const _ of new Cursor(segment).read(undefined)) return true
  return false
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await sleep(POLL_MS, undefined, signal && { signal }).catch(() => undefined)
}

/** A place in a segment, which moves on as commits are read. */
class Cursor {
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
      let window = WINDOW_BYTES
      while (this.#at < end) {
        const bytes = readAt(fd, this.#at, Math.min(window, end - this.#at))
        const before = this.#at
        yield* this.#commits(bytes)
        if (this.#at > before) window = WINDOW_BYTES
        else if (bytes.length < end - this.#at && bytes.length === window && bytes.readUInt32BE(0) !== 0) window *= 4
        else return
      }
    } finally {
      diskIo.close(fd)
    }
  }

  *#commits(bytes: Buffer): Generator<StoredRecord, void, undefined> {
    const { saltCrc, header } = this.segment
    const base = this.#at
    for (;;) {
      const within = { end: bytes.length, saltCrc, seq: this.#tree.size }
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
