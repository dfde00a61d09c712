import type { Buffer } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { writeUint32 } from '../../base/bytes.ts'

/** Frames begin at multiples of this. */
export const FRAME_ALIGN_BYTES = 8
export const FRAME_HEAD_BYTES = 24
/** Types 5 and 6 belong to leaf batches; a reader without those refuses them. */
export const FRAME = { record: 1, sealed: 2, footer: 3, end: 4 } as const
const TYPES_KNOWN: readonly number[] = Object.values(FRAME)

export const FOOTER_BODY_BYTES = 8 + 8 + 8 + 32
export const FOOTER_FRAME_BYTES = frameBytes(FOOTER_BODY_BYTES)
export const END_BODY_BYTES = 8
export const END_FRAME_BYTES = frameBytes(END_BODY_BYTES)

/** Bytes on disk for a body of that length: head, body, zeros up to the next multiple of 8. */
export function frameBytes(bodyBytes: number): number {
  return FRAME_HEAD_BYTES + Math.ceil(bodyBytes / FRAME_ALIGN_BYTES) * FRAME_ALIGN_BYTES
}

/** The state of the CRC after the segment's salt, with which the CRC of each of its frames begins. */
export function saltCrc(salt: Uint8Array): number {
  return crc32(salt)
}

export interface FrameHead {
  readonly type: number
  /** Of the first record in it. */
  readonly seq: number
  readonly records: number
  readonly bodyBytes: number
  readonly saltCrc: number
}

/** Writes head and padding around a body that stands at `at + 24` already, and returns where the next frame begins. */
export function sealFrame(bytes: Buffer, at: number, head: FrameHead): number {
  const end = at + FRAME_HEAD_BYTES + head.bodyBytes
  const next = at + frameBytes(head.bodyBytes)
  writeFrameHead(bytes, at, head)
  for (let i = end; i < next; i++) bytes[i] = 0
  // For once where the CRC goes: there it stands before bytes 8 to 23, and the CRC is of one piece.
  writeUint32(bytes, at + 4, head.bodyBytes)
  writeUint32(bytes, at + 4, crc32(bytes.subarray(at + 4, end), head.saltCrc))
  return next
}

/** All of the head but its checksum, which is over the body too. */
export function writeFrameHead(bytes: Buffer, at: number, head: FrameHead): void {
  writeUint32(bytes, at, head.bodyBytes)
  writeUint32(bytes, at + 8, Math.floor(head.seq / 2 ** 32))
  writeUint32(bytes, at + 12, head.seq % 2 ** 32)
  writeUint32(bytes, at + 16, (head.type << 24) | head.records)
  writeUint32(bytes, at + 20, 0)
}

export interface Frame {
  readonly type: number
  readonly seq: number
  readonly records: number
  readonly body: Buffer
  readonly head: Buffer
  /** Where the next frame begins. */
  readonly next: number
}

/** The frame that begins at `at` and ends before `end`; undefined where there is none, or one that is torn or altered in any bit. */
export function readFrame(bytes: Buffer, at: number, end: number, salt: number): Frame | undefined {
  if (at + FRAME_HEAD_BYTES > end) return undefined
  const bodyBytes = bytes.readUInt32BE(at)
  const next = at + frameBytes(bodyBytes)
  const type = bytes.readUInt8(at + 16)
  if (bodyBytes === 0 || next > end || !TYPES_KNOWN.includes(type)) return undefined
  if (bytes.readUInt8(at + 17) !== 0 || bytes.readUInt32BE(at + 20) !== 0) return undefined
  const bodyEnd = at + FRAME_HEAD_BYTES + bodyBytes
  if (bytes.readUInt32BE(at + 4) !== frameCrc(bytes, at, bodyEnd, salt)) return undefined
  for (let i = bodyEnd; i < next; i++) if (bytes[i] !== 0) return undefined
  return {
    type,
    seq: bytes.readUInt32BE(at + 8) * 2 ** 32 + bytes.readUInt32BE(at + 12),
    records: bytes.readUInt16BE(at + 18),
    head: bytes.subarray(at, at + FRAME_HEAD_BYTES),
    body: bytes.subarray(at + FRAME_HEAD_BYTES, bodyEnd),
    next,
  }
}

/** Over salt ‖ length ‖ bytes 8 to 23 ‖ body. */
function frameCrc(bytes: Buffer, at: number, bodyEnd: number, salt: number): number {
  return crc32(bytes.subarray(at + 8, bodyEnd), crc32(bytes.subarray(at, at + 4), salt))
}
