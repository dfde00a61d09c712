import { isObject, type JsonObject } from '../base/json.ts'
import type { PartName } from './commitment.ts'
import type { EntryFields } from './entry.ts'
import { isTombstoneKind, readTombstone, type SeqRange, type Tombstone } from './tombstone.ts'

/** What is wrong with what is gone; the verifier says where and what to do. */
export interface GoneFinding {
  readonly code: 'payload_missing' | 'tombstone_invalid' | 'hold_violated' | 'erasure_incomplete'
  readonly seq: number
  readonly what: string
}

const BIT = { envelope: 1, request: 2, response: 4 } as const satisfies Record<PartName, number>
const PRESENT_SHIFT = 3
const ABSENT = 0b111
const ERASED = 0x40
const START_RECORDS = 4096
const MICROS_PER_DAY = 86_400_000_000
/** Findings of one kind that are listed one by one; a lost disk would fill pages with the same sentence. */
const LISTED_MAX = 1000

/**
 * Which parts of which records are there and which are not, and what the log itself says about that: tombstones, holds and the
 * classes' promises. Tombstones stand behind what they cover, so judgement is passed at the end. Three bytes a record.
 */
export class GoneParts {
  readonly #start: number
  readonly #tombstones: { readonly seq: number; readonly time: number; readonly tombstone: Tombstone }[] = []
  readonly #done = new Set<string>()
  readonly #holds = new Map<string, { readonly set: number; released: number; readonly blocks: readonly SeqRange[] }>()
  readonly #classes = new Map<number, { readonly seq: number; readonly payloadDays: number }[]>()
  #state = new Uint8Array(START_RECORDS)
  #class = new Uint16Array(START_RECORDS)
  #count = 0

  constructor(start: number) {
    this.#start = start
  }

  /** Each record in order. `said`: its envelope, where it opens. */
  note(
    entry: EntryFields,
    parts: { readonly present: readonly PartName[]; readonly absent: readonly PartName[] },
    said: JsonObject | undefined,
  ): void {
    const at = entry.seq - this.#start
    if (at < 0) return
    this.#reserve(at)
    this.#class[at] = entry.retentionClass
    this.#state[at] = bitsOf(parts.absent) | (bitsOf(parts.present) << PRESENT_SHIFT)
    if (said !== undefined) this.#read(entry, said)
  }

  /** After the last record. How many are erased and missing, and what is wrong. */
  judge(report: (finding: GoneFinding) => void): { readonly erased: number; readonly missing: number } {
    for (const { seq, time, tombstone } of this.#tombstones) {
      const wrong = this.#invalid(tombstone, seq, time)
      if (wrong === undefined) this.#apply(tombstone, seq, report)
      else report({ code: 'tombstone_invalid', seq, what: wrong })
      this.#checkHolds(tombstone, seq, report)
    }
    return this.#count === 0 ? { erased: 0, missing: 0 } : this.#sum(report)
  }

  #read({ kind, seq, time }: EntryFields, said: JsonObject): void {
    if (isTombstoneKind(kind)) {
      const tombstone = readTombstone(kind, said['tombstone'])
      if (tombstone !== undefined) this.#tombstones.push({ seq, time, tombstone })
    } else if (kind === 'tombstone.done') this.#done.add(textIn(said['tombstone'], 'id'))
    else if (kind === 'hold.set' || kind === 'hold.released') this.#readHold(kind, seq, said['hold'])
    else if (kind === 'log.class') this.#readClass(seq, said['class'])
  }

  #readHold(kind: 'hold.set' | 'hold.released', seq: number, said: unknown): void {
    const id = textIn(said, 'id')
    const hold = this.#holds.get(id)
    if (kind === 'hold.set') this.#holds.set(id, { set: seq, released: Infinity, blocks: blocksIn(said) })
    else if (hold !== undefined) hold.released = seq
  }

  #readClass(seq: number, said: unknown): void {
    const n = numberIn(said, 'n')
    const payloadDays = numberIn(said, 'payload_days')
    if (n === undefined || payloadDays === undefined) return
    this.#classes.set(n, [...(this.#classes.get(n) ?? []), { seq, payloadDays }])
  }

  /** Undefined: it fits its kind (audit.md, 4.8). */
  #invalid(tombstone: Tombstone, seq: number, time: number): string | undefined {
    if ((tombstone.ranges.at(-1)?.[1] ?? -1) >= seq) return 'the tombstone covers records that came after it'
    switch (tombstone.kind) {
      case 'erased':
      case 'shredded':
        return notApproved(tombstone)
      case 'expired':
        return this.#tooEarly(tombstone, seq, time)
      case 'dropped':
      case 'pruned':
        return undefined
    }
  }

  #tooEarly({ class: retentionClass, day }: Tombstone, seq: number, time: number): string | undefined {
    const inForce = this.#classes.get(retentionClass ?? -1)?.findLast((one) => one.seq < seq)
    // What was promised may have been pruned with the entries of its time.
    if (inForce === undefined && this.#start > 0) return undefined
    if (day === undefined || inForce === undefined)
      return 'the tombstone names no day, or a class that was never defined'
    const due = Date.parse(`${day}T00:00:00Z`) * 1000 + (1 + inForce.payloadDays) * MICROS_PER_DAY
    return time < due
      ? `content of ${day} went before the ${inForce.payloadDays} days of its class had passed`
      : undefined
  }

  #apply(tombstone: Tombstone, seq: number, report: (finding: GoneFinding) => void): void {
    const parts = bitsOf(tombstone.parts)
    const done = this.#done.has(tombstone.id)
    let left = 0
    this.#each(tombstone, (at) => {
      const state = this.#state[at] ?? 0
      if ((state & parts) !== 0) this.#state[at] = (state & ~parts) | ERASED
      if (done && ((state >>> PRESENT_SHIFT) & parts) !== 0) left++
    })
    if (left > 0)
      report({ code: 'erasure_incomplete', seq, what: `${left} records that are said to be deleted are still there` })
  }

  #checkHolds(tombstone: Tombstone, seq: number, report: (finding: GoneFinding) => void): void {
    for (const [id, { blocks, released, set }] of this.#holds)
      if (set < seq && seq < released && tombstone.kind !== 'pruned' && overlap(tombstone.ranges, blocks))
        report({ code: 'hold_violated', seq, what: `records under hold ${id} were deleted` })
  }

  #each({ class: retentionClass, ranges }: Tombstone, visit: (at: number) => void): void {
    for (const [first, last] of ranges) {
      const end = Math.min(last - this.#start, this.#count - 1)
      for (let at = Math.max(0, first - this.#start); at <= end; at++)
        if (retentionClass === undefined || this.#class[at] === retentionClass) visit(at)
    }
  }

  #sum(report: (finding: GoneFinding) => void): { erased: number; missing: number } {
    let erased = 0
    let missing = 0
    let listed = 0
    for (let at = 0; at < this.#count; at++) {
      const state = this.#state[at] ?? 0
      if ((state & ABSENT) !== 0) {
        missing++
        if (listed++ < LISTED_MAX)
          report({ code: 'payload_missing', seq: at + this.#start, what: `the ${namesOf(state)} is not there` })
      } else if ((state & ERASED) !== 0) erased++
    }
    if (listed > LISTED_MAX)
      report({
        code: 'payload_missing',
        seq: this.#start,
        what: `and ${listed - LISTED_MAX} more records are not there as a whole or in part`,
      })
    return { erased, missing }
  }

  #reserve(at: number): void {
    this.#count = Math.max(this.#count, at + 1)
    if (at < this.#state.length) return
    const length = Math.max(2 * this.#state.length, at + 1)
    const state = new Uint8Array(length)
    const classes = new Uint16Array(length)
    state.set(this.#state)
    classes.set(this.#class)
    this.#state = state
    this.#class = classes
  }
}

function notApproved({ approver, basis, requester }: Tombstone): string | undefined {
  if (basis === undefined || requester === undefined || approver === undefined)
    return 'the tombstone names no legal basis, requester or approver'
  return approver === requester ? 'the tombstone was approved by who asked for it' : undefined
}

function bitsOf(parts: readonly PartName[]): number {
  return parts.reduce((bits, part) => bits | BIT[part], 0)
}

function namesOf(state: number): string {
  const names: PartName[] = ['envelope', 'request', 'response']
  return names.filter((name) => (state & BIT[name]) !== 0).join(' and ')
}

function overlap(a: readonly SeqRange[], b: readonly SeqRange[]): boolean {
  return a.some(([first, last]) => b.some(([from, to]) => first <= to && from <= last))
}

function blocksIn(hold: unknown): SeqRange[] {
  const blocks = isObject(hold) ? hold['blocks'] : undefined
  if (!Array.isArray(blocks)) return []
  return blocks.flatMap((one: unknown): SeqRange[] =>
    Array.isArray(one) && typeof one[0] === 'number' && typeof one[1] === 'number' ? [[one[0], one[1]]] : [],
  )
}

function textIn(value: unknown, key: string): string {
  const member = isObject(value) ? value[key] : undefined
  return typeof member === 'string' ? member : ''
}

function numberIn(value: unknown, key: string): number | undefined {
  const member = isObject(value) ? value[key] : undefined
  return typeof member === 'number' ? member : undefined
}
