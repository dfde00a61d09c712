import { isObject, type JsonObject, type JsonValue } from '../base/json.ts'
import { PART, type PartName } from './commitment.ts'
import type { EntryKind } from './entry.ts'

/** Kinds of records that say what is gone (audit.md, 4.8). */
export const TOMBSTONE_KINDS = ['erased', 'expired', 'shredded', 'dropped', 'pruned'] as const
export type TombstoneKind = (typeof TOMBSTONE_KINDS)[number]

/** What is gone, and on what grounds. It never names the person whose data went. */
export interface Tombstone {
  readonly kind: TombstoneKind
  /** Names it in `tombstone.done` too. */
  readonly id: string
  /** First and last seq, in order. */
  readonly ranges: readonly SeqRange[]
  readonly parts: readonly PartName[]
  /** Only records of this retention class; undefined: of all. */
  readonly class?: number | undefined
  readonly class_version?: number | undefined
  /** UTC day of the packs, `2026-11-22`. */
  readonly day?: string | undefined
  readonly basis?: string | undefined
  readonly request?: string | undefined
  readonly requester?: string | undefined
  readonly approver?: string | undefined
  /** Ids of the keys that were deleted, hexadecimal. */
  readonly keys?: readonly string[] | undefined
  /** `dropped`: free bytes before. */
  readonly free_bytes?: number | undefined
  /** `pruned`. */
  readonly minimum_index?: number | undefined
  /** Seq of the newest hold record that was considered; -1 where there was none. */
  readonly holds_checked: number
}

export type SeqRange = readonly [first: number, last: number]

const ALL_PARTS: readonly PartName[] = ['envelope', 'request', 'response']
const SHORT = { envelope: 'env', request: 'req', response: 'res' } as const

export function isTombstoneKind(kind: EntryKind): kind is TombstoneKind {
  return TOMBSTONE_KINDS.some((one) => one === kind)
}

/** The member `tombstone` of an envelope. */
export function tombstoneJson(tombstone: Tombstone): JsonObject {
  const { kind: _, parts, ...rest } = tombstone
  return { ...rest, parts: parts.map((part) => SHORT[part]) }
}

/** Undefined: not one, whatever else it says. */
export function readTombstone(kind: TombstoneKind, value: JsonValue | undefined): Tombstone | undefined {
  if (!isObject(value)) return undefined
  const { id, holds_checked } = value
  const ranges = readRanges(value['ranges'])
  const parts = readParts(value['parts'])
  if (typeof id !== 'string' || typeof holds_checked !== 'number' || ranges === undefined || parts === undefined)
    return undefined
  return {
    kind,
    id,
    ranges,
    parts,
    holds_checked,
    class: numberIn(value, 'class'),
    class_version: numberIn(value, 'class_version'),
    day: textIn(value, 'day'),
    basis: textIn(value, 'basis'),
    request: textIn(value, 'request'),
    requester: textIn(value, 'requester'),
    approver: textIn(value, 'approver'),
    minimum_index: numberIn(value, 'minimum_index'),
    free_bytes: numberIn(value, 'free_bytes'),
    keys: textsIn(value, 'keys'),
  }
}

/** Whether it accounts for these parts of this record. */
export function covers(
  tombstone: Tombstone,
  record: { readonly seq: number; readonly retentionClass: number },
  parts: readonly PartName[],
): boolean {
  if (tombstone.class !== undefined && tombstone.class !== record.retentionClass) return false
  return inRanges(tombstone.ranges, record.seq) && parts.every((part) => tombstone.parts.includes(part))
}

/** By halves: a tombstone may have very many ranges. */
export function inRanges(ranges: readonly SeqRange[], seq: number): boolean {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const [first, last] = ranges[middle] ?? [0, -1]
    if (seq < first) high = middle
    else if (seq > last) low = middle + 1
    else return true
  }
  return false
}

/** Ranges of seqs that are in order. */
export function rangesOf(seqs: Iterable<number>): SeqRange[] {
  const ranges: [number, number][] = []
  for (const seq of seqs) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] + 1 === seq) last[1] = seq
    else ranges.push([seq, seq])
  }
  return ranges
}

function readRanges(value: JsonValue | undefined): SeqRange[] | undefined {
  if (!isList(value)) return undefined
  const ranges: SeqRange[] = []
  for (const item of value) {
    if (!isList(item)) return undefined
    const [first, last] = item
    if (typeof first !== 'number' || typeof last !== 'number' || first > last) return undefined
    if (first <= (ranges.at(-1)?.[1] ?? -1)) return undefined
    ranges.push([first, last])
  }
  return ranges
}

function readParts(value: JsonValue | undefined): PartName[] | undefined {
  if (!isList(value)) return undefined
  const parts = ALL_PARTS.filter((part) => value.includes(SHORT[part]))
  return parts.length === value.length && value.length <= Object.keys(PART).length ? parts : undefined
}

function numberIn(value: JsonObject, key: string): number | undefined {
  const member = value[key]
  return typeof member === 'number' ? member : undefined
}

function textIn(value: JsonObject, key: string): string | undefined {
  const member = value[key]
  return typeof member === 'string' ? member : undefined
}

function textsIn(value: JsonObject, key: string): string[] | undefined {
  const member = value[key]
  return isList(member) ? member.filter((one) => typeof one === 'string') : undefined
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}
