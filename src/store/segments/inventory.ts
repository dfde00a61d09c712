import { dirname, join } from 'node:path'
import type { Origin } from '../../audit/origin.ts'
import { BLOCK_RECORDS, hasBundle } from '../packs/block-files.ts'
import { LogDamage } from './damage.ts'
import { FRAME_HEAD_BYTES, saltCrc } from './frame.ts'
import { decodeHeader, HEADER_BYTES, type SegmentHeader, segmentNumber } from './header.ts'
import { type Io, isNotThere, UNFINISHED } from './io.ts'
import { type FindKey, SegmentCipher } from './segment-key.ts'

/** A file with a right header. */
export interface Segment {
  readonly path: string
  readonly header: SegmentHeader
  readonly saltCrc: number
  /** Of an encrypted one. */
  readonly cipher: SegmentCipher | undefined
}

export interface Inventory {
  /** By number, from the first that is not sealed, each following the one before it. */
  readonly segments: readonly Segment[]
  /** Whole files of zeros that were never used. */
  readonly spares: readonly number[]
  /** Files that were never finished. */
  readonly unfinished: readonly string[]
}

/** Reads every header in the folder (audit.md, 6.2, step 2). Changes nothing, so that a verifier can do it beside a gateway. */
export function takeInventory(
  io: Io,
  folder: string,
  of: { origin: Origin; segmentBytes: number; find?: FindKey | undefined },
): Inventory {
  const segments: Segment[] = []
  const spares: number[] = []
  const unfinished: string[] = []
  for (const name of io.list(folder).toSorted()) {
    const number = segmentNumber(name)
    const path = join(folder, name)
    if (name.endsWith(UNFINISHED)) unfinished.push(path)
    if (number === undefined) continue
    const opened = readHead(io, path)
    if (opened === undefined) continue
    const { head, bytes } = opened
    const header = decodeHeader(head)
    if (header !== undefined && header.origin === of.origin && header.number === number)
      segments.push({ path, header, saltCrc: saltCrc(header.salt), cipher: cipherOf(header, path, of.find) })
    else if (isUnused(head) && bytes === of.segmentBytes && isZero(head)) spares.push(number)
    else if (isUnused(head)) unfinished.push(path)
    else
      throw new LogDamage('segment_damaged', 'the header of a segment that holds records cannot be read', {
        file: path,
      })
  }
  assertChain(segments, dirname(folder))
  return { segments, spares, unfinished }
}

function cipherOf({ salt, sealing }: SegmentHeader, file: string, find: FindKey | undefined) {
  return sealing && SegmentCipher.find(sealing, { salt, file, find })
}

/** The header is durable before the first frame is written, so where a header is torn there is no frame. */
function isUnused(head: Uint8Array): boolean {
  return isZero(head.subarray(HEADER_BYTES))
}

/** Each names the one before it, and before the first there is nothing, or all of it is sealed: its entries lie in bundles. */
function assertChain(segments: readonly Segment[], streamFolder: string): void {
  let before: SegmentHeader | undefined
  for (const { header, path } of segments) {
    const follows = before === undefined ? isAfterSealed(header, streamFolder) : header.previous === before.number
    if (!follows) throw new LogDamage('segment_missing', 'a segment before this one is missing', { file: path })
    if (header.firstSeq < (before?.firstSeq ?? 0))
      throw new LogDamage('segment_damaged', 'the segment does not follow the one before it', { file: path })
    before = header
  }
}

/** Segments are removed oldest first and only once they are sealed, so the block before the first one has its bundle. */
function isAfterSealed({ firstSeq, previous }: SegmentHeader, streamFolder: string): boolean {
  return (
    firstSeq === 0 || (previous !== undefined && hasBundle(streamFolder, Math.floor((firstSeq - 1) / BLOCK_RECORDS)))
  )
}

/** Undefined: sealed and removed since it was listed. */
function readHead(io: Io, path: string): { head: Uint8Array; bytes: number } | undefined {
  const fd = openIfThere(io, path)
  if (fd === undefined) return undefined
  try {
    const head = new Uint8Array(HEADER_BYTES + FRAME_HEAD_BYTES)
    for (let at = 0; at < head.length;) {
      const count = io.read(fd, head.subarray(at), at)
      if (count === 0) break
      at += count
    }
    return { head, bytes: io.size(fd) }
  } finally {
    io.close(fd)
  }
}

function openIfThere(io: Io, path: string): number | undefined {
  try {
    return io.open(path, 'r')
  } catch (failure) {
    if (isNotThere(failure)) return undefined
    throw failure
  }
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}
