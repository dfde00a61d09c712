import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { NO_FACTS, type Facts } from '../../facts/facts.ts'
import { NO_CIRCUMSTANCES } from '../circumstances.ts'
import { compileCondition, contextOf, type ConditionContext } from './condition.ts'

/** Pieces of conditions, so that many of the random ones can be read. */
const PIECES = [
  'sql',
  'args',
  'identity',
  'call',
  'now',
  'shell',
  'v',
  'x',
  'verbs',
  'where',
  'present',
  'groups',
  'claims',
  'limit',
  '.',
  '.',
  '.',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  '?',
  '!',
  '-',
  '+',
  '*',
  '/',
  '%',
  '==',
  '!=',
  '<',
  '>=',
  '&&',
  '||',
  'in',
  '.exists(v, ',
  '.all(x, ',
  '.map(v, ',
  '.filter(x, ',
  'has(args.',
  'size(',
  '.re("a+")',
  'glob(',
  '.matches("(a+)+")',
  '.getHours()',
  '1',
  '2.5',
  '0x1f',
  '9223372036854775807',
  '"a"',
  "'b'",
  'r"\\d"',
  '"""c"""',
  'true',
  'null',
  '1u',
  'b"x"',
  '//',
  '\n',
  ' ',
  '#',
  '"',
]

const conditions = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join(' ')),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join('')),
)

/** Conditions that hold together, to reach the evaluation. */
const { condition: wellFormed } = fc.letrec<{ condition: string; value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      'args',
      'args.a',
      'args.b.c',
      'args["a"]',
      'sql.verbs',
      'sql.statements',
      '"a"',
      '1',
      '2.5',
      'null',
      '[1, 2]',
    ),
    fc.constantFrom(
      'identity.claims',
      'identity.claims.a',
      'identity.groups',
      'now',
      'address',
      'dyn(args)',
      'call.annotations',
    ),
    fc
      .tuple(tie('value'), fc.constantFrom('+', '-', '*', '/', '%'), tie('value'))
      .map(([a, op, b]) => `dyn(${a}) ${op} dyn(${b})`),
    tie('value').map((value) => `dyn(${value}).map(m, dyn(m))`),
    tie('value').map((value) => `dyn(${value}).size()`),
  ),
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      'sql.present',
      'has(args.a)',
      'dyn(args.a).re("a")',
      'glob(dyn(args.a), "a*")',
      'inCidr(dyn(args.a), "10.0.0.0/8")',
    ),
    fc
      .tuple(tie('value'), fc.constantFrom('==', '!=', '<', '>=', 'in'), tie('value'))
      .map(([a, op, b]) => `dyn(${a}) ${op} dyn(${b})`),
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([a, op, b]) => `(${a}) ${op} (${b})`),
    fc
      .tuple(tie('value'), fc.constantFrom('all', 'exists', 'exists_one'), tie('condition'))
      .map(([l, loop, c]) => `dyn(${l}).${loop}(n, ${c})`),
    tie('condition').map((condition) => `!(${condition})`),
  ),
}))

const args = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'constructor', '__proto__', 'x'), fc.jsonValue({ maxDepth: 3 }))
  .map((value): JsonObject =>
    Object.fromEntries(Object.entries(value).flatMap(([key, member]) => (isJson(member) ? [[key, member]] : []))),
  )

function isJson(value: unknown): value is JsonValue {
  return value !== undefined
}

const contexts = fc
  .record({
    args,
    claims: args,
    address: fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()),
    texts: fc.array(fc.string(), { maxLength: 5 }),
    n: fc.maxSafeInteger(),
  })
  .map((world) => contextWith(world))

function contextWith(world: {
  args: JsonObject
  claims: JsonObject
  address: string
  texts: string[]
  n: number
}): ConditionContext {
  const facts: Facts = { ...NO_FACTS, sql: { ...NO_FACTS.sql, present: true, statements: world.n, flags: world.texts } }
  return contextOf(
    {
      who: { subject: 'ada', groups: world.texts, claims: world.claims },
      groups: new Set(world.texts),
      connection: { name: 'db', labels: {} },
      about: { kind: 'tool', name: 'query' },
      circumstances: {
        ...NO_CIRCUMSTANCES,
        facts,
        args: world.args,
        address: world.address,
        atMs: Math.abs(world.n) % 4e12,
      },
    },
    'Europe/Berlin',
  )
}

const ANSWERS: readonly unknown[] = [true, false, 'error']

describe('whatever is written', () => {
  it('compiling never throws and is over soon', () => {
    fc.assert(
      fc.property(conditions, contexts, (source, context) => {
        const started = performance.now()
        const compiled = compileCondition(source)
        expect(
          compiled.kind === 'condition'
            ? ANSWERS.includes(compiled.condition.holds(context))
            : compiled.line >= 1 && compiled.column >= 1 && compiled.message !== '',
        ).toBe(true)
        expect(performance.now() - started).toBeLessThan(2_000)
      }),
      { numRuns: 3_000 },
    )
  })

  it('evaluating and explaining never throws, whatever the arguments are', () => {
    let compiledOnes = 0
    fc.assert(
      fc.property(wellFormed, contexts, (source, context) => {
        const compiled = compileCondition(source)
        if (compiled.kind === 'wrong') return
        compiledOnes += 1
        const value = compiled.condition.holds(context)
        expect(ANSWERS).toContain(value)
        expect(compiled.condition.explain(context).value).toBe(value)
      }),
      { numRuns: 2_000 },
    )
    expect(compiledOnes).toBeGreaterThan(1_000)
  })
})
