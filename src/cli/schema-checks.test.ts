import { expect, it } from 'vitest'
import { SchemaValidators } from './schema-checks.ts'

it('tells patterns of one schema apart', () => {
  const checks = new SchemaValidators().of({
    type: 'object',
    properties: { a: { pattern: '^a+$' }, b: { pattern: '^b+$' } },
  })
  expect(checks?.accepts('#', { a: 'aa', b: 'bb' })).toBe(true)
  expect(checks?.accepts('#', { a: 'aa', b: 'aa' })).toBe(false)
  expect(checks?.accepts('#/properties/b', 'bb')).toBe(true)
})
