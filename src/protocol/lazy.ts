import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import { type JsonMember } from '../base/json-scan.ts'

/** Parses when first asked: most messages are only passed on. Empty where there is no such member. */
export function lazyObject(bytes: Uint8Array, member: JsonMember | undefined): () => JsonObject {
  let object: JsonObject | undefined
  return () => (object ??= readObject(bytes, member))
}

function readObject(bytes: Uint8Array, member: JsonMember | undefined): JsonObject {
  const value = member === undefined ? {} : parseJson(bytes.subarray(member.start, member.end))
  return isObject(value) ? value : {}
}
