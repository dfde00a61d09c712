import { isObject, type JsonObject, type JsonValue } from '../../../base/json.ts'

export type Node = JsonObject

export function child(node: Node, field: string): Node | undefined {
  const value = node[field]
  return isObject(value) ? value : undefined
}

export function list(node: Node, field: string): readonly JsonValue[] {
  const value = node[field]
  return Array.isArray(value) ? value : []
}

/** The kind of a node that is wrapped in it: `{ select: … }`; undefined for anything else. */
export function unwrap(value: JsonValue | undefined): { readonly kind: string; readonly node: Node } | undefined {
  if (!isObject(value)) return undefined
  const keys = Object.keys(value)
  const [kind] = keys
  if (keys.length !== 1 || kind === undefined) return undefined
  const node = value[kind]
  return { kind, node: isObject(node) ? node : {} }
}

/** `{ name: 'x' }`, or the text itself. */
export function nameOf(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value
  return isObject(value) ? nameOf(value['name']) : ''
}
