import { dirname } from 'node:path'
import type { StoredRecord } from '../../audit/stored.ts'
import { SealedReader } from '../packs/sealed-reader.ts'
import type { Segment } from './inventory.ts'
import { boundsOf, type ReadOptions } from './read-options.ts'
import { chainOf, listSegments } from './segment-chain.ts'
import { SegmentCursor } from './segment-cursor.ts'
import type { Stream } from './stream.ts'
import { isNotThere } from './io.ts'

/** The newest record first, down to where `from` says. */
export function* newestFirst(options: ReadOptions, stream: Stream): Generator<StoredRecord, void, undefined> {
  const { leastSeq, since, wanted } = boundsOf(options)
  const segments = listSegments(stream, options.keys)
  let end = segments.at(-1)?.header.firstSeq ?? 0
  for (const { segment, voidFrom } of chainOf(segments).toReversed()) {
    if (end < leastSeq) return
    const records = readIfThere(segment, voidFrom)
    // Sealed meanwhile, and with it all before it.
    if (records === undefined) break
    end = segment.header.firstSeq
    for (const record of records.toReversed()) if (record.seq >= leastSeq && wanted(record.entry)) yield record
  }
  using reader = new SealedReader({ folder: dirname(stream.folder), origin: stream.origin, keys: options.keys })
  yield* reader.newestFirst(since === undefined ? leastSeq : reader.seqAt(since, end), end, wanted)
}

function readIfThere(segment: Segment, voidFrom: number | undefined): StoredRecord[] | undefined {
  try {
    return [...new SegmentCursor(segment).read(voidFrom)]
  } catch (failure) {
    if (isNotThere(failure)) return undefined
    throw failure
  }
}
