import { createSecretKey } from 'node:crypto'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import type { EntityName } from '../entities.ts'
import { MessageBook } from '../surrogates/message-book.ts'
import { scopeKeys } from '../surrogates/scope.ts'
import { ScopeBook } from '../surrogates/scope-book.ts'
import type { Action } from './actions.ts'
import { readForm } from './read-forms.ts'
import { type ReplacementFor, replacementFor } from './replacement.ts'
import type { SchemaChecks } from './schema-shape.ts'

describe('with a schema', () => {
  it.each<[string, JsonObject, string, RegExp, boolean]>([
    ['no constraint', { type: 'string' }, 'joe@example.com', /^sur_email_/, true],
    [
      'an e-mail address',
      { type: 'string', format: 'email' },
      'joe@example.com',
      /^s-[0-9a-z]{18}@mask\.invalid$/,
      true,
    ],
    [
      'a URI',
      { type: 'string', format: 'uri' },
      'https://example.com/joe',
      /^https:\/\/mask\.invalid\/[0-9a-z]{18}$/,
      true,
    ],
    ['a UUID', { type: 'string', format: 'uuid' }, '0b1d7c0e-7d9f-4b0e-8f0a-6a6a6a6a6a6a', /^5a11f0ca-/, true],
    ['a date', { type: 'string', format: 'date' }, '1980-03-12', /^1980-01-01$/, false],
    ['a date that is the first of its year', { type: 'string', format: 'date' }, '1980-01-01', /^1980-01-02$/, false],
    ['a time', { type: 'string', format: 'date-time' }, '1980-03-12T10:00:00Z', /^1980-01-01T00:00:00Z$/, false],
    ['an IPv4 address', { type: 'string', format: 'ipv4' }, '203.0.113.7', /^24\d\.|^25[0-4]\./, false],
    ['an IPv6 address', { type: 'string', format: 'ipv6' }, '2a00::1', /^2001:db8:/, false],
    ['a host', { type: 'string', format: 'hostname' }, 'joe.example.com', /^s-[0-9a-z]{18}\.mask\.invalid$/, true],
    ['room for the id alone', { type: 'string', maxLength: 20 }, 'joe@example.com', /^[0-9a-z]{18}$/, true],
    ['less room', { type: 'string', maxLength: 6 }, 'joe@ex', /^[0-9a-z]{6}$/, false],
    ['more room than a surrogate has', { type: 'string', minLength: 60 }, 'j'.repeat(60), /^[0-9a-z]{18}x{42}$/, true],
    ['a pattern of digits', { type: 'string', pattern: '^\\d{12}$' }, '123456789012', /^\d{12}$/, false],
    [
      'a long pattern',
      { type: 'string', pattern: '^[0-9A-F]{32}$' },
      '0123456789ABCDEF0123456789ABCDEF',
      /^[0-9A-F]{32}$/,
      true,
    ],
    [
      'a pattern of addresses',
      { type: 'string', pattern: '^[^@ ]+@[^@ ]+$' },
      'joe@example.com',
      /^s-[0-9a-z]{18}@mask\.invalid$/,
      true,
    ],
  ])('a text with %s becomes one that it accepts', (...[, value, text, form, restorable]) => {
    const { scope, ...request } = setUp({ entity: 'email', property: value, value: text })
    const put = replacementFor({ ...request, text })
    expect(put).toMatchObject({ kind: 'put', restorable })
    const written = put.kind === 'put' ? put.text : ''
    expect(written).toMatch(form)
    const isRead = readForm(written) !== undefined
    const isKept = scope.unsaved.rows.some(({ aliases }) => aliases.get(written) === text)
    expect(isRead || isKept).toBe(restorable)
  })

  it.each<[string, JsonObject, string]>([
    ['an address', { type: 'string', format: 'email' }, 'redacted@mask.invalid'],
    ['a URI', { type: 'string', format: 'uri' }, 'https://mask.invalid/redacted'],
    ['a UUID', { type: 'string', format: 'uuid' }, '00000000-0000-8000-8000-000000000000'],
    ['a date', { type: 'string', format: 'date' }, '1970-01-01'],
    ['an IPv4 address', { type: 'string', format: 'ipv4' }, '240.0.0.0'],
    ['room for little', { type: 'string', maxLength: 3 }, 'red'],
    ['a pattern', { type: 'string', pattern: '^\\d{3}-\\d\\d-\\d{4}$' }, '100-00-0000'],
  ])('what is hidden for good as %s says nothing, the year neither', (_, value, wanted) => {
    const text = wanted === '1970-01-01' ? '1980-03-12' : '078-05-1120'
    const request = setUp({ entity: 'us_ssn', action: 'redact', property: value, value: text, lenient: true })
    expect(replacementFor({ ...request, text })).toMatchObject({ text: wanted, restorable: false })
  })

  it.each<[string, JsonObject, JsonValue, 'literal' | 'string' | 'number']>([
    ['true or false', { type: 'boolean' }, true, 'literal'],
    ['one of some words', { enum: ['male', 'female'] }, 'male', 'string'],
    ['one word', { const: 'joe@example.com' }, 'joe@example.com', 'string'],
    ['one number', { type: 'integer', minimum: 7, maximum: 7 }, 7, 'number'],
    ['nothing else', { type: 'string', maxLength: 0 }, '', 'string'],
  ])(
    'where only %s may stand, the property is left out if that may be, and else nothing passes',
    (_, property, value, kind) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      const optional = setUp({ entity: 'person_name', kind, property, value })
      expect(replacementFor({ ...optional, text })).toEqual({ kind: 'drop' })
      const required = setUp({ entity: 'person_name', kind, property, value, required: ['v'] })
      expect(replacementFor({ ...required, text })).toEqual({ kind: 'impossible' })
    },
  )

  it('null stands where the schema allows it and the rule says so', () => {
    const property = { type: ['boolean', 'null'] }
    const request = setUp({ entity: 'gender', kind: 'literal', property, value: true, required: ['v'] })
    expect(replacementFor({ ...request, text: 'true', nulls: true })).toMatchObject({
      kind: 'put',
      text: 'null',
      isToken: true,
    })
    expect(replacementFor({ ...request, text: 'true' })).toEqual({ kind: 'impossible' })
  })

  it('a value inside of a text is hidden so that the whole text is still accepted', () => {
    const value = 'mailto:joe@example.com'
    const request = setUp({ entity: 'email', property: { type: 'string', pattern: '^mailto:[^@]+@[^@]+$' }, value })
    const put = replacementFor({ ...request, text: 'joe@example.com', around: { before: 'mailto:', after: '' } })
    expect(put.kind === 'put' ? put.text : '').toMatch(/^s-[0-9a-z]{18}@mask\.invalid$/)
    const time = '1980-03-12T10:00:00Z'
    const timed = setUp({ entity: 'date_of_birth', property: { type: 'string', format: 'date-time' }, value: time })
    const date = replacementFor({ ...timed, text: '1980-03-12', around: { before: '', after: 'T10:00:00Z' } })
    expect(date).toMatchObject({ text: '1980-01-01' })
  })

  it('a number keeps within the limits of every schema that speaks of it', () => {
    const property = { allOf: [{ type: 'number', minimum: 50 }, { maximum: 60 }], multipleOf: 2 }
    const put = replacementFor({ ...setUp({ entity: 'coordinates', kind: 'number', property, value: 54 }), text: '54' })
    expect(put).toMatchObject({ kind: 'put', restorable: false })
    expect([50, 52, 56, 58, 60]).toContain(Number(put.kind === 'put' ? put.text : 0))
  })

  it('a reference is followed inside of the document, the branch is the one that the value took', () => {
    const document: JsonObject = {
      type: 'object',
      properties: { v: { anyOf: [{ type: 'number' }, { $ref: '#/$defs/a~1b c' }] } },
      $defs: { 'a/b c': { $ref: '#mail' }, mail: { $anchor: 'mail', type: 'string', format: 'email' } },
    }
    const put = replacementFor({
      ...setUp({ entity: 'email', document, value: 'joe@example.com' }),
      text: 'joe@example.com',
    })
    expect(put.kind === 'put' ? put.text : '').toMatch(/@mask\.invalid$/)
  })

  it('a schema that refers to itself in a circle ends', () => {
    const document: JsonObject = {
      $ref: '#/$defs/a',
      $defs: { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { type: 'object' } },
    }
    const looped = {
      ...document,
      properties: { v: { anyOf: [{ $ref: '#/properties/v/anyOf/1' }, { type: 'string' }] } },
    }
    const put = replacementFor({
      ...setUp({ entity: 'email', document: looped, value: 'joe@example.com' }),
      text: 'joe@example.com',
    })
    expect(put).toMatchObject({ kind: 'put' })
  })

  it('a key that the object must have stays: nothing passes; one that it need not have gets another name that it accepts', () => {
    const steps = ['joe@example.com']
    const instance = { 'joe@example.com': 1 }
    const of = (document: JsonObject) =>
      replacementFor({ ...setUp({ entity: 'email', kind: 'key', document, instance, steps }), text: 'joe@example.com' })
    expect(of({ type: 'object', required: ['joe@example.com'] })).toEqual({ kind: 'impossible' })
    expect(of({ type: 'object', additionalProperties: { type: 'number' } })).toMatchObject({
      kind: 'put',
      restorable: true,
    })
    const shaped = of({ type: 'object', propertyNames: { pattern: '@' } })
    expect(shaped.kind === 'put' ? shaped.text : '').toMatch(/^s-[0-9a-z]{18}@mask\.invalid$/)
  })

  it('nothing is kept in the book for a value of which nothing comes back', () => {
    const { scope, ...request } = setUp({
      entity: 'date_of_birth',
      property: { type: 'string', format: 'date' },
      value: '1980-03-12',
    })
    replacementFor({ ...request, text: '1980-03-12' })
    expect(scope.size).toBe(0)
  })

  it('a value that breaks its schema itself is hidden like one without', () => {
    const request = setUp({ entity: 'email', property: { type: 'string', maxLength: 3 }, value: 'joe@example.com' })
    expect(replacementFor({ ...request, text: 'joe@example.com' })).toMatchObject({ kind: 'put', restorable: true })
  })
})

interface World {
  readonly entity?: EntityName
  readonly action?: Action
  readonly kind?: ReplacementFor['kind']
  /** Schema of the one property, `v`. */
  readonly property?: JsonObject
  readonly value?: JsonValue
  readonly required?: readonly string[]
  /** The value does not satisfy the schema, but is taken for one that does. */
  readonly lenient?: boolean
  readonly document?: JsonObject
  readonly instance?: JsonValue
  readonly steps?: readonly string[]
}

function setUp(world: World = {}) {
  const name = { tenant: 't', principal: 'p', client: 'c', group: 'g', purpose: 'test' }
  const root = { key: createSecretKey(new Uint8Array(32)), id: 'root' }
  const keys = scopeKeys(root, name, { epochMs: 0, salt: new Uint8Array(32) })
  const random = (bytes: number) => new Uint8Array(bytes).fill(scope.size * 7 + 1)
  const scope = new ScopeBook({ keys, hashKey: root.key, endsMs: 1, rowsMax: 100, random })
  const book = new MessageBook(scope, { upstream: 'u', tool: undefined, atMs: 0 })
  const { entity = 'email', action = 'surrogate', kind = 'string' } = world
  return { entity, action, kind, text: '', book, ordinal: 1, isClean: () => true, schema: schemaOf(world), scope }
}

function schemaOf({ property, document, value = '', instance = { v: value }, steps = ['v'], ...world }: World) {
  const whole = document ?? (property === undefined ? undefined : objectOf(property, world.required ?? []))
  if (whole === undefined) return undefined
  const checks = ajvChecks(whole)
  const isOriginal = (other: JsonValue) => JSON.stringify(other).includes(JSON.stringify(value))
  const accepts: SchemaChecks['accepts'] = (pointer, other) =>
    checks.accepts(pointer, other) || (world.lenient === true && isOriginal(other))
  return { document: whole, instance, steps, checks: { ...checks, accepts } }
}

function objectOf(property: JsonObject, required: readonly string[]): JsonObject {
  return { type: 'object', properties: { v: property }, required }
}

/** Sub-schemas are compiled where they stand, so that references inside of the document hold. */
function ajvChecks(document: JsonObject): SchemaChecks {
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  ajv.addSchema(document, 'doc')
  return {
    accepts: (pointer, value) => ajv.getSchema(pointer === '#' ? 'doc' : `doc${pointer}`)?.(value) === true,
    matches: (pattern, text) => new RegExp(pattern, 'u').test(text),
  }
}
