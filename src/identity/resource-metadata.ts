import type { AuthRefusal } from './refusal.ts'

/** RFC 9728, section 2, as far as it says something about us. */
export interface ResourceMetadata {
  readonly resource: string
  readonly authorization_servers: readonly string[]
  readonly bearer_methods_supported: readonly ['header']
  readonly scopes_supported?: readonly string[]
  readonly resource_name?: string
}

const WELL_KNOWN = '/.well-known/oauth-protected-resource'

/**
 * The resource identifier of a connection, or of the gateway as a whole. Never ends with a slash: clients compare it byte
 * by byte with the URL they were given, and identity providers copy it into `aud`.
 */
export function resourceUrl(baseUrl: string, connection?: string): string {
  const base = baseUrl.replace(/\/+$/, '')
  return connection === undefined ? base : `${base}/mcp/${connection}`
}

/** Where the document of a connection is, as a whole URL. The well-known part stands before the path (RFC 9728, 3.1). */
export function metadataUrl(baseUrl: string, connection?: string): string {
  const { origin, pathname } = new URL(resourceUrl(baseUrl, connection))
  return `${origin}${WELL_KNOWN}${pathname === '/' ? '' : pathname}`
}

/**
 * The document of a connection. Without a connection it is the root document, which clients ask for when they do not know
 * better: its resource is the gateway, and a token for that is good for every connection that policy opens to the caller.
 */
export function resourceMetadata(options: {
  readonly baseUrl: string
  readonly connection?: string
  readonly issuers: readonly string[]
  readonly scopes?: readonly string[] | undefined
}): ResourceMetadata {
  const { scopes, connection } = options
  return {
    resource: resourceUrl(options.baseUrl, connection),
    authorization_servers: options.issuers,
    bearer_methods_supported: ['header'],
    ...(scopes === undefined || scopes.length === 0 ? {} : { scopes_supported: scopes }),
    ...(connection === undefined ? {} : { resource_name: connection }),
  }
}

/**
 * The `WWW-Authenticate` header that goes with a refusal (RFC 6750, 3; RFC 9728, 5.1). A request without credentials gets
 * no error code (RFC 6750, 3.1). `scopes` are authoritative for the client (MCP, authorization).
 */
export function challenge(refusal: AuthRefusal, metadata: string, scopes: readonly string[] = []): string {
  const parameters = [`resource_metadata=${quote(metadata)}`]
  if (refusal.reason !== 'missing') {
    parameters.unshift(
      `error=${refusal.status === 400 ? '"invalid_request"' : '"invalid_token"'}`,
      `error_description=${quote(refusal.description)}`,
    )
  }
  if (scopes.length > 0) parameters.push(`scope=${quote(scopes.join(' '))}`)
  return `Bearer ${parameters.join(', ')}`
}

/** RFC 6750, 3 allows neither quotes nor backslashes nor anything outside printable ASCII in these values, escaped or not. */
function quote(value: string): string {
  return `"${value.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, "'")}"`
}
