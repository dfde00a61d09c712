import type { Limits } from '../config/limits.ts'
import type { HttpLimits } from '../downstream/http.ts'
import type { GatewayLimits } from '../gateway/gateway.ts'
import type { SessionLimits } from '../session/sessions.ts'

// Limits of the configuration, as the parts that keep them want them; and the few that nobody has a reason to change.

/** Tasks whose maker is remembered; older ones are nobody's. */
export const TASKS_MAX = 10_000
/** Kinds of refused tokens that are counted at the same moment. */
export const REFUSED_TOKENS_MAX = 10_000
/** How often sessions expire, credentials are read anew and refused tokens are counted into records. */
export const HOUSEKEEPING_MS = 1_000
/** Events of one stream that share a sync: enough to fill one, few enough to stop a server soon after its client stops reading. */
const EVENTS_IN_FLIGHT_MAX = 64
/** Questions of a server that one client leaves unanswered. */
const ASKED_MAX = 256
/** Sessions of all callers at once; each costs a few KiB. */
const SESSIONS_MAX = 100_000
/** After that, whoever comes without a session of their own begins another one (audit.md, 13; approvals.md, 7). */
const WINDOW_IDLE_MS = 30 * 60_000
/** The longest a session lives (audit.md, 13). */
const SESSION_AGE_MS = 7 * 24 * 3_600_000

export function httpLimits(limits: Limits): HttpLimits {
  return {
    headerBytesMax: limits.requestHeaderBytes,
    headersMax: limits.requestHeaderCount,
    headersTimeoutMs: limits.headerReceiveMs,
    requestTimeoutMs: limits.headerReceiveMs + limits.bodyReceiveMs,
    keepAliveQuietMs: limits.keepAliveMs,
    clientStallMs: limits.clientStallMs,
    socketsMax: limits.connectionsTotal,
  }
}

export function sessionLimits(limits: Limits): SessionLimits {
  return {
    sessionsMax: SESSIONS_MAX,
    sessionsPerPrincipalMax: limits.sessionsPerPrincipal,
    idleMs: limits.sessionIdleMs,
    windowIdleMs: Math.min(WINDOW_IDLE_MS, limits.sessionIdleMs),
    ageMs: SESSION_AGE_MS,
  }
}

export function gatewayLimits(limits: Limits): GatewayLimits {
  const json = {
    depthMax: limits.nestingMax,
    keysPerObjectMax: limits.keysPerObjectMax,
    keysMax: limits.keysPerMessageMax,
  }
  return {
    body: { ...json, stringBytesMax: limits.requestBytes },
    message: { ...json, keysMax: limits.keysPerMessageMax * REPLY_KEYS_FACTOR, stringBytesMax: limits.replyBytes },
    streamsMax: limits.streamsTotal,
    streamsPerSessionMax: limits.streamsPerSession,
    eventsInFlightMax: EVENTS_IN_FLIGHT_MAX,
    askedMax: ASKED_MAX,
  }
}

/** Replies are rows of a database more often than requests are. */
const REPLY_KEYS_FACTOR = 50
