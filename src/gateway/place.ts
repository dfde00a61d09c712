import { loginOf } from '../session/logouts.ts'
import type { ClientInfo } from '../session/session.ts'
import { corsHeaders } from '../downstream/preflight.ts'
import { errorReply, SESSION_NOT_FOUND } from '../protocol/errors.ts'
import type { Era, IdText } from '../protocol/message.ts'
import type { Gateway, Place } from './gateway.ts'
import { say } from './reply.ts'
import { sessionStartOf, turnedAwayOf } from './session-records.ts'

/** A place whose conversation is not settled yet. */
export type Standing = Omit<Place, 'session'>

export interface Coming {
  readonly era: Era
  /** It is `initialize`, so it opens a session. */
  readonly opens: boolean
  readonly client: ClientInfo | undefined
  readonly id?: IdText | undefined
}

/**
 * Settles the conversation. A session id is only as good as the principal who brings it: that of another opens nothing and
 * looks like one that never was (protocol.md, 5.1). Answers itself, and returns undefined, when there is no such session.
 */
export async function placeOf(standing: Standing, coming: Coming, gateway: Gateway): Promise<Place | undefined> {
  const { principal, connection, headers, address, exchange } = standing
  const { name } = connection.facts
  const now = gateway.now.ms()
  const sessionId = coming.era === 'legacy' && !coming.opens ? headers['mcp-session-id'] : undefined
  if (sessionId === undefined) {
    const session = coming.opens
      ? gateway.sessions.open(principal.id, name, now)
      : gateway.sessions.window(principal.id, name, { client: coming.client, address }, now)
    if (coming.opens) session.client = coming.client
    return begun({ ...standing, session }, gateway)
  }
  const found = gateway.sessions.find(principal.id, name, sessionId, now)
  if (found.kind === 'found') return begun({ ...standing, session: found.session }, gateway)
  if (found.kind === 'foreign') await gateway.audit.append(turnedAwayOf(standing, FOREIGN, gateway))
  say(
    exchange,
    404,
    errorReply(coming.id, SESSION_NOT_FOUND, 'Session not found. Send initialize to open a new one.'),
    corsHeaders(headers),
  )
  return undefined
}

const FOREIGN = { rule: 'session-binding', reason: 'session of another principal' } as const

/** The first record of a session says whose it is. It is appended, not waited for: what follows in the log waits for it. */
function begun(place: Place, gateway: Gateway): Place {
  const login = loginOf(place.principal)
  if (login !== undefined) place.session.logins.add(login)
  if (place.session.recorded) return place
  place.session.recorded = true
  gateway.audit.append(sessionStartOf(place, gateway)).catch(() => {
    // What follows it fails as well and is answered there; the next try writes it.
    place.session.recorded = false
  })
  return place
}
