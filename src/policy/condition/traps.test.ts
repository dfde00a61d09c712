import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { NO_CIRCUMSTANCES } from '../circumstances.ts'
import { compileCondition, contextOf, type Condition, type ConditionContext } from './condition.ts'

function setUp({ args = {} }: { args?: JsonObject } = {}): ConditionContext {
  return contextOf(
    {
      who: { subject: 'ada', groups: [] },
      groups: new Set(),
      connection: { name: 'prod-db', labels: {} },
      about: { kind: 'tool', name: 'query' },
      circumstances: { ...NO_CIRCUMSTANCES, args },
    },
    'UTC',
  )
}

function compiled(source: string): Condition {
  const result = compileCondition(source)
  if (result.kind === 'wrong') throw new Error(`${source}: ${result.line}:${result.column} ${result.message}`)
  return result.condition
}

function holds(source: string, world?: { args: JsonObject }): boolean | 'error' {
  return compiled(source).holds(setUp(world))
}

function numbersTo(length: number): JsonValue[] {
  return Array.from({ length }, (_, i) => i)
}

describe('the traps of the engine', () => {
  it('a key that is missing is an error, unless it was asked for', () => {
    expect(holds('args.sql.contains("x")')).toBe('error')
    expect(holds('has(args.sql) && args.sql.contains("x")')).toBe(false)
    expect(holds('has(args.a.b)')).toBe('error')
  })

  it('an argument of another type is an error', () => {
    expect(holds('args.sql.contains("x")', { args: { sql: 5 } })).toBe('error')
    expect(holds('args.n > 3', { args: { n: 'many' } })).toBe('error')
  })

  it('an error is absorbed by what decides without it', () => {
    expect(holds('args.missing == 1 || true')).toBe(true)
    expect(holds('args.missing == 1 && false')).toBe(false)
    expect(holds('args.missing == 1 || false')).toBe('error')
  })

  it.each(['args.constructor == 1', 'args.__proto__ == 1', 'args["constructor"] == 1', 'args.toString == 1'])(
    'nothing of a prototype is reached: %s',
    (source) => {
      expect(holds(source)).toBe('error')
    },
  )

  it('has() finds nothing of a prototype', () => {
    expect(holds('has(args.__proto__) || has(args.constructor) || "toString" in args')).toBe(false)
    expect(holds('has(identity.claims.constructor) || "constructor" in connection.labels')).toBe(false)
  })

  it('a member that is called constructor or __proto__ is a member like any other', () => {
    const args: JsonObject = { constructor: 'Ferrari', ...JSON.parse('{"__proto__": {"x": 1}}'), n: 1 }
    expect(holds('args.constructor == "Ferrari" && args.n == 1', { args })).toBe(true)
    const own: JsonObject = JSON.parse('{"__proto__": {"admin": true}, "n": 1}')
    expect(holds('has(args.admin)', { args: own })).toBe(false)
    expect(holds('args.n == 1', { args: own })).toBe(true)
  })

  it('a hostile text for a pattern is no slower than others', () => {
    const started = performance.now()
    expect(holds('args.s.re("^(a+)+$")', { args: { s: `${'a'.repeat(50_000)}!` } })).toBe(false)
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('a text longer than 64 KiB is not searched', () => {
    expect(holds('args.s.re("a")', { args: { s: 'a'.repeat(64 * 1024) } })).toBe(true)
    expect(holds('args.s.re("a")', { args: { s: 'a'.repeat(64 * 1024 + 1) } })).toBe('error')
  })

  it('a list of more than a thousand members cannot be looked at, and all the rest can', () => {
    expect(holds('args.l.all(x, x >= 0)', { args: { l: numbersTo(1_000) } })).toBe(true)
    expect(holds('args.l.all(x, x >= 0)', { args: { l: numbersTo(1_001) } })).toBe('error')
    expect(holds('args.n == 1', { args: { l: numbersTo(100_000), n: 1 } })).toBe(true)
  })

  it.each([
    'args.l.all(x, args.l.all(y, x + y >= 0))',
    'args.l.exists(x, args.l.exists(y, x + y < 0)) || true',
    'args.l.exists(x, args.s.size() < 3)',
    'args.l.exists(x, args.s.contains("b"))',
    'args.l.map(x, args.l.map(y, args.l + args.l)).size() == 1000',
    'args.l.exists(x, args.s.re("b$"))',
    'args.l.exists(x, glob(args.s, "**b**c*d**e"))',
  ])('loops that grow with the arguments end in an error, soon: %s', (source) => {
    const args = { l: Array.from({ length: 1_000 }, (_, i) => i), s: 'a'.repeat(60_000) }
    const condition = compiled(source)
    const started = performance.now()
    expect(condition.holds(setUp({ args }))).toBe('error')
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('a condition that ran out of work does not tire the next one', () => {
    const context = setUp({ args: { l: Array.from({ length: 1_000 }, (_, i) => i) } })
    expect(compiled('args.l.all(x, args.l.all(y, x + y >= 0))').holds(context)).toBe('error')
    expect(compiled('args.l.all(x, x >= 0)').holds(context)).toBe(true)
  })

  it('arguments that are nested very deep are an error and no crash', () => {
    let deep: JsonValue = 1
    for (let i = 0; i < 5_000; i += 1) deep = [deep]
    expect(holds('args.d == 1', { args: { d: deep } })).toBe('error')
  })

  it('loops go over the keys of a map', () => {
    expect(holds('args.exists(k, k == "limit")', { args: { limit: 1 } })).toBe(true)
  })
})
