import { Buffer } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { assert } from '../../base/assert.ts'
import type { Micros } from '../../base/clock.ts'
import { readUint64, writeUint64 } from '../../audit/entry.ts'
import { HASH_BYTES } from '../../audit/hash.ts'
import { isOrigin, type Origin } from '../../audit/origin.ts'
import { bitsSet } from '../../audit/tree.ts'
import type { WrappedSegmentKey } from './segment-key.ts'

export const HEADER_BYTES = 4096
export const SEGMENT_SALT_BYTES = 16
const MAGIC = 'SLYPSEG1'
const VERSION = 1
const HASHES_MAX = 63
const FLAG_ENCRYPTED = 1

/** What a segment says of itself (audit.md, 5.1). With the compact range it needs no other file to be verified from. */
export interface SegmentHeader {
  readonly number: number
  readonly firstSeq: number
  /** Random; makes frames of an older use of the file unreadable as new ones. */
  readonly salt: Uint8Array
  readonly created: Micros
  readonly previous: number | undefined
  /** Frames of the previous segment at or after this offset do not count. */
  readonly voidFrom: number | undefined
  readonly origin: Origin
  /** Largest subtree first, at `firstSeq` leaves. */
  readonly range: readonly Uint8Array[]
  /** Of an encrypted segment. */
  readonly sealing?: WrappedSegmentKey | undefined
}

const AT = {
  version: 8,
  flags: 10,
  length: 12,
  number: 16,
  firstSeq: 24,
  salt: 32,
  created: 48,
  previous: 56,
  voidFrom: 64,
  keyId: 72,
  wrapped: 88,
  origin: 148,
  hashes: 404,
  range: 408,
  treeSize: 2424,
  crc: 4092,
} as const

export function encodeHeader(header: SegmentHeader): Uint8Array {
  assert(header.range.length === bitsSet(header.firstSeq), 'the compact range of a header belongs to its first seq')
  const bytes = Buffer.alloc(HEADER_BYTES)
  const view = viewOf(bytes)
  bytes.write(MAGIC, 0, 'latin1')
  view.setUint16(AT.version, VERSION)
  view.setUint32(AT.length, HEADER_BYTES)
  writeUint64(view, AT.number, header.number)
  writeUint64(view, AT.firstSeq, header.firstSeq)
  bytes.set(header.salt, AT.salt)
  writeUint64(view, AT.created, header.created)
  writeOptional(view, AT.previous, header.previous)
  writeOptional(view, AT.voidFrom, header.voidFrom)
  if (header.sealing !== undefined) {
    view.setUint16(AT.flags, FLAG_ENCRYPTED)
    bytes.set(header.sealing.id, AT.keyId)
    bytes.set(header.sealing.wrapped, AT.wrapped)
  }
  view.setUint8(AT.origin, header.origin.length)
  bytes.write(header.origin, AT.origin + 1, 'latin1')
  view.setUint8(AT.hashes, header.range.length)
  for (const [i, hash] of header.range.entries()) bytes.set(hash, AT.range + i * HASH_BYTES)
  writeUint64(view, AT.treeSize, header.firstSeq)
  view.setUint32(AT.crc, crc32(bytes.subarray(0, AT.crc)))
  return bytes
}

/** Undefined: not a header of version 1 with one leaf for each record; or one that was torn while it was written. */
export function decodeHeader(file: Uint8Array): SegmentHeader | undefined {
  if (file.length < HEADER_BYTES) return undefined
  const bytes = Buffer.from(file.buffer, file.byteOffset, HEADER_BYTES)
  const view = viewOf(bytes)
  if (
    bytes.toString('latin1', 0, MAGIC.length) !== MAGIC ||
    view.getUint32(AT.crc) !== crc32(bytes.subarray(0, AT.crc))
  )
    return undefined
  const flags = view.getUint16(AT.flags)
  if (view.getUint16(AT.version) !== VERSION || (flags & ~FLAG_ENCRYPTED) !== 0) return undefined
  const firstSeq = readUint64(view, AT.firstSeq)
  const origin = bytes.toString('latin1', AT.origin + 1, AT.origin + 1 + view.getUint8(AT.origin))
  const hashes = view.getUint8(AT.hashes)
  if (!isOrigin(origin) || hashes > HASHES_MAX || hashes !== bitsSet(firstSeq)) return undefined
  if (readUint64(view, AT.treeSize) !== firstSeq) return undefined
  return {
    number: readUint64(view, AT.number),
    firstSeq,
    salt: bytes.subarray(AT.salt, AT.salt + SEGMENT_SALT_BYTES),
    created: readUint64(view, AT.created),
    previous: readOptional(view, AT.previous),
    voidFrom: readOptional(view, AT.voidFrom),
    origin,
    sealing: (flags & FLAG_ENCRYPTED) === 0 ? undefined : sealingIn(bytes),
    range: Array.from({ length: hashes }, (_, i) =>
      bytes.subarray(AT.range + i * HASH_BYTES, AT.range + (i + 1) * HASH_BYTES),
    ),
  }
}

function sealingIn(bytes: Buffer): WrappedSegmentKey {
  return { id: bytes.subarray(AT.keyId, AT.wrapped), wrapped: bytes.subarray(AT.wrapped, AT.origin) }
}

const NONE = 0xffff_ffff

function writeOptional(view: DataView, at: number, value: number | undefined): void {
  if (value !== undefined) return writeUint64(view, at, value)
  view.setUint32(at, NONE)
  view.setUint32(at + 4, NONE)
}

function readOptional(view: DataView, at: number): number | undefined {
  return view.getUint32(at) === NONE ? undefined : readUint64(view, at)
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** 16 hexadecimal digits, so that the order of names is the order of numbers. */
export function segmentName(number: number): string {
  return `${number.toString(16).padStart(16, '0')}.seg`
}

export function segmentNumber(name: string): number | undefined {
  return /^[0-9a-f]{16}\.seg$/.test(name) ? Number.parseInt(name.slice(0, 16), 16) : undefined
}
