import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type PageLogin, PageLogins, type PendingLogin } from './page-login.ts'

/** What the identity provider of the test says, and what it was asked. */
const says: {
  claims: Record<string, unknown>
  info: Record<string, unknown> | undefined
  refresh: boolean
  signer: 'own' | 'stranger'
} = { claims: {}, info: undefined, refresh: false, signer: 'own' }
const asked: URLSearchParams[] = []

const own = await generateKeyPair('ES256', { extractable: true })
const stranger = await generateKeyPair('ES256', { extractable: true })
let issuer = ''
const server = createServer((request, response) => void handle(request, response))

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const document = await answer(request.url ?? '', request)
  response.writeHead(document === undefined ? 401 : 200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(document ?? {}))
}

async function answer(path: string, body: AsyncIterable<unknown>): Promise<unknown> {
  switch (path) {
    case '/.well-known/openid-configuration':
      return {
        issuer,
        jwks_uri: `${issuer}/jwks`,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        ...(says.info === undefined ? {} : { userinfo_endpoint: `${issuer}/info` }),
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES256'],
      }
    case '/jwks':
      return { keys: [{ ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] }
    case '/info':
      return says.info?.['sub'] === undefined ? undefined : says.info
    case '/token': {
      let text = ''
      for await (const chunk of body) text += String(chunk)
      asked.push(new URLSearchParams(text))
      const more = says.refresh ? { refresh_token: 'again' } : {}
      return { access_token: 'made-up', token_type: 'bearer', expires_in: 300, id_token: await idToken(), ...more }
    }
    default:
      return undefined
  }
}

function idToken(): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: issuer, aud: 'page', sub: 'bob', iat: now, exp: now + 300, ...says.claims }
  const { privateKey } = says.signer === 'own' ? own : stranger
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey)
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
})
afterAll(() => server.close())
beforeEach(() => {
  Object.assign(says, { claims: {}, info: undefined, refresh: false, signer: 'own' })
  asked.length = 0
})

const newLogins = (): PageLogins =>
  new PageLogins({ issuer: { issuer }, clientId: 'page', clientSecret: undefined, scopes: ['openid'] })

async function logIn(
  logins: PageLogins,
  changed: { state?: string; iss?: string } = {},
): Promise<PageLogin | undefined> {
  const { url, pending } = await logins.begin('http://gateway.example/approvals/callback')
  expect(url.searchParams.get('code_challenge_method')).toBe('S256')
  says.claims = { nonce: pending.nonce, ...says.claims }
  return logins.finish(answerTo(pending, changed), pending, Date.now())
}

function answerTo({ state }: PendingLogin, changed: { state?: string; iss?: string }): URL {
  const answered = new URL('http://gateway.example/approvals/callback')
  answered.search = new URLSearchParams({ code: 'c', state, ...changed }).toString()
  return answered
}

async function loggedIn(logins: PageLogins): Promise<PageLogin> {
  const login = await logIn(logins)
  if (login === undefined) throw new Error('not logged in')
  return login
}

it('takes groups of the ID token, and sends the verifier of this login', async () => {
  says.claims = { groups: ['dba'] }
  const login = await loggedIn(newLogins())
  expect(login.principal).toMatchObject({ subject: 'bob', groups: ['dba'] })
  expect(asked[0]?.get('code_verifier')).toMatch(/^[\w-]{43}/)
})

it.each([
  ['another nonce', { nonce: 'other' }],
  ['another audience', { aud: 'other' }],
  ['another issuer', { iss: 'https://evil.example' }],
  ['no time left', { exp: 1 }],
  ['groups that are no list', { groups: { dba: true } }],
])('lets nobody in with %s', async (_, claims) => {
  says.claims = claims
  expect(await logIn(newLogins())).toBeUndefined()
})

it('lets nobody in with the signature of a stranger, with another state, or from another issuer', async () => {
  expect(await logIn(newLogins(), { state: 'other' })).toBeUndefined()
  expect(await logIn(newLogins(), { iss: 'https://evil.example' })).toBeUndefined()
  says.signer = 'stranger'
  expect(await logIn(newLogins())).toBeUndefined()
})

it('reads groups anew from user info, and an older token does not stand in for what is gone', async () => {
  says.claims = { groups: ['dba'] }
  says.info = { sub: 'bob', groups: ['dba', 'ops'] }
  const logins = newLogins()
  const login = await loggedIn(logins)
  expect(login.principal.groups).toEqual(['dba', 'ops'])
  says.info = { sub: 'bob' }
  expect(await logins.readAnew(login, Date.now())).toMatchObject({ principal: { groups: [] } })
  says.info = { sub: 'carol', groups: ['dba'] }
  expect(await logins.readAnew(login, Date.now())).toBeUndefined()
  says.info = {}
  expect(await logins.readAnew(login, Date.now())).toBeUndefined()
})

it('reads groups anew with a refresh token', async () => {
  says.claims = { groups: ['dba'] }
  says.refresh = true
  const logins = newLogins()
  const login = await loggedIn(logins)
  says.claims = { groups: [] }
  expect(await logins.readAnew(login, 7)).toMatchObject({ principal: { groups: [] }, readMs: 7 })
  expect(asked.at(-1)?.get('grant_type')).toBe('refresh_token')
  says.claims = { sub: 'carol', groups: ['dba'] }
  expect(await logins.readAnew(login, 7)).toBeUndefined()
})

it('says so where groups cannot be read anew', async () => {
  says.claims = { groups: ['dba'] }
  const logins = newLogins()
  expect(await logins.readAnew(await loggedIn(logins), Date.now())).toBe('same')
})
