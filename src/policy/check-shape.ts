import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { nearest, suggest, type Mistake } from './mistake.ts'
import type { Path, YamlDocument } from './yaml-source.ts'

export type Schema = Readonly<Record<string, unknown>>

/** Words that belong to the language but not yet to this release: named as such, never ignored. */
export type Later = ReadonlySet<string>

export type Shaped<T> =
  | { readonly kind: 'shaped'; readonly value: T }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] }

export interface ShapeOptions {
  readonly later?: Later
  /** JSON Pointers of values whose line is not shown: somebody may have written the secret itself there. */
  readonly secret?: readonly string[]
}

/** Holds a document against a JSON Schema (2020-12); every mistake is reported, each once, where it stands. */
export function checkShape<T>(document: YamlDocument, schema: Schema, options: ShapeOptions = {}): Shaped<T> {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true })
  const validate = ajv.compile<T>(schema)
  const value: unknown = document.value
  if (validate(value)) return { kind: 'shaped', value }
  const found = (validate.errors ?? []).map((error) => toMistake(document, error, options))
  return { kind: 'mistakes', mistakes: onePerPlace(found) }
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
  const { later = new Set(), secret = [] } = options
  const path = pathOf(error.instancePath)
  if (secret.includes(error.instancePath)) return document.atSecret(path, 'this is not right', about(error))
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(document, path, error, later)
    case 'enum':
    case 'const':
      return wrongChoice(document, path, error, later)
    default:
      return document.at(path, sentence(error), quoteHint(error) ?? about(error))
  }
}

function sentence(error: ErrorObject): string {
  switch (error.keyword) {
    case 'required':
      return `"${param(error, 'missingProperty')}" is missing`
    case 'type':
      return `this must be ${typeWords(error)}`
    case 'minItems':
    case 'minLength':
      return 'this must not be empty'
    case 'minProperties':
      return Number(param(error, 'limit')) > 1 ? 'this has too few keys' : 'this must not be empty'
    case 'maxProperties':
      return 'this has too many keys'
    case 'pattern':
      return 'this is not in the right form'
    default:
      return `this ${error.message ?? 'is not right'}`
  }
}

function unknownKey(document: YamlDocument, path: Path, error: ErrorObject, later: Later): Mistake {
  const key = param(error, 'additionalProperty')
  const here = [...path, key]
  if (later.has(key)) return document.atKey(here, `"${key}" is not available yet`, 'leave it out')
  const known: unknown = error.parentSchema?.['properties']
  const names = typeof known === 'object' && known !== null ? Object.keys(known) : []
  return document.atKey(here, `unknown key "${key}"`, suggest(key, names))
}

function wrongChoice(document: YamlDocument, path: Path, error: ErrorObject, later: Later): Mistake {
  const given = String(error.data)
  if (later.has(given)) return document.at(path, `"${given}" is not available yet`)
  const allowed: unknown = error.params['allowedValues'] ?? [error.params['allowedValue']]
  const choices = Array.isArray(allowed) ? allowed.map(String) : []
  const near = nearest(given, choices)
  const hint = near === undefined ? about(error) : `did you mean "${near}"?`
  return document.at(path, `this must be ${choices.join(' or ')}`, hint)
}

/** The schema's own words for the value, written for the person who has to mend it. */
function about(error: ErrorObject): string | undefined {
  const description: unknown = error.parentSchema?.['description']
  return typeof description === 'string' ? description : undefined
}

function quoteHint(error: ErrorObject): string | undefined {
  const wanted: unknown = error.params['type']
  const given: unknown = error.data
  return wanted === 'string' && (typeof given === 'number' || typeof given === 'boolean')
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
