import { isObject, type JsonValue } from '../../base/json.ts'
import type { Format } from './formats.ts'
import { formatOf } from './formats.ts'
import type { NumberLimits } from './numbers.ts'
import type { Piece } from './schema-refs.ts'
import { shapeAt, type ShapeAt, type SchemaOfValue } from './schema-shape.ts'

/** OpenAPI's formats of numbers, which validators know too. */
const NUMBER_FORMATS: ReadonlyMap<string, NumberLimits> = new Map([
  ['int32', { minimum: -(2 ** 31), maximum: 2 ** 31 - 1, isInteger: true }],
  ['int64', { isInteger: true }],
])

/** What a schema says of one place, and of what may be put there. */
export class SchemaPlace {
  readonly #of: SchemaOfValue
  readonly #at: ShapeAt

  constructor(of: SchemaOfValue) {
    this.#of = of
    this.#at = shapeAt(of)
  }

  /** Whether every schema that speaks of the place accepts another value there. */
  fits(value: JsonValue): boolean {
    return this.#accepts(this.#at.here.whole, value)
  }

  /** Whether the object accepts another key for this one, which it must not have yet. */
  fitsKey(key: string): boolean {
    const parent = this.#at.parent
    const last = this.#of.steps.at(-1)
    if (parent === undefined || !isObject(parent.value)) return true
    if (Object.hasOwn(parent.value, key)) return false
    const renamed = Object.entries(parent.value).map(([name, value]) => [name === last ? key : name, value])
    return this.#accepts(parent.whole, Object.fromEntries(renamed))
  }

  /** Whether the object does without the property. An element of an array has its place among others, and stays. */
  get isOptional(): boolean {
    const parent = this.#at.parent
    const last = this.#of.steps.at(-1)
    if (parent === undefined || !isObject(parent.value) || typeof last !== 'string') return false
    const rest = Object.entries(parent.value).filter(([name]) => name !== last)
    return this.#accepts(parent.whole, Object.fromEntries(rest))
  }

  get format(): Format | undefined {
    return this.#texts('format')
      .map(formatOf)
      .find((format) => format !== undefined)
  }

  /** Characters, as JSON Schema counts them: code points. */
  get minLength(): number {
    return Math.max(0, ...this.#numbers('minLength'))
  }

  get maxLength(): number {
    return Math.min(Infinity, ...this.#numbers('maxLength'))
  }

  get numberLimits(): NumberLimits {
    const formats = this.#texts('format').map((name) => NUMBER_FORMATS.get(name))
    return {
      minimum: most(...this.#numbers('minimum'), ...formats.map((format) => format?.minimum)),
      maximum: least(...this.#numbers('maximum'), ...formats.map((format) => format?.maximum)),
      exclusiveMinimum: most(...this.#numbers('exclusiveMinimum')),
      exclusiveMaximum: least(...this.#numbers('exclusiveMaximum')),
      multipleOf: most(...this.#numbers('multipleOf')),
      isInteger: this.#at.here.pieces.some(isOfIntegers) || formats.some((format) => format?.isInteger === true),
    }
  }

  #accepts(pieces: readonly Piece[], value: JsonValue): boolean {
    return pieces.every(({ pointer }) => this.#of.checks.accepts(pointer, value))
  }

  #numbers(keyword: string): number[] {
    return this.#at.here.pieces.map(({ schema }) => schema[keyword]).filter((value) => typeof value === 'number')
  }

  #texts(keyword: string): string[] {
    return this.#at.here.pieces.map(({ schema }) => schema[keyword]).filter((value) => typeof value === 'string')
  }
}

function most(...values: readonly (number | undefined)[]): number | undefined {
  return bound(Math.max, values)
}

function least(...values: readonly (number | undefined)[]): number | undefined {
  return bound(Math.min, values)
}

function bound(pick: (...values: number[]) => number, values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === 0 ? undefined : pick(...known)
}

function isOfIntegers({ schema: { type } }: Piece): boolean {
  return type === 'integer' || (Array.isArray(type) && type.includes('integer') && !type.includes('number'))
}
