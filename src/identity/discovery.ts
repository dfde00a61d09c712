import { fetchJson } from './fetch-json.ts'

/** Finds the address of an issuer's keys. Throws an Error that says what was tried. */
export async function discoverJwksUri(issuer: string): Promise<string> {
  const troubles: string[] = []
  for (const url of metadataUrls(issuer)) {
    try {
      return jwksUriOf(await fetchJson(url, issuer), issuer)
    } catch (error) {
      troubles.push(`${url}: ${error instanceof Error ? error.message : 'unreadable'}`)
    }
  }
  throw new Error(`no metadata of ${issuer} was found (${troubles.join('; ')})`)
}

/** The order of MCP's authorization chapter; RFC 8414 puts the well-known part before the issuer's path, OpenID Connect after it. */
export function metadataUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  const openid = '/.well-known/openid-configuration'
  const oauth = '/.well-known/oauth-authorization-server'
  if (path === '') return [`${origin}${oauth}`, `${origin}${openid}`]
  return [`${origin}${oauth}${path}`, `${origin}${openid}${path}`, `${origin}${path}${openid}`]
}

function jwksUriOf(metadata: unknown, issuer: string): string {
  if (!isMetadata(metadata)) throw new Error('not the metadata of an issuer')
  // RFC 8414, 3.3: without this check one tenant could publish metadata in the name of another.
  if (metadata.issuer !== issuer) throw new Error('the metadata is of another issuer')
  return metadata.jwks_uri
}

function isMetadata(value: unknown): value is { readonly issuer: string; readonly jwks_uri: string } {
  if (typeof value !== 'object' || value === null || !('issuer' in value) || !('jwks_uri' in value)) return false
  return typeof value.issuer === 'string' && typeof value.jwks_uri === 'string'
}
