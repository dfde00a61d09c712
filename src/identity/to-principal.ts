import type { JWTPayload } from 'jose'
import { isObject } from '../base/json.ts'
import { type Principal, principalId } from './principal.ts'
import { type AuthRefusal, refuseToken } from './refusal.ts'

/** Reads a principal out of verified claims. What is optional and of the wrong type counts as absent. */
export function toPrincipal(claims: JWTPayload, issuer: string, groups: readonly string[]): Principal | AuthRefusal {
  const subject = text(claims.sub)
  const expiresAtMs = Math.floor((claims.exp ?? Number.NaN) * 1000)
  if (subject === undefined || !Number.isSafeInteger(expiresAtMs)) {
    return refuseToken('malformed', 'The access token lacks a usable subject or expiry.', issuer)
  }
  return Object.freeze({
    id: principalId(issuer, subject),
    issuer,
    subject,
    // An address that the issuer has not verified is whatever its owner typed in, and rules are written about addresses.
    email: claims['email_verified'] === false ? undefined : text(claims['email']),
    name: text(claims['name']) ?? text(claims['preferred_username']),
    groups: Object.freeze([...groups]),
    clientId: text(claims['client_id']) ?? text(claims['azp']) ?? text(claims['appid']),
    amr: texts(claims['amr']),
    claims: isObject(claims) ? claims : {},
    expiresAtMs,
    tokenId: text(claims.jti),
  })
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A list of strings, or undefined. */
export function texts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined
}
