import { base64url, exportSPKI, importJWK, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createBearerGate } from '../../src/identity/bearer.ts'
import {
  BASE_URL,
  forge,
  newKey,
  NOW_MS,
  RESOURCE,
  startTokenIssuer,
  type TokenIssuer,
} from '../support/token-issuer.ts'

const NOW_S = NOW_MS / 1000

describe('an attacker who makes his own token', () => {
  it('cannot do without a signature, however he spells it', async () => {
    await using world = await setUp()
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null, 0, ['RS256'], { alg: 'ES256' }]) {
      const token = forge({ alg, typ: 'at+jwt', kid: 'key-1' }, good(world.issuer))
      expect(await world.check(token)).toMatchObject({ kind: 'unauthorized' })
      expect(await world.check(`${token}AAAA`)).toMatchObject({ kind: 'unauthorized' })
    }
  })

  it('cannot use the public key as a shared secret', async () => {
    await using world = await setUp()
    const rsa = await newKey('rsa-1', 'RS256')
    world.issuer.published.keys = [rsa.publicJwk]
    const key = await importJWK({ ...rsa.publicJwk, ext: true }, 'RS256')
    if (key instanceof Uint8Array) throw new Error('an RSA key is not a secret')
    const pem = await exportSPKI(key)
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      const token = await new SignJWT(good(world.issuer))
        .setProtectedHeader({ alg, kid: 'rsa-1', typ: 'at+jwt' })
        .sign(new TextEncoder().encode(pem))
      expect(await world.check(token)).toMatchObject({ reason: 'algorithm' })
    }
  })

  it('cannot have the issuer publish a shared secret as a key', async () => {
    await using world = await setUp()
    world.issuer.published.keys = [
      { kty: 'oct', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlYw', kid: 'key-1', alg: 'HS256' },
    ]
    expect(await world.check(await world.issuer.token())).toMatchObject({ reason: 'unknown_key' })
  })

  it('cannot bring his own key in the header', async () => {
    await using world = await setUp()
    await using thief = await startTokenIssuer()
    const key = await newKey('key-1')
    const tricks = [{ jwk: key.publicJwk }, { jku: `${thief.issuer}/jwks` }, { x5u: `${thief.issuer}/cert` }]
    for (const trick of tricks) {
      expect(await world.check(await world.issuer.token({}, trick, key))).toMatchObject({ reason: 'bad_signature' })
    }
    expect(thief.asked).toEqual([])
  })

  it.each([
    '../../../../dev/null',
    '/etc/passwd',
    "' OR 1=1 --",
    'http://127.0.0.1/jwks',
    '__proto__',
    '',
    'key-1\0',
    7,
    null,
    {},
  ])('cannot point at another key by the key id %j', async (kid) => {
    await using world = await setUp()
    const paths = ['/.well-known/oauth-authorization-server', '/jwks']
    const thief = await newKey('key-1')
    const outcome = await world.check(await world.issuer.token({}, { kid } as { kid: string }, thief))
    expect(outcome).toMatchObject({ kind: 'unauthorized', status: 401 })
    expect(world.issuer.asked).toEqual(paths)
  })

  it('cannot make the gateway skip what it does not understand', async () => {
    await using world = await setUp()
    for (const extra of [{ crit: ['exp-free'], 'exp-free': true }, { crit: ['b64'], b64: false }, { crit: [] }]) {
      const token = forge({ alg: 'ES256', kid: 'key-1', typ: 'at+jwt', ...extra }, good(world.issuer), 'A'.repeat(86))
      expect(await world.check(token)).toMatchObject({ reason: 'malformed' })
    }
  })

  it('cannot change a claim of a good token, or one bit of its signature', async () => {
    await using world = await setUp()
    const token = await world.issuer.token()
    const [head, , signature = ''] = token.split('.')
    const body = forge({}, { ...good(world.issuer), groups: ['approvers'] }).split('.')[1]
    expect(await world.check(`${head}.${body}.${signature}`)).toMatchObject({ reason: 'bad_signature' })
    const flipped = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)
    expect(await world.check(token.replace(signature, flipped))).toMatchObject({ reason: 'bad_signature' })
    expect(await world.check(token)).toMatchObject({ subject: 'alice' })
  })

  it('cannot use a weak key of the issuer', async () => {
    await using world = await setUp()
    const rsa = await newKey('rsa-1', 'RS256')
    // 1024 bits: too short for jose, and for everybody else.
    world.issuer.published.keys = [{ ...rsa.publicJwk, n: rsa.publicJwk.n?.slice(0, 171) }]
    expect(await world.check(await world.issuer.token({}, {}, rsa))).toMatchObject({ reason: 'bad_signature' })
  })
})

describe('an attacker with a token that was made for something else', () => {
  it('cannot use an ID token, even where the client id is an accepted audience', async () => {
    await using world = await setUp({ audience: 'client-1' })
    for (const mark of [{ nonce: 'n' }, { at_hash: 'h' }, { c_hash: 'h' }]) {
      const token = await world.issuer.token({ aud: 'client-1', ...mark }, { typ: 'JWT' })
      expect(await world.check(token)).toMatchObject({
        reason: 'wrong_audience',
        description: expect.stringContaining('ID token'),
      })
    }
    expect(await world.check(await world.issuer.token({ aud: 'client-1' }, { typ: 'JWT' }))).toMatchObject({
      subject: 'alice',
    })
  })

  it.each(['dpop+jwt', 'logout+jwt', 'oauth-id-jag+jwt', 'secevent+jwt', 'token-introspection+jwt', 'dc+sd-jwt'])(
    'cannot use a %s',
    async (typ) => {
      await using world = await setUp()
      expect(await world.check(await world.issuer.token({}, { typ }))).toMatchObject({ reason: 'malformed' })
    },
  )

  it('cannot use the token of one trusted issuer in the name of another', async () => {
    await using other = await startTokenIssuer()
    await using world = await setUp({}, other)
    const token = await other.token({ iss: world.issuer.issuer })
    expect(await world.check(token)).toMatchObject({ reason: 'bad_signature' })
    const mine = await world.check(await world.issuer.token())
    const theirs = await world.check(await other.token())
    expect(mine).toMatchObject({ subject: 'alice' })
    expect(theirs).toMatchObject({ subject: 'alice' })
    expect(JSON.stringify(mine)).not.toContain((theirs as { id: string }).id)
  })
})

describe('a flood of garbage', () => {
  it('of a megabyte each is turned away before anything is hashed, parsed or fetched', async () => {
    await using world = await setUp()
    const tooLong = { reason: 'malformed', description: 'The access token is longer than 16 KiB.' }
    const huge = `Bearer ${'A'.repeat(700_000)}.${'A'.repeat(300_000)}.AAAA`
    expect(world.gate.check(huge, RESOURCE, NOW_MS)).toMatchObject(tooLong)
    // The same goes for one that is good in every other way, whatever is before it.
    const padded = await world.issuer.token({ filler: 'x'.repeat(13_000) })
    expect(await world.check(padded)).toMatchObject(tooLong)
    expect(world.gate.check(`Bearer ${' '.repeat(1_000_000)}a.b.c`, RESOURCE, NOW_MS)).toMatchObject(tooLong)
    expect(world.issuer.asked).toEqual([])
  })

  it.each([
    ['deeply nested', '['.repeat(6_000)],
    ['many parts', 'a.'.repeat(8_000)],
    ['padding', '='.repeat(16_000)],
    ['spaces', ' '.repeat(16_000)],
  ])('of %s ends in a refusal, not in an exception', async (_, text) => {
    await using world = await setUp()
    const header = base64url.encode(text).slice(0, 8_000)
    for (const token of [text, `${header}.${header}.AAAA`]) {
      expect(await world.check(token)).toMatchObject({ kind: 'unauthorized' })
    }
    expect(world.issuer.asked).toEqual([])
  })
})

function good(issuer: TokenIssuer) {
  return { iss: issuer.issuer, sub: 'alice', aud: RESOURCE, iat: NOW_S, exp: NOW_S + 600 }
}

async function setUp(config: { audience?: string } = {}, other?: TokenIssuer) {
  const issuer = await startTokenIssuer()
  const issuers = [{ issuer: issuer.issuer, ...config }, ...(other === undefined ? [] : [{ issuer: other.issuer }])]
  const gate = createBearerGate({ baseUrl: BASE_URL, issuers })
  return {
    issuer,
    gate,
    check: async (token: string) => gate.check(`Bearer ${token}`, RESOURCE, NOW_MS),
    [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose](),
  }
}
