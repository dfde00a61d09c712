import type { LimitOf } from '../policy/limit.ts'
import { type Bucket, charge, newBucket, refit } from './bucket.ts'
import { isSharedKey, sharedKeyOf } from './key.ts'
import type { LimitRow } from './rows.ts'

/** Looking through a full table takes milliseconds; not more often than this. */
const SWEEP_EVERY_MS = 1_000

/**
 * All buckets that are not full. When there is no place for one more, none is forgotten: whoever has none of their own
 * shares a single bucket with all the others of that limit, and starts from there once there is a place again. So a
 * caller who can make up subjects without end takes away from newcomers, and never gets more than the limit.
 */
export class Buckets {
  readonly #max: number
  readonly #all = new Map<string, Bucket>()
  /** Changed since they were saved, the longest waiting first. */
  readonly #unsaved = new Set<Bucket>()
  /** Keys of shared buckets that are not full; at most one for each limit. */
  readonly #shared = new Set<string>()
  #sweptMs = 0

  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#all.size
  }

  get unsavedCount(): number {
    return this.#unsaved.size
  }

  /** Steady time starts at 0, which is `nowMs` of the clock. */
  load(rows: readonly LimitRow[], nowMs: number): void {
    for (const { key, fullMs, msPer, burst, savedMs } of rows) {
      // Saved in the future: the clock was set back. As much as was missing then is missing now.
      const fullAtMs = fullMs - Math.max(nowMs, savedMs)
      this.#put({ key, fullAtMs, msPer, burst, stored: true })
    }
  }

  /** The bucket that this key counts against, under the limit as it is now. Nothing is remembered yet. */
  find(key: string, limit: LimitOf, now: number): Bucket {
    const own = this.#all.get(key)
    if (own !== undefined) return this.#refitted(own, limit, now)
    const shared = this.#sharedOf(limit, now)
    if (this.#isCrowded(now)) return shared ?? newBucket(sharedKeyOf(limit), limit.spec, now)
    return newBucket(key, limit.spec, Math.max(now, shared?.fullAtMs ?? now))
  }

  /** Takes `n`, whether they are there or not. A bucket that is there keeps its limit: the caller's may be an older one. */
  charge(key: string, limit: LimitOf, { n, now }: { n: number; now: number }): void {
    const own = this.#all.get(key)
    const bucket = own ?? this.find(key, limit, now)
    charge(bucket, n, now)
    if (own === undefined) this.#put(bucket)
    this.#unsaved.add(bucket)
  }

  /** Up to `max` buckets whose rows are not what they are. */
  unsaved(max: number, now: number): Bucket[] {
    const batch: Bucket[] = []
    for (const bucket of this.#unsaved) {
      if (batch.length >= max) break
      // Came and went between two looks: there is nothing to save and no row to replace.
      if (bucket.fullAtMs <= now && !bucket.stored) this.#unsaved.delete(bucket)
      else batch.push(bucket)
    }
    return batch
  }

  saved(batch: readonly Bucket[]): void {
    for (const bucket of batch) {
      bucket.stored = true
      this.#unsaved.delete(bucket)
    }
  }

  /** Forgets what is full. Its row, if there is one, is out of date by then and goes with some later transaction. */
  sweep(now: number): void {
    this.#sweptMs = now
    for (const [key, bucket] of this.#all) {
      // What has to be saved stays, so that there is no more of it than places, even if the store fails for long.
      if (bucket.fullAtMs > now || this.#unsaved.has(bucket)) continue
      this.#all.delete(key)
      this.#shared.delete(key)
    }
  }

  #put(bucket: Bucket): void {
    this.#all.set(bucket.key, bucket)
    if (isSharedKey(bucket.key)) this.#shared.add(bucket.key)
  }

  #refitted(bucket: Bucket, { spec }: LimitOf, now: number): Bucket {
    if (refit(bucket, spec, now)) this.#unsaved.add(bucket)
    return bucket
  }

  #sharedOf(limit: LimitOf, now: number): Bucket | undefined {
    if (this.#shared.size === 0) return undefined
    const shared = this.#all.get(sharedKeyOf(limit))
    return shared === undefined ? undefined : this.#refitted(shared, limit, now)
  }

  #isCrowded(now: number): boolean {
    if (this.#all.size < this.#max) return false
    if (now - this.#sweptMs >= SWEEP_EVERY_MS) this.sweep(now)
    return this.#all.size >= this.#max
  }
}
