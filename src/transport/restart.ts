import type { Micros } from '../base/clock.ts'

/** 250 ms, doubled with each failure, at most 30 s; forgotten after a minute of health. */
const FIRST_MS = 250
const MOST_MS = 30_000
const HEALTHY_MS = 60_000

/** When a process that ended too early may be started again. Pure: `now` is a monotonic clock, in microseconds. */
export class Restart {
  #failures = 0
  #notBefore: Micros = 0

  /** Milliseconds until the next start is allowed; 0 when it is. */
  waitMs(now: Micros): number {
    return Math.max(0, Math.ceil((this.#notBefore - now) / 1000))
  }

  /** A process ended by itself, `aliveMs` after its start. */
  ended(now: Micros, aliveMs: number): void {
    this.#failures = aliveMs >= HEALTHY_MS ? 1 : this.#failures + 1
    this.#notBefore = now + Math.min(MOST_MS, FIRST_MS * 2 ** (this.#failures - 1)) * 1000
  }

  /** A process showed that it works. */
  worked(): void {
    this.#failures = 0
    this.#notBefore = 0
  }
}
