import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
} from 'openid-client'
import type { JWTPayload } from 'jose'
import { groupsOf } from './groups.ts'
import { groupPath, type IssuerConfig, mayFetch } from './issuer.ts'
import type { Principal } from './principal.ts'
import { toPrincipal } from './to-principal.ts'

export interface PageLoginConfig {
  readonly issuer: IssuerConfig
  readonly clientId: string
  readonly clientSecret: string | undefined
  readonly scopes: readonly string[]
}

/** A login on its way: what the answer is held against. It belongs to one browser. */
export interface PendingLogin {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** Somebody who logged in, and what their groups are read anew with. */
export interface PageLogin {
  readonly principal: Principal
  /** When their identity provider said so. */
  readonly readMs: number
  readonly accessToken: string
  readonly refreshToken: string | undefined
  /** Of the ID token. */
  readonly claims: JWTPayload
  /** Their groups stand there, and not in the ID token. */
  readonly groupsInUserInfo: boolean
}

/** Seconds for one request to the identity provider. */
const TIMEOUT_S = 10

/**
 * Logs people in to a page of the gateway: authorization code with PKCE, state and nonce (OpenID Connect Core, 3.1; RFC 9700,
 * 2.1). Everything is checked by openid-client; signatures of ID tokens too, though they come from the issuer directly.
 */
export class PageLogins {
  readonly #config: PageLoginConfig
  #client: Promise<Configuration> | undefined

  constructor(config: PageLoginConfig) {
    this.#config = config
  }

  /** Where to send a browser, and what to keep for its return. Throws where the identity provider does not answer. */
  async begin(redirectUri: string): Promise<{ readonly url: URL; readonly pending: PendingLogin }> {
    const client = await this.#open()
    const pending = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() }
    const url = buildAuthorizationUrl(client, {
      redirect_uri: redirectUri,
      scope: this.#config.scopes.join(' '),
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await calculatePKCECodeChallenge(pending.verifier),
      code_challenge_method: 'S256',
    })
    return { url, pending }
  }

  /** Undefined for an answer that belongs to no login of this browser, or was refused. */
  async finish(answer: URL, { state, nonce, verifier }: PendingLogin, nowMs: number): Promise<PageLogin | undefined> {
    const client = await this.#open()
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }
    const tokens = await authorizationCodeGrant(client, answer, checks).catch(() => undefined)
    const claims = tokens?.claims()
    if (tokens === undefined || claims === undefined) return undefined
    return this.#read({ client, claims, accessToken: tokens.access_token, refreshToken: tokens.refresh_token }, nowMs)
  }

  /**
   * The same login with groups read anew, where the identity provider lets us: from its user info, or with a refresh token.
   * `same` where there is no way; undefined where it does not vouch for this person any more.
   */
  async readAnew(login: PageLogin, nowMs: number): Promise<PageLogin | 'same' | undefined> {
    const client = await this.#open()
    const { refreshToken, accessToken, principal, claims: before, groupsInUserInfo } = login
    if (groupsInUserInfo && nowMs < principal.expiresAtMs)
      return this.#read({ client, claims: before, accessToken, refreshToken, groupsInUserInfo }, nowMs)
    if (refreshToken === undefined) return 'same'
    const tokens = await refreshTokenGrant(client, refreshToken).catch(() => undefined)
    if (tokens === undefined) return undefined
    const claims = tokens.claims()
    // Without a new ID token nothing was said anew.
    if (claims === undefined) return 'same'
    if (claims.sub !== principal.subject) return undefined
    const next = tokens.refresh_token ?? refreshToken
    return this.#read({ client, claims, accessToken: tokens.access_token, refreshToken: next, groupsInUserInfo }, nowMs)
  }

  async #read(answer: Answer, nowMs: number): Promise<PageLogin | undefined> {
    const { client, claims, accessToken, refreshToken } = answer
    const { issuer } = this.#config
    const path = groupPath(issuer)
    const [name = ''] = path
    const info = await userInfo(client, accessToken, claims.sub ?? '')
    if (info === undefined) return undefined
    const groupsInUserInfo = answer.groupsInUserInfo === true || Object.hasOwn(info, name)
    // Whoever left their last group has no such claim any more: an older one does not stand in for it.
    const older = groupsInUserInfo ? Object.entries(claims).filter(([key]) => key !== name) : Object.entries(claims)
    const { exp } = claims
    const all: JWTPayload = {
      ...Object.fromEntries(older),
      ...info,
      iss: issuer.issuer,
      ...(exp === undefined ? {} : { exp }),
    }
    const groups = groupsOf(all, path)
    if ('kind' in groups) return undefined
    const principal = toPrincipal(all, issuer.issuer, groups)
    if ('kind' in principal) return undefined
    return { principal, readMs: nowMs, accessToken, refreshToken, claims, groupsInUserInfo }
  }

  #open(): Promise<Configuration> {
    this.#client ??= discover(this.#config).catch((failure: unknown) => {
      this.#client = undefined
      throw failure
    })
    return this.#client
  }
}

interface Answer {
  readonly client: Configuration
  readonly claims: JWTPayload
  readonly accessToken: string
  readonly refreshToken: string | undefined
  /** They did before. */
  readonly groupsInUserInfo?: boolean
}

/** Empty where there is none; undefined where it does not vouch for this access token any more. */
async function userInfo(client: Configuration, accessToken: string, subject: string): Promise<JWTPayload | undefined> {
  if (client.serverMetadata().userinfo_endpoint === undefined) return {}
  return fetchUserInfo(client, accessToken, subject).catch(() => undefined)
}

function discover({ issuer: { issuer }, clientId, clientSecret }: PageLoginConfig): Promise<Configuration> {
  // Plain http is for an identity provider on this machine, and for no other.
  if (!mayFetch(issuer, issuer)) throw new TypeError(`${issuer} must be https, or http on this machine`)
  const execute = issuer.startsWith('http://')
    ? [allowInsecureRequests, enableNonRepudiationChecks]
    : [enableNonRepudiationChecks]
  return discovery(new URL(issuer), clientId, undefined, authOf(clientSecret), { execute, timeout: TIMEOUT_S })
}

/** The way that the identity provider says it takes; basic where it says nothing (OpenID Connect Discovery, 3). */
function authOf(secret: string | undefined): ClientAuth {
  if (secret === undefined) return None()
  return (server, ...rest) => {
    const takesBasic = server.token_endpoint_auth_methods_supported?.includes('client_secret_basic') ?? true
    return (takesBasic ? ClientSecretBasic(secret) : ClientSecretPost(secret))(server, ...rest)
  }
}
