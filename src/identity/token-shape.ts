import { decodeJwt, decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters } from 'jose'
import { type AuthRefusal, refuseHeader, refuseMissing, refuseToken } from './refusal.ts'

/** Bytes of an access token. Entra's with 200 groups have about 10 KiB; whatever is longer is not hashed or parsed. */
const TOKEN_BYTES_MAX = 16 * 1024

/** Signatures that only the issuer can make. No `none`, and no HS*, whose key would be our copy of a public one. */
export const ALGORITHMS: readonly string[] = ['RS256', 'PS256', 'ES256', 'EdDSA']

/** RFC 9068 wants `at+jwt`; many providers write `JWT` or nothing. Any other type is a token for something else (RFC 8725, 3.11). */
const TYPES: readonly (string | undefined)[] = ['at+jwt', 'jwt', undefined]

const TOKEN_CHARACTERS = /^[A-Za-z0-9\-._~+/]+=*$/
const THREE_PARTS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/

/** What a token says about itself. Nobody has checked a signature yet: good for finding the key, for nothing else. */
export interface Claimed {
  readonly header: ProtectedHeaderParameters & { readonly alg: string }
  readonly claims: JWTPayload
  readonly isAccessToken: boolean
}

/** The token in an Authorization header (RFC 6750, 2.1). */
export function readBearer(header: string | undefined): string | AuthRefusal {
  if (header === undefined || header === '') return refuseMissing()
  // Before anything else, so that a flood of megabytes costs nothing per byte.
  if (header.length > TOKEN_BYTES_MAX + 'Bearer '.length) {
    return refuseToken('malformed', 'The access token is longer than 16 KiB.')
  }
  const isBearer = header.startsWith('Bearer ') || header.slice(0, 7).toLowerCase() === 'bearer '
  if (!isBearer) return refuseHeader()
  const token = header.slice(7).trimStart()
  return token === '' ? refuseHeader() : token
}

/** Cheap checks before any key is looked for: a flood of garbage costs neither a signature nor a fetch. */
export function readClaimed(token: string, types: readonly (string | undefined)[] = TYPES): Claimed | AuthRefusal {
  if (!TOKEN_CHARACTERS.test(token)) return refuseHeader()
  if (!THREE_PARTS.test(token)) return notJwt()
  const parts = decode(token)
  if (parts === undefined) return notJwt()
  const { header, claims } = parts
  if (!hasAlgorithm(header)) {
    return refuseToken('algorithm', `The token must be signed with one of ${ALGORITHMS.join(', ')}.`)
  }
  // RFC 7515, 4.1.11: what is critical must be understood, and no extension is understood here.
  if (Object.hasOwn(header, 'crit')) {
    return refuseToken('malformed', 'The token needs an extension that is not understood here.')
  }
  const type = typeOf(header)
  if (!types.includes(type))
    return refuseToken('malformed', 'The token is not an access token: its type says otherwise.')
  return { header, claims, isAccessToken: type === 'at+jwt' || !looksLikeIdToken(claims) }
}

function decode(token: string): { header: ProtectedHeaderParameters; claims: JWTPayload } | undefined {
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) }
  } catch {
    return undefined
  }
}

function hasAlgorithm(header: ProtectedHeaderParameters): header is ProtectedHeaderParameters & { alg: string } {
  return header.alg !== undefined && ALGORITHMS.includes(header.alg)
}

function typeOf(header: ProtectedHeaderParameters): string | undefined {
  const { typ } = header
  if (typ === undefined) return undefined
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : 'unreadable'
}

/** Only ID tokens have these (OpenID Connect Core, 2). They are made for the client's eyes, not for a resource. */
function looksLikeIdToken(claims: JWTPayload): boolean {
  return ['nonce', 'at_hash', 'c_hash'].some((name) => Object.hasOwn(claims, name))
}

function notJwt(): AuthRefusal {
  return refuseToken(
    'malformed',
    'The access token is not a signed JWT; the identity provider must issue JWT access tokens.',
  )
}
