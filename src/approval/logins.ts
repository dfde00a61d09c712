import type { PrincipalId } from '../base/ids.ts'
import { DAY_MS, HOUR_MS } from '../base/units.ts'
import type { Person } from './approval.ts'

/** Somebody as their identity provider said, and when it said so. */
export interface Login {
  readonly person: Person
  /** As the claim has them; what a policy calls them is looked up when they count. */
  readonly groups: readonly string[]
  readonly atMs: number
}

export interface LoginRows {
  get(principal: PrincipalId): Login | undefined
  put(login: Login): void
  /** Forgets logins from before this time. */
  expire(beforeMs: number): void
}

/** Those who decide less often are told that they have never logged in, and not that it was too long ago. */
const KEPT_MS = 7 * DAY_MS
/** More people than this decide nowhere; the next ones are only written again. */
const REMEMBERED_MAX = 10_000

/**
 * When people who decide last logged in here, for those who decide elsewhere: their groups are the ones of that login, and
 * not what another service says of them.
 */
export class Logins {
  readonly #rows: LoginRows
  /** When the newest was that is written, by person. */
  readonly #written = new Map<PrincipalId, number>()
  readonly #keptMs: number
  #expiredMs = 0

  /** `maxAgeMs`: an older login decides nothing. */
  constructor(rows: LoginRows, maxAgeMs: number) {
    this.#rows = rows
    this.#keptMs = Math.max(maxAgeMs, KEPT_MS)
  }

  /** Their identity provider named them and their groups, then. */
  saw(login: Login): void {
    const { person, atMs } = login
    const { principal } = person
    if (atMs <= (this.#written.get(principal) ?? this.#rows.get(principal)?.atMs ?? 0)) return
    if (this.#written.size >= REMEMBERED_MAX) this.#written.clear()
    this.#rows.put(login)
    this.#written.set(principal, atMs)
  }

  /** Forgets what counts for nothing any more. To be called now and then. */
  expire(nowMs: number): void {
    // A write to disk each time, and nobody misses a row that is an hour old.
    if (nowMs - this.#expiredMs < HOUR_MS) return
    this.#expiredMs = nowMs
    const before = nowMs - this.#keptMs
    this.#rows.expire(before)
    for (const [principal, atMs] of this.#written) if (atMs < before) this.#written.delete(principal)
  }

  /** The newest one. */
  last(principal: PrincipalId): Login | undefined {
    return this.#rows.get(principal)
  }
}
