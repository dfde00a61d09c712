import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { auth } from '@modelcontextprotocol/client'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, it, vi } from 'vitest'
import { clickThrough, newOAuthClient, type TestClient } from '../../test/support/oauth-client.ts'
import { clock } from '../base/clock.ts'
import { createBearerGate, isRefusal } from '../identity/bearer.ts'
import { challenge, metadataUrl, resourceMetadata, resourceUrl } from '../identity/resource-metadata.ts'
import { startIdentityProvider } from './identity-provider.ts'

describe('an MCP client that knows nothing but the URL of a connection', () => {
  it('finds the identity provider, registers, and calls as the person that was clicked', async () => {
    await using world = await setUp()
    const client = world.client()
    expect((await world.call(client)).status).toBe(401)
    expect(await auth(client, { serverUrl: world.resource })).toBe('REDIRECT')
    const { code, iss, page } = await world.login(client, 'alice')
    expect(page).toContain('Test client')
    expect(page).toContain(world.resource)
    expect(iss).toBe(world.idp.issuer)
    expect(await auth(client, { serverUrl: world.resource, authorizationCode: code, iss })).toBe('AUTHORIZED')
    const answer = await world.call(client)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({
      subject: 'alice',
      email: 'alice@harbour.example',
      name: 'Alice Arden',
      groups: ['engineers'],
    })
    const token = client.saved.tokens?.access_token ?? ''
    expect(decodeProtectedHeader(token)).toMatchObject({ typ: 'at+jwt', alg: 'RS256' })
    expect(decodeJwt(token)).toMatchObject({ aud: world.resource, iss: world.idp.issuer })
  })

  it('gets a new token with its refresh token, without a person', async () => {
    await using world = await setUp()
    const client = world.client()
    await world.logIn(client, 'bob')
    const before = client.saved.tokens?.access_token
    expect(await auth(client, { serverUrl: world.resource })).toBe('AUTHORIZED')
    expect(client.saved.tokens?.access_token).not.toBe(before)
    expect(await (await world.call(client)).json()).toMatchObject({ subject: 'bob', groups: ['dba', 'approvers'] })
  })

  it('may ask for the scopes of the gateway', async () => {
    await using world = await setUp({ scopes: ['files:read'] })
    const client = world.client()
    await world.logIn(client, 'ada', 'files:read')
    expect(decodeJwt(client.saved.tokens?.access_token ?? '')).toMatchObject({ sub: 'ada', scope: 'files:read' })
  })

  it('may come with the client id that is known beforehand, on any port', async () => {
    await using world = await setUp()
    const client = world.client({ client_id: world.idp.clientId, issuer: world.idp.issuer })
    await world.logIn(client, 'alice')
    expect((await world.call(client)).status).toBe(200)
  })

  it('does not get a token for a resource that is not the gateway’s', async () => {
    await using world = await setUp()
    const client = world.client({ client_id: world.idp.clientId, issuer: world.idp.issuer })
    await auth(client, { serverUrl: world.resource })
    client.saved.url?.searchParams.set('resource', 'https://elsewhere.example/mcp')
    await expect(world.login(client, 'alice')).rejects.toThrow(/invalid_target/)
  })
})

describe('the login page', () => {
  it('shows the name of a client as text, whatever is in it', async () => {
    await using world = await setUp()
    const client = world.client(undefined, '<script>alert(1)</script>')
    await auth(client, { serverUrl: world.resource })
    const { page } = await world.login(client, 'alice')
    expect(page).toContain('&#60;script&#62;')
    expect(page).not.toContain('<script>')
  })

  it('lets one browser be several people, one after the other', async () => {
    await using world = await setUp()
    const cookies = new Map<string, string>()
    const known = { client_id: world.idp.clientId, issuer: world.idp.issuer }
    for (const person of ['alice', 'bob', 'alice']) {
      const client = world.client(known)
      await auth(client, { serverUrl: world.resource })
      const { code, iss } = await world.login(client, person, cookies)
      await auth(client, { serverUrl: world.resource, authorizationCode: code, iss })
      expect(await (await world.call(client)).json()).toMatchObject({ subject: person })
    }
  })

  it('lets nobody in who is not one of the people, or has no login running', async () => {
    await using world = await setUp()
    const client = world.client()
    await auth(client, { serverUrl: world.resource })
    await expect(world.login(client, 'mallory')).rejects.toThrow(/400/)
    const response = await fetch(`${world.idp.issuer}/interaction/x`, { method: 'POST', body: 'person=alice' })
    expect(response.status).toBe(400)
  })
})

describe('the identity provider of the demo', () => {
  it('answers no other host than this machine', async () => {
    await using world = await setUp()
    const status = await new Promise((resolve, reject) => {
      const { port } = new URL(world.idp.issuer)
      const headers = { host: `evil.example:${port}` }
      const path = '/.well-known/openid-configuration'
      httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end()
    })
    expect(status).toBe(403)
    const everywhere = { port: 0, resources: [], host: '0.0.0.0' as '127.0.0.1' }
    await expect(startIdentityProvider(everywhere)).rejects.toThrow(RangeError)
  })

  it('publishes metadata in both places, readable by browsers, and keeps its private key', async () => {
    await using world = await setUp()
    for (const path of ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']) {
      const response = await fetch(world.idp.issuer + path, { headers: { origin: 'http://localhost:6274' } })
      expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:6274')
      expect(await response.json()).toMatchObject({
        issuer: world.idp.issuer,
        registration_endpoint: `${world.idp.issuer}/reg`,
        code_challenge_methods_supported: ['S256'],
        client_id_metadata_document_supported: true,
      })
    }
    const keys = await (await fetch(`${world.idp.issuer}/jwks`)).text()
    expect(keys).toContain('"n"')
    expect(keys).not.toContain('"d"')
  })

  it('gives out tokens for people and resources that it knows', async () => {
    await using world = await setUp()
    const token = await world.idp.token('bob', world.resource)
    expect(await world.gate.check(`Bearer ${token}`, world.resource, clock.nowMs())).toMatchObject({ subject: 'bob' })
    await expect(world.idp.token('mallory', world.resource)).rejects.toThrow(RangeError)
    await expect(world.idp.token('bob', `${world.base}0/mcp/files`)).rejects.toThrow(RangeError)
  })

  it('is quiet', async () => {
    const print = ['log', 'info', 'warn', 'error'].map((name) => vi.spyOn(console, name as 'log'))
    const write = vi.spyOn(process.stderr, 'write')
    await using world = await setUp()
    await world.logIn(world.client(), 'alice')
    await fetch(`${world.idp.issuer}/auth?client_id=nobody`)
    for (const spy of [...print, write]) expect(spy).not.toHaveBeenCalled()
    vi.restoreAllMocks()
  })
})

async function setUp(options: { scopes?: readonly string[] } = {}) {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const resource = resourceUrl(base, 'files')
  const idp = await startIdentityProvider({ port: 0, resources: [base], ...options })
  const gate = createBearerGate({ baseUrl: base, issuers: [{ issuer: idp.issuer }] })
  const { scopes } = options
  server.on('request', (request, response) => {
    if (request.url === new URL(metadataUrl(base, 'files')).pathname) {
      const document = resourceMetadata({ baseUrl: base, connection: 'files', issuers: [idp.issuer], scopes })
      return response.end(JSON.stringify(document))
    }
    if (request.url !== '/mcp/files') return response.writeHead(404).end()
    return void Promise.resolve(gate.check(request.headers.authorization, resource, clock.nowMs())).then((outcome) => {
      if (!isRefusal(outcome)) return response.end(JSON.stringify(outcome))
      return response
        .writeHead(outcome.status, { 'www-authenticate': challenge(outcome, metadataUrl(base, 'files')) })
        .end()
    })
  })
  const world = {
    base,
    resource,
    idp,
    gate,
    client: newOAuthClient,
    call: (client: TestClient) =>
      fetch(resource, { headers: { authorization: `Bearer ${client.saved.tokens?.access_token ?? 'none'}` } }),
    login: clickThrough,
    async logIn(client: TestClient, person: string, scope?: string) {
      await auth(client, { serverUrl: resource, ...(scope === undefined ? {} : { scope }) })
      const { code, iss } = await clickThrough(client, person)
      await auth(client, { serverUrl: resource, authorizationCode: code, iss })
    },
    async [Symbol.asyncDispose]() {
      await idp.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return world
}
