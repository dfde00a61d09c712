// What a person at a browser does when an MCP client sends them to log in.
import type {
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from '@modelcontextprotocol/client'

export type TestClient = OAuthClientProvider & {
  readonly saved: {
    information?: StoredOAuthClientInformation
    tokens?: StoredOAuthTokens
    verifier?: string
    discovery?: OAuthDiscoveryState
    url?: URL
  }
}

/** The OAuth side of an MCP client, all in memory. */
export function newOAuthClient(known?: StoredOAuthClientInformation, name = 'Test client'): TestClient {
  const saved: TestClient['saved'] = known === undefined ? {} : { information: known }
  return {
    saved,
    redirectUrl: 'http://127.0.0.1:45678/callback',
    clientMetadata: {
      client_name: name,
      redirect_uris: ['http://127.0.0.1:45678/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    clientInformation: () => saved.information,
    saveClientInformation: (information) => void (saved.information = information),
    tokens: () => saved.tokens,
    saveTokens: (tokens) => void (saved.tokens = tokens),
    redirectToAuthorization: (url) => void (saved.url = url),
    saveCodeVerifier: (verifier) => void (saved.verifier = verifier),
    saveDiscoveryState: (discovery) => void (saved.discovery = discovery),
    discoveryState: () => saved.discovery,
    codeVerifier: () => saved.verifier ?? '',
  }
}

/** A browser, as far as it takes: follows redirects with cookies and clicks a name. */
export async function clickThrough(client: TestClient, person: string, cookies = new Map<string, string>()) {
  const visit = async (url: string, form?: string): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const sent = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }
    const response = await fetch(url, { redirect: 'manual', headers: { cookie }, ...sent })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return response
  }
  const start = client.saved.url?.href ?? ''
  let page = ''
  let response = await visit(start)
  for (let steps = 0; steps < 10; steps += 1) {
    const location = response.headers.get('location')
    if (location === null) throw new Error(`stopped at ${response.status}: ${await response.text()}`)
    const url = new URL(location, start)
    if (url.pathname === '/callback') {
      if (url.searchParams.has('error')) throw new Error(url.search)
      return { page, code: url.searchParams.get('code') ?? '', iss: url.searchParams.get('iss') ?? '' }
    }
    if (url.pathname.startsWith('/interaction/')) {
      page = await (await visit(url.href)).text()
      response = await visit(url.href, `person=${person}`)
    } else {
      response = await visit(url.href)
    }
  }
  throw new Error('too many redirects')
}
