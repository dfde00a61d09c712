import { MINUTE_MS } from './units.ts'

/** What a clock on a wall in some time zone shows. Building one costs some 50 µs, asking it next to nothing. */
export class WallClock {
  readonly #format: Intl.DateTimeFormat
  /** The minute asked for last and how far the wall is ahead of UTC in it; written by `#offset` only. */
  #minute = Number.NaN
  #offsetMs = 0

  /** Throws on a name that `isTimeZone` refuses. */
  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  }

  /** A date whose UTC fields are those of the wall at `ms`. */
  at(ms: number): Date {
    return new Date(ms + this.#offset(ms))
  }

  /** When the wall shows these fields, given as if they were UTC; of two such instants, the first. */
  instantOf(wallMs: number): number {
    const candidates = [wallMs - DAY_AROUND_MS, wallMs + DAY_AROUND_MS].map((near) => wallMs - this.#offset(near))
    const [early = wallMs, late = wallMs] = candidates.toSorted((a, b) => a - b)
    if (early + this.#offset(early) === wallMs) return early
    // In the hour that is left out, the wall jumps over the fields: the later candidate is the moment of the jump or after.
    return late
  }

  #offset(ms: number): number {
    const minute = Math.floor(ms / MINUTE_MS)
    if (minute === this.#minute) return this.#offsetMs
    const start = minute * MINUTE_MS
    const parts = new Map(this.#format.formatToParts(start).map(({ type, value }) => [type, Number(value)]))
    const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
    const wall = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
    this.#minute = minute
    this.#offsetMs = wall - start
    return this.#offsetMs
  }
}

/** No zone changes its offset twice in so short a time. */
const DAY_AROUND_MS = 24 * 60 * MINUTE_MS

/** Whether this runtime knows the time zone, such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
