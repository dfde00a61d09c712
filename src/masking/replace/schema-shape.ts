import { isObject, type JsonObject, type JsonValue } from '../../base/json.ts'
import { type Piece, pieceAt, refersTo } from './schema-refs.ts'

/** What a validator tells. It comes from outside: validators are no part of masking. */
export interface SchemaChecks {
  /** Whether the schema at a place of the document, such as `#/properties/a`, accepts a value. Formats may be left out. */
  accepts(pointer: string, value: JsonValue): boolean
  /** Whether a pattern of the schema, which strangers wrote, is found in a text. */
  matches(pattern: string, text: string): boolean
}

export interface SchemaOfValue {
  /** The whole schema of `instance`: a tool's outputSchema or inputSchema. */
  readonly document: JsonObject
  /** The whole value as it was received. */
  readonly instance: JsonValue
  /** The way from `instance` to the value; of a key, it ends with the key itself. */
  readonly steps: readonly (string | number)[]
  readonly checks: SchemaChecks
}

/** A value and all schemas that say something of it. */
export interface Shaped {
  readonly value: JsonValue | undefined
  /** As they are reached from above. What they accept, everything that they are made of accepts. */
  readonly whole: readonly Piece[]
  /** With all that they refer to, and the branches that the value took. */
  readonly pieces: readonly Piece[]
}

/** The value at the end of the steps, and what it stands in. `parent` is undefined for the instance itself. */
export interface ShapeAt {
  readonly here: Shaped
  readonly parent: Shaped | undefined
}

/** Schemas that speak of one value. More of them are a schema that refers to itself in circles. */
const PIECES_MAX = 256

export function shapeAt({ document, instance, steps, checks }: SchemaOfValue): ShapeAt {
  const walk = new Walk(document, checks)
  let parent: Shaped | undefined
  let here = walk.expand(instance, [{ schema: document, pointer: '#' }])
  for (const step of steps) {
    parent = here
    here = walk.down(here, step)
  }
  return { here, parent }
}

class Walk {
  readonly #document: JsonObject
  readonly #checks: SchemaChecks

  constructor(document: JsonObject, checks: SchemaChecks) {
    this.#document = document
    this.#checks = checks
  }

  /** Schemas that a value does not satisfy as it is bind no replacement of it either. */
  expand(value: JsonValue | undefined, reached: readonly Piece[]): Shaped {
    const whole = value === undefined ? reached : reached.filter(({ pointer }) => this.#checks.accepts(pointer, value))
    const pieces = [...whole]
    const seen = new Set(pieces.map(({ pointer }) => pointer))
    for (let i = 0; i < pieces.length && i < PIECES_MAX; i += 1) {
      const piece = pieces[i]
      for (const further of piece === undefined ? [] : this.#further(piece, value)) {
        if (!seen.has(further.pointer)) pieces.push(further)
        seen.add(further.pointer)
      }
    }
    return { value, whole, pieces }
  }

  down(shaped: Shaped, step: string | number): Shaped {
    const value = childOf(shaped.value, step)
    const said = shaped.pieces.flatMap((piece) => this.#below(piece, step))
    const rest = said.length > 0 ? [] : shaped.pieces.flatMap((piece) => unevaluated(piece, step))
    return this.expand(value, [...said, ...rest])
  }

  /** Schemas that hold for the same value. */
  #further(piece: Piece, value: JsonValue | undefined): Piece[] {
    const { schema } = piece
    const named = ['$ref', '$dynamicRef', '$recursiveRef'].flatMap((key) => {
      const ref = schema[key]
      return typeof ref === 'string' ? [refersTo(this.#document, ref)] : []
    })
    const taken = [...membersOf(piece, 'anyOf'), ...membersOf(piece, 'oneOf')].filter((branch) =>
      this.#takes(branch, value),
    )
    const found = [
      ...named,
      ...membersOf(piece, 'allOf'),
      ...taken,
      this.#conditional(piece, value),
      ...dependent(piece, value),
    ]
    return found.filter((one) => one !== undefined)
  }

  #conditional(piece: Piece, value: JsonValue | undefined): Piece | undefined {
    if (piece.schema['if'] === undefined) return undefined
    const condition = pieceAt(piece, 'if')
    const holds = condition === undefined ? piece.schema['if'] === true : this.#takes(condition, value)
    return pieceAt(piece, holds ? 'then' : 'else')
  }

  #takes({ pointer }: Piece, value: JsonValue | undefined): boolean {
    return value !== undefined && this.#checks.accepts(pointer, value)
  }

  #below(piece: Piece, step: string | number): Piece[] {
    const found = typeof step === 'number' ? elementOf(piece, step) : this.#propertyOf(piece, step)
    return found.filter((one) => one !== undefined)
  }

  #propertyOf(piece: Piece, key: string): (Piece | undefined)[] {
    const { properties, patternProperties } = piece.schema
    const isNamed = isObject(properties) && Object.hasOwn(properties, key)
    const patterns = isObject(patternProperties) ? Object.keys(patternProperties) : []
    const matching = patterns.filter((pattern) => this.#checks.matches(pattern, key))
    const found = [
      ...(isNamed ? [pieceAt(piece, 'properties', key)] : []),
      ...matching.map((pattern) => pieceAt(piece, 'patternProperties', pattern)),
    ]
    return found.length > 0 ? found : [pieceAt(piece, 'additionalProperties')]
  }
}

/** 2020-12: `prefixItems`, then `items`. Before: a list of `items`, then `additionalItems`. */
function elementOf(piece: Piece, index: number): (Piece | undefined)[] {
  const { prefixItems, items } = piece.schema
  if (Array.isArray(prefixItems) && index < prefixItems.length) return [pieceAt(piece, 'prefixItems', index)]
  if (!Array.isArray(items)) return [pieceAt(piece, 'items')]
  return [index < items.length ? pieceAt(piece, 'items', index) : pieceAt(piece, 'additionalItems')]
}

function unevaluated(piece: Piece, step: string | number): Piece[] {
  const found = pieceAt(piece, typeof step === 'number' ? 'unevaluatedItems' : 'unevaluatedProperties')
  return found === undefined ? [] : [found]
}

function membersOf(piece: Piece, key: string): Piece[] {
  const list = piece.schema[key]
  return Array.isArray(list) ? list.map((_, i) => pieceAt(piece, key, i)).filter((one) => one !== undefined) : []
}

function dependent(piece: Piece, value: JsonValue | undefined): (Piece | undefined)[] {
  const schemas = piece.schema['dependentSchemas']
  if (!isObject(schemas) || !isObject(value)) return []
  return Object.keys(schemas)
    .filter((key) => Object.hasOwn(value, key))
    .map((key) => pieceAt(piece, 'dependentSchemas', key))
}

function childOf(value: JsonValue | undefined, step: string | number): JsonValue | undefined {
  if (typeof step === 'number') return isList(value) ? value[step] : undefined
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}
