import { isObject, type JsonObject, type JsonValue } from '../base/json.ts'
import type { Document } from './document.ts'
import type { SchemaChecks, SchemaOfValue } from './replace/schema-shape.ts'
import { pathAt } from './structure/leaves.ts'
import { partOf } from './still-fits.ts'

/** A person fills in no longer forms, and each field costs a validator. */
const FIELDS_MAX = 32

type ChecksOf = (schema: JsonObject) => SchemaChecks | undefined

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
  readonly #checksOf: ChecksOf
  readonly #forms = new Map<string, Form | undefined>()
  #message: JsonValue | undefined
  /** Fields that were asked about, each once. */
  readonly #fields = new Set<string>()

  private constructor(bytes: Uint8Array, checksOf: ChecksOf) {
    this.#bytes = bytes
    this.#checksOf = checksOf
  }

  /** Undefined where the message asks for none, as most do: of no value the path need be read. */
  static in({ structure, bytes }: Document, checksOf: ChecksOf | undefined): AskedForms | undefined {
    if (structure === undefined || checksOf === undefined) return undefined
    return ASKING.some((path) => pathAt(structure, path) >= 0) ? new AskedForms(bytes, checksOf) : undefined
  }

  /** What the form says of a value that is the default of one of its fields. */
  fieldAt(steps: readonly (string | number)[]): SchemaOfValue | undefined {
    const at = formSteps(steps)
    if (at === undefined) return undefined
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
    const checks = this.#checksOf(document)
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
const ASKING: readonly (readonly string[])[] = [
  ['params', FORM],
  ['result', 'inputRequests'],
]
