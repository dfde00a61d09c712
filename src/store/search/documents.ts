import type { StoredRecord } from '../../audit/stored.ts'
import { documentOf, type SearchDocument } from '../../search/document.ts'
import type { PackKeys } from '../packs/keys.ts'
import { readRecords } from '../segments/read-records.ts'

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

/** Reading on is cheaper than finding another place, as long as it is not far. */
const NEAR = 2_000

/** Opens the records of those seqs; in the map are those that are there. */
export async function openRecords(
  { folder, keys }: LogPlace,
  seqs: readonly number[],
): Promise<ReadonlyMap<number, StoredRecord>> {
  const found = new Map<number, StoredRecord>()
  const wanted = new Set(seqs)
  let readTo = -1
  for (const seq of seqs.toSorted((a, b) => a - b)) {
    if (seq <= readTo) continue
    let last = seq
    for await (const record of readRecords({ folder, keys, from: { seq } })) {
      readTo = record.seq
      if (wanted.has(record.seq)) {
        found.set(record.seq, record)
        last = record.seq
      }
      if (record.seq >= last + NEAR || found.size === wanted.size) break
    }
    readTo = Math.max(readTo, seq)
  }
  return found
}
