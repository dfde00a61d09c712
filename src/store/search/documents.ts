import type { StoredRecord } from '../../audit/stored.ts'
import { documentOf, type SearchDocument } from '../../search/document.ts'
import type { PackKeys } from '../packs/keys.ts'
import { readRecords } from '../segments/read-records.ts'
import { listSegments } from '../segments/segment-chain.ts'
import { findStream } from '../segments/stream.ts'

/** A log, and what opens it where it is encrypted. */
export interface LogPlace {
  readonly folder: string
  readonly keys?: PackKeys | undefined
}

/** What can be asked of the records from that seq on, oldest first. */
export async function* documentsFrom(
  { folder, keys }: LogPlace,
  seq: number,
): AsyncGenerator<SearchDocument, void, undefined> {
  for await (const record of readRecords({ folder, keys, from: { seq } })) yield documentOf(record)
}

/** Gives the records of those seqs that are there. */
export type OpenRecords = (seqs: readonly number[]) => Promise<ReadonlyMap<number, StoredRecord>>

/** Records of a block of a pack, which is read as a whole anyway. */
const BLOCK = 256

/**
 * Opens the records of those seqs; in the map are those that are there. In a pack each is looked up; a segment is read once,
 * since what is in it can be trusted only from its beginning on.
 */
export async function openRecords(
  place: LogPlace,
  seqs: readonly number[],
): Promise<ReadonlyMap<number, StoredRecord>> {
  const found = new Map<number, StoredRecord>()
  const wanted = new Set(seqs)
  const stream = findStream(place.folder)
  const sealedBefore = (stream && listSegments(stream)[0]?.header.firstSeq) ?? 0
  let readTo = -1
  for (const seq of seqs.toSorted((a, b) => a - b)) {
    if (seq <= readTo) continue
    const near = seq < sealedBefore ? BLOCK : Infinity
    for await (const record of readRecords({ ...place, from: { seq } })) {
      readTo = record.seq
      if (wanted.has(record.seq)) found.set(record.seq, record)
      if (record.seq >= seq + near || found.size === wanted.size) break
    }
    readTo = Math.max(readTo, seq)
  }
  return found
}
