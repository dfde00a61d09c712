// JSON as values. Text from strangers goes through `json-scan.ts` first: `JSON.parse` keeps the last of two equal keys
// without a word, and other readers keep the first.
import { decodeUtf8 } from './bytes.ts'

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined
}

/** Parses a text that was scanned, or that is our own. The error never quotes the text. */
export function parseJson(text: Uint8Array | string): JsonValue {
  try {
    return JSON.parse(typeof text === 'string' ? text : decodeUtf8(text))
  } catch {
    // V8's message quotes the text around the mistake, which may be a secret.
    throw new SyntaxError('not valid JSON')
  }
}

/** Members that are undefined are left out. */
export function stringifyJson(value: JsonValue): string {
  return JSON.stringify(value)
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The text of a string that stands at a place in bytes that were scanned; undefined where another value stands. */
export function stringAt(bytes: Uint8Array, { start, end }: { start: number; end: number }): string | undefined {
  if (bytes[start] !== 0x22) return undefined
  for (let i = start + 1; i < end; i += 1) if (bytes[i] === 0x5c) return unescaped(bytes, start, end)
  return decodeUtf8(bytes, start + 1, end - 1)
}

function unescaped(bytes: Uint8Array, start: number, end: number): string | undefined {
  const text = parseJson(bytes.subarray(start, end))
  return typeof text === 'string' ? text : undefined
}

/** Whether exactly that ASCII text stands at a place. */
export function isTextAt(bytes: Uint8Array, { start, end }: { start: number; end: number }, text: string): boolean {
  if (end - start !== text.length) return false
  for (let i = 0; i < text.length; i += 1) if (bytes[start + i] !== text.charCodeAt(i)) return false
  return true
}
