import { MINUTE_MS } from '../../base/units.ts'

/** Callers whose last minute is remembered; the one that called least lately is forgotten first. */
const CALLERS_MAX = 10_000

/**
 * How many different values may turn back for one caller within a minute. Whoever was given many stand-ins could otherwise
 * carry a table to where its values can be read, one harmless call after the other (masking.md, 10.5).
 */
export class RestoreRate {
  readonly #perMinute: number
  readonly #minutes = new Map<string, { readonly sinceMs: number; readonly ids: Set<string> }>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** False where the stand-ins of one more call are too many; they then count for nothing. The same one again counts once. */
  take(caller: string, ids: readonly string[], nowMs: number): boolean {
    const known = this.#minutes.get(caller)
    const isOver = known === undefined || nowMs - known.sinceMs >= MINUTE_MS || nowMs < known.sinceMs
    const minute = isOver ? { sinceMs: nowMs, ids: new Set<string>() } : known
    const fresh = new Set(ids.filter((id) => !minute.ids.has(id)))
    if (minute.ids.size + fresh.size > this.#perMinute) return false
    for (const id of fresh) minute.ids.add(id)
    this.#minutes.delete(caller)
    this.#minutes.set(caller, minute)
    for (const oldest of this.#minutes.keys()) if (this.#minutes.size > CALLERS_MAX) this.#minutes.delete(oldest)
    return true
  }
}
