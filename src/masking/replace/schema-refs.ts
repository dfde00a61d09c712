import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts'

/** A schema and where it stands in its document, as the fragment of a URI: `#/properties/a~1b` (RFC 6901, section 6). */
export interface Piece {
  readonly schema: JsonObject
  readonly pointer: string
}

/** Schemas looked at in search of an anchor. A tool's schema has hundreds at most. */
const SCHEMAS_MAX = 10_000

/** Undefined where there is no schema, or one that is just `true` or `false`. */
export function pieceAt(parent: Piece, ...keys: readonly (string | number)[]): Piece | undefined {
  let schema: JsonValue | undefined = parent.schema
  for (const key of keys) schema = memberOf(schema, `${key}`)
  return isObject(schema)
    ? { schema, pointer: parent.pointer + keys.map((key) => `/${escaped(`${key}`)}`).join('') }
    : undefined
}

/** The schema that a reference names, inside of the document only: nothing is ever fetched. */
export function refersTo(document: JsonObject, ref: string): Piece | undefined {
  const base = document['$id']
  const inside = typeof base === 'string' && base !== '' && ref.startsWith(base) ? ref.slice(base.length) : ref
  const root: Piece = { schema: document, pointer: '#' }
  if (inside === '' || inside === '#') return root
  if (!inside.startsWith('#')) return undefined
  const fragment = unescapedUri(inside.slice(1))
  if (!fragment.startsWith('/')) return withAnchor(root, fragment)
  return pieceAt(root, ...fragment.slice(1).split('/').map(unescaped))
}

function withAnchor(root: Piece, anchor: string): Piece | undefined {
  const open: Piece[] = [root]
  for (let i = 0; i < open.length && i < SCHEMAS_MAX; i += 1) {
    const piece = open[i]
    if (piece === undefined) break
    if (piece.schema['$anchor'] === anchor || piece.schema['$dynamicAnchor'] === anchor) return piece
    for (const key of Object.keys(piece.schema)) open.push(...below(piece, key))
  }
  return undefined
}

function below(piece: Piece, key: string): Piece[] {
  const value = memberOf(piece.schema, key)
  const found = Array.isArray(value) ? value.map((_, i) => pieceAt(piece, key, i)) : [pieceAt(piece, key)]
  return found.filter((one) => one !== undefined)
}

/** Only what the document itself says: `constructor` is a name like any other. */
function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (isList(value)) return /^(?:0|[1-9]\d{0,8})$/.test(key) ? value[Number(key)] : undefined
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function escaped(key: string): string {
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))
}

function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}

function unescapedUri(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
