import { isObject, type JsonObject, type JsonValue } from '../base/json.ts'
import type { SchemaChecks, SchemaOfValue } from './replace/schema-shape.ts'
import { partOf } from './still-fits.ts'

/** A person fills in no longer forms, and each field costs a validator. */
const FIELDS_MAX = 32

interface Form {
  readonly document: JsonObject
  readonly checks: SchemaChecks
  /** What the fields have before anybody fills them in. */
  readonly instance: JsonObject
}

/**
 * Forms that a server asks a person to fill in (elicitation): what stands in a field by default must be what the field takes,
 * or the client could not show the form.
 */
export class AskedForms {
  readonly #bytes: Uint8Array
  readonly #checksOf: ((schema: JsonObject) => SchemaChecks | undefined) | undefined
  readonly #forms = new Map<string, Form | undefined>()
  #message: JsonValue | undefined
  /** Fields that were asked about, each once. */
  readonly #fields = new Set<string>()

  constructor(bytes: Uint8Array, checksOf: ((schema: JsonObject) => SchemaChecks | undefined) | undefined) {
    this.#bytes = bytes
    this.#checksOf = checksOf
  }

  /** What the form says of a value that is the default of one of its fields. */
  fieldAt(steps: readonly (string | number)[]): SchemaOfValue | undefined {
    const at = formSteps(steps)
    if (at === undefined || this.#checksOf === undefined) return undefined
    const [properties, name, member, ...rest] = steps.slice(at)
    if (properties !== 'properties' || typeof name !== 'string' || member !== 'default') return undefined
    const field = JSON.stringify(steps.slice(0, at + 2))
    if (!this.#fields.has(field) && this.#fields.size >= FIELDS_MAX) return undefined
    this.#fields.add(field)
    const form = this.#form(steps.slice(0, at))
    return form && { ...form, steps: [name, ...rest] }
  }

  #form(path: readonly (string | number)[]): Form | undefined {
    const key = JSON.stringify(path)
    if (!this.#forms.has(key)) this.#forms.set(key, this.#read(path))
    return this.#forms.get(key)
  }

  #read(path: readonly (string | number)[]): Form | undefined {
    this.#message ??= partOf(this.#bytes, [])
    let schema: JsonValue | undefined = this.#message
    for (const step of path) schema = isObject(schema) ? schema[step] : undefined
    const properties = isObject(schema) ? schema['properties'] : undefined
    if (!isObject(properties)) return undefined
    // What must be filled in may well be empty before.
    const document = { type: 'object', properties }
    const checks = this.#checksOf?.(document)
    const fields = Object.entries(properties).flatMap(([name, field]) =>
      isObject(field) && field['default'] !== undefined ? [[name, field['default']] as const] : [],
    )
    return checks && { document, checks, instance: Object.fromEntries(fields) }
  }
}

/** How many steps lead to a form (2025-11-25: `elicitation/create`; 2026-07-28: `inputRequests`). */
function formSteps(steps: readonly (string | number)[]): number | undefined {
  if (steps[0] === 'params' && steps[1] === FORM) return 2
  const isAsked = steps[0] === 'result' && steps[1] === 'inputRequests' && steps[3] === 'params' && steps[4] === FORM
  return isAsked ? 5 : undefined
}

const FORM = 'requestedSchema'
