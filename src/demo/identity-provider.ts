import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { Provider } from 'oidc-provider'
import { LoginPage } from './login-page.ts'
import { PEOPLE, type Person } from './people.ts'
import {
  ACCESS_TOKEN_TTL_S,
  DEMO_CLIENT_ID,
  isResource,
  providerConfiguration,
  SCOPES,
  tokenClaims,
} from './provider-configuration.ts'

export interface IdentityProviderOptions {
  /** 0 takes any free port. */
  readonly port: number
  /** Nothing else is possible, since nobody here has a password. */
  readonly host?: '127.0.0.1'
  /** Resources that tokens may be for, and all that is under them: base URLs of gateways. The first is the default. */
  readonly resources: readonly string[]
  /** Scopes that the gateway names in its challenges, if any. */
  readonly scopes?: readonly string[]
  readonly people?: readonly Person[]
}

export interface IdentityProvider extends AsyncDisposable {
  readonly issuer: string
  readonly people: readonly Person[]
  /** Id of the public client that needs no registration. */
  readonly clientId: string
  /** An access token as a login would give it. Throws RangeError for a person or resource that is not known. */
  token(person: string, resource: string): Promise<string>
  close(): Promise<void>
}

/** Starts the demo's identity provider. Throws RangeError for another host, and what `listen` throws. */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  const { port, host = '127.0.0.1', resources, scopes = [], people = PEOPLE } = options
  if (host !== '127.0.0.1') throw new RangeError('The demo identity provider listens on 127.0.0.1 only.')
  const signingKey = await newSigningKey()
  // The issuer contains the port, so the port comes first and the handler after it.
  const server = createServer()
  const issuer = `http://127.0.0.1:${await listen(server, port)}`
  const provider = new Provider(issuer, providerConfiguration({ resources, scopes, people, signingKey }))
  server.on('request', createHandler(issuer, provider, { people, scopes }))
  const close = () => end(server)
  return {
    issuer,
    people,
    clientId: DEMO_CLIENT_ID,
    token: (person, resource) => sign({ issuer, resources, people, signingKey }, person, resource),
    close,
    [Symbol.asyncDispose]: close,
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

function createHandler(
  issuer: string,
  provider: Provider,
  { people, scopes }: { readonly people: readonly Person[]; readonly scopes: readonly string[] },
): Handler {
  const { host, port } = new URL(issuer)
  const hosts = [host, `localhost:${port}`]
  const login = new LoginPage(provider, people)
  const callback = provider.callback()
  // Without a listener Koa prints errors to the terminal; clients get theirs as answers.
  provider.on('error', () => undefined)
  provider.on('server_error', () => undefined)
  return (request, response) => {
    // A page on the internet that resolves its name to 127.0.0.1 must not be able to log in as Alice.
    if (!hosts.includes(request.headers.host ?? '')) return void response.writeHead(403).end('wrong host\n')
    request.headers.host = host
    const url = new URL(request.url ?? '/', issuer)
    if (url.pathname.startsWith('/interaction/')) return void login.answer(request, response)
    if (url.pathname === '/auth') request.url = withScope(url, [...SCOPES, ...scopes])
    forgetSession(request)
    void callback(request, response)
  }
}

/**
 * MCP clients may ask for no scope at all, or for one that means nothing here. oidc-provider would then grant nothing and
 * give up, so they get `openid`. Whoever asks for a scope that is known may have registered for that one only.
 */
function withScope(url: URL, known: readonly string[]): string {
  const asked = (url.searchParams.get('scope') ?? '').split(' ').filter((scope) => scope !== '')
  if (!asked.some((scope) => known.includes(scope))) url.searchParams.set('scope', ['openid', ...asked].join(' '))
  return url.pathname + url.search
}

/** Each login begins with a question: nobody is logged in from the last time, in whatever name. */
function forgetSession(request: IncomingMessage): void {
  const cookies = (request.headers.cookie ?? '').split(/; */).filter((cookie) => !cookie.startsWith('_session'))
  request.headers.cookie = cookies.join('; ')
}

async function newSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: 'RS256', use: 'sig' }
}

interface Signing {
  readonly issuer: string
  readonly resources: readonly string[]
  readonly people: readonly Person[]
  readonly signingKey: JWK
}

async function sign(
  { issuer, resources, people, signingKey }: Signing,
  person: string,
  resource: string,
): Promise<string> {
  const claims = tokenClaims(people, person)
  if (claims === undefined) throw new RangeError(`nobody is called ${person}`)
  if (!isResource(resources, resource)) throw new RangeError(`${resource} is not a resource of this identity provider`)
  return new SignJWT({ ...claims, client_id: DEMO_CLIENT_ID, jti: randomUUID() })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: signingKey.kid ?? '' })
    .setIssuer(issuer)
    .setSubject(person)
    .setAudience(resource)
    .setIssuedAt()
    .setExpirationTime(`${ACCESS_TOKEN_TTL_S}s`)
    .sign(signingKey)
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
