import { parseDuration } from '../base/units.ts'
import { UsageError } from './usage.ts'

/** `7d`: so long ago. `2026-11-20` or `2026-11-20T10:00:00Z`: then. */
export function momentOf(text: string, nowMs: number): number {
  const ago = parseDuration(text)
  if (ago !== undefined) return nowMs - ago
  const at = /^\d{4}-\d\d-\d\d(?:T.*(?:Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new UsageError(`"${text}" is no time: 7d, 2026-11-20 or 2026-11-20T10:00:00Z.`)
  return at
}
