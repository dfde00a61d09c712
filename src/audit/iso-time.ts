import type { Micros } from '../base/clock.ts'

/** `2026-11-22T10:00:00.123456Z`. Records of one second share all but the end, so a writer of many keeps the beginning. */
export function isoMicros(time: Micros): string {
  const second = Math.floor(time / 1_000_000)
  return isoSecond(second) + String(time - second * 1_000_000).padStart(6, '0') + 'Z'
}

/** `2026-11-22T10:00:00.` */
function isoSecond(second: number): string {
  return new Date(second * 1000).toISOString().slice(0, 20)
}
