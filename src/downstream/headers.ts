import type { FlatHeaders } from './exchange.ts'

/** Lower-case names, without `authorization`; a header that came twice and may not is refused before this exists. */
export type ClientHeaders = Readonly<Record<string, string>>

export type ReadHeaders =
  | { readonly kind: 'headers'; readonly headers: ClientHeaders; readonly authorization: string | undefined }
  | { readonly kind: 'twice'; readonly name: string }

/**
 * Reads node's flat header array. Two values of one header that decides something are refused: the next reader might take
 * the other one (`Host`, `Authorization`, everything of MCP's). Others are joined as RFC 9110, 5.3 says.
 */
export function readHeaders(raw: FlatHeaders): ReadHeaders {
  const headers: Record<string, string> = Object.create(null)
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase()
    const value = raw[i + 1] ?? ''
    const before = headers[name]
    if (before !== undefined && isSingle(name)) return { kind: 'twice', name }
    headers[name] = before === undefined ? value : `${before}, ${value}`
  }
  // Apart, so that whoever keeps the headers for the length of a stream does not keep the caller's token.
  const { authorization } = headers
  delete headers['authorization']
  return { kind: 'headers', headers, authorization }
}

const SINGLE: ReadonlySet<string> = new Set([
  'host',
  'origin',
  'authorization',
  'content-type',
  'content-length',
  'content-encoding',
  'last-event-id',
])

function isSingle(name: string): boolean {
  return name.startsWith('mcp-') || SINGLE.has(name)
}

/** True if the media type of a Content-Type is JSON, whatever its parameters. */
export function isJson(contentType: string | undefined): boolean {
  if (contentType === undefined) return false
  const end = contentType.indexOf(';')
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase() === 'application/json'
}
