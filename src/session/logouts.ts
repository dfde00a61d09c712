import type { PrincipalId } from '../base/ids.ts'
import { DAY_MS, SECOND_MS } from '../base/units.ts'
import type { Principal } from '../identity/principal.ts'

/** A logout at the issuer: of everything of a person there, or of one session. */
export interface Logout {
  readonly issuer: string
  readonly principal?: PrincipalId | undefined
  /** The session at the issuer (`sid`). */
  readonly sid?: string | undefined
}

/** Keeps logouts over restarts. Each method is durable when it returns. */
export interface LogoutRows {
  load(): readonly { readonly key: string; readonly atMs: number }[]
  save(key: string, atMs: number): void
  expire(beforeMs: number): void
}

/** No access token lives as long. */
const KEPT_MS = 7 * DAY_MS

/**
 * Who has logged out, or was logged out, and when: no token from before opens anything, however long it would be good. A token
 * that does not say when it was issued is from before.
 */
export class Logouts {
  readonly #rows: LogoutRows
  readonly #at: Map<string, number>

  constructor(rows: LogoutRows) {
    this.#rows = rows
    this.#at = new Map(rows.load().map(({ key, atMs }) => [key, atMs]))
  }

  /** Durable when it returns. */
  add({ issuer, principal, sid }: Logout, nowMs: number): void {
    const key = sid === undefined ? principal : loginKey(issuer, sid)
    if (key === undefined) throw new TypeError('a logout of nobody')
    this.#rows.save(key, nowMs)
    this.#at.set(key, nowMs)
  }

  covers(principal: Principal): boolean {
    if (this.#at.size === 0) return false
    const { iat } = principal.claims
    const issuedMs = typeof iat === 'number' ? iat * SECOND_MS : 0
    const login = loginOf(principal)
    const ofSession = login === undefined ? undefined : this.#at.get(login)
    // A session that has ended does not begin again; a person may log in anew, in the second after.
    return ofSession !== undefined || issuedMs + SECOND_MS <= (this.#at.get(principal.id) ?? 0)
  }

  expire(nowMs: number): void {
    const before = nowMs - KEPT_MS
    const old = [...this.#at].filter(([, atMs]) => atMs < before)
    if (old.length === 0) return
    this.#rows.expire(before)
    for (const [key] of old) this.#at.delete(key)
  }
}

/** Names the session at the issuer that a token is of; undefined where the token does not say it. */
export function loginOf({ issuer, claims: { sid } }: Pick<Principal, 'issuer' | 'claims'>): string | undefined {
  return typeof sid === 'string' ? loginKey(issuer, sid) : undefined
}

export function loginKey(issuer: string, sid: string): string {
  return `${issuer}\0${sid}`
}
