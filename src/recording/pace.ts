import type { Micros } from '../base/clock.ts'

/** Longer silence than this is shown as this long (audit.md, 14). */
export const IDLE_MAX_US = 2_000_000

/** When each event is shown, in microseconds from the first: as it went, with long silence cut short. */
export function paced(times: readonly Micros[], idleMaxUs = IDLE_MAX_US): readonly number[] {
  let shown = 0
  return times.map((at, i) => {
    // A clock that was set back shows as no time at all.
    const since = Math.max(0, at - (times[i - 1] ?? at))
    shown += Math.min(since, idleMaxUs)
    return shown
  })
}
