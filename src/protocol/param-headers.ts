// Which arguments of a tool are mirrored in headers: `x-mcp-header` in its input schema (protocol.md, 4.2).
import { isObject, type JsonObject, type JsonValue } from '../base/json.ts'

/** One annotated property: its path from the root of the arguments, and the header's name without `mcp-param-`. */
export interface ParamHeader {
  readonly path: readonly string[]
  /** Lower case. */
  readonly name: string
  readonly type: 'string' | 'integer' | 'boolean'
}

const ANNOTATION = 'x-mcp-header'
// RFC 9110, 5.6.2.
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}$/
// A schema nests as deep as its server likes; headers mirror what people name, not deeper.
const DEPTH_MAX = 16

/**
 * Annotated properties of an input schema. None where one annotation breaks a rule: clients drop such a tool, so there
 * is nothing to hold a client to. Composition keywords and `$ref` are not followed, as the rule says.
 */
export function paramHeadersOf(schema: JsonObject): readonly ParamHeader[] {
  const found: ParamHeader[] = []
  if (!collect(schema, [], found)) return []
  return new Set(found.map(({ name }) => name)).size === found.length ? found : []
}

function collect(schema: JsonObject, path: readonly string[], found: ParamHeader[]): boolean {
  const { properties } = schema
  if (!isObject(properties) || path.length >= DEPTH_MAX) return true
  return Object.entries(properties).every(([key, property]) => {
    if (!isObject(property)) return true
    const here = [...path, key]
    return note(property, here, found) && collect(property, here, found)
  })
}

function note(property: JsonObject, path: readonly string[], found: ParamHeader[]): boolean {
  const name = property[ANNOTATION]
  if (name === undefined) return true
  const { type } = property
  if (typeof name !== 'string' || !TOKEN.test(name) || !isPrimitive(type)) return false
  found.push({ path, name: name.toLowerCase(), type })
  return true
}

function isPrimitive(type: JsonValue | undefined): type is ParamHeader['type'] {
  return type === 'string' || type === 'integer' || type === 'boolean'
}

/** The argument at a path; undefined where it is absent or null, which have no header. */
export function argumentAt(args: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  let value = args
  for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return value === null ? undefined : value
}
