import { groupsOf } from './groups.ts'
import { CLOCK_SKEW_SECONDS, fixedAudiences, groupPath, type IssuerConfig, mayFetch } from './issuer.ts'
import { KeySet } from './key-set.ts'
import { type LoggedOut, readLogout } from './logout-token.ts'
import type { Principal } from './principal.ts'
import { type AuthRefusal, refuseToken } from './refusal.ts'
import { texts, toPrincipal } from './to-principal.ts'
import { TokenCache } from './token-cache.ts'
import { type Claimed, readBearer, readClaimed } from './token-shape.ts'
import { verify } from './verify.ts'

export interface BearerGateOptions {
  /** The gateway's own URL as clients write it, without a trailing slash. */
  readonly baseUrl: string
  readonly issuers: readonly IssuerConfig[]
  /** Told when an issuer's keys could not be fetched; for the operator's log. */
  readonly onTrouble?: (issuer: string, error: Error) => void
  /** Whether whoever a token is about has logged out since it was issued. */
  readonly isLoggedOut?: (principal: Principal) => boolean
}

export interface BearerGate {
  /**
   * Says who calls `resource`, the URL of a connection. A token that was good a moment ago is answered synchronously and
   * without network; a new one is verified. Never throws for what a client sent.
   */
  check(header: string | undefined, resource: string, nowMs: number): Outcome | Promise<Outcome>
  /** Fetches keys before the first call, so that a mistake in the configuration shows at start. Issuers without keys. */
  warmUp(nowMs: number): Promise<readonly string[]>
  /** Whom a logout token is about; a text where it is none. */
  readLogout(token: string, nowMs: number): Promise<LoggedOut | string | AuthRefusal>
}

const FOR_ANOTHER =
  'The access token is for another resource; ask the identity provider for one whose audience is this connection.'
const ID_TOKEN = 'This is an ID token; send the access token.'

/** The specification asks for the first; providers of before it send the others. */
const LOGOUT_TYPES = ['logout+jwt', 'jwt', undefined]

export type Outcome = Principal | AuthRefusal

interface Trusted {
  readonly issuer: string
  readonly keys: KeySet
  readonly audiences: readonly string[] | undefined
  readonly groupPath: readonly string[]
  readonly clockSkewSeconds: number
  readonly logoutAudiences: readonly string[]
}

/** A token that was verified, with all that must be checked again on each use. */
interface Known {
  readonly principal: Principal
  readonly trusted: Trusted
  readonly thumbprint: string
  readonly tokenAudiences: readonly string[]
  readonly isAccessToken: boolean
}

/** Refusals and principals live in one union; a principal has no `kind`. */
export function isRefusal(outcome: Outcome): outcome is AuthRefusal {
  return 'kind' in outcome
}

/** Throws TypeError for an issuer that is neither https nor on this machine. */
export function createBearerGate(options: BearerGateOptions): BearerGate {
  const issuers = trustedIssuers(options)
  const cache = new TokenCache<Known>()

  return {
    check(header, resource, nowMs) {
      const token = readBearer(header)
      if (typeof token !== 'string') return token
      const digest = TokenCache.digest(token)
      const known = cache.get(digest)
      if (known !== undefined) {
        if (known.trusted.keys.vouches(known.thumbprint, nowMs)) return admitted(known, resource, nowMs)
        // Its key was withdrawn, or nobody could ask for too long.
        cache.drop(digest)
      }
      return checkNew(token, digest, resource, nowMs)
    },
    async readLogout(token, nowMs) {
      const claimed = readClaimed(token, LOGOUT_TYPES)
      if ('kind' in claimed) return claimed
      const trusted = issuers.get(claimed.claims.iss ?? '')
      if (trusted === undefined) return 'The logout token is from an issuer that is not accepted here.'
      const { issuer, keys, clockSkewSeconds, logoutAudiences: audiences } = trusted
      const verified = await verify(token, keys, { issuer, clockSkewSeconds, nowMs, requiredClaims: ['exp', 'iat'] })
      return verified.kind === 'verified' ? readLogout(verified.claims, { issuer, audiences, nowMs }) : verified
    },
    async warmUp(nowMs) {
      const lookups = await Promise.all([...issuers.values()].map(({ keys }) => keys.current(nowMs)))
      return [...issuers.keys()].filter((_, at) => lookups[at]?.kind !== 'keys')
    },
  }

  function checkNew(token: string, digest: string, resource: string, nowMs: number): Outcome | Promise<Outcome> {
    const claimed = readClaimed(token)
    if ('kind' in claimed) return claimed
    const trusted = issuers.get(claimed.claims.iss ?? '')
    if (trusted === undefined) {
      return refuseToken('wrong_issuer', 'The token is from an issuer that is not accepted here.')
    }
    return verifyNew(token, claimed, trusted, nowMs).then((known) => {
      if ('kind' in known) return known
      const outcome = admitted(known, resource, nowMs)
      if (!isRefusal(outcome)) cache.set(digest, known)
      return outcome
    })
  }

  function admitted(known: Known, resource: string, nowMs: number): Outcome {
    if (options.isLoggedOut?.(known.principal) === true)
      return refuseToken(
        'logged_out',
        'You have logged out since this token was issued; log in again.',
        known.trusted.issuer,
      )
    return admit(known, accepted(known, resource), nowMs)
  }

  function accepted(known: Known, resource: string): readonly string[] {
    // An ID token is made for a client, so the audience that is configured for access tokens does not cover it.
    if (!known.isAccessToken) return [resource]
    // Some clients ask for the base URL as URL parsers print it, with the slash.
    return known.trusted.audiences ?? [resource, options.baseUrl, `${options.baseUrl}/`]
  }
}

function trustedIssuers(options: BearerGateOptions): ReadonlyMap<string, Trusted> {
  const report = options.onTrouble ?? (() => undefined)
  return new Map(
    options.issuers.map((config) => {
      for (const url of [config.issuer, config.jwksUri ?? config.issuer]) {
        if (!mayFetch(url, config.issuer)) throw new TypeError(`${url} must be https, or http on this machine`)
      }
      const trusted: Trusted = {
        issuer: config.issuer,
        keys: new KeySet(config, report),
        audiences: fixedAudiences(config),
        groupPath: groupPath(config),
        clockSkewSeconds: config.clockSkewSeconds ?? CLOCK_SKEW_SECONDS,
        logoutAudiences: config.logoutAudiences ?? [],
      }
      return [config.issuer, trusted]
    }),
  )
}

/** What must hold on every use: the token is for this resource and its time has not run out. */
function admit(known: Known, audiences: readonly string[], nowMs: number): Outcome {
  const { principal, trusted } = known
  if (!known.tokenAudiences.some((audience) => audiences.includes(audience))) {
    return refuseToken('wrong_audience', known.isAccessToken ? FOR_ANOTHER : ID_TOKEN, trusted.issuer)
  }
  if (nowMs >= principal.expiresAtMs + trusted.clockSkewSeconds * 1000) {
    return refuseToken('expired', 'The access token has expired; get a new one.', trusted.issuer)
  }
  return principal
}

async function verifyNew(
  token: string,
  claimed: Claimed,
  trusted: Trusted,
  nowMs: number,
): Promise<Known | AuthRefusal> {
  const { issuer, clockSkewSeconds } = trusted
  const verified = await verify(token, trusted.keys, { issuer, clockSkewSeconds, nowMs })
  if (verified.kind !== 'verified') return verified
  // RFC 9449, 7.1 and RFC 8705, 3: a token bound to a key is worthless without proof of that key, and we take none.
  if (Object.hasOwn(verified.claims, 'cnf')) {
    return refuseToken(
      'sender_constrained',
      'The token is bound to a key of the client; ask for a bearer token.',
      issuer,
    )
  }
  const groups = groupsOf(verified.claims, trusted.groupPath)
  if ('kind' in groups) return { ...groups, issuer }
  const principal = toPrincipal(verified.claims, issuer, groups)
  if ('kind' in principal) return principal
  const { aud } = verified.claims
  return {
    principal,
    trusted,
    thumbprint: verified.thumbprint,
    tokenAudiences: typeof aud === 'string' ? [aud] : (texts(aud) ?? []),
    isAccessToken: claimed.isAccessToken,
  }
}
