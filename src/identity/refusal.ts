/** Why a caller is not known. Closed list; what each one means to the caller is in `description`. */
export type AuthRefusalReason =
  | 'missing'
  | 'malformed'
  | 'expired'
  | 'not_yet_valid'
  | 'wrong_audience'
  | 'wrong_issuer'
  | 'bad_signature'
  | 'unknown_key'
  | 'algorithm'
  | 'sender_constrained'
  | 'groups_overage'
  | 'keys_unavailable'
  | 'logged_out'

export interface AuthRefusal {
  readonly kind: 'unauthorized'
  readonly reason: AuthRefusalReason
  /**
   * 400: the Authorization header is not `Bearer <token>`. 503: the issuer's keys cannot be had, so a new token would not
   * help and clients must not throw theirs away. 401: everything else.
   */
  readonly status: 400 | 401 | 503
  /** The configured issuer the token named, where it named one. */
  readonly issuer?: string
  /** One ASCII sentence: what is wrong and what to do. Never contains a part of the token. */
  readonly description: string
}

/** A refusal of a token that was presented. */
export function refuseToken(reason: AuthRefusalReason, description: string, issuer?: string): AuthRefusal {
  const status = reason === 'keys_unavailable' ? 503 : 401
  return { kind: 'unauthorized', reason, status, description, ...(issuer === undefined ? {} : { issuer }) }
}

/** The request carried no credentials at all. */
export function refuseMissing(): AuthRefusal {
  return {
    kind: 'unauthorized',
    reason: 'missing',
    status: 401,
    description: 'No access token was sent; log in at the identity provider and send one as a Bearer token.',
  }
}

/** Something is in the header, but not a bearer token (RFC 6750, 3.1: invalid_request). */
export function refuseHeader(): AuthRefusal {
  return {
    kind: 'unauthorized',
    reason: 'malformed',
    status: 400,
    description: 'The Authorization header must be the word Bearer, one space and an access token.',
  }
}
