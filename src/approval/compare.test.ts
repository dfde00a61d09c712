import { expect, it } from 'vitest'
import { differences } from './compare.ts'

it('names the places where two values differ', () => {
  const before = { sql: 'SELECT 1', rows: [1, 2], 'a/b': { c: true }, gone: null }
  const after = { sql: 'DELETE', rows: [1, 2, 3], 'a/b': { c: false } }
  expect(differences(before, after)).toEqual([
    { path: '/sql', before: 'SELECT 1', after: 'DELETE' },
    { path: '/rows/2', before: undefined, after: 3 },
    { path: '/a~1b/c', before: true, after: false },
    { path: '/gone', before: null, after: undefined },
  ])
})

it('finds nothing between equal values, whatever the order of their keys', () => {
  expect(differences({ a: [{}], b: null }, { b: null, a: [{}] })).toEqual([])
})

it('takes another kind of value as one difference', () => {
  expect(differences({ a: [1] }, { a: { 0: 1 } })).toEqual([{ path: '/a', before: [1], after: { 0: 1 } }])
})

it('stops where two values have little in common', () => {
  const before = Array.from({ length: 5_000 }, () => 1)
  const after = Array.from({ length: 5_000 }, () => 2)
  expect(differences(before, after)).toHaveLength(200)
})
