// How much is left. This folder promises that a call passes only where every limit on it has room, that it then counts
// against all of them or, refused, against none, and that a restart forgets nothing that was saved. It waits for nothing
// and has no clock: whoever asks says what time it is. What could go wrong ends in fewer calls, never in more.
import { assert } from '../base/assert.ts'
import type { PrincipalId, RuleId, SessionId } from '../base/ids.ts'
import type { LimitKind, LimitOf, LimitSpec } from '../policy/limit.ts'
import { waitMs } from './bucket.ts'
import { Buckets } from './buckets.ts'
import { keyOf } from './key.ts'
import type { LimitRows } from './rows.ts'
import { Running } from './running.ts'
import { SteadyTime } from './steady-time.ts'

/** Of whom and what a call counts. */
export interface LimitSubject {
  readonly identity: PrincipalId
  readonly connection: string
  /** Name of the tool, or whatever stands in its place. */
  readonly tool: string
  readonly session: SessionId
  readonly client: string
}

/** What a call that passed still owes. */
export interface Lease {
  /** So many bytes went out to the client: of the reply, or of one event of a stream. Also counts after the end. */
  bytes(n: number, nowMs: number): void
  /** So many values were hidden in it. */
  masked(n: number, nowMs: number): void
  /** The request is over, however it ended: it no longer runs. The second time does nothing. */
  end(): void
}

export interface Taken {
  readonly kind: 'taken'
  readonly lease: Lease
}

/** Of several limits without room, the one with the longest wait. */
export interface Exhausted {
  readonly kind: 'exhausted'
  readonly rule: RuleId
  readonly spec: LimitSpec
  /** At least 1. After it there is room, if nobody else takes it; of calls that run, a guess. */
  readonly retryAfterMs: number
}

export interface LimitsOptions {
  /** Wall time of the start. */
  readonly nowMs: number
  readonly bucketsMax?: number
}

/** Subjects that are remembered at the same time, at about 300 bytes each. Only who is short of something is. */
const BUCKETS_MAX = 50_000
/** Rows of one transaction: about 12 ms in which nothing else happens. */
const FLUSH_ROWS_MAX = 2_000
/** When a running call is done nobody knows. */
const RUNNING_RETRY_MS = 1_000

/**
 * The limits of one gateway. Changes are written behind by `flush`, once a second: what was taken since then is lost when
 * the process is killed, and a caller who could crash the gateway would win that second each time, and no more.
 */
export class Limits {
  readonly #rows: LimitRows
  readonly #time: SteadyTime
  readonly #buckets: Buckets
  readonly #running = new Running()

  /** Reads what was saved. Throws GatewayError where that cannot be read. */
  constructor(rows: LimitRows, { nowMs, bucketsMax = BUCKETS_MAX }: LimitsOptions) {
    this.#rows = rows
    this.#time = new SteadyTime(nowMs)
    this.#buckets = new Buckets(bucketsMax)
    this.#buckets.load(rows.load(), nowMs)
  }

  /** How many subjects are remembered. */
  get size(): number {
    return this.#buckets.size
  }

  /** Takes one call from every limit, or from none and says which one has no room. */
  take(limits: readonly LimitOf[], subject: LimitSubject, nowMs: number): Taken | Exhausted {
    const now = this.#time.at(nowMs)
    const slots: Slot[] = []
    let refused: Refused | undefined
    for (const limit of limits) {
      const slot: Slot = { limit, key: keyOf(limit, subject) }
      const wait = this.#waitMs(slot, now)
      if (wait > 0) refused = longer(refused, { limit, wait })
      else slots.push(slot)
    }
    if (refused !== undefined) return exhausted(refused)
    for (const slot of slots) this.#take(slot, now)
    return { kind: 'taken', lease: this.#lease(slots) }
  }

  /** Saves what changed, at most 2000 rows, and forgets who has everything back. How many rows still have to be saved. */
  flush(nowMs: number): number {
    const now = this.#time.at(nowMs)
    const batch = this.#buckets.unsaved(FLUSH_ROWS_MAX, now)
    if (batch.length > 0) {
      const rows = batch.map(({ key, fullAtMs, msPer, burst }) => ({
        key,
        fullMs: this.#time.toWall(fullAtMs),
        msPer,
        burst,
        savedMs: nowMs,
      }))
      this.#rows.save(rows, nowMs)
      this.#buckets.saved(batch)
    }
    this.#buckets.sweep(now)
    return this.#buckets.unsavedCount
  }

  /** Saves everything. */
  close(nowMs: number): void {
    while (this.flush(nowMs) > 0);
  }

  /** 0 where there is room for one more call. */
  #waitMs({ limit, key }: Slot, now: number): number {
    const { kind, amount } = limit.spec
    if (kind === 'concurrent') return this.#running.of(key) < amount ? 0 : RUNNING_RETRY_MS
    return waitMs(this.#buckets.find(key, limit, now), now)
  }

  #take({ limit, key }: Slot, now: number): void {
    if (limit.spec.kind === 'concurrent') this.#running.add(key)
    if (limit.spec.kind === 'calls') this.#buckets.charge(key, limit, { n: 1, now })
  }

  #lease(slots: readonly Slot[]): Lease {
    let open = true
    const owe = (kind: LimitKind, n: number, nowMs: number): void => {
      // A negative number would give back.
      assert(Number.isFinite(n) && n >= 0, 'what goes out is counted from 0')
      const now = this.#time.at(nowMs)
      for (const { limit, key } of slots) if (limit.spec.kind === kind) this.#buckets.charge(key, limit, { n, now })
    }
    return {
      bytes: (n, nowMs) => owe('result_bytes', n, nowMs),
      masked: (n, nowMs) => owe('masked_entities', n, nowMs),
      end: () => {
        if (!open) return
        open = false
        for (const { limit, key } of slots) if (limit.spec.kind === 'concurrent') this.#running.remove(key)
      },
    }
  }
}

interface Slot {
  readonly limit: LimitOf
  readonly key: string
}

interface Refused {
  readonly limit: LimitOf
  readonly wait: number
}

/** The same one in whatever order the limits come. */
function longer(a: Refused | undefined, b: Refused): Refused {
  if (a === undefined || b.wait > a.wait) return b
  if (b.wait < a.wait) return a
  return place(b.limit) < place(a.limit) ? b : a
}

function place({ rule, index }: LimitOf): string {
  return `${rule} ${index}`
}

function exhausted({ limit, wait }: Refused): Exhausted {
  return { kind: 'exhausted', rule: limit.rule, spec: limit.spec, retryAfterMs: Math.ceil(wait) }
}
