// Messages of clients, for tests of what reads them.
import type { JsonObject } from '../../src/base/json.ts'
import { encodeUtf8 } from '../../src/base/bytes.ts'
import type { ClientHeaders } from '../../src/protocol/mirrored-headers.ts'
import { type ClientBody, readClientBody } from '../../src/protocol/parse.ts'

export const VERSION = 'io.modelcontextprotocol/protocolVersion'
export const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities'
export type HeadersLike = Readonly<Record<string, string | undefined>>

export function modern(method: string, params: JsonObject = {}, meta: JsonObject = {}): JsonObject {
  const envelope = { [VERSION]: '2026-07-28', [CAPABILITIES]: {}, ...meta }
  return { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: envelope } }
}

export function legacy(method: string, params: JsonObject = {}): JsonObject {
  return { jsonrpc: '2.0', id: 1, method, params }
}

export function without(message: JsonObject, key: string): JsonObject {
  const copy = structuredClone(message) as { params: { ['_meta']: Record<string, unknown> } }
  Reflect.deleteProperty(copy.params['_meta'], key)
  return copy as unknown as JsonObject
}

export function headersOf(method: string, name?: string): HeadersLike {
  return { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, 'mcp-name': name }
}

export function read(body: JsonObject | readonly JsonObject[], headers: HeadersLike = {}): ClientBody {
  return readText(JSON.stringify(body), headers)
}

export function readText(text: string, headers: HeadersLike = {}, batchAllowed = false): ClientBody {
  const limits = { depthMax: 64, keysPerObjectMax: 1000, keysMax: 20_000, batchAllowed }
  return readClientBody(encodeUtf8(text), headers as ClientHeaders, limits)
}
