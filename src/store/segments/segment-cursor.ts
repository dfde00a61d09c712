import { equal } from '../../base/bytes.ts'
import type { PartName } from '../../audit/commitment.ts'
import { decodeEntry } from '../../audit/entry.ts'
import { openPart, type StoredPart, type StoredRecord } from '../../audit/stored.ts'
import { CompactRange, leafHash } from '../../audit/tree.ts'
import { HEADER_BYTES } from './header.ts'
import type { Segment } from './inventory.ts'
import { type RecordPlace, SegmentFile } from './segment-file.ts'
import type { RawCommit, RawRecord } from './walk.ts'

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
    using file = new SegmentFile(this.segment)
    const end = Math.min(file.size, voidFrom ?? Infinity)
    for (;;) {
      const commit = file.commit(this.#at, { end, seq: this.#tree.size, keepNear: true })
      if (commit?.kind !== 'commit') return
      this.#at = commit.next
      yield* this.#records(commit, file)
    }
  }

  *#records(commit: RawCommit<RecordPlace>, file: SegmentFile): Generator<StoredRecord, void, undefined> {
    const leaves = commit.records.map(({ entry }) => leafHash(entry))
    for (const leaf of leaves) this.#tree.append(leaf)
    const inTree = commit.treeSize === this.#tree.size && equal(commit.root, this.#tree.root())
    const { origin } = this.segment.header
    for (const [i, place] of commit.records.entries()) {
      const record = toStored(file.record(place), { origin, leaf: leaves[i] ?? leafHash(place.entry), inTree })
      if (record !== undefined) yield record
    }
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
