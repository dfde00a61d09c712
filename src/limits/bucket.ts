import type { LimitSpec } from '../policy/limit.ts'

/**
 * A token bucket, kept as the moment at which everything taken will have flowed back: what flows back is then never
 * written, only what is taken, and a refusal changes nothing. A bucket that is full is the same as none.
 * (The "virtual scheduling" form of the generic cell rate algorithm, ITU-T I.371.) Written by Buckets and Limits alone.
 */
export interface Bucket {
  readonly key: string
  /** In steady time. In the past: full. More than `burst * msPer` ahead: in debt. */
  fullAtMs: number
  /** In how many milliseconds one flows back. */
  msPer: number
  burst: number
  /** Whether the store has a row of it. */
  stored: boolean
}

/** Sums of fractions of a millisecond are a little off; so much of what flows back is given early, once. */
const ROUNDING_MS = 0.001

export function newBucket(key: string, spec: LimitSpec, fullAtMs: number): Bucket {
  return { key, fullAtMs, msPer: spec.perMs / spec.amount, burst: spec.burst, stored: false }
}

/** Milliseconds until there is one more; 0 if there is. */
export function waitMs({ fullAtMs, msPer, burst }: Bucket, now: number): number {
  return Math.max(0, fullAtMs - now - (burst - 1) * msPer - ROUNDING_MS)
}

/** Takes `n`, whether they are there or not. */
export function charge(bucket: Bucket, n: number, now: number): void {
  bucket.fullAtMs = Math.max(bucket.fullAtMs, now) + n * bucket.msPer
}

/**
 * Takes over a limit that was changed: what somebody used stays used, up to the new size, and a debt stays a debt. So a
 * tighter limit grants nothing anew, and none gives more than a fresh bucket. False where nothing was changed.
 */
export function refit(bucket: Bucket, spec: LimitSpec, now: number): boolean {
  const msPer = spec.perMs / spec.amount
  if (msPer === bucket.msPer && spec.burst === bucket.burst) return false
  const used = Math.max(0, bucket.fullAtMs - now) / bucket.msPer
  const debt = Math.max(0, used - bucket.burst)
  bucket.fullAtMs = now + (Math.min(used - debt, spec.burst) + debt) * msPer
  bucket.msPer = msPer
  bucket.burst = spec.burst
  return true
}
