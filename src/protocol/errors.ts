// JSON-RPC errors in the gateway's own words (protocol.md, 3.3 and 8.3).
import { encodeUtf8 } from '../base/bytes.ts'
import { type JsonObject, stringifyJson } from '../base/json.ts'
import type { Era, IdText, WireFault } from './message.ts'

/** Codes of JSON-RPC and of MCP. */
export const CODES = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  headerMismatch: -32020,
  missingClientCapability: -32021,
  unsupportedVersion: -32022,
} as const

/** Our own, outside of the range that JSON-RPC and MCP keep for themselves (-32768 to -32000). */
export const OUR_CODES = {
  /** A rule says no. */
  refused: -31403,
  /** Too much at once. */
  busy: -31429,
  /** What came back must not leave. */
  blocked: -31451,
  upstreamFailed: -31502,
  logUnavailable: -31503,
} as const

/** What SDK servers say of a session that they do not know; clients open a new one then. */
export const SESSION_NOT_FOUND = -32001

/** Bytes of an error reply. Without an id it is `null`, as JSON-RPC says for a request that could not be read. */
export function errorReply(id: IdText | undefined, code: number, message: string, data?: JsonObject): Uint8Array {
  const error = stringifyJson(data === undefined ? { code, message } : { code, message, data })
  return encodeUtf8(`{"jsonrpc":"2.0","id":${id ?? 'null'},"error":${error}}`)
}

/** What a client gets for a malformed message; undefined for a notification, which gets no body. */
export function faultReply(fault: WireFault): Uint8Array | undefined {
  return fault.status === 202 ? undefined : errorReply(fault.id, fault.code, fault.message, fault.data)
}

/** A refused tools/call: a result that the model reads, since clients take an HTTP error for a login that ran out. */
export function toolRefusal(id: IdText, era: Era, text: string): Uint8Array {
  return toolText({ id, era }, text, true)
}

/** The result of a tool of our own: a text, of a success or a failure. */
export function toolText(
  { id, era }: { readonly id: IdText; readonly era: Era },
  text: string,
  failed: boolean,
): Uint8Array {
  const said = { content: [{ type: 'text', text }], ...(failed ? { isError: true } : {}) }
  const result = stringifyJson(era === 'modern' ? { resultType: 'complete', ...said } : said)
  return encodeUtf8(`{"jsonrpc":"2.0","id":${id},"result":${result}}`)
}
