import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { isObject } from '../base/json.ts'
import { nearest, suggest, type Mistake } from './mistake.ts'
import type { Path, YamlDocument } from './yaml-source.ts'

export type Schema = Readonly<Record<string, unknown>>

export type Shaped<T> =
  | { readonly kind: 'shaped'; readonly value: T }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] }

export interface ShapeOptions {
  /** JSON Pointers of values whose line is not shown: somebody may have written the secret itself there. `*`: any item or member. */
  readonly secret?: readonly string[]
}

/**
 * A JSON Schema (2020-12) that documents are held against; every mistake is reported, each once, where it stands. It is compiled
 * when the first document comes, which takes tens of milliseconds: whoever checks several keeps it.
 */
export class Shape<T> {
  readonly #schema: Schema
  #validate: ValidateFunction<T> | undefined

  constructor(schema: Schema) {
    this.#schema = schema
  }

  check(document: YamlDocument, options: ShapeOptions = {}): Shaped<T> {
    const validate = (this.#validate ??= compile<T>(this.#schema))
    const value: unknown = document.value
    if (validate(value)) return { kind: 'shaped', value }
    const errors = validate.errors ?? []
    const found = errors.filter((error) => !isSaidBy(error, errors)).map((error) => toMistake(document, error, options))
    return { kind: 'mistakes', mistakes: onePerPlace(found) }
  }
}

/**
 * A command checks a few files and ends: that a schema is one is for the tests, and code that is made smaller takes longer to
 * make than to run.
 */
const QUICK = { meta: false, validateSchema: false, code: { optimize: false } }

function compile<T>(schema: Schema): ValidateFunction<T> {
  return new Ajv2020({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true, ...QUICK }).compile<T>(
    schema,
  )
}

/** Of a misspelt key it is said that nobody knows it; that the right one is missing, too, is the same mistake. */
function isSaidBy(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  if (error.keyword === 'propertyNames') return true
  if (error.keyword !== 'required') return false
  const missing = param(error, 'missingProperty')
  return all.some(
    (other) =>
      other.keyword === 'additionalProperties' &&
      other.instancePath === error.instancePath &&
      nearest(param(other, 'additionalProperty'), knownKeys(other)) === missing,
  )
}

/** Where one value breaks two keywords, the first sentence is enough. */
function onePerPlace(found: readonly Mistake[]): Mistake[] {
  const seen = new Map<string, Mistake>()
  for (const mistake of found) {
    const place = `${mistake.line}:${mistake.column}`
    if (!seen.has(place)) seen.set(place, mistake)
  }
  return [...seen.values()]
}

function toMistake(document: YamlDocument, error: ErrorObject, options: ShapeOptions): Mistake {
  const { secret = [] } = options
  const path = pathOf(error.instancePath)
  if (secret.some((one) => isPlace(one, error.instancePath)))
    return document.atSecret(path, 'this is not right', about(error))
  if (error.propertyName !== undefined)
    return document.atKey([...path, error.propertyName], `"${error.propertyName}" is no name here`, about(error))
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(document, path, error)
    case 'enum':
    case 'const':
      return wrongChoice(document, path, error)
    case 'required':
      return document.at(path, sentence(error), aboutMissing(error) ?? about(error))
    default:
      return document.at(path, sentence(error), quoteHint(error) ?? about(error))
  }
}

function isPlace(place: string, pointer: string): boolean {
  const parts = pointer.split('/')
  const wanted = place.split('/')
  return parts.length === wanted.length && wanted.every((part, i) => part === '*' || part === parts[i])
}

function sentence(error: ErrorObject): string {
  const { keyword } = error
  return SENTENCES[keyword]?.(error) ?? `this ${error.message ?? 'is not right'}`
}

const SENTENCES: Readonly<Record<string, (error: ErrorObject) => string>> = {
  required: (error) => `"${param(error, 'missingProperty')}" is missing`,
  type: (error) => `this must be ${typeWords(error)}`,
  minItems: () => EMPTY,
  minLength: () => EMPTY,
  minProperties: (error) => (Number(param(error, 'limit')) > 1 ? 'this has too few keys' : EMPTY),
  maxProperties: () => 'this has too many keys',
  pattern: () => 'this is not in the right form',
  uniqueItems: () => 'this names something twice',
  minimum: (error) => `this must be ${param(error, 'limit')} or more`,
  maximum: (error) => `this must be ${param(error, 'limit')} or less`,
  maxLength: (error) => `this must not be longer than ${param(error, 'limit')} characters`,
  maxItems: (error) => `this must not have more than ${param(error, 'limit')} members`,
}
const EMPTY = 'this must not be empty'

function unknownKey(document: YamlDocument, path: Path, error: ErrorObject): Mistake {
  const key = param(error, 'additionalProperty')
  return document.atKey([...path, key], `unknown key "${key}"`, suggest(key, knownKeys(error)))
}

function knownKeys({ parentSchema }: ErrorObject): string[] {
  const known: unknown = parentSchema?.['properties']
  return isObject(known) ? Object.keys(known) : []
}

function wrongChoice(document: YamlDocument, path: Path, error: ErrorObject): Mistake {
  const given = String(error.data)
  const allowed: unknown = error.params['allowedValues'] ?? [error.params['allowedValue']]
  const choices = Array.isArray(allowed) ? allowed.map(String) : []
  const near = error.keyword === 'const' ? undefined : nearest(given, choices)
  const hint = near === undefined ? about(error) : `did you mean "${near}"?`
  return document.at(path, `this must be ${choices.join(' or ')}`, hint)
}

/** The schema's own words for the value, written for the person who has to mend it. */
function about(error: ErrorObject): string | undefined {
  const description: unknown = error.parentSchema?.['description']
  return typeof description === 'string' ? description : undefined
}

/** Beside text, a number can have been meant to be one of these. */
const OTHERS = new Set<unknown>(['integer', 'object'])

/** What belongs where a key is missing. */
function aboutMissing(error: ErrorObject): string | undefined {
  const known: unknown = error.parentSchema?.['properties']
  const missing = isObject(known) ? known[param(error, 'missingProperty')] : undefined
  const description = isObject(missing) ? missing['description'] : undefined
  return typeof description === 'string' ? description : undefined
}

function quoteHint(error: ErrorObject): string | undefined {
  const wanted: unknown = error.params['type']
  const given: unknown = error.data
  const isText =
    wanted === 'string' ||
    (Array.isArray(wanted) && wanted.includes('string') && !wanted.some((type) => OTHERS.has(type)))
  return isText && (typeof given === 'number' || typeof given === 'boolean')
    ? `put it in quotes: "${given}"`
    : undefined
}

function typeWords(error: ErrorObject): string {
  const wanted: unknown = error.params['type']
  const types = Array.isArray(wanted) ? wanted.map(String) : [String(wanted)]
  return types.map((type) => TYPE_WORDS[type] ?? type).join(' or ')
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map of keys and values',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
}

function param(error: ErrorObject, name: string): string {
  return String(error.params[name])
}

function pathOf(pointer: string): Path {
  if (pointer === '') return []
  const parts = pointer.slice(1).split('/')
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')))
}
