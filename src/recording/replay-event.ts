// What a replay shows of one record. Everything here is plain data: the terminal, the page, the asciicast, HAR and JSON
// are made from it, and none of them looks at a record by itself.
import { decodeUtf8, isUtf8, toBase64 } from '../base/bytes.ts'
import type { Micros } from '../base/clock.ts'
import type { JsonObject } from '../base/json.ts'
import { type EntryFields, type EntryKind, FLAG } from '../audit/entry.ts'
import { isoMicros } from '../audit/iso-time.ts'
import type { StoredPart } from '../audit/stored.ts'
import { maskedKinds, whoOf } from './print.ts'
import { numberAt, type RecordedRecord, textAt } from './read.ts'

export type Lane = 'client' | 'gateway' | 'server'
/** What a reader may want to jump to. */
export const MARKS = ['masked', 'denied', 'approved', 'failed'] as const
export type Mark = (typeof MARKS)[number]

export interface ReplayBody {
  /** As it passed, masked. Base64 where it is no UTF-8. */
  readonly text: string
  readonly bytes: number
  readonly base64: boolean
  /** It is not what was recorded. */
  readonly altered: boolean
}

export interface ReplayEvent {
  readonly seq: number
  /** Seq of the intent that this belongs to. */
  readonly of: number | undefined
  readonly kind: EntryKind
  readonly at: Micros
  readonly time: string
  readonly from: Lane
  readonly to: Lane
  readonly who: string | undefined
  readonly connection: string | undefined
  readonly method: string | undefined
  readonly target: string | undefined
  readonly effect: string | undefined
  readonly rule: string | undefined
  readonly reason: string | undefined
  readonly policy: string | undefined
  readonly status: string | undefined
  readonly detail: string | undefined
  readonly took_us: number | undefined
  /** How often each kind was hidden; never a value. */
  readonly masked: Readonly<Record<string, number>>
  readonly marks: readonly Mark[]
  readonly request: ReplayBody | undefined
  readonly response: ReplayBody | undefined
  readonly integrity: RecordedRecord['integrity']
  readonly envelope: JsonObject
}

export function replayEvent({ envelope, integrity, stored }: RecordedRecord): ReplayEvent {
  const { entry, parts, seq } = stored
  const masked = maskedKinds(envelope)
  return {
    seq,
    of: numberAt(envelope, 'of'),
    kind: entry.kind,
    at: entry.time,
    time: isoMicros(entry.time),
    ...lanesOf(entry.kind, textAt(envelope, 'dir')),
    who: whoOf(envelope),
    connection: textAt(envelope, 'conn', 'name'),
    method: textAt(envelope, 'mcp', 'method'),
    target: textAt(envelope, 'mcp', 'target'),
    effect: textAt(envelope, 'decision', 'effect'),
    rule: textAt(envelope, 'decision', 'rule'),
    reason: textAt(envelope, 'decision', 'reason'),
    policy: textAt(envelope, 'decision', 'policy'),
    status: textAt(envelope, 'outcome', 'status'),
    detail: textAt(envelope, 'outcome', 'detail') ?? textAt(envelope, 'error', 'code') ?? notKept(entry),
    took_us: numberAt(envelope, 'io', 'total_us'),
    masked,
    marks: marksOf(entry.kind, envelope, masked),
    request: bodyOf(parts.request),
    response: bodyOf(parts.response),
    integrity,
    envelope,
  }
}

function notKept({ flags }: EntryFields): string | undefined {
  return (flags & FLAG.hashOnly) === 0 ? undefined : 'content not kept: longer than its class records'
}

/** Where a message came from and how far it went: what was refused ends at the gateway. */
function lanesOf(kind: EntryKind, dir: string | undefined): { from: Lane; to: Lane } {
  if (dir !== 'c2s' && dir !== 's2c') return { from: 'gateway', to: 'gateway' }
  const asker: Lane = dir === 'c2s' ? 'client' : 'server'
  const asked: Lane = dir === 'c2s' ? 'server' : 'client'
  if (kind === 'refused' || kind === 'auth') return { from: asker, to: 'gateway' }
  return kind === 'outcome' ? { from: asked, to: asker } : { from: asker, to: asked }
}

function marksOf(kind: EntryKind, envelope: JsonObject, masked: Readonly<Record<string, number>>): readonly Mark[] {
  const status = textAt(envelope, 'outcome', 'status')
  const effect = textAt(envelope, 'decision', 'effect')
  const is: Readonly<Record<Mark, boolean>> = {
    masked: Object.keys(masked).length > 0,
    denied: kind === 'refused' || kind === 'approval.denied' || kind === 'approval.expired',
    approved: kind === 'approval.granted' || kind === 'approval.claimed' || (kind === 'intent' && effect === 'approve'),
    failed: kind === 'error' || (kind === 'outcome' && status !== 'ok' && status !== undefined),
  }
  return MARKS.filter((mark) => is[mark])
}

function bodyOf(part: StoredPart | undefined): ReplayBody | undefined {
  if (part === undefined) return undefined
  const { bytes, opens } = part
  const base64 = !isUtf8(bytes)
  return { text: base64 ? toBase64(bytes) : decodeUtf8(bytes), bytes: bytes.length, base64, altered: !opens }
}
