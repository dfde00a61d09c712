import { isObject, type JsonObject, type JsonValue } from '../base/json.ts'

const FIELD = /\{\{\s*([^{}]*?)\s*\}\}/g

/**
 * A JSON value with `{{name}}` in its texts. It is filled as a value and only then written, so nothing that a field holds can
 * end a text or add a member. A text that is one field and nothing else becomes the field's own value.
 */
export function fill(template: JsonValue, fields: JsonObject): JsonValue {
  return mapTexts(template, (text) => fillText(text, fields))
}

/** The same value with something else for each text in it. */
export function mapTexts(value: JsonValue, change: (text: string) => JsonValue): JsonValue {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one: JsonValue) => mapTexts(one, change))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one ?? null, change)]))
}

/** Names in a template that are none of `known`, with where they stand. */
export function unknownFields(
  template: JsonValue,
  known: readonly string[],
  path: readonly (string | number)[] = [],
): readonly { readonly name: string; readonly path: readonly (string | number)[] }[] {
  if (typeof template === 'string') {
    const names = [...template.matchAll(FIELD)].map(([, name = '']) => name)
    return names.filter((name) => !known.includes(name)).map((name) => ({ name, path }))
  }
  if (Array.isArray(template)) return template.flatMap((one: JsonValue, i) => unknownFields(one, known, [...path, i]))
  if (!isObject(template)) return []
  return Object.entries(template).flatMap(([key, value]) => unknownFields(value ?? null, known, [...path, key]))
}

function fillText(text: string, fields: JsonObject): JsonValue {
  const whole = /^\{\{\s*([^{}]*?)\s*\}\}$/.exec(text)?.[1]
  if (whole !== undefined) return fields[whole] ?? null
  return text.replaceAll(FIELD, (_, name: string) => textOf(fields[name]))
}

function textOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  const isTexts = Array.isArray(value) && value.every((one) => typeof one === 'string')
  return isTexts ? value.join(', ') : JSON.stringify(value)
}
