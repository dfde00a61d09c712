import type { FlatHeaders } from './exchange.ts'

/** A whole answer that is not part of any MCP conversation. */
export interface Page {
  readonly status: number
  readonly headers: FlatHeaders
  readonly body: Uint8Array
}

const encoder = new TextEncoder()

/** `body` is JSON text. */
export function jsonPage(status: number, body: string, headers: FlatHeaders = []): Page {
  return { status, headers: ['Content-Type', 'application/json', ...headers], body: encoder.encode(body) }
}

/** A JSON-RPC error without an id, since whoever speaks to us here may be an MCP client all the same. Closes the connection. */
export function errorPage(status: number, message: string, headers: FlatHeaders = []): Page {
  const error = { jsonrpc: '2.0', id: null, error: { code: -32_600, message } }
  return jsonPage(status, JSON.stringify(error), ['Connection', 'close', ...headers])
}

export function textPage(status: number, text: string): Page {
  return {
    status,
    headers: ['Content-Type', 'text/plain; charset=utf-8', 'Cache-Control', 'no-store'],
    body: encoder.encode(text),
  }
}
