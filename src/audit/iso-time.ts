import type { Micros } from '../base/clock.ts'

/** `2026-11-22T10:00:00.123456Z`. */
export function isoMicros(time: Micros): string {
  const ms = Math.floor(time / 1000)
  const micros = String(time - ms * 1000).padStart(3, '0')
  return `${new Date(ms).toISOString().slice(0, -1)}${micros}Z`
}
