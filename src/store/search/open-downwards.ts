import type { StoredRecord } from '../../audit/stored.ts'
import { readRecords } from '../segments/read-records.ts'
import { listSegments } from '../segments/segment-chain.ts'
import { findStream } from '../segments/stream.ts'
import { type LogPlace, type OpenRecords, openRecords } from './documents.ts'

/** Memory for what was read of a segment; for what is older in it, it is read again. */
const KEPT_BYTES = 64 * 1024 * 1024
/** Beside its content, a record is an entry, hashes and a few objects. */
const RECORD_BYTES = 1024

/**
 * Opens records block after block, as a search does that goes from the newest to older ones. A segment is read from its beginning
 * on, and then all of its records are at hand, not only those of the block. For one search: what is kept is not asked for again.
 */
export function openDownwards(place: LogPlace): OpenRecords {
  const kept = new Kept(place)
  return async (seqs) => {
    const sealedBefore = firstUnsealed(place)
    const sealed = seqs.filter((seq) => seq < sealedBefore && !kept.covers(seq))
    const found = new Map(sealed.length === 0 ? [] : await openRecords(place, sealed))
    for (let rest = seqs.filter((seq) => !sealed.includes(seq)); rest.length > 0;) {
      const highest = Math.max(...rest)
      if (!kept.covers(highest)) await kept.read(highest)
      for (const seq of rest) {
        const record = kept.get(seq)
        if (record !== undefined) found.set(seq, record)
      }
      rest = rest.filter((seq) => !kept.covers(seq))
    }
    return found
  }
}

/** Records of one segment, up to one of them, and without the oldest where they are too many. */
class Kept {
  readonly #place: LogPlace
  #records = new Map<number, StoredRecord>()
  #low = 0
  #high = -1

  constructor(place: LogPlace) {
    this.#place = place
  }

  covers(seq: number): boolean {
    return seq >= this.#low && seq <= this.#high
  }

  get(seq: number): StoredRecord | undefined {
    return this.#records.get(seq)
  }

  async read(upTo: number): Promise<void> {
    const records = new Map<number, StoredRecord>()
    this.#records = records
    this.#low = Math.min(upTo, firstOfSegment(this.#place, upTo))
    this.#high = upTo
    let bytes = 0
    for await (const record of readRecords({ ...this.#place, from: { seq: this.#low } })) {
      if (record.seq > upTo) break
      records.set(record.seq, record)
      bytes += sizeOf(record)
      // A map is in the order of what was put in. The one that was asked for stays.
      for (const [seq, oldest] of records) {
        if (bytes <= KEPT_BYTES || seq === record.seq) break
        records.delete(seq)
        bytes -= sizeOf(oldest)
        this.#low = seq + 1
      }
      if (record.seq === upTo) break
    }
  }
}

function sizeOf({ parts }: StoredRecord): number {
  return RECORD_BYTES + Object.values(parts).reduce((sum, part) => sum + part.bytes.length, 0)
}

/** What is before that is in packs. */
function firstUnsealed({ folder }: LogPlace): number {
  const stream = findStream(folder)
  return (stream && listSegments(stream)[0]?.header.firstSeq) ?? Infinity
}

function firstOfSegment({ folder }: LogPlace, seq: number): number {
  const stream = findStream(folder)
  const segments = stream === undefined ? [] : listSegments(stream)
  return segments.findLast(({ header }) => header.firstSeq <= seq)?.header.firstSeq ?? seq
}
