import { newSessionId, type PrincipalId, type SessionId } from '../base/ids.ts'
import type { SessionBindings } from './bindings.ts'
import type { Basis, ClientInfo, Session } from './session.ts'

export interface SessionLimits {
  /** Most sessions at once; the longest idle one makes room. */
  readonly sessionsMax: number
  readonly sessionsPerPrincipalMax: number
  readonly idleMs: number
  /** The same of a window of time: its caller never says that it is over, and what was approved for it ends with it. */
  readonly windowIdleMs: number
  readonly ageMs: number
}

export type FoundSession =
  | { readonly kind: 'found'; readonly session: Session }
  /** Nobody opened it here: never existed, has ended, or was opened around the gateway. */
  | { readonly kind: 'unknown' }
  /** It is another principal's. The answer is that of `unknown`; the record is not. */
  | { readonly kind: 'foreign' }

const BINDINGS_EXPIRE_MS = 3_600_000

/** `forEver`: it cannot be continued after the gateway starts again. */
type OnEnd = (session: Session, forEver: boolean) => void

/** All running sessions. Ids of upstreams are looked up with the principal, never without. */
export class Sessions {
  readonly #bindings: SessionBindings
  readonly #limits: SessionLimits
  readonly #onEnd: OnEnd
  readonly #byUpstreamId = new Map<string, Session>()
  readonly #byWindow = new Map<string, Session>()
  readonly #perPrincipal = new Map<PrincipalId, Set<Session>>()
  #count = 0
  #bindingsExpiredMs = 0

  constructor(bindings: SessionBindings, limits: SessionLimits, onEnd: OnEnd) {
    this.#bindings = bindings
    this.#limits = limits
    this.#onEnd = onEnd
  }

  get size(): number {
    return this.#count
  }

  /** A new session; it rests on a window of time until `bind` gives it an upstream's id. */
  open(principal: PrincipalId, connection: string, nowMs: number): Session {
    const session = blank(principal, connection, nowMs)
    this.#add(session)
    return session
  }

  /**
   * Ties a session to the id that its upstream gave it; from here on only its principal may use that id. False if the id
   * is another's already: a server that gives one id to two callers would mix them up.
   */
  bind(session: Session, upstreamId: string, basis: Basis): boolean {
    const holder = this.#byUpstreamId.get(keyOf(session.connection, upstreamId))
    if (holder !== undefined && holder.principal !== session.principal) return false
    session.upstreamId = upstreamId
    session.basis = basis
    this.#byUpstreamId.set(keyOf(session.connection, upstreamId), session)
    // A process does not outlive the gateway, so nobody can come back to it after a restart.
    if (basis === 'process') return true
    const { principal, id, revision, startedMs } = session
    return this.#bindings.bind(session.connection, upstreamId, { principal, session: id, revision, startedMs })
  }

  find(principal: PrincipalId, connection: string, upstreamId: string, nowMs: number): FoundSession {
    const session =
      this.#byUpstreamId.get(keyOf(connection, upstreamId)) ?? this.#remembered(connection, upstreamId, nowMs)
    if (session === undefined) return { kind: 'unknown' }
    if (session.principal !== principal) return { kind: 'foreign' }
    session.seenMs = nowMs
    return { kind: 'found', session }
  }

  /** The running session of callers whose upstream has none: same principal, connection, client and address. */
  window(
    principal: PrincipalId,
    connection: string,
    from: { client: ClientInfo | undefined; address: string },
    nowMs: number,
  ): Session {
    const key = [principal, connection, from.client?.name ?? '', from.client?.version ?? '', from.address].join('\0')
    const known = this.#byWindow.get(key)
    if (known !== undefined) {
      known.seenMs = nowMs
      return known
    }
    const session = this.open(principal, connection, nowMs)
    session.client = from.client
    session.windowKey = key
    this.#byWindow.set(key, session)
    return session
  }

  /** Those that were there before a restart, and that somebody may come back to. */
  get remembered(): ReadonlySet<SessionId> {
    return this.#bindings.sessions()
  }

  /** Ends a session; whatever id it had is dead from here on. */
  end(session: Session): void {
    this.#end(session, true)
  }

  /** Ends all sessions of somebody. */
  endOf(principal: PrincipalId): void {
    for (const session of Array.from(this.#perPrincipal.get(principal) ?? [])) this.end(session)
  }

  /** Ends all sessions that tokens of this session at the issuer came with. */
  endOfLogin(login: string): void {
    for (const session of Array.from(this.#all())) if (session.logins.has(login)) this.end(session)
  }

  #end(session: Session, forEver: boolean): void {
    const mine = this.#perPrincipal.get(session.principal)
    if (mine?.delete(session) !== true) return
    this.#count -= 1
    if (mine.size === 0) this.#perPrincipal.delete(session.principal)
    if (session.upstreamId !== undefined) {
      this.#byUpstreamId.delete(keyOf(session.connection, session.upstreamId))
      if (forEver) this.#bindings.drop(session.connection, session.upstreamId)
    }
    if (session.windowKey !== undefined) this.#byWindow.delete(session.windowKey)
    this.#onEnd(session, forEver)
  }

  /** Ends what has been idle or has lived too long. To be called now and then. */
  expire(nowMs: number): void {
    const { idleMs, windowIdleMs, ageMs } = this.#limits
    for (const sessions of this.#perPrincipal.values())
      for (const session of sessions) {
        const idleMaxMs = session.windowKey === undefined ? idleMs : windowIdleMs
        const isUsed = session.streams > 0 || session.running > 0
        const idle = !isUsed && nowMs - session.seenMs >= idleMaxMs
        if (idle || nowMs - session.startedMs >= ageMs) this.end(session)
      }
    // A write to disk each time, and nobody misses a row that is an hour old.
    if (nowMs - this.#bindingsExpiredMs < BINDINGS_EXPIRE_MS) return
    this.#bindingsExpiredMs = nowMs
    this.#bindings.expire(nowMs - ageMs)
  }

  /** The gateway stops. Sessions of upstreams that live on can be continued after it starts again. */
  endAll(): void {
    for (const session of Array.from(this.#all())) this.#end(session, session.basis !== 'mcp-session-id')
  }

  /** After a restart the upstream may still know the session, and the binding says whose it is. */
  #remembered(connection: string, upstreamId: string, nowMs: number): Session | undefined {
    const bound = this.#bindings.find(connection, upstreamId)
    if (bound === undefined) return undefined
    const session: Session = {
      ...blank(bound.principal, connection, bound.startedMs),
      id: bound.session,
      basis: 'mcp-session-id',
      upstreamId,
      revision: bound.revision,
      seenMs: nowMs,
    }
    this.#byUpstreamId.set(keyOf(connection, upstreamId), session)
    this.#add(session)
    return session
  }

  #add(session: Session): void {
    const mine = this.#perPrincipal.get(session.principal) ?? new Set()
    this.#perPrincipal.set(session.principal, mine)
    if (mine.size >= this.#limits.sessionsPerPrincipalMax) this.#evict(mine)
    if (this.#count >= this.#limits.sessionsMax) this.#evict(this.#all())
    // An eviction may have emptied and dropped the set of this principal.
    this.#perPrincipal.set(session.principal, mine)
    mine.add(session)
    this.#count += 1
  }

  #evict(from: Iterable<Session>): void {
    let oldest: Session | undefined
    for (const session of from) {
      if (session.streams > 0) continue
      if (oldest === undefined || session.seenMs < oldest.seenMs) oldest = session
    }
    if (oldest !== undefined) this.end(oldest)
  }

  *#all(): Iterable<Session> {
    for (const sessions of this.#perPrincipal.values()) yield* sessions
  }
}

function keyOf(connection: string, upstreamId: string): string {
  return `${connection}\0${upstreamId}`
}

function blank(principal: PrincipalId, connection: string, nowMs: number): Session {
  return {
    id: newSessionId(),
    principal,
    connection,
    startedMs: nowMs,
    basis: 'window',
    upstreamId: undefined,
    logins: new Set(),
    windowKey: undefined,
    revision: undefined,
    client: undefined,
    seenMs: nowMs,
    n: 0,
    calls: 0,
    recorded: false,
    streams: 0,
    running: 0,
    opening: undefined,
    asked: new Map(),
    callsRunning: new Set(),
    forms: new Map(),
    streamed: new Map(),
  }
}
