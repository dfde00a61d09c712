/** Callers read the clock, then wait for something, and only then come here: a little behind is late, not set back. */
const LATE_MAX_MS = 10_000

/**
 * Milliseconds since the start that never go back, made of wall times that may. Where the clock was set back, time goes
 * on from where it was: the same hour does not give back twice, and nobody waits until it comes again.
 */
export class SteadyTime {
  readonly #startMs: number
  #wallMs: number
  /** How much the clock was set back since the start. */
  #backMs = 0

  constructor(wallMs: number) {
    this.#startMs = wallMs
    this.#wallMs = wallMs
  }

  at(wallMs: number): number {
    if (wallMs < this.#wallMs - LATE_MAX_MS) {
      this.#backMs += this.#wallMs - wallMs
      this.#wallMs = wallMs
    }
    if (wallMs > this.#wallMs) this.#wallMs = wallMs
    return this.#wallMs - this.#startMs + this.#backMs
  }

  toWall(steadyMs: number): number {
    return steadyMs + this.#startMs - this.#backMs
  }
}
