import { describe, expect, it } from 'vitest'
import {
  BASE_URL,
  type Claims,
  forge,
  newKey,
  NOW_MS,
  RESOURCE,
  startTokenIssuer,
  type TokenIssuer,
} from '../../test/support/token-issuer.ts'
import { type BearerGateOptions, createBearerGate, type Outcome } from './bearer.ts'
import type { IssuerConfig } from './issuer.ts'

const NOW_S = NOW_MS / 1000

describe('a good access token', () => {
  it('names the caller, whose id does not depend on the token', async () => {
    await using world = await setUp()
    const token = await world.issuer.token({
      email: 'alice@example.com',
      name: 'Alice',
      groups: ['engineers', 'engineers', 'oncall'],
      client_id: 'cli',
      amr: ['pwd', 'otp'],
      jti: 't1',
    })
    const principal = await world.check(token)
    expect(principal).toEqual({
      id: expect.stringMatching(/^pri_[A-Za-z0-9_-]{22}$/),
      issuer: world.issuer.issuer,
      subject: 'alice',
      email: 'alice@example.com',
      name: 'Alice',
      groups: ['engineers', 'oncall'],
      clientId: 'cli',
      amr: ['pwd', 'otp'],
      claims: expect.objectContaining({ sub: 'alice', name: 'Alice', jti: 't1' }),
      expiresAtMs: NOW_MS + 600_000,
      tokenId: 't1',
    })
    expect(await world.check(await world.issuer.token({ jti: 't2' }))).toMatchObject({
      id: (principal as { id: string }).id,
    })
    expect(JSON.stringify(principal)).not.toContain(token.slice(0, 20))
  })

  it.each(['RS256', 'PS256', 'ES256', 'EdDSA'])('may be signed with %s', async (alg) => {
    await using world = await setUp()
    const key = await newKey('key-2', alg)
    world.issuer.published.keys = [world.issuer.key.publicJwk, key.publicJwk]
    expect(await world.check(await world.issuer.token({}, {}, key))).toMatchObject({ subject: 'alice' })
  })

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'JWT', undefined])('may have the type %s', async (typ) => {
    await using world = await setUp()
    expect(await world.check(await world.issuer.token({}, { typ } as object))).toMatchObject({ subject: 'alice' })
  })

  it.each([RESOURCE, BASE_URL, `${BASE_URL}/`, [RESOURCE, 'https://other.example']])('may be for %s', async (aud) => {
    await using world = await setUp()
    expect(await world.check(await world.issuer.token({ aud }))).toMatchObject({ subject: 'alice' })
  })

  it('may be for the audience that is configured, and then for nothing else', async () => {
    await using world = await setUp({ audience: 'api://gateway' })
    expect(await world.check(await world.issuer.token({ aud: 'api://gateway' }))).toMatchObject({ subject: 'alice' })
    expect(await world.check(await world.issuer.token({ aud: RESOURCE }))).toMatchObject({ reason: 'wrong_audience' })
  })

  it('does not vouch for an e-mail address that the issuer calls unverified', async () => {
    await using world = await setUp()
    const token = await world.issuer.token({ email: 'boss@example.com', email_verified: false })
    expect(await world.check(token)).toMatchObject({ subject: 'alice', email: undefined })
  })
})

interface Row {
  readonly why: string
  readonly reason: string
  readonly status?: number
  readonly send: (issuer: TokenIssuer) => string | undefined | Promise<string | undefined>
}
const claims = (change: Claims) => (issuer: TokenIssuer) => bearer(issuer.token(change))
const refused: readonly Row[] = [
  { why: 'there is no header', reason: 'missing', send: () => undefined },
  { why: 'the header is empty', reason: 'missing', send: () => '' },
  { why: 'the header has another scheme', reason: 'malformed', status: 400, send: () => 'Basic YTpi' },
  { why: 'the header has no token', reason: 'malformed', status: 400, send: () => 'Bearer ' },
  { why: 'the header has two tokens', reason: 'malformed', status: 400, send: () => 'Bearer a.b.c, Bearer d.e.f' },
  { why: 'the token is opaque', reason: 'malformed', send: () => 'Bearer abcdef' },
  { why: 'the parts are not JSON', reason: 'malformed', send: () => 'Bearer AAAA.BBBB.CCCC' },
  {
    why: 'the type is not that of an access token',
    reason: 'malformed',
    send: (i) => bearer(i.token({}, { typ: 'logout+jwt' })),
  },
  { why: 'there is no expiry', reason: 'malformed', send: (i) => bearer(i.token({ exp: undefined })) },
  { why: 'there is no subject', reason: 'malformed', send: (i) => bearer(i.token({ sub: undefined })) },
  { why: 'the subject is empty', reason: 'malformed', send: claims({ sub: '' }) },
  { why: 'it expired', reason: 'expired', send: claims({ exp: NOW_S - 30 }) },
  { why: 'it is not valid yet', reason: 'not_yet_valid', send: claims({ nbf: NOW_S + 31 }) },
  { why: 'it is for another connection', reason: 'wrong_audience', send: claims({ aud: `${RESOURCE}2` }) },
  { why: 'it is for the same URL with a slash', reason: 'wrong_audience', send: claims({ aud: `${RESOURCE}/` }) },
  { why: 'it is for nobody', reason: 'wrong_audience', send: claims({ aud: undefined }) },
  {
    why: 'its audience is not text',
    reason: 'wrong_audience',
    send: (i) => bearer(i.token({ aud: { x: 1 } })),
  },
  { why: 'it is from another issuer', reason: 'wrong_issuer', send: claims({ iss: 'https://evil.example' }) },
  { why: 'its issuer has a slash more', reason: 'wrong_issuer', send: (i) => bearer(i.token({ iss: `${i.issuer}/` })) },
  {
    why: 'its signature is of another key',
    reason: 'bad_signature',
    send: async (i) => bearer(i.token({}, {}, await newKey('key-1'))),
  },
  {
    why: 'nobody knows its key',
    reason: 'unknown_key',
    send: async (i) => bearer(i.token({}, {}, await newKey('key-9'))),
  },
  {
    why: 'it is not signed',
    reason: 'algorithm',
    send: (i) => `Bearer ${forge({ alg: 'none' }, { iss: i.issuer, sub: 'alice' })}`,
  },
  { why: 'it has no algorithm', reason: 'algorithm', send: (i) => `Bearer ${forge({}, { iss: i.issuer }, 'AAAA')}` },
  { why: 'it is bound to a key', reason: 'sender_constrained', send: claims({ cnf: { jkt: 'x' } }) },
  { why: 'its groups are objects', reason: 'malformed', send: claims({ groups: [{ id: 1 }] }) },
  { why: 'its groups are a number', reason: 'malformed', send: claims({ groups: 7 }) },
  { why: 'its groups are too many', reason: 'groups_overage', send: claims({ _claim_names: { groups: 'src1' } }) },
  { why: 'its groups are elsewhere', reason: 'groups_overage', send: claims({ hasgroups: true }) },
]

describe('a call is refused, with its reason and nothing of the token, when', () => {
  it.each(refused)('$why', async ({ send, reason, status = 401 }) => {
    await using world = await setUp()
    const header = await send(world.issuer)
    const outcome = await world.gate.check(header, RESOURCE, NOW_MS)
    expect(outcome).toMatchObject({ kind: 'unauthorized', reason, status })
    for (const part of (header ?? '').split(/[ .]/).filter((text) => text.length > 8)) {
      expect(JSON.stringify(outcome)).not.toContain(part)
    }
  })

  it('the keys of the issuer cannot be had', async () => {
    await using world = await setUp()
    world.issuer.answer('/jwks', (_, response) => response.writeHead(500).end())
    expect(await world.check(await world.issuer.token())).toMatchObject({ reason: 'keys_unavailable', status: 503 })
    expect(world.troubles).toEqual([expect.stringContaining('status 500')])
  })
})

describe('the clocks', () => {
  it('may differ by the skew, and the expiry counts on every use', async () => {
    await using world = await setUp()
    const token = await world.issuer.token({ exp: NOW_S + 10, nbf: NOW_S + 30 })
    expect(await world.check(token)).toMatchObject({ subject: 'alice' })
    expect(await world.check(token, { nowMs: NOW_MS + 39_999 })).toMatchObject({ subject: 'alice' })
    expect(await world.check(token, { nowMs: NOW_MS + 40_000 })).toMatchObject({ reason: 'expired' })
  })
})

describe('a token that was seen before', () => {
  it('is answered at once and without network', async () => {
    await using world = await setUp()
    const token = await world.issuer.token()
    const first = await world.check(token)
    const asked = world.issuer.asked.length
    expect(world.gate.check(`Bearer ${token}`, RESOURCE, NOW_MS)).toBe(first)
    expect(world.issuer.asked).toHaveLength(asked)
  })

  it('is still for its own resource only', async () => {
    await using world = await setUp()
    const token = await world.issuer.token()
    await world.check(token)
    expect(world.gate.check(`Bearer ${token}`, `${BASE_URL}/mcp/other`, NOW_MS)).toMatchObject({
      reason: 'wrong_audience',
    })
  })

  it('does not lend its standing to a token with another signature', async () => {
    await using world = await setUp()
    const token = await world.issuer.token()
    await world.check(token)
    const [head, body] = token.split('.')
    expect(await world.check(`${head}.${body}.${'A'.repeat(86)}`)).toMatchObject({ reason: 'bad_signature' })
  })
})

describe('groups', () => {
  it.each([
    { claim: 'groups', sent: { groups: 'dba' }, groups: ['dba'] },
    { claim: 'groups', sent: {}, groups: [] },
    { claim: 'realm_access.roles', sent: { realm_access: { roles: ['a', 'b'] } }, groups: ['a', 'b'] },
    { claim: 'https://example.com/groups', sent: { 'https://example.com/groups': ['x'] }, groups: ['x'] },
    { claim: ['a.b', 'c'], sent: { 'a.b': { c: ['y'] } }, groups: ['y'] },
    { claim: '__proto__', sent: {}, groups: [] },
    { claim: 'roles', sent: { roles: ['r'], hasgroups: true }, groups: ['r'] },
  ])('are found at $claim in $sent', async ({ claim, sent, groups }) => {
    await using world = await setUp({ groups: { claim } })
    expect(await world.check(await world.issuer.token(sent))).toMatchObject({ groups })
  })
})

describe('discovery', () => {
  it('goes through the three places of an issuer with a path, and no further', async () => {
    await using world = await setUp({ path: '/tenant' })
    const { issuer } = world.issuer
    world.issuer.answer('/.well-known/oauth-authorization-server/tenant', (_, response) =>
      response.writeHead(404).end(),
    )
    world.issuer.answer('/tenant/.well-known/openid-configuration', (_, response) =>
      response.end(JSON.stringify({ issuer, jwks_uri: `${new URL(issuer).origin}/jwks` })),
    )
    expect(await world.check(await world.issuer.token())).toMatchObject({ subject: 'alice' })
    expect(world.issuer.asked).toEqual([
      '/.well-known/oauth-authorization-server/tenant',
      '/.well-known/openid-configuration/tenant',
      '/tenant/.well-known/openid-configuration',
      '/jwks',
    ])
  })

  it('says at start which issuer has no keys', async () => {
    await using world = await setUp()
    expect(await world.gate.warmUp(NOW_MS)).toEqual([])
    await using other = await setUp({ jwksUri: 'http://127.0.0.1:1/jwks' })
    expect(await other.gate.warmUp(NOW_MS)).toEqual([other.issuer.issuer])
  })

  it('is not begun for an issuer that speaks plain http over a network', () => {
    for (const issuer of ['http://idp.example', 'ftp://127.0.0.1', 'nonsense', 'https://user:secret@idp.example']) {
      expect(() => createBearerGate({ baseUrl: BASE_URL, issuers: [{ issuer }] })).toThrow(TypeError)
    }
    const weak = { issuer: 'https://idp.example', jwksUri: 'http://127.0.0.1/jwks' }
    expect(() => createBearerGate({ baseUrl: BASE_URL, issuers: [weak] })).toThrow(TypeError)
  })
})

async function bearer(token: string | Promise<string>): Promise<string> {
  return `Bearer ${await token}`
}

async function setUp(options: Partial<IssuerConfig> & { path?: string } = {}) {
  const { path, ...config } = options
  const issuer = await startTokenIssuer(path)
  const troubles: string[] = []
  const gateOptions: BearerGateOptions = {
    baseUrl: BASE_URL,
    issuers: [{ issuer: issuer.issuer, ...config }],
    onTrouble: (_, error) => troubles.push(error.message),
  }
  const gate = createBearerGate(gateOptions)
  return {
    issuer,
    gate,
    troubles,
    async check(token: string, at: { nowMs?: number } = {}): Promise<Outcome> {
      return gate.check(`Bearer ${token}`, RESOURCE, at.nowMs ?? NOW_MS)
    },
    [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose](),
  }
}
