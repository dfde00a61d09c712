import { describe, expect, it } from 'vitest'
import { BASE_URL, newKey, NOW_MS, RESOURCE, startTokenIssuer } from '../../test/support/token-issuer.ts'
import { createBearerGate } from './bearer.ts'
import { KEYS_KEPT_MS, REFETCH_COOLDOWN_MS, RETRY_COOLDOWN_MS } from './key-set.ts'

const MINUTE_MS = 60_000

describe('when an issuer changes its keys', () => {
  it('a token of the new key is taken as soon as the cooldown is over', async () => {
    await using world = await setUp()
    await world.check(world.issuer.token())
    const next = await newKey('key-2')
    world.issuer.published.keys = [world.issuer.key.publicJwk, next.publicJwk]
    const token = await world.issuer.token({}, {}, next)
    expect(await world.check(token, REFETCH_COOLDOWN_MS - 1)).toMatchObject({ reason: 'unknown_key' })
    expect(await world.check(token, REFETCH_COOLDOWN_MS)).toMatchObject({ subject: 'alice' })
  })

  it('a token of a withdrawn key stops working, although it was good before and has not expired', async () => {
    await using world = await setUp()
    const token = await world.issuer.token({ exp: NOW_MS / 1000 + 86_400 })
    expect(await world.check(token)).toMatchObject({ subject: 'alice' })
    // The same key id on another key: the id alone says nothing.
    world.issuer.published.keys = [(await newKey('key-1')).publicJwk]
    expect(await world.check(token, 11 * MINUTE_MS)).toMatchObject({ subject: 'alice' })
    await world.until(() => world.fetches() === 2)
    expect(await world.check(token, 11 * MINUTE_MS)).toMatchObject({ reason: 'bad_signature' })
  })
})

describe('a flood of tokens with made-up keys', () => {
  it('makes the gateway ask the issuer once per cooldown', async () => {
    await using world = await setUp()
    await world.check(world.issuer.token())
    const stranger = await newKey('nobody')
    const flood = await Promise.all(
      Array.from({ length: 50 }, (_, n) => world.issuer.token({ jti: `${n}` }, { kid: `made-up-${n}` }, stranger)),
    )
    for (const afterMs of [1, REFETCH_COOLDOWN_MS + 1]) {
      const outcomes = await Promise.all(flood.map((token) => world.check(token, afterMs)))
      expect(outcomes.every((outcome) => 'reason' in outcome && outcome.reason === 'unknown_key')).toBe(true)
    }
    expect(world.fetches()).toBe(2)
  })

  it('that arrives before the keys are known leads to one fetch', async () => {
    await using world = await setUp()
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, n) => world.issuer.token({ jti: `${n}` })))
    const outcomes = await Promise.all(tokens.map((token) => world.check(token)))
    expect(outcomes.every((outcome) => 'subject' in outcome)).toBe(true)
    expect(world.fetches()).toBe(1)
  })
})

describe('when the issuer is down', () => {
  it('its keys are used on for a while, and then nobody gets in', async () => {
    await using world = await setUp()
    const token = await world.issuer.token({ exp: NOW_MS / 1000 + 86_400 })
    await world.check(token)
    world.issuer.answer('/jwks', (_, response) => response.writeHead(503).end())
    const fresh = await world.issuer.token({ jti: 'later' })
    expect(await world.check(fresh, 11 * MINUTE_MS - 70_000)).toMatchObject({ subject: 'alice' })
    expect(await world.check(token, KEYS_KEPT_MS)).toMatchObject({ subject: 'alice' })
    await world.until(() => world.troubles.length > 0)
    expect(await world.check(token, KEYS_KEPT_MS + 1)).toMatchObject({ reason: 'keys_unavailable' })
  })

  it('from the start, it is asked again after a short while, and works once it is up', async () => {
    await using world = await setUp()
    world.issuer.answer('/jwks', (_, response) => response.writeHead(503).end())
    const token = await world.issuer.token()
    for (const afterMs of [0, 1, RETRY_COOLDOWN_MS - 1]) {
      expect(await world.check(token, afterMs)).toMatchObject({ reason: 'keys_unavailable' })
    }
    expect(world.fetches()).toBe(1)
    world.issuer.answer('/jwks', (_, response) => response.end(JSON.stringify(world.issuer.published)))
    expect(await world.check(token, RETRY_COOLDOWN_MS)).toMatchObject({ subject: 'alice' })
  })
})

describe('a key set is not believed when', () => {
  it.each([
    { why: 'it is too large', body: `{"keys":[],"x":"${'y'.repeat(300_000)}"}` },
    { why: 'it is not JSON', body: '<html>' },
    { why: 'it has no keys', body: '{}' },
    { why: 'its keys are not objects', body: '{"keys":[1]}' },
    { why: 'it has too many keys', body: JSON.stringify({ keys: Array.from({ length: 101 }, () => ({ kty: 'EC' })) }) },
  ])('$why', async ({ body }) => {
    await using world = await setUp()
    world.issuer.answer('/jwks', (_, response) => response.end(body))
    expect(await world.check(world.issuer.token())).toMatchObject({ reason: 'keys_unavailable' })
  })

  it('the issuer redirects to another origin', async () => {
    await using world = await setUp()
    await using thief = await startTokenIssuer()
    world.issuer.answer('/jwks', (_, response) => response.writeHead(302, { location: `${thief.issuer}/jwks` }).end())
    expect(await world.check(world.issuer.token())).toMatchObject({ reason: 'keys_unavailable' })
    expect(thief.asked).toEqual([])
    expect(world.troubles[0]).toContain('another origin')
  })

  it('the metadata that leads to it is of another issuer', async () => {
    await using world = await setUp()
    const metadata = { issuer: 'https://other.example', jwks_uri: `${world.issuer.issuer}/jwks` }
    world.issuer.answer('/.well-known/oauth-authorization-server', (_, response) =>
      response.end(JSON.stringify(metadata)),
    )
    expect(await world.check(world.issuer.token())).toMatchObject({ reason: 'keys_unavailable' })
    expect(world.fetches()).toBe(0)
  })
})

it('a redirect within the origin is followed', async () => {
  await using world = await setUp()
  world.issuer.answer('/jwks', (_, response) => response.writeHead(301, { location: '/moved' }).end())
  world.issuer.answer('/moved', (_, response) => response.end(JSON.stringify(world.issuer.published)))
  expect(await world.check(world.issuer.token())).toMatchObject({ subject: 'alice' })
})

async function setUp() {
  const issuer = await startTokenIssuer()
  const troubles: string[] = []
  const gate = createBearerGate({
    baseUrl: BASE_URL,
    issuers: [{ issuer: issuer.issuer }],
    onTrouble: (_, error) => troubles.push(error.message),
  })
  return {
    issuer,
    troubles,
    fetches: () => issuer.asked.filter((path) => path === '/jwks').length,
    check: async (token: string | Promise<string>, afterMs = 0) =>
      gate.check(`Bearer ${await token}`, RESOURCE, NOW_MS + afterMs),
    async until(done: () => boolean) {
      for (let tries = 0; !done() && tries < 200; tries += 1) await new Promise((resolve) => setTimeout(resolve, 10))
      // The fetch has been answered; its result is read in the turns after that.
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(done()).toBe(true)
    },
    [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose](),
  }
}
