/** Headers of HTTP with a secret in them, as words of keys. */
export const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy_authorization',
  'cookie',
  'set_cookie',
  'api_key',
  'token',
])

/** Headers that stand beside those (RFC 9110 to 9112, the Fetch standard); those with a prefix of their own besides. */
const HEADERS: ReadonlySet<string> = new Set(
  [
    'accept accept-charset accept-encoding accept-language access-control-allow-origin age allow authorization',
    'cache-control connection content-disposition content-encoding content-language content-length content-type cookie',
    'date etag expect expires forwarded from host if-match if-modified-since if-none-match keep-alive last-modified link',
    'location origin pragma proxy-authorization range referer retry-after server set-cookie te trailer transfer-encoding',
    'traceparent tracestate upgrade user-agent vary via www-authenticate',
  ].flatMap((line) => line.split(' ')),
)
const PREFIXED = /^(?:x|sec|mcp|cf)-[a-z][a-z-]*$/

export function isHttpHeader(name: string): boolean {
  const lower = name.toLowerCase()
  return HEADERS.has(lower) || PREFIXED.test(lower)
}
