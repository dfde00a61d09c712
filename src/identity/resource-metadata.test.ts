import { describe, expect, it } from 'vitest'
import { refuseHeader, refuseMissing, refuseToken } from './refusal.ts'
import { challenge, metadataUrl, resourceMetadata, resourceUrl } from './resource-metadata.ts'

const BASE = 'https://gate.example'
const META = 'https://gate.example/.well-known/oauth-protected-resource/mcp/files'

describe('the metadata of a connection', () => {
  it('names the very URL that clients call, and where to get a token for it', () => {
    expect(
      resourceMetadata({ baseUrl: BASE, connection: 'files', issuers: ['https://idp.example'], scopes: ['mcp'] }),
    ).toEqual({
      resource: 'https://gate.example/mcp/files',
      authorization_servers: ['https://idp.example'],
      bearer_methods_supported: ['header'],
      scopes_supported: ['mcp'],
      resource_name: 'files',
    })
  })

  it('never ends its resource with a slash, however the base URL is written', () => {
    expect(resourceUrl(`${BASE}/`)).toBe(BASE)
    expect(resourceUrl(`${BASE}//`, 'files')).toBe(`${BASE}/mcp/files`)
  })

  it('has the gateway itself as resource at the root', () => {
    expect(resourceMetadata({ baseUrl: BASE, issuers: ['https://idp.example'] })).toEqual({
      resource: BASE,
      authorization_servers: ['https://idp.example'],
      bearer_methods_supported: ['header'],
    })
  })

  it.each([
    { base: BASE, connection: 'files', url: META },
    { base: BASE, connection: undefined, url: 'https://gate.example/.well-known/oauth-protected-resource' },
    {
      base: 'https://host.example/gate',
      connection: 'files',
      url: 'https://host.example/.well-known/oauth-protected-resource/gate/mcp/files',
    },
  ])('is at $url', ({ base, connection, url }) => {
    expect(metadataUrl(base, connection)).toBe(url)
  })
})

describe('the challenge', () => {
  it('has no error when no token was sent', () => {
    expect(challenge(refuseMissing(), META)).toBe(`Bearer resource_metadata="${META}"`)
  })

  it('says what was wrong with the token that was sent', () => {
    expect(challenge(refuseToken('expired', 'It has expired.'), META, ['mcp', 'files:read'])).toBe(
      `Bearer error="invalid_token", error_description="It has expired.", resource_metadata="${META}", scope="mcp files:read"`,
    )
    expect(challenge(refuseHeader(), META)).toContain('error="invalid_request"')
  })

  it('cannot be broken out of by what is said in it', () => {
    const header = challenge(refuseToken('malformed', 'a "b" \\ c\r\nX-Evil: 1 \u00e9'), META)
    expect(header).toContain(`error_description="a 'b' ' c??X-Evil: 1 ?"`)
  })
})
