import type { JWTPayload } from 'jose'
import { isObject } from '../base/json.ts'
import { SECOND_MS } from '../base/units.ts'

/** Whom a logout token is about. */
export interface LoggedOut {
  readonly issuer: string
  readonly subject: string | undefined
  readonly sid: string | undefined
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** Seconds: an old token says nothing of today. */
const AGE_MAX = 300

/**
 * What the claims of a logout token say, once its signature holds (OpenID Connect Back-Channel Logout 1.0, 2.6); a text says why
 * it is none.
 */
export function readLogout(claims: JWTPayload, expected: Expected): LoggedOut | string {
  const fault = faultOf(claims, expected)
  if (fault !== undefined) return fault
  const { sub, sid } = claims
  const subject = typeof sub === 'string' ? sub : undefined
  const session = typeof sid === 'string' ? sid : undefined
  if (subject === undefined && session === undefined) return 'The logout token names nobody.'
  return { issuer: expected.issuer, subject, sid: session }
}

interface Expected {
  readonly issuer: string
  readonly audiences: readonly string[]
  readonly nowMs: number
}

function faultOf({ aud, iat, events, nonce, jti }: JWTPayload, { audiences, nowMs }: Expected): string | undefined {
  const named = typeof aud === 'string' ? [aud] : (aud ?? [])
  if (!named.some((one) => audiences.includes(one))) return 'The logout token is for another client.'
  if (typeof iat !== 'number' || Math.abs(nowMs / SECOND_MS - iat) > AGE_MAX) return 'The logout token is too old.'
  const isLogout = isObject(events) && isObject(events[EVENT])
  // An ID token must not pass for a logout token.
  return isLogout && nonce === undefined && typeof jti === 'string' ? undefined : 'This is no logout token.'
}
