import type { PrincipalId } from '../base/ids.ts'
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
}

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

  constructor(rows: LoginRows) {
    this.#rows = rows
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

  /** The newest one. */
  last(principal: PrincipalId): Login | undefined {
    return this.#rows.get(principal)
  }
}
