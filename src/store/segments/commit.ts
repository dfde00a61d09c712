import { Buffer } from 'node:buffer'
import { assert } from '../../base/assert.ts'
import { copyFew } from '../../base/bytes.ts'
import type { ReceiptMode } from '../../audit/client-receipt.ts'
import { COMMIT_HEAD_BYTES, LENGTH_AT, PART, SALT_AT, SALT_BYTES, writeCommitHead } from '../../audit/commitment.ts'
import { ENTRY_AT, ENTRY_BYTES, ENTRY_BYTES_WITH_PREV, FLAG, ID_BYTES, writeEntryHead } from '../../audit/entry.ts'
import { HASH_BYTES, sha256Into } from '../../audit/hash.ts'
import { intentOf } from '../../audit/pair.ts'
import type { LogTree } from '../../audit/log-tree.ts'
import { type BatchRecord, copyIds, envelopeOf, type PartPlace, sessionOf } from './batch.ts'
import {
  FOOTER_BODY_BYTES,
  FOOTER_FRAME_BYTES,
  FRAME,
  FRAME_HEAD_BYTES,
  frameBytes,
  sealFrame,
  writeFrameHead,
} from './frame.ts'
import { type SegmentCipher, TAG_BYTES } from './segment-key.ts'
import type { Running } from './running.ts'
import { Salts } from './salts.ts'
import type { RawRecord } from './walk.ts'

const PART_HEAD_BYTES = 1 + SALT_BYTES + 4
/** What a commit takes beyond its frames where it is encrypted, at most. */
export const SEALED_MORE_BYTES = frameBytes(TAG_BYTES)
const START_BYTES = 1024 * 1024
/** A footer counts its records in 16 bits. */
const RECORDS_MAX = 65_535

/** The commit that is being put together: frames of records, then one footer. It counts as a whole or not at all. */
export interface Commit {
  /** As they go to the disk. */
  readonly bytes: Buffer
  /** Frames of records in plain. */
  readonly plain: Buffer
  readonly firstSeq: number
  readonly records: number
  /** Records whose clients want a receipt, once it is durable. */
  readonly asked: readonly AskedReceipt[]
}

/** A record whose client wants a receipt. */
export interface AskedReceipt {
  readonly seq: number
  readonly leaf: Uint8Array
  /** Of the record, in microseconds. */
  readonly time: number
  readonly mode: ReceiptMode
}

/** Builds commits: salts, commitments, entries, leaves, tree and frames (audit.md, 5.2). */
export class CommitBuilder {
  readonly #tree: LogTree
  readonly #running: Running
  readonly #salts = new Salts()
  /** 0x00 ‖ entry: what a leaf hashes; and as long as it is without the last field. */
  readonly #leaf = new Uint8Array(1 + ENTRY_BYTES_WITH_PREV)
  readonly #firstLeaf = this.#leaf.subarray(0, 1 + ENTRY_BYTES)
  readonly #entry = this.#leaf.subarray(1)
  readonly #firstEntry = this.#firstLeaf.subarray(1)
  readonly #entryView = new DataView(this.#leaf.buffer, 1)
  readonly #leafHash = new Uint8Array(HASH_BYTES)
  #bytes = Buffer.allocUnsafeSlow(START_BYTES)
  #encrypted = Buffer.alloc(0)
  #used = 0
  #firstSeq = 0
  #records = 0
  #asked: AskedReceipt[] = []
  #saltCrc = 0
  #cipher: SegmentCipher | undefined
  #room = 0

  constructor(tree: LogTree, running: Running) {
    this.#tree = tree
    this.#running = running
  }

  get records(): number {
    return this.#records
  }
  get used(): number {
    return this.#used
  }

  /** Begins a commit of at most `room` bytes, footer included, in a segment with that salt. */
  begin(segment: { saltCrc: number; cipher: SegmentCipher | undefined; room: number }): void {
    this.#used = 0
    this.#records = 0
    if (this.#asked.length > 0) this.#asked = []
    this.#firstSeq = this.#tree.size
    this.#saltCrc = segment.saltCrc
    this.#cipher = segment.cipher
    this.#room = segment.room - (segment.cipher === undefined ? 0 : SEALED_MORE_BYTES)
  }

  /** False: the record does not fit any more, and nothing was changed. */
  add(record: BatchRecord): boolean {
    const most = recordBytesMost(record)
    if (this.#used + most + FOOTER_FRAME_BYTES > this.#room || this.#records === RECORDS_MAX) return false
    this.#reserve(most + FOOTER_FRAME_BYTES)
    const seq = this.#tree.size
    const bodyAt = this.#used + FRAME_HEAD_BYTES
    const text = sessionOf(record)
    const session = text === NO_SESSION ? '' : text
    const prev = this.#running.prevOf(session)
    this.#writeEntry(record, seq, prev)
    const entry = prev === undefined ? this.#firstEntry : this.#entry
    const leaf = this.#leafHash
    sha256Into(prev === undefined ? this.#firstLeaf : this.#leaf, leaf, 0)
    this.#tree.append(leaf, entry)
    const of = record.kind === 'outcome' ? intentOf(envelopeOf(record)) : undefined
    this.#running.note({ kind: record.kind, seq, session, leaf, of })

    this.#bytes[bodyAt] = entry.length >>> 8
    this.#bytes[bodyAt + 1] = entry.length
    this.#bytes.set(entry, bodyAt + 2)
    const bodyEnd = this.#writeParts(record, bodyAt + 2 + entry.length)
    const head = { type: FRAME.record, seq, records: 1, bodyBytes: bodyEnd - bodyAt, saltCrc: this.#saltCrc }
    this.#used = sealFrame(this.#bytes, this.#used, head)
    this.#records++
    const mode = record.clientReceipt
    if (mode !== undefined) this.#asked.push({ seq, leaf: leaf.slice(), time: record.time, mode })
    return true
  }

  /** Copies a record of a recovered commit, which the tree has already: same bytes, new frame. */
  copy({ body, seq }: RawRecord): void {
    if (this.#records === 0) this.#firstSeq = seq
    assert(seq === this.#firstSeq + this.#records, 'records are copied in order')
    this.#reserve(frameBytes(body.length) + FOOTER_FRAME_BYTES)
    this.#bytes.set(body, this.#used + FRAME_HEAD_BYTES)
    const head = { type: FRAME.record, seq, records: 1, bodyBytes: body.length, saltCrc: this.#saltCrc }
    this.#used = sealFrame(this.#bytes, this.#used, head)
    this.#records++
  }

  /** Closes the commit with its footer. The bytes are valid until the next `begin`. */
  finish(): Commit {
    assert(this.#records > 0, 'a commit has records')
    const plain = this.#bytes.subarray(0, this.#used)
    const bytes = this.#cipher === undefined ? this.#bytes : this.#sealed(plain, this.#cipher)
    const at = this.#cipher === undefined ? this.#used : frameBytes(plain.length + TAG_BYTES)
    const end = this.#writeFooter(bytes, at)
    const firstSeq = this.#firstSeq
    return { bytes: bytes.subarray(0, end), plain, firstSeq, records: this.#records, asked: this.#asked }
  }

  /** All frames of records in one encrypted frame, and room for the footer. */
  #sealed(plain: Buffer, cipher: SegmentCipher): Buffer {
    const bodyBytes = plain.length + TAG_BYTES
    const needed = frameBytes(bodyBytes) + FOOTER_FRAME_BYTES
    if (this.#encrypted.length < needed) this.#encrypted = Buffer.allocUnsafeSlow(2 * needed)
    const bytes = this.#encrypted
    const [from, seq] = [FRAME_HEAD_BYTES, this.#firstSeq]
    const head = { type: FRAME.sealed, seq, records: this.#records, bodyBytes, saltCrc: this.#saltCrc }
    bytes.set(plain, from)
    writeFrameHead(bytes, 0, head)
    cipher.seal(bytes, bytes.subarray(0, from), { from, to: from + plain.length, seq })
    sealFrame(bytes, 0, head)
    return bytes
  }

  #writeFooter(bytes: Buffer, at: number): number {
    const bodyAt = at + FRAME_HEAD_BYTES
    const size = this.#tree.size
    bytes.writeBigUInt64BE(BigInt(this.#firstSeq), bodyAt)
    bytes.writeBigUInt64BE(BigInt(size - 1), bodyAt + 8)
    bytes.writeBigUInt64BE(BigInt(size), bodyAt + 16)
    bytes.set(this.#tree.root(), bodyAt + 24)
    const head = { type: FRAME.footer, seq: this.#firstSeq, records: this.#records, saltCrc: this.#saltCrc }
    return sealFrame(bytes, at, { ...head, bodyBytes: FOOTER_BODY_BYTES })
  }

  /** Every field but those that stay zero, since the last entry stands there yet. */
  #writeEntry(record: BatchRecord, seq: number, prev: Uint8Array | undefined): void {
    const { bytes, kindNumber, request, response, retentionClass, time } = record
    const flags =
      (prev === undefined ? 0 : FLAG.prev) |
      (request === undefined ? 0 : FLAG.request) |
      (response === undefined ? 0 : FLAG.response) |
      (record.hashOnly ? FLAG.hashOnly : 0) |
      (record.partial ? FLAG.part : 0)
    writeEntryHead(this.#entryView, { kindNumber, flags, retentionClass, seq, time })
    copyIds(record, this.#entry)
    this.#commitTo(bytes, record.envelope, { part: PART.envelope, at: ENTRY_AT.envelope })
    this.#commitTo(bytes, request, { part: PART.request, at: ENTRY_AT.request })
    this.#commitTo(bytes, response, { part: PART.response, at: ENTRY_AT.response })
    if (prev !== undefined) copyFew(prev, 0, { bytes: this.#entry, at: ENTRY_AT.prev, length: HASH_BYTES })
  }

  /**
   * Fills the room before the part with what its commitment begins with, the salt included, and hashes both in one piece into
   * the entry. Zero where there is no such part.
   */
  #commitTo(bytes: Buffer, place: PartPlace | undefined, { at, part }: { part: number; at: number }): void {
    if (place === undefined) return void this.#entry.fill(0, at, at + HASH_BYTES)
    const { head, length } = place
    writeCommitHead(bytes, head, { part, length })
    this.#salts.copyNext(bytes, head + SALT_AT)
    sha256Into(bytes.subarray(head, head + COMMIT_HEAD_BYTES + length), this.#entry, at)
  }

  #writeParts({ bytes, envelope, hashOnly, request, response }: BatchRecord, at: number): number {
    let next = this.#writePart(bytes, envelope, at)
    if (hashOnly) return next
    if (request !== undefined) next = this.#writePart(bytes, request, next)
    if (response !== undefined) next = this.#writePart(bytes, response, next)
    return next
  }

  /** `u8 part ‖ salt`, and the length as u32 before the content, stand side by side in the head of the commitment too. */
  #writePart(from: Buffer, { head, length }: PartPlace, at: number): number {
    copyFew(from, head + SALT_AT - 1, { bytes: this.#bytes, at, length: 1 + SALT_BYTES })
    from.copy(this.#bytes, at + 1 + SALT_BYTES, head + LENGTH_AT + 4, head + COMMIT_HEAD_BYTES + length)
    return at + PART_HEAD_BYTES + length
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, this.#used + bytes))
    larger.set(this.#bytes.subarray(0, this.#used))
    this.#bytes = larger
  }
}

function recordBytesMost({ envelope, hashOnly, request, response }: BatchRecord): number {
  return recordFrameBytesMost(envelope.length, hashOnly ? NO_BODIES : { request, response })
}

export const NO_BODIES = { request: undefined, response: undefined }

/** Bytes of the frame of a record with parts of these lengths, at most. */
export function recordFrameBytesMost(envelopeBytes: number, { request, response }: Bodies): number {
  return frameBytes(
    2 + ENTRY_BYTES_WITH_PREV + PART_HEAD_BYTES + envelopeBytes + partBytes(request) + partBytes(response),
  )
}

interface Bodies {
  readonly request: { readonly length: number } | undefined
  readonly response: { readonly length: number } | undefined
}

function partBytes(part: { readonly length: number } | undefined): number {
  return part === undefined ? 0 : PART_HEAD_BYTES + part.length
}

const NO_SESSION = '\0'.repeat(ID_BYTES)
