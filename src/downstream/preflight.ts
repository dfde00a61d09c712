import type { FlatHeaders } from './exchange.ts'
import type { ClientHeaders } from './headers.ts'
import type { Page } from './page.ts'

/** Headers that let a page of an allowed origin read an answer (Fetch standard, CORS protocol). */
export function corsHeaders(headers: ClientHeaders): FlatHeaders {
  const { origin } = headers
  if (origin === undefined) return []
  return ['Access-Control-Allow-Origin', origin, 'Access-Control-Expose-Headers', EXPOSED, 'Vary', 'Origin']
}

const EXPOSED = 'Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After, Sallyport-Receipt'

/** Answers a browser's question before the request; the origin was checked before. */
export function preflight(headers: ClientHeaders): Page {
  const asked = headers['access-control-request-headers']
  return {
    status: 204,
    headers: [
      ...corsHeaders(headers),
      'Access-Control-Allow-Methods',
      'POST, GET, DELETE',
      'Access-Control-Allow-Headers',
      asked ?? 'authorization, content-type',
      'Access-Control-Max-Age',
      '600',
    ],
    body: new Uint8Array(0),
  }
}
