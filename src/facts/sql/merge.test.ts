import { expect, it } from 'vitest'
import { NO_SQL, type SqlFacts } from '../facts.ts'
import { mergeSql } from './merge.ts'

it('no text at all is no facts, and one text is its own', () => {
  const [one] = setUp({ verbs: ['read'] })
  expect(mergeSql([])).toBe(NO_SQL)
  expect(mergeSql([NO_SQL])).toBe(NO_SQL)
  expect(mergeSql([NO_SQL, one])).toBe(one)
})

it('what any text does, the call does', () => {
  const merged = mergeSql(
    setUp(
      { verbs: ['read'], kinds: ['SelectStmt'], tables_read: ['b', 'a'], flags: ['explain'], functions: ['now'] },
      { verbs: ['write', 'read'], kinds: ['DeleteStmt'], tables_read: ['a'], tables_written: ['c'], flags: ['cursor'] },
    ),
  )
  expect(merged).toMatchObject({
    verbs: ['read', 'write'],
    kinds: ['DeleteStmt', 'SelectStmt'],
    tables_read: ['a', 'b'],
    tables_written: ['c'],
    flags: ['cursor', 'explain'],
    functions: ['now'],
  })
})

it('statements add up, and are not called several in one text for it', () => {
  expect(mergeSql(setUp({}, {}, {}))).toMatchObject({ statements: 3, flags: [] })
})

it('one text that cannot be read makes the call one that cannot be read, with its reason', () => {
  const merged = mergeSql(setUp({}, { parsed: false, error: 'the second' }, { parsed: false, error: 'the third' }))
  expect(merged).toMatchObject({ present: true, parsed: false, error: 'the second' })
})

it('the worst WHERE counts', () => {
  expect(mergeSql(setUp({ where: 'ok' }, { where: 'n/a' })).where).toBe('ok')
  expect(mergeSql(setUp({ where: 'weak' }, { where: 'tautology' }, { where: 'ok' })).where).toBe('tautology')
  expect(mergeSql(setUp({ where: 'tautology' }, { where: 'none' })).where).toBe('none')
})

it('a limit is there where all texts have one, and the largest counts', () => {
  expect(mergeSql(setUp({ has_limit: true, limit: 5 }, { has_limit: true, limit: 7 }))).toMatchObject({
    has_limit: true,
    limit: 7,
  })
  expect(mergeSql(setUp({ has_limit: true, limit: 5 }, {})).has_limit).toBe(false)
})

it('dialect and parser are those of the first text, fingerprints stand together or not at all', () => {
  const merged = mergeSql(setUp({ fingerprint: 'a' }, { dialect: 'mysql', parser: 'x', fingerprint: 'b' }))
  expect(merged).toMatchObject({ dialect: 'postgresql', parser: 'p@1', fingerprint: 'a b' })
  expect(mergeSql(setUp({ fingerprint: 'a' }, {})).fingerprint).toBe('')
})

function setUp(...texts: readonly [Partial<SqlFacts>, ...Partial<SqlFacts>[]]): [SqlFacts, ...SqlFacts[]] {
  const [first, ...more] = texts
  return [text(first), ...more.map(text)]
}

function text(facts: Partial<SqlFacts>): SqlFacts {
  return { ...NO_SQL, present: true, parsed: true, dialect: 'postgresql', parser: 'p@1', statements: 1, ...facts }
}
