import { randomBytes } from 'node:crypto'
import type { JWK } from 'jose'
import { errors } from 'oidc-provider'
import { createMemoryAdapter } from './memory-adapter.ts'
import type { Person } from './people.ts'

/** Seconds. Long enough for a demo without logging in again, short enough that refreshing can be seen. */
export const ACCESS_TOKEN_TTL_S = 3_600
const CODE_TTL_S = 60
const LOGIN_TTL_S = 900
const DAY_S = 86_400

/** Scopes of OpenID Connect. */
export const SCOPES: readonly string[] = ['openid', 'offline_access', 'email', 'profile', 'groups']

/** The public client that needs no registration, for clients that want a client id typed in. */
export const DEMO_CLIENT_ID = 'sallyport-demo'

export interface ProviderSettings {
  readonly resources: readonly string[]
  /** Scopes of the gateway's connections, which clients may ask and register for. */
  readonly scopes: readonly string[]
  readonly people: readonly Person[]
  readonly signingKey: JWK
}

/** Configuration of oidc-provider: authorization code with PKCE, refresh tokens, and JWT access tokens for our resources. */
export function providerConfiguration(settings: ProviderSettings): Readonly<Record<string, unknown>> {
  return {
    adapter: createMemoryAdapter(),
    jwks: { keys: [settings.signingKey] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    scopes: [...SCOPES, ...settings.scopes],
    responseTypes: ['code'],
    // There is no user info here, so the ID token says it all.
    conformIdTokenClaims: false,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    clients: [demoClient()],
    // Native applications may use any loopback port (RFC 8252, 7.3), and MCP clients rarely say that they are one.
    clientDefaults: {
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    },
    // Browser clients such as MCP Inspector run on another port.
    clientBasedCORS: () => true,
    pkce: { required: () => true },
    issueRefreshToken: (_: unknown, client: RefreshingClient) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false,
    findAccount: (_: unknown, id: string) => account(settings.people, id),
    extraTokenClaims: (_: unknown, token: { readonly accountId?: string }) =>
      tokenClaims(settings.people, token.accountId),
    interactions: { url: (_: unknown, { uid }: { readonly uid: string }) => `/interaction/${uid}` },
    renderError,
    ttl: ttl(),
    features: features(settings),
  }
}

interface RefreshingClient {
  grantTypeAllowed(type: string): boolean
}

function demoClient(): Readonly<Record<string, unknown>> {
  return {
    client_id: DEMO_CLIENT_ID,
    client_name: 'Sallyport demo',
    redirect_uris: [
      'http://127.0.0.1/callback',
      'http://localhost/callback',
      'http://localhost/oauth/callback',
      // The page of approvals.
      'http://127.0.0.1/approvals/callback',
    ],
  }
}

function features({ resources, scopes }: ProviderSettings): Readonly<Record<string, unknown>> {
  return {
    devInteractions: { enabled: false },
    userinfo: { enabled: false },
    // Advertised, it would make clients ask for tokens that are bound to a key; the gateway takes bearer tokens.
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    registration: { enabled: true },
    clientIdMetadataDocument: { enabled: true, ack: 'draft-02' },
    resourceIndicators: {
      enabled: true,
      // Clients of the oldest revisions name no resource: their tokens are for the gateway as a whole.
      defaultResource: (_: unknown, __: unknown, oneOf?: readonly string[]) => (oneOf ?? resources)[0],
      useGrantedResource: () => true,
      getResourceServerInfo: (_: unknown, resource: string) => {
        if (!isResource(resources, resource)) throw new errors.InvalidTarget('that resource is not known here')
        return {
          scope: scopes.join(' '),
          audience: resource,
          accessTokenTTL: ACCESS_TOKEN_TTL_S,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }
      },
    },
  }
}

/** One of the resources, or what is under it. */
export function isResource(resources: readonly string[], resource: string): boolean {
  return resources.some((base) => resource === base || resource.startsWith(`${base.replace(/\/$/, '')}/`))
}

function account(people: readonly Person[], id: string): object | undefined {
  const claims = tokenClaims(people, id)
  if (claims === undefined) return undefined
  return { accountId: id, claims: async () => ({ sub: id, ...claims }) }
}

/** What an access token says about a person beside the subject. */
export function tokenClaims(people: readonly Person[], id: string | undefined): Record<string, unknown> | undefined {
  const person = people.find((one) => one.id === id)
  if (person === undefined) return undefined
  return { email: person.email, email_verified: true, name: person.name, groups: person.groups }
}

/** Numbers, not functions: the built-in functions print notices to the terminal. */
function ttl(): Readonly<Record<string, number>> {
  return {
    AccessToken: ACCESS_TOKEN_TTL_S,
    AuthorizationCode: CODE_TTL_S,
    ClientCredentials: ACCESS_TOKEN_TTL_S,
    Grant: DAY_S,
    IdToken: ACCESS_TOKEN_TTL_S,
    Interaction: LOGIN_TTL_S,
    RefreshToken: DAY_S,
    Session: DAY_S,
  }
}

function renderError(context: { type?: string; body?: string }, out: Readonly<Record<string, string>>): void {
  context.type = 'text/plain'
  context.body = `The login did not work: ${out['error_description'] ?? out['error'] ?? 'unknown error'}\n`
}
