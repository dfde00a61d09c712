import type { Buffer } from 'node:buffer'
import { leafHash } from '../../audit/tree.ts'
import { HEADER_BYTES } from './header.ts'
import type { Segment } from './inventory.ts'
import { type Io, readAll } from './io.ts'
import { asBuffer, type RawRecord, walkCommits, type Within } from './walk.ts'

/** A record, and its place in the tree. */
export interface Walked {
  readonly record: RawRecord
  readonly leaf: Uint8Array
}

/** Where its first commit is, and what must stand there. */
export function within({ cipher, header, saltCrc }: Segment, bytes: Buffer): Within {
  return { end: bytes.length, saltCrc, cipher, seq: header.firstSeq }
}

/** The records of a segment that count: up to where the next one says that it ends. */
export function* walkSegment(io: Io, segment: Segment | undefined, voidFrom: number | undefined): Generator<Walked> {
  if (segment === undefined) return
  const bytes = asBuffer(readAll(io, segment.path))
  const end = Math.min(bytes.length, voidFrom ?? Infinity)
  for (const { records } of walkCommits(bytes, HEADER_BYTES, { ...within(segment, bytes), end }))
    for (const record of records) yield { record, leaf: leafHash(record.entry) }
}
