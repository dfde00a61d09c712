import { Buffer } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { assert } from '../../base/assert.ts'
import { isOrigin, type Origin } from '../../audit/origin.ts'
import { readUint64, writeUint64 } from '../../audit/entry.ts'

/** Content of records of one retention class and day, in blocks of 256 (audit.md, 10.2). */
export interface PackHead {
  readonly origin: Origin
  readonly retentionClass: number
  /** Days since 1970-01-01. */
  readonly day: number
  readonly encrypted: boolean
}

export interface PackBlock {
  /** Of the block of 256, whichever of its records are in the pack. */
  readonly firstSeq: number
  /** How many of its records have something in the pack. */
  readonly records: number
  readonly groups: number
  /** Reads one of them. */
  readonly group: (i: number) => SealedGroup
}

/** Records under one key, or some of them: a block may have several of one key. Key id and nonce are zero where nothing is encrypted. */
export interface SealedGroup {
  readonly keyId: Uint8Array
  readonly nonce: Uint8Array
  readonly data: Uint8Array
}

export const KEY_ID_BYTES = 16
export const NONCE_BYTES = 12
const MAGIC = 'SLYPPAK1'
const VERSION = 1
const HEAD_FIXED_BYTES = 25
const BLOCK_HEAD_BYTES = 20
const GROUP_HEAD_BYTES = KEY_ID_BYTES + NONCE_BYTES + 4
const INDEX_ROW_BYTES = 16
const TRAILER_BYTES = 16

/** The first bytes of a pack of so many blocks. */
export function encodeHead({ origin, retentionClass, day, encrypted }: PackHead, blocks: number): Uint8Array {
  const bytes = Buffer.alloc(HEAD_FIXED_BYTES + origin.length)
  bytes.write(MAGIC, 0, 'latin1')
  bytes.writeUInt16BE(VERSION, 8)
  bytes.writeUInt16BE(encrypted ? 1 : 0, 10)
  bytes.writeUInt16BE(retentionClass, 12)
  bytes.writeUInt32BE(day, 16)
  bytes.writeUInt32BE(blocks, 20)
  bytes.writeUInt8(origin.length, 24)
  bytes.write(origin, HEAD_FIXED_BYTES, 'latin1')
  return bytes
}

/** What stands before the groups of a block. `crcAfter`: the CRC of head and groups, from that of the head's first bytes. */
export function encodeBlockHead(
  block: { readonly firstSeq: number; readonly records: number; readonly groups: number; readonly bodyBytes: number },
  crcAfter: (crc: number) => number,
): Uint8Array {
  const head = Buffer.alloc(BLOCK_HEAD_BYTES)
  writeUint64(viewOf(head), 0, block.firstSeq)
  head.writeUInt16BE(block.records, 8)
  head.writeUInt16BE(block.groups, 10)
  head.writeUInt32BE(block.bodyBytes, 12)
  head.writeUInt32BE(crcAfter(crc32(head.subarray(0, 16))), 16)
  return head
}

export function encodeGroup({ data, keyId, nonce }: SealedGroup): Uint8Array {
  const head = Buffer.alloc(GROUP_HEAD_BYTES)
  head.set(keyId, 0)
  head.set(nonce, KEY_ID_BYTES)
  head.writeUInt32BE(data.length, KEY_ID_BYTES + NONCE_BYTES)
  return Buffer.concat([head, data])
}

/** What stands behind the blocks, from `at` on: where each begins. */
export function encodeIndex(
  blocks: readonly { readonly firstSeq: number; readonly at: number }[],
  at: number,
): Uint8Array {
  const index = Buffer.alloc(blocks.length * INDEX_ROW_BYTES + TRAILER_BYTES)
  const view = viewOf(index)
  for (const [i, block] of blocks.entries()) {
    writeUint64(view, i * INDEX_ROW_BYTES, block.firstSeq)
    writeUint64(view, i * INDEX_ROW_BYTES + 8, block.at)
  }
  writeUint64(view, blocks.length * INDEX_ROW_BYTES, at)
  index.write(MAGIC, index.length - MAGIC.length, 'latin1')
  return index
}

/** Head and index of a pack, and where each block lies in it. */
export interface PackIndex extends PackHead {
  readonly blocks: readonly { readonly firstSeq: number; readonly at: number; readonly end: number }[]
}

/** Most bytes that a head can have. */
export const HEAD_BYTES_MAX = HEAD_FIXED_BYTES + 255

/** Where the index lies, from the last 16 bytes of a pack; undefined where they are not those of one. */
export function indexAt(trailer: Uint8Array): number | undefined {
  const bytes = bufferOf(trailer)
  if (bytes.length !== TRAILER_BYTES || bytes.toString('latin1', 8) !== MAGIC) return undefined
  return readUint64(viewOf(bytes), 0)
}
export const PACK_TRAILER_BYTES = TRAILER_BYTES

/** `head` are the first bytes of the file, `index` all from the index on. Undefined: not a pack of version 1. */
export function decodeIndex(head: Uint8Array, index: Uint8Array, indexOffset: number): PackIndex | undefined {
  const bytes = bufferOf(head)
  if (bytes.length < HEAD_FIXED_BYTES || bytes.toString('latin1', 0, 8) !== MAGIC) return undefined
  const flags = bytes.readUInt16BE(10)
  const count = bytes.readUInt32BE(20)
  const headEnd = HEAD_FIXED_BYTES + bytes.readUInt8(24)
  const origin = bytes.toString('latin1', HEAD_FIXED_BYTES, headEnd)
  if (bytes.readUInt16BE(8) !== VERSION || flags > 1 || bytes.readUInt16BE(14) !== 0) return undefined
  if (!isOrigin(origin) || index.length !== count * INDEX_ROW_BYTES + TRAILER_BYTES) return undefined
  const rows = readRows(bufferOf(index), count)
  const blocks = rows.map(({ firstSeq, at }, i) => ({ firstSeq, at, end: rows[i + 1]?.at ?? indexOffset }))
  const inOrder = blocks.every(
    ({ at, end, firstSeq }, i) => at < end && firstSeq > (blocks[i - 1]?.firstSeq ?? -1) && at >= headEnd,
  )
  if (!inOrder || (blocks[0] !== undefined && blocks[0].at !== headEnd)) return undefined
  return { origin, retentionClass: bytes.readUInt16BE(12), day: bytes.readUInt32BE(16), encrypted: flags === 1, blocks }
}

function readRows(index: Buffer, count: number): { firstSeq: number; at: number }[] {
  const view = viewOf(index)
  return Array.from({ length: count }, (_, i) => ({
    firstSeq: readUint64(view, i * INDEX_ROW_BYTES),
    at: readUint64(view, i * INDEX_ROW_BYTES + 8),
  }))
}

/** Most bytes of a block that are in memory at a time to check it. */
const WINDOW_BYTES = 1024 * 1024

/** `read`: gives those bytes of the block, whole. Undefined: altered in any bit, or not a block. */
export function decodeBlock(length: number, read: (at: number, length: number) => Uint8Array): PackBlock | undefined {
  if (length < BLOCK_HEAD_BYTES) return undefined
  const head = bufferOf(read(0, BLOCK_HEAD_BYTES))
  if (length - BLOCK_HEAD_BYTES !== head.readUInt32BE(12)) return undefined
  let crc = crc32(head.subarray(0, 16))
  for (let at = BLOCK_HEAD_BYTES; at < length; at += WINDOW_BYTES)
    crc = crc32(read(at, Math.min(WINDOW_BYTES, length - at)), crc)
  if (head.readUInt32BE(16) !== crc) return undefined
  const groups: { at: number; bytes: number }[] = []
  let at = BLOCK_HEAD_BYTES
  while (at + GROUP_HEAD_BYTES <= length) {
    const bytes = GROUP_HEAD_BYTES + bufferOf(read(at, GROUP_HEAD_BYTES)).readUInt32BE(GROUP_HEAD_BYTES - 4)
    groups.push({ at, bytes })
    at += bytes
  }
  if (at !== length || groups.length !== head.readUInt16BE(10)) return undefined
  const group = (i: number): SealedGroup => {
    const place = groups[i]
    assert(place !== undefined, 'a block has that group')
    return decodeGroup(read(place.at, place.bytes))
  }
  return { firstSeq: readUint64(viewOf(head), 0), records: head.readUInt16BE(8), groups: groups.length, group }
}

function decodeGroup(bytes: Uint8Array): SealedGroup {
  const nonceEnd = KEY_ID_BYTES + NONCE_BYTES
  return {
    keyId: bytes.subarray(0, KEY_ID_BYTES),
    nonce: bytes.subarray(KEY_ID_BYTES, nonceEnd),
    data: bytes.subarray(GROUP_HEAD_BYTES),
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
