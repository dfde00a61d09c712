import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isStoppedSql } from '../../../../test/vectors/stopped.ts'
import { isObject, parseJson } from '../../../base/json.ts'
import { SQL_BYTES_MAX, type SqlFacts } from '../../facts.ts'
import { TOKENS_MAX } from './lexer.ts'
import type { GenericDialect } from './lexicon.ts'
import { loadSqlReader } from './read-generic.ts'

const READERS = {
  mysql: await loadSqlReader('mysql'),
  mariadb: await loadSqlReader('mariadb'),
  sqlite: await loadSqlReader('sqlite'),
  tsql: await loadSqlReader('tsql'),
  bigquery: await loadSqlReader('bigquery'),
}

function read(dialect: GenericDialect, sql: string): SqlFacts {
  return READERS[dialect].read(sql)
}

interface Case {
  readonly id: string
  readonly expect: string
  readonly dialect: string
  readonly sql: string
}

function vectors(): Case[] {
  const file = parseJson(readFileSync(new URL('../../../../test/vectors/sql-guardrails.json', import.meta.url), 'utf8'))
  const cases = isObject(file) && Array.isArray(file['cases']) ? file['cases'] : []
  return cases
    .flatMap((one: unknown) => (isObject(one) ? [one as unknown as Case] : []))
    .filter(({ dialect }) => dialect in READERS)
}

describe('the vectors', () => {
  it.each(vectors())('$id, $expect: $sql', ({ dialect, expect: expected, sql }) => {
    const facts = read(dialect as GenericDialect, sql)
    expect(isStoppedSql(facts)).toBe(expected === 'dangerous')
  })
})

describe('tables, columns and functions', () => {
  it('tells what a query reads', () => {
    expect(read('mysql', 'SELECT a.X, count(*) FROM Db.T AS a JOIN u USING (id) WHERE a.y = 1 LIMIT 5')).toMatchObject({
      parsed: true,
      parser: '@polyglot-sql/sdk@0.12.1',
      statements: 1,
      kinds: ['select'],
      verbs: ['read'],
      tables_read: ['db.t', 'u'],
      columns_read: ['x', 'y'],
      functions: ['count'],
      has_limit: true,
      limit: 5,
      flags: [],
    })
  })

  it('knows a name of WITH from a table, and the table inside of its own definition', () => {
    expect(read('mysql', 'WITH x AS (SELECT * FROM t) SELECT * FROM x').tables_read).toEqual(['t'])
    expect(read('mysql', 'WITH users AS (SELECT * FROM users) SELECT * FROM users').tables_read).toEqual(['users'])
    expect(read('mysql', 'WITH users AS (SELECT 1) SELECT * FROM hr.users').tables_read).toEqual(['hr.users'])
  })

  it('tells which table an alias stands for that is written', () => {
    expect(read('tsql', 'DELETE u FROM users u WHERE u.id = 1').tables_written).toEqual(['users'])
    expect(read('tsql', 'UPDATE u SET u.a = 1 FROM dbo.users u WHERE u.id = 1').tables_written).toEqual(['dbo.users'])
    expect(read('mysql', 'UPDATE a JOIN b ON a.id = b.id SET a.x = 1 WHERE a.id = 2').tables_written).toEqual([
      'a',
      'b',
    ])
    expect(read('mysql', 'UPDATE LOW_PRIORITY users SET a = 1')).toMatchObject({
      tables_written: ['users'],
      columns_written: ['a'],
    })
    expect(read('tsql', 'SELECT * INTO x FROM users')).toMatchObject({ tables_read: ['users'], tables_written: ['x'] })
    expect(read('bigquery', 'DROP TABLE IF EXISTS `p.d.t`')).toMatchObject({
      tables_written: ['p.d.t'],
      flags: ['drop:table'],
    })
  })

  it('keeps names that need quotes', () => {
    expect(read('tsql', "SELECT * FROM [Bob's table (old)] WHERE a = 1").tables_read).toEqual(["bob's table (old)"])
  })
})

describe('how a change is bounded', () => {
  it.each([
    ['DELETE FROM t', 'none'],
    ['DELETE FROM t WHERE 1 = 1', 'tautology'],
    ['DELETE FROM t WHERE 1', 'tautology'],
    ['DELETE FROM t WHERE (NOT FALSE)', 'tautology'],
    ['DELETE FROM t WHERE id = ID', 'tautology'],
    ['DELETE FROM t WHERE a = 5 OR 2 > 1', 'tautology'],
    ['DELETE FROM t WHERE a = 5 OR b = 1 OR a <> 5', 'tautology'],
    ['DELETE FROM t WHERE a IS NULL OR a IS NOT NULL', 'tautology'],
    ['DELETE FROM t WHERE NOT (a = 1 AND a <> 1)', 'tautology'],
    ['DELETE FROM t WHERE a BETWEEN a AND a', 'tautology'],
    ['DELETE FROM t WHERE id IN (1, id)', 'tautology'],
    ['DELETE FROM t WHERE id IS NOT NULL', 'weak'],
    ["DELETE FROM t WHERE name LIKE '%'", 'weak'],
    ['DELETE FROM t WHERE EXISTS (SELECT 1 FROM u)', 'weak'],
    ['DELETE FROM t WHERE id IN (SELECT id FROM t)', 'weak'],
    ['DELETE FROM t WHERE id = 5', 'ok'],
    ['UPDATE t SET a = 1 WHERE id = 5 AND 1 = 1', 'ok'],
    ['UPDATE t SET a = 1', 'none'],
    ['INSERT INTO t (a) VALUES (1)', 'n/a'],
    ['SELECT * FROM t', 'n/a'],
  ] as const)('%s: %s', (sql, where) => {
    for (const dialect of ['mysql', 'sqlite'] as const) expect(read(dialect, sql).where).toBe(where)
  })

  it.each([
    ['mysql', 'SELECT * FROM t', true],
    ['mysql', 'SELECT * FROM t WHERE 1 = 1', true],
    ['mysql', 'WITH x AS (SELECT * FROM t) SELECT * FROM x', true],
    ['mysql', 'SELECT GROUP_CONCAT(a) FROM t', true],
    ['tsql', 'SELECT TOP 5 WITH TIES a FROM t ORDER BY a', true],
    ['mysql', 'SELECT * FROM t LIMIT 5', false],
    ['mysql', 'SELECT COUNT(*) FROM t', false],
    ['mysql', 'SELECT * FROM t WHERE id = 1', false],
    ['tsql', 'SELECT TOP (5) * FROM t', false],
    ['tsql', 'SELECT a FROM t ORDER BY a OFFSET 0 ROWS FETCH NEXT 5 ROWS ONLY', false],
    ['sqlite', 'SELECT 1', false],
  ] as const)('%s, unbounded read: %s: %s', (dialect, sql, isUnbounded) => {
    expect(read(dialect, sql).flags.includes('unbounded_read')).toBe(isUnbounded)
  })
})

describe('flags', () => {
  it.each([
    ['mysql', "SELECT * FROM t INTO OUTFILE '/x'", false, []],
    ['mysql', 'SELECT a FROM t WHERE a = 1 FOR UPDATE', true, ['row_lock']],
    ['mysql', 'SELECT user FROM mysql.user WHERE user = 1', true, ['sensitive_catalog']],
    ['mysql', 'TRUNCATE t', true, ['truncate']],
    ['mysql', 'SET GLOBAL general_log = 1', true, ['set:general_log']],
    ['mysql', 'EXPLAIN DELETE FROM t', true, ['explain']],
    ['mysql', 'EXPLAIN ANALYZE DELETE FROM t', true, ['explain_analyze']],
    ['mysql', "LOAD DATA INFILE '/x' INTO TABLE t", true, ['file_read']],
    ['sqlite', 'PRAGMA user_version = 5', true, ['pragma:user_version']],
    ['sqlite', "VACUUM INTO '/x'", true, ['file_write']],
    ['tsql', "EXEC('DROP TABLE t')", true, ['call_procedure', 'dynamic_sql']],
    ['tsql', 'SELECT 1\nGO\nDROP TABLE t', true, ['drop:table', 'multi_statement']],
    ['bigquery', "EXECUTE IMMEDIATE 'DROP TABLE d.t'", true, ['dynamic_sql']],
  ] as const)('%s: %s', (dialect, sql, parsed, flags) => {
    expect(read(dialect, sql)).toMatchObject({ parsed, flags })
  })
})

it('sees a second statement of T-SQL behind one that only sets', () => {
  expect(read('tsql', 'SET NOCOUNT ON DROP TABLE t').verbs).toEqual(['session', 'unknown'])
  expect(read('tsql', 'SET NOCOUNT ON').verbs).toEqual(['session'])
})

describe('hostile texts', () => {
  it.each([
    ['', 'no statement in the text'],
    ['-- x', 'no statement in the text'],
    [';;', 'no statement in the text'],
    ['SELECT 1\u0000', 'the text has a NUL character'],
    [`SELECT ${'('.repeat(50)}1${')'.repeat(50)}`, 'brackets are nested more than 40 deep'],
    [`SELECT 1${' + 1'.repeat(300)}`, 'more than 200 operators in a row'],
    [`SELECT 1${', 1'.repeat(TOKENS_MAX)}`, `more than ${TOKENS_MAX} words and signs`],
    [`SELECT '${'x'.repeat(SQL_BYTES_MAX)}'`, `the text is longer than ${SQL_BYTES_MAX} bytes`],
    ['DELIMITER //', 'a DELIMITER command'],
  ])('are refused with a reason: %.40s', (sql, error) => {
    expect(read('mysql', sql)).toMatchObject({ present: true, parsed: false, error, verbs: [] })
  })

  it('names no part of the text in a reason', () => {
    expect(read('mysql', "SELECT FROM WHERE 'hunter2'").error).not.toContain('hunter2')
  })

  const snippets = [
    'NOT ',
    'CASE WHEN a THEN ',
    'a AND ',
    '- ',
    'SELECT 1 UNION ALL ',
    'INTERVAL ',
    'a.',
    'a IN (',
    'f(',
    'WITH a AS (',
    'CASE ',
    'x IS NULL ',
  ]
  it.each(snippets)('neither throw nor last: 4 KiB of %s', (snippet) => {
    for (const dialect of ['mysql', 'sqlite', 'tsql', 'bigquery'] as const) {
      const start = performance.now()
      read(dialect, `SELECT ${snippet.repeat(4_096 / snippet.length)}`)
      // Ten times what was measured on a busy host; an exponential parser takes hours.
      expect(performance.now() - start).toBeLessThan(1_000)
    }
    expect(read('mysql', 'SELECT 1').parsed).toBe(true)
  })
})
