// Who calls. This folder turns an Authorization header into a Principal or a refusal, and tells clients where to
// get a token. Nothing here grants anything: it only says who somebody is. No token leaves this folder, is logged or kept.
import { hash } from 'node:crypto'
import type { JsonObject } from '../base/json.ts'
import type { PrincipalId } from '../base/ids.ts'

/** Who the gateway believes calls. Plain data, safe to record. */
export interface Principal {
  readonly id: PrincipalId
  readonly issuer: string
  readonly subject: string
  /** Only where the issuer does not say that it is unverified. */
  readonly email?: string | undefined
  readonly name?: string | undefined
  readonly groups: readonly string[]
  /** The OAuth client through which the principal calls. */
  readonly clientId?: string | undefined
  /** How the principal logged in (RFC 8176). */
  readonly amr?: readonly string[] | undefined
  /** All claims of the access token, verified. */
  readonly claims: JsonObject
  /** `exp` of the access token, milliseconds since the Unix epoch, without clock skew. */
  readonly expiresAtMs: number
  /** `jti` of the access token, never the token. */
  readonly tokenId?: string | undefined
}

/** Characters of base64url that carry 16 bytes. */
const ID_LENGTH = 22

/**
 * The same person at the same issuer is the same principal on every machine and after every restart. A subject is unique
 * within its issuer only (OpenID Connect Core, 5.7), so both count; an issuer is a URL and cannot contain the separator.
 */
export function principalId(issuer: string, subject: string): PrincipalId {
  return `pri_${hash('sha256', `${issuer}\0${subject}`, 'base64url').slice(0, ID_LENGTH)}`
}
