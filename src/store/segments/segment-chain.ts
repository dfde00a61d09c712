import type { PackKeys } from '../packs/keys.ts'
import { type Segment, takeInventory } from './inventory.ts'
import { diskIo, isNotThere } from './io.ts'
import { SEGMENT_BYTES } from './options.ts'
import { SegmentCursor } from './segment-cursor.ts'
import type { Stream } from './stream.ts'

/** `keys`: those that open encrypted ones. */
export function listSegments({ folder, origin }: Stream, keys?: PackKeys): readonly Segment[] {
  const find = keys && ((id: Uint8Array) => keys.keyOf(id))
  return takeInventory(diskIo, folder, { origin, segmentBytes: SEGMENT_BYTES, find }).segments
}

/** The segments that count, from the first, each with where the next one says that it ends. */
export function chainOf(
  segments: readonly Segment[],
): { readonly segment: Segment; readonly voidFrom: number | undefined }[] {
  const chain: { segment: Segment; voidFrom: number | undefined }[] = []
  for (let segment = segments[0]; segment !== undefined;) {
    const next = nextOf(segment, segments)
    chain.push({ segment, voidFrom: next?.header.voidFrom })
    segment = next
  }
  return chain
}

/** The segment that goes on after this one: one that names it and holds a commit. Others were begun and never used. */
export function nextOf(segment: Segment, segments: readonly Segment[]): Segment | undefined {
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
