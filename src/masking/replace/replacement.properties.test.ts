import { createSecretKey } from 'node:crypto'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { ENTITY_NAMES, type EntityName } from '../entities.ts'
import { MessageBook } from '../surrogates/message-book.ts'
import { scopeKeys } from '../surrogates/scope.ts'
import { ScopeBook } from '../surrogates/scope-book.ts'
import type { Action } from './actions.ts'
import { readForm } from './read-forms.ts'
import { type Replacement, replacementFor } from './replacement.ts'

/** A schema and a value that satisfies it. */
interface Pair {
  readonly schema: JsonObject
  readonly value: JsonValue
  /** Schemas that the document must define. */
  readonly defs: Readonly<Record<string, JsonObject>>
}

const pair = (schema: JsonObject, value: JsonValue): Pair => ({ schema, value, defs: {} })
const of = (schema: JsonObject, values: fc.Arbitrary<JsonValue>) => values.map((value) => pair(schema, value))
const words = fc.string({ unit: 'grapheme', maxLength: 30 })

const texts = fc.oneof(
  of({ type: 'string' }, words),
  of({ type: 'string', format: 'email' }, fc.emailAddress()),
  of({ type: 'string', format: 'uri' }, fc.webUrl()),
  of({ type: 'string', format: 'uuid' }, fc.uuid()),
  of({ type: 'string', format: 'ipv4' }, fc.ipV4()),
  of(
    { type: 'string', format: 'ipv6' },
    fc.ipV6().filter((text) => !text.includes('.')),
  ),
  of(
    { type: 'string', format: 'date' },
    dates().map((text) => text.slice(0, 10)),
  ),
  of({ type: 'string', format: 'date-time' }, dates()),
  fc
    .record({ least: fc.nat(40), more: fc.nat(40), text: fc.string({ minLength: 80, maxLength: 80 }) })
    .map(({ least, more, text }) =>
      pair({ type: 'string', minLength: least, maxLength: least + more }, text.slice(0, least + more)),
    ),
  fc
    .constantFrom(
      '^\\d{3}-\\d{2}-\\d{4}$',
      '^[A-Z]{2}\\d{6}$',
      '^\\d{16}$',
      '^[a-z]{1,9}$',
      '^DE\\d{20}$',
      '^cus_[a-z0-9]{14}$',
      '^[0-9a-f]{40}$',
      '^.{3,40}$',
    )
    .chain((pattern) => of({ type: 'string', pattern }, fc.stringMatching(new RegExp(pattern)))),
  of({ enum: ['male', 'female', 'other'] }, fc.constantFrom('male', 'female', 'other')),
)

const bounded = (type: string, places: number) =>
  fc
    .record({
      minimum: fc.integer({ min: -180, max: 1e6 }),
      width: fc.nat(1e6),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ minimum, width, at }) => {
      const value = minimum + Math.min(width, Number((width * at).toFixed(places)))
      return pair({ type, minimum, maximum: minimum + width }, value)
    })

const numbers = fc.oneof(
  of({ type: 'integer' }, fc.maxSafeInteger()),
  of({ type: 'number' }, fc.double({ noDefaultInfinity: true, noNaN: true })),
  bounded('integer', 0),
  bounded('number', 6),
  of(
    { type: 'integer', multipleOf: 7 },
    fc.nat(1e6).map((times) => 7 * times),
  ),
  of({ const: 42 }, fc.constant(42)),
)

const leaves = fc.oneof(
  { weight: 4, arbitrary: texts },
  { weight: 3, arbitrary: numbers },
  of({ type: 'boolean' }, fc.boolean()),
)

/** Ways to say the same in another place. */
const wrapped = (inner: fc.Arbitrary<Pair>): fc.Arbitrary<Pair> =>
  fc.oneof(
    { weight: 4, arbitrary: inner },
    fc.tuple(inner, fc.string({ minLength: 1, maxLength: 8 })).map(([one, name]) => {
      const key = `k${name}`
      const pointer = encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))
      return { ...one, schema: { $ref: `#/$defs/${pointer}` }, defs: { ...one.defs, [key]: one.schema } }
    }),
    inner.map((one) => ({ ...one, schema: { allOf: [{}, one.schema] } })),
    inner.map((one) => ({ ...one, schema: { anyOf: [{ type: 'null' }, one.schema] } })),
    inner.map((one) => ({ ...one, schema: { oneOf: [{ type: 'array', items: false, minItems: 1 }, one.schema] } })),
    inner.map((one) => ({ ...one, schema: { if: { type: 'null' }, else: one.schema } })),
  )

const arrays = (inner: fc.Arbitrary<Pair>) =>
  fc.array(inner, { minLength: 1, maxLength: 3 }).map((all) => ({
    schema: { type: 'array', prefixItems: all.map(({ schema }) => schema), items: false },
    value: all.map(({ value }) => value),
    defs: Object.assign({}, ...all.map(({ defs }) => defs)) as Pair['defs'],
  }))

const objects = (inner: fc.Arbitrary<Pair>) =>
  fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'x-c', 'd/e', 'f~g', 'constructor'), inner, fc.boolean()), {
      minLength: 1,
      maxLength: 4,
    })
    .map((all) => {
      const members = [...new Map(all.map((one) => [one[0], one])).values()]
      const named = members.filter(([key]) => !key.startsWith('x-'))
      const patterned = members.filter(([key]) => key.startsWith('x-'))
      return {
        schema: {
          type: 'object',
          properties: Object.fromEntries(named.map(([key, { schema }]) => [key, schema])),
          patternProperties: Object.fromEntries(patterned.map(([, { schema }]) => ['^x-', schema])),
          additionalProperties: false,
          required: members.filter(([, , required]) => required).map(([key]) => key),
        },
        value: Object.fromEntries(members.map(([key, { value }]) => [key, value])),
        defs: Object.assign({}, ...members.map(([, { defs }]) => defs)) as Pair['defs'],
      }
    })

const trees = fc.letrec<{ tree: Pair }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    wrapped(leaves),
    wrapped(objects(tie('tree'))),
    wrapped(arrays(tie('tree'))),
  ),
})).tree

const actions = fc.constantFrom<Action>('redact', 'hash', 'surrogate', 'partial')

describe('a masked result', () => {
  it('still satisfies its schema, whatever that is, or nothing of it passes', () => {
    let passed = 0
    fc.assert(
      fc.property(objects(trees), actions, fc.constantFrom<EntityName>(...ENTITY_NAMES), (root, action, entity) => {
        const document = { ...root.schema, $defs: root.defs }
        const world = setUp(document)
        fc.pre(world.accepts(root.value))
        const masked = maskAll(root.value, (steps, value) =>
          world.replace({ steps, value, instance: root.value, action, entity }),
        )
        if (masked === IMPOSSIBLE) return
        passed += 1
        expect([masked, world.accepts(masked)]).toEqual([masked, true])
      }),
      { numRuns: 150 },
    )
    expect(passed).toBeGreaterThan(20)
  })

  it('has what comes back in the book, or in the text itself', () => {
    fc.assert(
      fc.property(leaves, fc.constantFrom<EntityName>('email', 'credit_card', 'iban', 'field'), (leaf, entity) => {
        const document = { type: 'object', properties: { a: leaf.schema } }
        const world = setUp(document)
        const put = world.replace({
          steps: ['a'],
          value: leaf.value,
          instance: { a: leaf.value },
          action: 'surrogate',
          entity,
        })
        if (put.kind !== 'put' || !put.restorable) return
        const [row] = world.scope.unsaved.rows
        const back = row?.aliases.get(put.text) ?? row?.aliases.get(put.text.replace(/\.?0+$/, ''))
        expect(
          readForm(put.text)?.id18 === row?.id ||
            back === (typeof leaf.value === 'string' ? leaf.value : JSON.stringify(leaf.value)),
        ).toBe(true)
      }),
      { numRuns: 150 },
    )
  })
})

const IMPOSSIBLE = Symbol('impossible')
const DROP = Symbol('drop')
type Masked = JsonValue | typeof IMPOSSIBLE | typeof DROP
type Steps = readonly (string | number)[]

function maskAll(
  value: JsonValue,
  replace: (steps: Steps, value: JsonValue) => Replacement,
  steps: Steps = [],
): Masked {
  if (Array.isArray(value)) {
    const list = value.map((one: JsonValue, i) => maskAll(one, replace, [...steps, i]))
    return list.some((one) => typeof one === 'symbol') ? IMPOSSIBLE : (list as JsonValue)
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, one]) => [key, maskAll(one ?? null, replace, [...steps, key])] as const,
    )
    if (members.some(([, one]) => one === IMPOSSIBLE)) return IMPOSSIBLE
    return Object.fromEntries(members.filter(([, one]) => one !== DROP)) as JsonValue
  }
  const put = replace(steps, value)
  if (put.kind === 'impossible') return IMPOSSIBLE
  if (put.kind === 'drop') return DROP
  return put.isToken ? (JSON.parse(put.text) as JsonValue) : put.text
}

interface Asked {
  readonly steps: Steps
  readonly value: JsonValue
  readonly instance: JsonValue
  readonly action: Action
  readonly entity: EntityName
}

function setUp(document: JsonObject) {
  const name = { tenant: 't', principal: 'p', client: 'c', group: 'g', purpose: 'test' }
  const root = { key: createSecretKey(new Uint8Array(32)), id: 'root' }
  const keys = scopeKeys(root, name, { epochMs: 0, salt: new Uint8Array(32) })
  const random = (bytes: number) => Uint8Array.from({ length: bytes }, (_, i) => (scope.size * 7919 + i * 104_729) >> 3)
  const scope = new ScopeBook({ keys, hashKey: root.key, endsMs: 1, rowsMax: 1000, random })
  const book = new MessageBook(scope, { upstream: 'u', tool: undefined, atMs: 0 })
  const ajv = new Ajv2020({ strict: false, validateFormats: true, formats: FORMATS })
  ajv.addSchema(document, 'doc')
  const accepts = (pointer: string, value: JsonValue) =>
    ajv.getSchema(pointer === '#' ? 'doc' : `doc${pointer}`)?.(value) === true
  const checks = { accepts, matches: (pattern: string, text: string) => new RegExp(pattern, 'u').test(text) }
  const replace = ({ steps, value, instance, action, entity }: Asked) => {
    const kind = typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : 'literal'
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    const schema = { document, instance, steps, checks }
    return replacementFor({ entity, action, kind, text, book, ordinal: 1, isClean: () => true, schema })
  }
  return { replace, scope, accepts: (value: Masked) => typeof value !== 'symbol' && accepts('#', value) }
}

function dates() {
  return fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString())
}

/** Written apart from the code under test, and stricter where the standards are. */
const FORMATS = {
  email: /^[^\s@]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i,
  uri: (text: string) => URL.canParse(text),
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  ipv4: /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.|$)){4}$/,
  ipv6: (text: string) => URL.canParse(`http://[${text}]/`),
  date: (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  'date-time': (text: string) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text)),
}
