import type { PrincipalId, SessionId } from '../base/ids.ts'
import type { Revision } from '../protocol/message.ts'

/** Whose a session of an upstream is. */
export interface SessionBinding {
  readonly principal: PrincipalId
  readonly session: SessionId
  readonly revision: Revision | undefined
  readonly startedMs: number
}

/**
 * Remembers across restarts who opened which session of an upstream. The upstream's id is a capability, so a store keeps
 * only a keyed hash of it. Each method is durable when it returns.
 */
export interface SessionBindings {
  /** False if the id is bound to another principal: it stays theirs, and the caller must refuse. */
  bind(connection: string, upstreamId: string, binding: SessionBinding): boolean
  find(connection: string, upstreamId: string): SessionBinding | undefined
  drop(connection: string, upstreamId: string): void
  /** Our ids of all sessions that somebody may come back to. */
  sessions(): ReadonlySet<SessionId>
  /** Forgets sessions that started before this time. */
  expire(beforeMs: number): void
}
