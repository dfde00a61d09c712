import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  discovery,
  dynamicClientRegistration,
  None,
  randomPKCECodeVerifier,
  randomState,
  refreshTokenGrant,
} from 'openid-client'
import { mayFetch } from './issuer.ts'

/** Tokens of a person who uses a command. */
export interface CommandLogin {
  readonly issuer: string
  readonly clientId: string
  readonly accessToken: string
  readonly refreshToken?: string | undefined
  readonly expiresMs: number
  /** When they were issued. */
  readonly atMs: number
}

export interface CommandLoginOptions {
  readonly issuer: string
  /** Undefined: the command registers itself (RFC 7591). */
  readonly clientId: string | undefined
  readonly scopes: readonly string[]
  /** What the token is for (RFC 8707): the gateway. */
  readonly resource: string
  /** On the loopback interface, with the port that the command listens on (RFC 8252, 7.3). */
  readonly redirectUri: string
}

/** Where to send the person, and what takes the answer. */
export interface BegunLogin {
  readonly url: URL
  /** Rejects for an answer to something else. */
  readonly finish: (answer: URL, nowMs: number) => Promise<CommandLogin>
}

/** A token that does not say how long it is good for is taken for good so long. */
const DEFAULT_LIFE_S = 300
const SECOND_MS = 1000

/** Begins a login of a native application: authorization code with PKCE over a loopback redirect (RFC 8252). */
export async function beginCommandLogin(options: CommandLoginOptions): Promise<BegunLogin> {
  const { issuer, scopes, resource, redirectUri } = options
  const client = await clientOf(options)
  const clientId = client.clientMetadata().client_id
  const [state, verifier] = [randomState(), randomPKCECodeVerifier()]
  const url = buildAuthorizationUrl(client, {
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state,
    resource,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  return {
    url,
    finish: async (answer, nowMs) => {
      const checks = { pkceCodeVerifier: verifier, expectedState: state }
      const tokens = await authorizationCodeGrant(client, answer, checks, { resource })
      return loginOf({ issuer, clientId }, tokens, nowMs)
    },
  }
}

/** Undefined where it cannot be had any more. */
export async function refreshLogin(login: CommandLogin, nowMs: number): Promise<CommandLogin | undefined> {
  const { issuer, clientId, refreshToken } = login
  if (refreshToken === undefined) return undefined
  try {
    const client = await discovery(new URL(issuer), clientId, undefined, None(), optionsFor(issuer))
    const tokens = await refreshTokenGrant(client, refreshToken)
    return loginOf({ issuer, clientId, refreshToken }, tokens, nowMs)
  } catch {
    return undefined
  }
}

function clientOf({ issuer, clientId, redirectUri }: CommandLoginOptions): Promise<Configuration> {
  if (clientId !== undefined) return discovery(new URL(issuer), clientId, undefined, None(), optionsFor(issuer))
  const metadata = {
    client_name: 'sallyport',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
  }
  return dynamicClientRegistration(new URL(issuer), metadata, None(), optionsFor(issuer))
}

function optionsFor(issuer: string) {
  if (!mayFetch(issuer, issuer)) throw new TypeError(`${issuer} must be https, or http on this machine`)
  return issuer.startsWith('http://') ? { execute: [allowInsecureRequests] } : {}
}

function loginOf(
  of: Pick<CommandLogin, 'issuer' | 'clientId' | 'refreshToken'>,
  tokens: { access_token: string; refresh_token?: string; expires_in?: number },
  nowMs: number,
): CommandLogin {
  const expiresMs = nowMs + (tokens.expires_in ?? DEFAULT_LIFE_S) * SECOND_MS
  const refreshToken = tokens.refresh_token ?? of.refreshToken
  return { ...of, accessToken: tokens.access_token, refreshToken, expiresMs, atMs: nowMs }
}
