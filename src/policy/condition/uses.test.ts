import { describe, expect, it } from 'vitest'
import { compileCondition, type Condition } from './condition.ts'

function compiled(source: string): Condition {
  const result = compileCondition(source)
  if (result.kind === 'wrong') throw new Error(`${source}: ${result.message}`)
  return result.condition
}

describe('what a condition uses', () => {
  it('is known as far as it is written out', () => {
    const { uses } = compiled(
      'sql.verbs.exists(v, v == identity.claims["tenant"]) && has(args.limit) && args[call.tool] == 1',
    )
    expect([...uses].toSorted()).toEqual(
      [
        'sql',
        'sql.verbs',
        'identity',
        'identity.claims',
        'identity.claims.tenant',
        'args',
        'args.limit',
        'call',
        'call.tool',
      ].toSorted(),
    )
  })

  it('tells a claim by its name from all of the claims', () => {
    const { ends } = compiled('"tier" in identity.claims && identity.claims.tenant == "x" && sql.verbs.size() == 1')
    expect([...ends].toSorted()).toEqual(['identity.claims', 'identity.claims.tenant', 'sql.verbs'])
    expect([...compiled('has(identity.claims.tenant)').ends]).toEqual(['identity.claims.tenant'])
  })

  it.each([
    ['"sre" in identity.groups && inCidr(address, "10.0.0.0/8")', false],
    ['client.name == "x" && connection.labels.env == "prod"', false],
    ['call.tool.startsWith("get_") && call.connection == "a" && call["tool"] == "b"', false],
    ['call.resource == "" && call.prompt == ""', false],
    ['identity.amr.exists(a, a == call.tool)', false],
    ['true', false],
    ['call.method == "x"', true],
    ['call.annotations.readOnlyHint == true', true],
    ['args.limit > 1', true],
    ['sql.present', true],
    ['now.getHours() > 7', true],
    ['session.tainted', true],
    ['identity.email == args.email', true],
  ])('%s needs a call: %s', (source, expected) => {
    expect(compiled(source).needsCall).toBe(expected)
  })
})
