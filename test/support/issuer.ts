// An identity provider in miniature: discovery document, key set, and tokens, good ones and deliberately bad ones.
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import type { CryptoKey, JWK } from 'jose'

/** A token of the tests lives this long: longer than any test. */
const TOKEN_SECONDS = 3600

export type Claims = Readonly<Record<string, unknown>>

export interface SignOptions {
  /**
   * `current`: in the key set. `stranger`: signs well, but nobody publishes it; with `header: { kid: 'key-1' }` it is a forgery.
   * `none`: `alg: none`. Default: current.
   */
  readonly key?: 'current' | 'stranger' | 'none'
  /** Added to the protected header, over `alg`, `kid` and `typ: at+jwt`. */
  readonly header?: Readonly<Record<string, unknown>>
}

export interface Issuer {
  /** Value of `iss` and of the configuration's `issuer`. */
  readonly url: string
  readonly jwksUri: string
  /** How often the key set was fetched. */
  fetches(): number
  /**
   * Signs an access token. `iss`, `iat`, `exp`, `jti`, `client_id` are filled in where `claims` has no such key;
   * a claim that is `undefined` is left out, so that a token without it can be made.
   */
  sign(claims: Claims, options?: SignOptions): Promise<string>
  /** A new key signs from now on; the old one leaves the key set. */
  rotate(): Promise<void>
  /** From now on discovery and key set answer with this status; undefined: as usual. */
  answerWith(status: number | undefined): void
  close(): Promise<void>
}

interface SigningKey {
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}

/** Starts an issuer on a free loopback port. */
export async function startIssuer(): Promise<Issuer> {
  let current = await makeKey('key-1')
  const stranger = await makeKey('key-stranger')
  let made = 1
  let fetches = 0
  let status: number | undefined
  const server = createServer((request, response) => {
    if (request.url === '/jwks') fetches += 1
    answer(request, response, { url, jwks: { keys: [current.publicJwk] }, status })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${portOf(server.address())}`
  return {
    url,
    jwksUri: `${url}/jwks`,
    fetches: () => fetches,
    sign: (claims, options = {}) =>
      sign(withDefaults(claims, url), options.key === 'stranger' ? stranger : current, options),
    rotate: async () => {
      made += 1
      current = await makeKey(`key-${made}`)
    },
    answerWith: (next) => {
      status = next
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function withDefaults(claims: Claims, issuer: string): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000)
  const all: Record<string, unknown> = {
    iss: issuer,
    iat: now,
    exp: now + TOKEN_SECONDS,
    jti: crypto.randomUUID(),
    client_id: 'test-client',
    ...claims,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

async function sign(claims: Record<string, unknown>, key: SigningKey, options: SignOptions): Promise<string> {
  if (options.key === 'none') return new UnsecuredJWT(claims).encode()
  const header = { alg: 'ES256', kid: key.kid, typ: 'at+jwt', ...options.header }
  return new SignJWT(claims).setProtectedHeader(header).sign(key.privateKey)
}

async function makeKey(kid: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }
  return { kid, privateKey, publicJwk }
}

interface Facts {
  readonly url: string
  readonly jwks: { readonly keys: readonly JWK[] }
  readonly status: number | undefined
}

function answer(request: IncomingMessage, response: ServerResponse, facts: Facts): void {
  const documents = new Map<string, unknown>([
    ['/jwks', facts.jwks],
    ['/.well-known/openid-configuration', discovery(facts.url)],
    ['/.well-known/oauth-authorization-server', discovery(facts.url)],
  ])
  const document = documents.get(request.url ?? '')
  const status = facts.status ?? (document === undefined ? 404 : 200)
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(status === 200 ? JSON.stringify(document) : '{}')
}

function discovery(url: string): unknown {
  return {
    issuer: url,
    jwks_uri: `${url}/jwks`,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    code_challenge_methods_supported: ['S256'],
  }
}

/** Port of a listening TCP server. */
export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a TCP port')
  return address.port
}
