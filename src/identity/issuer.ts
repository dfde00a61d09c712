/** An identity provider whose access tokens are accepted, as configured. */
export interface IssuerConfig {
  /** Compared with `iss` and with the issuer in its metadata without any normalisation. */
  readonly issuer: string
  /**
   * What `aud` must contain one of. Default: the URL of the connection that is called, and the gateway's base URL. Set it
   * for providers that cannot issue tokens for a URL; a token is then good for every connection.
   */
  readonly audience?: string | readonly string[] | undefined
  /** Where the keys are; without it they are found by discovery (RFC 8414, OpenID Connect Discovery). */
  readonly jwksUri?: string | undefined
  readonly groups?: { readonly claim: GroupClaim } | undefined
  /** Default 30. */
  readonly clockSkewSeconds?: number | undefined
  /** What `aud` of its logout tokens must contain one of: ids of clients. Without any it cannot log anybody out here. */
  readonly logoutAudiences?: readonly string[] | undefined
}

/**
 * Where the groups are. `realm_access.roles` is a path; `https://example.com/groups` is one name because it has `://` in
 * it; a list is a path whose parts may contain dots.
 */
export type GroupClaim = string | readonly string[]

/** Clocks of machines kept by NTP differ by far less; more would only prolong the life of a stolen token. */
export const CLOCK_SKEW_SECONDS = 30

const DEFAULT_GROUP_CLAIM = 'groups'

/** The parts of the path to the groups; at least one. */
export function groupPath(config: IssuerConfig): readonly string[] {
  const claim = config.groups?.claim ?? DEFAULT_GROUP_CLAIM
  if (typeof claim !== 'string') return claim
  return claim.includes('://') ? [claim] : claim.split('.')
}

/** What `aud` may name, where it does not depend on the connection. */
export function fixedAudiences(config: IssuerConfig): readonly string[] | undefined {
  if (config.audience === undefined) return undefined
  return typeof config.audience === 'string' ? [config.audience] : config.audience
}

/**
 * Identity providers are reached by https. Plain http is for one on this machine, and never for the keys of an https
 * issuer: who can answer there could sign as anybody.
 */
export function mayFetch(url: string, issuer: string): boolean {
  const parsed = URL.parse(url)
  if (parsed === null || parsed.username !== '' || parsed.password !== '') return false
  if (parsed.protocol === 'https:') return true
  return parsed.protocol === 'http:' && isLoopback(parsed.hostname) && issuer.startsWith('http://')
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
