import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { encodeUtf8 } from '../../../base/bytes.ts'
import { HOUR_MS, MINUTE_MS } from '../../../base/units.ts'
import type { PageLogin, PendingLogin } from '../../../identity/page-login.ts'

/** Somebody at a browser. Kept in memory alone: after a restart people log in again. */
export interface PageSession {
  login: PageLogin
  /** In every form of this session, and of no other (CSRF). */
  readonly csrf: string
  seenMs: number
  readonly sinceMs: number
}

const IDLE_MS = 15 * MINUTE_MS
const LONGEST_MS = 8 * HOUR_MS
const LOGIN_MS = 10 * MINUTE_MS
/** Whoever opens pages without logging in must not fill the memory: the oldest go first. */
const KEPT_MAX = 10_000
const ID_BYTES = 32

interface Waiting {
  readonly pending: PendingLogin
  readonly to: string
  readonly sinceMs: number
}

/** Sessions at the page, and logins on their way. Browsers have random names of them; here are the hashes of those. */
export class PageSessions {
  readonly #sessions = new Map<string, PageSession>()
  readonly #waiting = new Map<string, Waiting>()

  /** Returns the value of a cookie. It is never one that a browser brought: that could be somebody else's idea. */
  open(login: PageLogin, nowMs: number): string {
    const id = newId()
    makeRoom(this.#sessions)
    this.#sessions.set(hashed(id), { login, csrf: newId(), seenMs: nowMs, sinceMs: nowMs })
    return id
  }

  /** Undefined where it is over, by time or by logging out. */
  get(id: string | undefined, nowMs: number): PageSession | undefined {
    if (id === undefined) return undefined
    const key = hashed(id)
    const session = this.#sessions.get(key)
    if (session === undefined) return undefined
    if (nowMs - session.seenMs >= IDLE_MS || nowMs - session.sinceMs >= LONGEST_MS) {
      this.#sessions.delete(key)
      return undefined
    }
    session.seenMs = nowMs
    return session
  }

  end(id: string | undefined): void {
    if (id !== undefined) this.#sessions.delete(hashed(id))
  }

  /** A login begins; `to` is where it leads. Returns the value of a cookie. */
  begin(pending: PendingLogin, to: string, nowMs: number): string {
    const id = newId()
    makeRoom(this.#waiting)
    this.#waiting.set(hashed(id), { pending, to, sinceMs: nowMs })
    return id
  }

  /** Takes it away: the answer to a login is good once. */
  take(id: string | undefined, nowMs: number): Waiting | undefined {
    if (id === undefined) return undefined
    const key = hashed(id)
    const waiting = this.#waiting.get(key)
    this.#waiting.delete(key)
    return waiting === undefined || nowMs - waiting.sinceMs >= LOGIN_MS ? undefined : waiting
  }
}

/** Whether a form came from a page of this session. */
export function isFormOf({ csrf }: PageSession, sent: string | null): boolean {
  const [a, b] = [encodeUtf8(csrf), encodeUtf8(sent ?? '')]
  return a.length === b.length && timingSafeEqual(a, b)
}

function makeRoom(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) {
    if (map.size < KEPT_MAX) return
    map.delete(oldest)
  }
}

function newId(): string {
  return randomBytes(ID_BYTES).toString('base64url')
}

function hashed(id: string): string {
  return createHash('sha256').update(id, 'utf8').digest('base64url')
}
