// The entry: the line of the log that stays provable for ever, 152 or 184 bytes without a byte of content. Its format is
// frozen (audit.md, 4.4): a change is a new version, and version 1 verifies for ever.
import { assert } from '../base/assert.ts'
import type { Micros } from '../base/clock.ts'
import { HASH_BYTES } from './hash.ts'

/** What a record says, with its number on disk. A number is never re-used. */
export const ENTRY_KINDS = {
  'log.open': 0x01,
  'log.resume': 0x02,
  'log.heartbeat': 0x03,
  'log.key': 0x04,
  'log.class': 0x05,
  'log.witnessed': 0x06,
  'log.close': 0x07,
  'node.checkpoint': 0x08,
  'node.join': 0x09,
  'node.leave': 0x0a,
  'session.start': 0x10,
  'session.end': 0x11,
  intent: 0x20,
  outcome: 0x21,
  refused: 0x22,
  part: 0x23,
  notification: 0x24,
  decision: 0x30,
  mask: 0x31,
  'approval.requested': 0x40,
  'approval.vote': 0x41,
  'approval.granted': 0x42,
  'approval.denied': 0x43,
  'approval.expired': 0x44,
  'approval.cancelled': 0x45,
  'approval.claimed': 0x46,
  'approval.lapsed': 0x47,
  'approval.revoked': 0x48,
  'approval.unknown': 0x49,
  auth: 0x50,
  'admin.change': 0x51,
  'policy.change': 0x52,
  'tools.snapshot': 0x53,
  alert: 0x54,
  'control.result': 0x55,
  view: 0x60,
  'replay.viewed': 0x61,
  export: 0x62,
  erased: 0x70,
  expired: 0x71,
  shredded: 0x72,
  dropped: 0x73,
  pruned: 0x74,
  'tombstone.done': 0x75,
  'hold.set': 0x78,
  'hold.released': 0x79,
  'retention.run': 0x7a,
  error: 0x7e,
} as const

export type EntryKind = keyof typeof ENTRY_KINDS

const KIND_OF: ReadonlyMap<number, EntryKind> = new Map(
  Object.keys(ENTRY_KINDS)
    .filter(isEntryKind)
    .map((kind) => [ENTRY_KINDS[kind], kind]),
)

export const FLAG = { prev: 1, request: 2, response: 4, hashOnly: 8, part: 16 } as const

/** Class 0 is for the log's own records, 1 is `standard` (audit.md, 4.9). */
export const CLASS = { log: 0, standard: 1 } as const

export const ENTRY_BYTES = 152
export const ENTRY_BYTES_WITH_PREV = ENTRY_BYTES + HASH_BYTES
/** Session and policy epoch. */
export const ID_BYTES = 16

export interface EntryFields {
  readonly kind: EntryKind
  /** Bits of `FLAG`. */
  readonly flags: number
  readonly retentionClass: number
  readonly seq: number
  readonly time: Micros
  /** 16 bytes; undefined is written as zero. */
  readonly session: Uint8Array | undefined
  /** 16 bytes. */
  readonly policyEpoch: Uint8Array
  readonly envelope: Uint8Array
  readonly request: Uint8Array | undefined
  readonly response: Uint8Array | undefined
  /** Leaf hash of the session's previous record in this stream. */
  readonly prev: Uint8Array | undefined
}

/** Where each field stands. */
export const ENTRY_AT = {
  flags: 2,
  retentionClass: 4,
  zero: 6,
  seq: 8,
  time: 16,
  session: 24,
  policyEpoch: 40,
  envelope: 56,
  request: 88,
  response: 120,
  prev: 152,
} as const

export function encodeEntry(entry: EntryFields): Uint8Array {
  const bytes = new Uint8Array(entry.prev === undefined ? ENTRY_BYTES : ENTRY_BYTES_WITH_PREV)
  writeEntryHead(new DataView(bytes.buffer), { ...entry, kindNumber: ENTRY_KINDS[entry.kind] })
  if (entry.session !== undefined) bytes.set(entry.session, ENTRY_AT.session)
  bytes.set(entry.policyEpoch, ENTRY_AT.policyEpoch)
  bytes.set(entry.envelope, ENTRY_AT.envelope)
  if (entry.request !== undefined) bytes.set(entry.request, ENTRY_AT.request)
  if (entry.response !== undefined) bytes.set(entry.response, ENTRY_AT.response)
  if (entry.prev !== undefined) bytes.set(entry.prev, ENTRY_AT.prev)
  return bytes
}

export interface EntryHead extends Pick<EntryFields, 'flags' | 'retentionClass' | 'seq' | 'time'> {
  readonly kindNumber: number
}

/** All fields before the session. */
export function writeEntryHead(view: DataView, head: EntryHead): void {
  view.setUint8(0, 1)
  view.setUint8(1, head.kindNumber)
  view.setUint16(ENTRY_AT.flags, head.flags)
  view.setUint16(ENTRY_AT.retentionClass, head.retentionClass)
  view.setUint16(ENTRY_AT.zero, 0)
  writeUint64(view, ENTRY_AT.seq, head.seq)
  writeUint64(view, ENTRY_AT.time, head.time)
}

/** Undefined for anything that version 1 does not allow: another length, an unknown kind or flag, a byte that must be zero. */
export function decodeEntry(bytes: Uint8Array): EntryFields | undefined {
  if (bytes.length !== ENTRY_BYTES && bytes.length !== ENTRY_BYTES_WITH_PREV) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kind = kindOf(view.getUint8(1))
  const flags = view.getUint16(ENTRY_AT.flags)
  if (view.getUint8(0) !== 1 || kind === undefined || view.getUint16(ENTRY_AT.zero) !== 0) return undefined
  const request = nonZero(bytes, ENTRY_AT.request, HASH_BYTES)
  const response = nonZero(bytes, ENTRY_AT.response, HASH_BYTES)
  const prev = bytes.length === ENTRY_BYTES_WITH_PREV ? bytes.subarray(ENTRY_AT.prev) : undefined
  if (!agree(flags, { request, response, prev })) return undefined
  return {
    kind,
    flags,
    retentionClass: view.getUint16(ENTRY_AT.retentionClass),
    seq: readUint64(view, ENTRY_AT.seq),
    time: readUint64(view, ENTRY_AT.time),
    session: nonZero(bytes, ENTRY_AT.session, ID_BYTES),
    policyEpoch: bytes.subarray(ENTRY_AT.policyEpoch, ENTRY_AT.policyEpoch + ID_BYTES),
    envelope: bytes.subarray(ENTRY_AT.envelope, ENTRY_AT.envelope + HASH_BYTES),
    request,
    response,
    prev,
  }
}

/** Every flag is known, and those that announce a field are set exactly where there is one. */
function agree(flags: number, fields: Pick<EntryFields, 'request' | 'response' | 'prev'>): boolean {
  const expected =
    (fields.prev === undefined ? 0 : FLAG.prev) |
    (fields.request === undefined ? 0 : FLAG.request) |
    (fields.response === undefined ? 0 : FLAG.response)
  return (flags & ~(FLAG.hashOnly | FLAG.part)) === expected
}

function nonZero(bytes: Uint8Array, at: number, length: number): Uint8Array | undefined {
  let any = 0
  for (let i = at; i < at + length; i++) any |= bytes[i] ?? 0
  return any === 0 ? undefined : bytes.subarray(at, at + length)
}

export function kindOf(number: number): EntryKind | undefined {
  return KIND_OF.get(number)
}

export function isEntryKind(text: string): text is EntryKind {
  return Object.hasOwn(ENTRY_KINDS, text)
}

/** Kinds 0x01 to 0x0a and 0x70 to 0x7e are the log's own and never expire before the entries they explain. */
export function classOf(kind: EntryKind, chosen: number = CLASS.standard): number {
  const number = ENTRY_KINDS[kind]
  return number <= 0x0a || number >= 0x70 ? CLASS.log : chosen
}

const TWO_TO_32 = 2 ** 32

/** Big-endian, at most 2^53 - 1 (audit.md, 4.2). Without BigInt, which costs an allocation on the hot path. */
export function writeUint64(view: DataView, at: number, value: number): void {
  assert(Number.isSafeInteger(value) && value >= 0, 'a number on disk is a safe unsigned integer')
  view.setUint32(at, Math.floor(value / TWO_TO_32))
  view.setUint32(at + 4, value % TWO_TO_32)
}

/** A value over 2^53 - 1 comes back inexact, so it never equals what was expected. */
export function readUint64(view: DataView, at: number): number {
  return view.getUint32(at) * TWO_TO_32 + view.getUint32(at + 4)
}
