import { calculateJwkThumbprint, errors, type JWTPayload, type LocalJWKSet, jwtVerify } from 'jose'
import type { KeySet } from './key-set.ts'
import { type AuthRefusal, refuseToken } from './refusal.ts'
import { ALGORITHMS } from './token-shape.ts'

/** Claims under a signature that holds, and which key made it. */
export interface Verified {
  readonly kind: 'verified'
  readonly claims: JWTPayload
  readonly thumbprint: string
}

export interface VerifyOptions {
  readonly issuer: string
  readonly clockSkewSeconds: number
  readonly nowMs: number
  /** Default: `exp` and `sub`. */
  readonly requiredClaims?: readonly string[]
}

/** Checks signature, issuer and times. Fetches the issuer's keys again, within its limits, for a key nobody knows. */
export async function verify(token: string, keys: KeySet, options: VerifyOptions): Promise<Verified | AuthRefusal> {
  const first = await attempt(token, keys, options)
  if (first.kind === 'verified' || first.reason !== 'unknown_key') return first
  return (await keys.renew(options.nowMs)) ? attempt(token, keys, options) : first
}

async function attempt(token: string, keys: KeySet, options: VerifyOptions): Promise<Verified | AuthRefusal> {
  const lookup = await keys.current(options.nowMs)
  if (lookup.kind === 'unavailable') {
    return refuseToken(
      'keys_unavailable',
      'The signing keys of the identity provider cannot be fetched at the moment; try again soon.',
      options.issuer,
    )
  }
  try {
    return await checkSignature(token, lookup.resolve, options)
  } catch (error) {
    return toRefusal(error, options.issuer)
  }
}

async function checkSignature(token: string, resolve: LocalJWKSet, options: VerifyOptions): Promise<Verified> {
  // The resolver never looks at `jwk`, `jku`, `x5u` or `x5c` of the header: whoever writes a token may not bring its key.
  const { payload, key } = await jwtVerify(token, resolve, {
    algorithms: [...ALGORITHMS],
    issuer: options.issuer,
    clockTolerance: options.clockSkewSeconds,
    currentDate: new Date(options.nowMs),
    requiredClaims: [...(options.requiredClaims ?? ['exp', 'sub'])],
  })
  return { kind: 'verified', claims: payload, thumbprint: await calculateJwkThumbprint(key) }
}

function toRefusal(error: unknown, issuer: string): AuthRefusal {
  const [reason, description] = explain(error)
  return refuseToken(reason, description, issuer)
}

type Explanation = readonly [AuthRefusal['reason'], string]

function explain(error: unknown): Explanation {
  if (error instanceof errors.JWTExpired) return ['expired', 'The access token has expired; get a new one.']
  if (error instanceof errors.JWTClaimValidationFailed) return explainClaim(error)
  if (error instanceof errors.JWKSNoMatchingKey) {
    return ['unknown_key', 'The token is signed with a key that its issuer does not publish.']
  }
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return ['unknown_key', 'The token does not say which of the keys of its issuer signed it.']
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return badSignature()
  if (error instanceof errors.JOSEError) return ['malformed', 'The access token is not a JWT that can be checked.']
  // A key that cannot verify (RSA below 2048 bits, a damaged point) proves nothing.
  return badSignature()
}

function badSignature(): Explanation {
  return ['bad_signature', 'The signature of the token does not hold.']
}

function explainClaim(error: errors.JWTClaimValidationFailed): Explanation {
  if (error.claim === 'nbf' && error.reason === 'check_failed') {
    return ['not_yet_valid', 'The access token is not valid yet; check the clocks of this machine and of the issuer.']
  }
  if (error.claim === 'iss') return ['wrong_issuer', 'The token is from an issuer that is not accepted here.']
  return ['malformed', 'The access token lacks an expiry or a subject, or has one of the wrong type.']
}
