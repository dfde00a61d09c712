import { Buffer } from 'node:buffer'
import { assert } from '../../base/assert.ts'
import { copyFew } from '../../base/bytes.ts'
import type { Micros } from '../../base/clock.ts'
import type { SessionId } from '../../base/ids.ts'
import type { ReceiptMode } from '../../audit/client-receipt.ts'
import { COMMIT_HEAD_BYTES } from '../../audit/commitment.ts'
import { classOf, ENTRY_AT, ENTRY_KINDS, type EntryKind, ID_BYTES, kindOf } from '../../audit/entry.ts'

/** A record on its way from the main thread to the writer. */
export interface NewRecord {
  readonly kind: EntryKind
  readonly time: Micros
  readonly session: SessionId | undefined
  readonly policyEpoch: Uint8Array
  readonly envelope: string
  readonly request?: Uint8Array | undefined
  readonly response?: Uint8Array | undefined
  readonly partial?: boolean | undefined
  readonly hashOnly?: boolean | undefined
  readonly retentionClass?: number | undefined
  readonly clientReceipt?: ReceiptMode | undefined
}

/** One turn's records in one piece of memory, which changes threads without being copied. */
export interface Batch {
  readonly memory: ArrayBuffer
  readonly used: number
}

const AT = {
  kind: 0,
  bits: 1,
  retentionClass: 2,
  envelope: 4,
  request: 8,
  response: 12,
  time: 16,
  session: 24,
  epoch: 40,
  parts: 56,
} as const
const BIT = { partial: 1, request: 2, response: 4, receipt: 8, receiptOfCommit: 16, hashOnly: 32 } as const
const CAPACITY_MIN_BYTES = 16 * 1024
/** A UTF-16 unit takes at most three bytes of UTF-8. */
const UTF8_BYTES_PER_UNIT = 3

/** Collects the records of one turn. Before each part it leaves room for what the commitment hashes before it, so that the writer need not copy. */
export class BatchWriter {
  #bytes: Buffer
  #view: DataView
  #used = 0

  constructor(capacity = CAPACITY_MIN_BYTES) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(capacity, CAPACITY_MIN_BYTES))
    this.#view = new DataView(this.#bytes.buffer)
  }

  get used(): number {
    return this.#used
  }

  /** Returns how many bytes the record takes in the batch. */
  add(record: NewRecord): number {
    const { envelope, request, response } = record
    const units = envelope.length * UTF8_BYTES_PER_UNIT
    this.#reserve(AT.parts + 3 * COMMIT_HEAD_BYTES + units + (request?.length ?? 0) + (response?.length ?? 0))
    const at = this.#used
    let next = at + AT.parts + COMMIT_HEAD_BYTES
    const envelopeBytes = this.#bytes.write(envelope, next, 'utf8')
    next += envelopeBytes
    if (request !== undefined) next = this.#part(request, next)
    if (response !== undefined) next = this.#part(response, next)
    this.#head(at, record, envelopeBytes)
    this.#used = next
    return next - at
  }

  /** Hands the memory over; the writer of the batch is not used again. */
  take(): Batch {
    const { buffer } = this.#bytes
    assert(buffer instanceof ArrayBuffer, 'a batch has memory of its own')
    return { memory: buffer, used: this.#used }
  }

  #part(content: Uint8Array, at: number): number {
    this.#bytes.set(content, at + COMMIT_HEAD_BYTES)
    return at + COMMIT_HEAD_BYTES + content.length
  }

  #head(at: number, record: NewRecord, envelopeBytes: number): void {
    const view = this.#view
    const { request, response } = record
    const flags = (record.partial === true ? BIT.partial : 0) | (record.hashOnly === true ? BIT.hashOnly : 0)
    const parts = (request === undefined ? 0 : BIT.request) | (response === undefined ? 0 : BIT.response)
    const bits = flags | parts | receiptBit(record.clientReceipt)
    view.setUint8(at + AT.kind, ENTRY_KINDS[record.kind])
    view.setUint8(at + AT.bits, bits)
    view.setUint16(at + AT.retentionClass, classOf(record.kind, record.retentionClass))
    view.setUint32(at + AT.envelope, envelopeBytes)
    view.setUint32(at + AT.request, request?.length ?? 0)
    view.setUint32(at + AT.response, response?.length ?? 0)
    view.setFloat64(at + AT.time, record.time)
    this.#session(at + AT.session, record.session)
    this.#bytes.set(record.policyEpoch, at + AT.epoch)
  }

  #session(at: number, id: SessionId | undefined): void {
    if (id === undefined) return void this.#bytes.fill(0, at, at + ID_BYTES)
    const written = this.#bytes.write(id.slice('ses_'.length), at, ID_BYTES, 'hex')
    assert(
      written === ID_BYTES && id.length === 'ses_'.length + 2 * ID_BYTES,
      'a session id is ses_ and 32 hexadecimal digits',
    )
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, this.#used + bytes))
    larger.set(this.#bytes.subarray(0, this.#used))
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }
}

function receiptBit(mode: ReceiptMode | undefined): number {
  if (mode === undefined) return 0
  return mode === 'record' ? BIT.receipt : BIT.receiptOfCommit
}

/** Where a part of a record stands: `head` is the room before it, `length` is of the content behind that. */
export interface PartPlace {
  readonly head: number
  readonly length: number
}

/** A record as the writer finds it in a batch. */
export interface BatchRecord {
  readonly kind: EntryKind
  readonly kindNumber: number
  readonly time: Micros
  readonly partial: boolean
  /** Request and response are committed to, and not written. */
  readonly hashOnly: boolean
  readonly retentionClass: number
  readonly clientReceipt: ReceiptMode | undefined
  readonly bytes: Buffer
  /** Of its fixed fields. */
  readonly at: number
  readonly envelope: PartPlace
  readonly request: PartPlace | undefined
  readonly response: PartPlace | undefined
}

/** 16 bytes as text, one character for each. */
export function sessionOf({ at, bytes }: BatchRecord): string {
  return bytes.toString('latin1', at + AT.session, at + AT.session + ID_BYTES)
}

/** Session and policy epoch stand side by side, as in an entry. */
export function copyIds({ at, bytes: from }: BatchRecord, entry: Uint8Array): void {
  copyFew(from, at + AT.session, { bytes: entry, at: ENTRY_AT.session, length: 2 * ID_BYTES })
}

export function envelopeOf({ bytes, envelope }: BatchRecord): Uint8Array {
  return bytes.subarray(envelope.head + COMMIT_HEAD_BYTES, endOf(envelope))
}

export function* readBatch({ memory, used }: Batch): Generator<BatchRecord, void, undefined> {
  const bytes = Buffer.from(memory, 0, used)
  const view = new DataView(memory, 0, used)
  for (let at = 0; at < used;) {
    const record = readRecord(bytes, view, at)
    yield record
    at = endOf(record.response ?? record.request ?? record.envelope)
  }
}

function readRecord(bytes: Buffer, view: DataView, at: number): BatchRecord {
  const kindNumber = view.getUint8(at + AT.kind)
  const kind = kindOf(kindNumber)
  assert(kind !== undefined, 'the main thread sends kinds that exist')
  const bits = view.getUint8(at + AT.bits)
  const envelope = { head: at + AT.parts, length: view.getUint32(at + AT.envelope) }
  const request =
    (bits & BIT.request) === 0 ? undefined : { head: endOf(envelope), length: view.getUint32(at + AT.request) }
  const response =
    (bits & BIT.response) === 0
      ? undefined
      : { head: endOf(request ?? envelope), length: view.getUint32(at + AT.response) }
  const partial = (bits & BIT.partial) !== 0
  const hashOnly = (bits & BIT.hashOnly) !== 0
  const retentionClass = view.getUint16(at + AT.retentionClass)
  const clientReceipt = receiptOf(bits)
  const time = view.getFloat64(at + AT.time)
  const parts = { envelope, request, response }
  return { kind, kindNumber, time, partial, hashOnly, retentionClass, clientReceipt, bytes, at, ...parts }
}

function receiptOf(bits: number): ReceiptMode | undefined {
  if ((bits & BIT.receipt) !== 0) return 'record'
  return (bits & BIT.receiptOfCommit) === 0 ? undefined : 'commit'
}

function endOf(part: PartPlace): number {
  return part.head + COMMIT_HEAD_BYTES + part.length
}
