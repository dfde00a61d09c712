import { assert } from '../base/assert.ts'
import { isObject, type JsonObject, type JsonValue, stringifyJson } from '../base/json.ts'

/** A copy with keys in the order of their UTF-16 units, at every level. Numbers are integers. */
export function sortKeys(object: JsonObject | undefined): JsonObject | undefined {
  if (object === undefined) return undefined
  const result: Record<string, JsonValue | undefined> = {}
  for (const key of Object.keys(object).toSorted()) define(result, key, sortValue(object[key]))
  return result
}

function sortValue(value: JsonValue | undefined): JsonValue | undefined {
  if (isList(value)) return value.map((item) => sortValue(item) ?? null)
  if (isObject(value)) return sortKeys(value)
  if (typeof value === 'number') return integer(value)
  return value
}

/**
 * An object of JavaScript lists keys such as "10" before all others and by value, whatever the order they were set in, so
 * `sortKeys` cannot sort those. Where they occur the text is written by `sortedText`.
 */
export function hasIndexKeys(value: JsonValue | undefined): boolean {
  if (isList(value)) return value.some(hasIndexKeys)
  if (!isObject(value)) return false
  for (const key in value) if (/^\d+$/.test(key) || hasIndexKeys(value[key])) return true
  return false
}

/** Canonical text, key by key. Slower than `JSON.stringify` over sorted keys. */
export function sortedText(value: JsonValue): string {
  if (isList(value)) return `[${value.map(sortedText).join(',')}]`
  if (!isObject(value)) return stringifyJson(value)
  const members: string[] = []
  for (const key of Object.keys(value).toSorted()) {
    const member = value[key]
    if (member !== undefined) members.push(`${stringifyJson(key)}:${sortedText(member)}`)
  }
  return `{${members.join(',')}}`
}

export function integer(value: number | undefined): number | undefined {
  assert(value === undefined || Number.isSafeInteger(value), 'numbers in an envelope are integers')
  return value
}

/** An assignment to `__proto__` would set the prototype and lose the key. */
function define(object: Record<string, JsonValue | undefined>, key: string, value: JsonValue | undefined): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true })
  else object[key] = value
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}
