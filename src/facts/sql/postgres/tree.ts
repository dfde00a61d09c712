import { isObject, type JsonObject, type JsonValue } from '../../../base/json.ts'

/** A node's fields. In a list or a field of any node it stands as `{ "SelectStmt": { … } }`; in a field of one kind, bare. */
export type Node = JsonObject

export interface Wrapped {
  readonly kind: string
  readonly node: Node
}

const EMPTY: Node = {}

/** `{ "SelectStmt": { … } }` taken apart; undefined for a bare node and for the empty object that stands for no node. */
export function unwrap(value: JsonValue | undefined): Wrapped | undefined {
  if (!isObject(value)) return undefined
  for (const kind in value) {
    const first = kind.charCodeAt(0)
    const node = value[kind]
    return first >= 65 && first <= 90 && isObject(node) ? { kind, node } : undefined
  }
  return undefined
}

/** The fields of a wrapped node of that kind; undefined for any other. */
export function as(kind: string, value: JsonValue | undefined): Node | undefined {
  const found = unwrap(value)
  return found?.kind === kind ? found.node : undefined
}

export function child(node: Node, field: string): Node {
  const value = node[field]
  return isObject(value) ? value : EMPTY
}

export function list(node: Node, field: string): readonly JsonValue[] {
  const value = node[field]
  return isList(value) ? value : []
}

export function text(node: Node, field: string): string {
  const value = node[field]
  return typeof value === 'string' ? value : ''
}

/** Array.isArray does not narrow a readonly array. */
export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** The parts of a dotted name, `*` for a star. */
export function names(parts: readonly JsonValue[]): string[] {
  return parts.map((part) => {
    const found = unwrap(part)
    return found?.kind === 'A_Star' ? '*' : text(found?.node ?? EMPTY, 'sval')
  })
}

/** The text of a string constant, also behind a cast of it. */
export function stringOf(value: JsonValue | undefined): string | undefined {
  const found = unwrap(value)
  if (found?.kind === 'TypeCast') return stringOf(found.node['arg'])
  if (found?.kind !== 'A_Const' || !('sval' in found.node)) return undefined
  return text(child(found.node, 'sval'), 'sval')
}

/** `schema.name` as written; the database's own schema is not told apart from none. */
export function tableName(range: Node): string {
  const parts = [text(range, 'catalogname'), text(range, 'schemaname'), text(range, 'relname')]
  return parts.filter((part) => part !== '').join('.')
}

/** A text that is equal for expressions that are equal, wherever they stand. */
export function keyOf(value: JsonValue | undefined): string {
  if (isList(value)) return `[${value.map(keyOf).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value ?? null)
  const fields = Object.entries(value).filter(([field]) => !PLACES.has(field))
  return `{${fields.map(([field, of]) => `${field}:${keyOf(of)}`).join(',')}}`
}

const PLACES = new Set(['location', 'rexpr_list_start', 'rexpr_list_end', 'list_start', 'list_end'])
