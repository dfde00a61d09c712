import { Buffer } from 'node:buffer'
import { PART, type PartName, SALT_BYTES } from '../../audit/commitment.ts'
import type { SegmentCipher } from './segment-key.ts'
import { FOOTER_BODY_BYTES, FRAME, FRAME_ALIGN_BYTES, type Frame, readFrame } from './frame.ts'

/** Content of one part of a record, with the salt that opens its commitment. */
export interface RawPart {
  readonly salt: Uint8Array
  readonly content: Buffer
}

/** A record as it stands in a segment: right by CRC, its commitments not yet opened. */
export interface RawRecord {
  readonly seq: number
  /** Of its frame. */
  readonly at: number
  readonly body: Buffer
  readonly entry: Buffer
  readonly parts: Readonly<Partial<Record<PartName, RawPart>>>
}

export interface RawCommit<R = RawRecord> {
  readonly kind: 'commit'
  readonly at: number
  readonly next: number
  readonly records: readonly R[]
  readonly firstSeq: number
  readonly lastSeq: number
  readonly treeSize: number
  readonly root: Uint8Array
}

/** The segment is full; the next one goes on. */
export interface SegmentEnd {
  readonly kind: 'end'
  readonly next: number
  readonly nextSeq: number
}

/** What opens the frames of a segment. */
interface Sealing {
  readonly saltCrc: number
  /** Of an encrypted segment. */
  readonly cipher: SegmentCipher | undefined
}

/** Where to read, and what must stand there. */
export interface Within extends Sealing {
  /** Nothing at or after this offset counts. */
  readonly end: number
  readonly seq: number
}

/** The complete commit that begins at `at` with record `seq`. Undefined: nothing, or one that is torn: it was never acknowledged. */
export function readCommit(bytes: Buffer, at: number, within: Within): RawCommit | SegmentEnd | undefined {
  const frameAt = (place: number): Frame | undefined => readFrame(bytes, place, within.end, within.saltCrc)
  return readCommitFrom(frameAt, { ...within, at }, (record) => record)
}

/** The same, frame by frame from wherever they lie. `keep`: what is kept of each record, as long as it is not known whether it counts. */
export function readCommitFrom<R extends { readonly seq: number }>(
  frameAt: (at: number) => Frame | undefined,
  of: Sealing & { readonly at: number; readonly seq: number },
  keep: (record: RawRecord, next: number) => R,
): RawCommit<R> | SegmentEnd | undefined {
  const { at, seq } = of
  const records: R[] = []
  let next = at
  for (;;) {
    const frame = frameAt(next)
    if (frame === undefined) return undefined
    switch (frame.type) {
      case FRAME.record:
      case FRAME.sealed: {
        const found = recordsIn(frame, next, seq + records.length, of)
        if (found === undefined) return undefined
        for (const record of found) records.push(keep(record, frame.next))
        next = frame.next
        break
      }
      case FRAME.footer:
        return readFooter(frame, { at, records })
      case FRAME.end:
        return records.length === 0 ? readEnd(frame, seq) : undefined
      default:
        return undefined
    }
  }
}

/** All complete commits from `at` on, in order, and where the walk came to its end. */
export function* walkCommits(bytes: Buffer, at: number, within: Within): Generator<RawCommit, number, undefined> {
  let place = { at, seq: within.seq }
  for (;;) {
    const step = readCommit(bytes, place.at, { ...within, seq: place.seq })
    if (step?.kind !== 'commit') return step?.next ?? place.at
    yield step
    place = { at: step.next, seq: step.lastSeq + 1 }
  }
}

/**
 * Whether a complete commit begins anywhere at or after `at`. No commit is written before the one before it is synced, so
 * behind a torn end there can be none: if there is one, what looks torn is damage in data that was acknowledged.
 */
export function commitLiesAfter(bytes: Buffer, at: number, within: Omit<Within, 'seq'>): boolean {
  for (let place = at; place < within.end; place += FRAME_ALIGN_BYTES) {
    if (bytes[place + 16] !== FRAME.record && bytes[place + 16] !== FRAME.sealed) continue
    const frame = readFrame(bytes, place, within.end, within.saltCrc)
    if (frame !== undefined && readCommit(bytes, place, { ...within, seq: frame.seq }) !== undefined) return true
  }
  return false
}

/** An encrypted segment has sealed commits only, and another one has none. */
export function recordsIn(
  frame: Frame,
  at: number,
  seq: number,
  { cipher, saltCrc }: Sealing,
): RawRecord[] | undefined {
  if (frame.seq !== seq || (frame.type === FRAME.sealed) !== (cipher !== undefined)) return undefined
  if (cipher === undefined) {
    const record = readRecord(frame, at)
    return record && [record]
  }
  const plain = cipher.open(frame.body, frame.head, { at, seq })
  const records: RawRecord[] = []
  for (let next = 0; next < plain.length;) {
    const inner = readFrame(plain, next, plain.length, saltCrc)
    const record = inner?.type === FRAME.record ? readRecord(inner, at) : undefined
    if (inner === undefined || record?.seq !== seq + records.length) return undefined
    records.push(record)
    next = inner.next
  }
  return records.length === frame.records ? records : undefined
}

function readFooter<R extends { readonly seq: number }>(
  frame: Frame,
  of: { at: number; records: readonly R[] },
): RawCommit<R> | undefined {
  const [first] = of.records
  const last = of.records.at(-1)
  if (first === undefined || last === undefined || frame.body.length !== FOOTER_BODY_BYTES) return undefined
  if (frame.seq !== first.seq || frame.records !== of.records.length) return undefined
  if (uint64(frame.body, 0) !== first.seq || uint64(frame.body, 8) !== last.seq) return undefined
  return {
    kind: 'commit',
    at: of.at,
    next: frame.next,
    records: of.records,
    firstSeq: first.seq,
    lastSeq: last.seq,
    treeSize: uint64(frame.body, 16),
    root: frame.body.subarray(24),
  }
}

function readEnd(frame: Frame, seq: number): SegmentEnd | undefined {
  const nextSeq = uint64(frame.body, 0)
  return frame.seq === seq && nextSeq === seq && frame.records === 0
    ? { kind: 'end', next: frame.next, nextSeq }
    : undefined
}

const PART_HEAD_BYTES = 1 + SALT_BYTES + 4
const PART_NAMES: readonly PartName[] = ['envelope', 'request', 'response']

export function readRecord(frame: Pick<Frame, 'body' | 'records' | 'seq'>, at: number): RawRecord | undefined {
  const { body } = frame
  if (frame.records !== 1 || body.length < 2) return undefined
  const entryEnd = 2 + body.readUInt16BE(0)
  const parts: Partial<Record<PartName, RawPart>> = {}
  let next = entryEnd
  while (next + PART_HEAD_BYTES <= body.length) {
    const number = body.readUInt8(next)
    const name = PART_NAMES.find((part) => PART[part] === number)
    const contentAt = next + PART_HEAD_BYTES
    const end = contentAt + body.readUInt32BE(contentAt - 4)
    if (name === undefined || parts[name] !== undefined || end > body.length) return undefined
    parts[name] = { salt: body.subarray(next + 1, next + 1 + SALT_BYTES), content: body.subarray(contentAt, end) }
    next = end
  }
  if (next !== body.length) return undefined
  return { seq: frame.seq, at, body, entry: body.subarray(2, entryEnd), parts }
}

function uint64(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4)
}

/** The same memory, as Node's own kind of bytes. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
