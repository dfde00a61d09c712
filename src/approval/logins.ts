import type { PrincipalId } from '../base/ids.ts'
import type { Principal } from '../identity/principal.ts'
import type { Person } from './approval.ts'

/** Somebody as a token of theirs said, and when it said so. */
export interface Login {
  readonly person: Person
  /** As the claim has them; what a policy calls them is looked up when they count. */
  readonly groups: readonly string[]
  /** When the issuer said it: `iat` of the token. */
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
  /** Newest `iat` that was written, by person. */
  readonly #written = new Map<PrincipalId, number>()

  constructor(rows: LoginRows) {
    this.#rows = rows
  }

  /** A token of theirs was checked. One without a time of issue says nothing of how fresh its groups are. */
  saw({ id, claims, groups }: Principal, person: Person, nowMs: number): void {
    const { iat } = claims
    if (typeof iat !== 'number') return
    const atMs = Math.min(iat * 1000, nowMs)
    if (atMs <= (this.#written.get(id) ?? this.#rows.get(id)?.atMs ?? -1)) return
    if (this.#written.size >= REMEMBERED_MAX) this.#written.clear()
    this.#rows.put({ person, groups, atMs })
    this.#written.set(id, atMs)
  }

  /** The newest one, where it is not from before `sinceMs`. */
  since(principal: PrincipalId, sinceMs: number): Login | undefined {
    const login = this.#rows.get(principal)
    return login !== undefined && login.atMs >= sinceMs ? login : undefined
  }
}
