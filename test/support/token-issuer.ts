// A small identity provider under the test's full control: real keys, real HTTP, wrong on request.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  base64url,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose'

export interface SigningKey {
  readonly kid: string
  readonly alg: string
  readonly privateKey: CryptoKey
  readonly publicJwk: JWK
}
export type Claims = { readonly [name in keyof JWTPayload]: unknown }
type CryptoKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey']

export interface TokenIssuer extends AsyncDisposable {
  readonly issuer: string
  readonly key: SigningKey
  /** Paths that were asked for, in order. */
  readonly asked: string[]
  /** The document at /jwks; change `keys` to rotate. */
  readonly published: { keys: readonly unknown[] }
  /** Answers a path in another way than it should. */
  answer(path: string, how: (request: IncomingMessage, response: ServerResponse) => void): void
  /** An access token that is good, but for what is overridden; `undefined` takes a claim away. */
  token(claims?: Claims, header?: Partial<JWTHeaderParameters>, key?: SigningKey): Promise<string>
}

/** The clock of the tests: tokens are issued now, at this time in milliseconds. */
export const NOW_MS = 1_900_000_000_000
export const BASE_URL = 'http://127.0.0.1:7070'
export const RESOURCE = `${BASE_URL}/mcp/files`

export async function newKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

export async function startTokenIssuer(path = ''): Promise<TokenIssuer> {
  const key = await newKey('key-1')
  const asked: string[] = []
  const published: { keys: readonly unknown[] } = { keys: [key.publicJwk] }
  const answers = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>()
  const server = createServer((request, response) => {
    const url = request.url ?? ''
    asked.push(url)
    const answer = answers.get(url)
    if (answer !== undefined) return answer(request, response)
    response.statusCode = 404
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const issuer = `${origin}${path}`
  answers.set(`/.well-known/oauth-authorization-server${path}`, (_, response) =>
    json(response, { issuer, jwks_uri: `${origin}/jwks` }),
  )
  answers.set('/jwks', (_, response) => json(response, published))
  return {
    issuer,
    key,
    asked,
    published,
    answer: (at, how) => answers.set(at, how),
    token: (claims, header, signingKey = key) => sign({ iss: issuer, ...claims }, header, signingKey),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function sign(claims: Claims, header: Partial<JWTHeaderParameters> = {}, key: SigningKey): Promise<string> {
  const nowS = Math.floor(NOW_MS / 1000)
  return new SignJWT({ sub: 'alice', aud: RESOURCE, iat: nowS, exp: nowS + 600, ...claims } as JWTPayload)
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })
    .sign(key.privateKey)
}

/** A token from its parts, for what no library would make. */
export function forge(header: object, claims: object, signature = ''): string {
  return `${encode(header)}.${encode(claims)}.${signature}`
}

function encode(value: object): string {
  return base64url.encode(JSON.stringify(value))
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
}
