import { decodeUtf8 } from '../base/bytes.ts'
import { parseJson, stringifyJson } from '../base/json.ts'
import { type JsonMember } from '../base/json-scan.ts'
import type { IdText } from './message.ts'

// An id is kept in tables and records; clients count, or write a UUID.
const ID_BYTES_MAX = 1024
const INTEGER = /^(?:0|-?[1-9][0-9]*)$/

/**
 * A JSON-RPC id, or a progress token, as JSON text. Undefined for what is neither string nor integer: `1.0` is not
 * `1` to every reader (protocol.md, 7.2).
 */
export function readId(bytes: Uint8Array, member: JsonMember): IdText | undefined {
  if (member.end - member.start > ID_BYTES_MAX) return undefined
  const text = decodeUtf8(bytes, member.start, member.end)
  if (!text.startsWith('"')) return INTEGER.test(text) ? text : undefined
  return text.includes('\\') ? stringifyJson(parseJson(text)) : text
}
