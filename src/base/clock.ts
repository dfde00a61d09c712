/** Microseconds since the Unix epoch, UTC. */
export type Micros = number

/** The one place that asks the machine for the time. Pure code gets `now` handed in. */
export const clock = {
  /** Wall time in microseconds. */
  nowMicros(): Micros {
    return Math.round((performance.timeOrigin + performance.now()) * 1000)
  },
  /** Wall time in milliseconds. */
  nowMs(): number {
    return Date.now()
  },
  /** Never goes back; for durations only, in microseconds. */
  monoMicros(): number {
    return Math.round(performance.now() * 1000)
  },
}
