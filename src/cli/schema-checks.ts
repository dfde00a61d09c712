import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { RE2JS } from 're2js'
import { type JsonObject, type JsonValue, stringifyJson } from '../base/json.ts'
import type { SchemaChecks } from '../masking/replace/schema-shape.ts'

/** Characters of a schema that are compiled; one of a tool has some hundreds. */
const SCHEMA_CHARS_MAX = 262_144
/** Schemas of one gateway whose validators are kept. */
const SCHEMAS_KEPT_MAX = 2_000

/**
 * Validators of the schemas that servers give of their tools. Strangers wrote them, so their patterns run in a linear-time
 * engine, and what cannot be compiled accepts everything: the message is masked as if it had no schema.
 */
export class SchemaValidators {
  readonly #checks = new Map<string, SchemaChecks>()
  /** The same by the object that was listed, since this is asked with every reply; null where it is too long. */
  readonly #known = new WeakMap<JsonObject, SchemaChecks | null>()

  of(document: JsonObject): SchemaChecks | undefined {
    let checks = this.#known.get(document)
    if (checks === undefined) {
      checks = this.#byText(document) ?? null
      this.#known.set(document, checks)
    }
    return checks ?? undefined
  }

  #byText(document: JsonObject): SchemaChecks | undefined {
    const text = stringifyJson(document)
    if (text.length > SCHEMA_CHARS_MAX) return undefined
    const known = this.#checks.get(text)
    if (known !== undefined) return known
    if (this.#checks.size >= SCHEMAS_KEPT_MAX) this.#checks.clear()
    const made = new Checks(document)
    this.#checks.set(text, made)
    return made
  }
}

/** What is wrong with a schema, for whoever tries one out; a gateway would mask as if there were none. */
export function schemaMistake(document: JsonObject): string | undefined {
  const ajv = new Ajv2020({ strict: false, logger: false, validateFormats: false, code: { regExp: linearRegExp } })
  const { $id: _, $schema: __, ...schema } = document
  if (ajv.validateSchema(schema) === false) return ajv.errorsText(ajv.errors?.slice(0, 1), { dataVar: '#' })
  try {
    ajv.compile(schema)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : 'it cannot be compiled'
  }
}

const ROOT = 'sallyport:tool'

class Checks implements SchemaChecks {
  readonly #ajv: Ajv2020
  readonly #validators = new Map<string, ValidateFunction | undefined>()

  constructor(document: JsonObject) {
    this.#ajv = new Ajv2020({
      strict: false,
      logger: false,
      validateFormats: false,
      validateSchema: false,
      addUsedSchema: false,
      code: { regExp: linearRegExp },
    })
    const { $id: _, $schema: __, ...schema } = document
    try {
      this.#ajv.addSchema({ ...schema, $id: ROOT })
    } catch {
      // Whatever is asked of it, it then accepts.
    }
  }

  accepts(pointer: string, value: JsonValue): boolean {
    const validate = this.#validator(pointer)
    if (validate === undefined) return true
    try {
      const accepted: unknown = validate(value)
      return accepted === true
    } catch {
      return true
    }
  }

  matches(pattern: string, text: string): boolean {
    return linearRegExp(pattern).test(text)
  }

  #validator(pointer: string): ValidateFunction | undefined {
    if (this.#validators.has(pointer)) return this.#validators.get(pointer)
    let validate: ValidateFunction | undefined
    try {
      validate = this.#ajv.getSchema(`${ROOT}${pointer}`) ?? this.#ajv.compile({ $ref: `${ROOT}${pointer}` })
    } catch {
      validate = undefined
    }
    this.#validators.set(pointer, validate)
    return validate
  }
}

/** Patterns with look-around or back-references are not for this engine, and then fit everything. */
function linearRegExp(pattern: string): { readonly test: (text: string) => boolean; readonly toString: () => string } {
  // The validator takes patterns that are written alike for one and the same.
  const toString = (): string => pattern
  try {
    const compiled = RE2JS.compile(pattern)
    return { test: (text) => compiled.matcher(text).find(), toString }
  } catch {
    return { test: () => true, toString }
  }
}
linearRegExp.code = 'linearRegExp'
