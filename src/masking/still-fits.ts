import { decodeUtf8 } from '../base/bytes.ts'
import { isObject, type JsonValue, parseJson } from '../base/json.ts'
import type { SchemaOf } from './edits.ts'

/**
 * Whether a masked message still looks as its schema says, all of its replacements together: two members may each be left
 * out, and not both. What did not look like that before is not measured by it.
 */
export function stillFits(before: Uint8Array, after: Uint8Array, { at, checks }: SchemaOf): boolean {
  return checks.accepts('#', partOf(after, at)) || !checks.accepts('#', partOf(before, at))
}

/** The part of a message that some keys lead to; null where it has none, or is no JSON. */
export function partOf(bytes: Uint8Array, path: readonly string[]): JsonValue {
  let value: JsonValue | undefined = read(bytes)
  for (const key of path) value = isObject(value) ? value[key] : undefined
  return value ?? null
}

function read(bytes: Uint8Array): JsonValue {
  try {
    return parseJson(decodeUtf8(bytes))
  } catch {
    return null
  }
}
