import { describe, expect, it } from 'vitest'
import { lex } from './lexer.ts'
import { LEXICONS, type GenericDialect } from './lexicon.ts'

function textsOf(dialect: GenericDialect, sql: string): string[] | string {
  const lexed = lex(sql, LEXICONS[dialect])
  return lexed.kind === 'tokens' ? lexed.tokens.map(({ text }) => text) : lexed.reason
}

describe('a text is cut as the server cuts it', () => {
  it.each([
    ['mysql', `'a\\'b' "c""d"`, [`a\\'b`, `c""d`]],
    ['mysql', '`a``b` # c', ['a``b']],
    ['mysql', 'a--1', ['a', '-', '-', '1']],
    ['mysql', 'a -- 1', ['a']],
    ['mysql', 'a /* /* */ b', ['a', 'b']],
    ['sqlite', `'a\\' b`, ['a\\', 'b']],
    ['sqlite', '[a]] b', 'a sign that the dialect does not have'],
    ['sqlite', `"a""b" --x`, ['a""b']],
    ['tsql', '[a]]b] /* /* */ x */ c', ['a]]b', 'c']],
    ['tsql', '#temp @x @@y a#b', ['#temp', '@x', '@@y', 'a#b']],
    ['bigquery', `'''a'b''' r'\\' # x`, 'a quote is not closed'],
    ['bigquery', `'''a'b''' r'\\'' "x"`, [`a'b`, 'r', `\\'`, 'x']],
    ['bigquery', '[1][OFFSET(0)]', ['[', '1', ']', '[', 'OFFSET', '(', '0', ')', ']']],
  ] as const)('%s: %s', (dialect, sql, expected) => {
    expect(textsOf(dialect, sql)).toEqual(expected)
  })
})

describe('what a server may cut in another way is refused', () => {
  it.each([
    ['mysql', 'SELECT /*!50000 1 */', 'a comment that the server would run'],
    ['mariadb', 'SELECT /*M!100000 1 */', 'a comment that the server would run'],
    ['mysql', 'SELECT /*+ SET_VAR(x=1) */ 1', 'a hint that sets a variable'],
    ['mysql', `SELECT "a\\"b"`, 'a quote inside of double quotes'],
    ['mysql', `SELECT 'a`, 'a quote is not closed'],
    ['tsql', 'SELECT 1 /* /* */', 'a comment is not closed'],
    ['tsql', 'SELECT 1DROP TABLE t', 'a number runs into a name'],
    ['sqlite', `SELECT $a(')`, 'a variable runs into what follows'],
    ['sqlite', 'SELECT 1 # x', 'a sign that the dialect does not have'],
    ['tsql', 'SELECT {fn now()}', 'a sign that the dialect does not have'],
    ['mysql', 'SELECT (1', 'a bracket is not closed'],
    ['mysql', 'SELECT (1; 2)', 'brackets do not match'],
    ['mysql', 'SELECT 1)', 'brackets do not match'],
    ['mysql', 'SELECT\u00a01', 'white space of another script'],
  ] as const)('%s: %s', (dialect, sql, reason) => {
    expect(textsOf(dialect, sql)).toBe(reason)
  })

  it('runs a comment of MySQL only where it is no string', () => {
    expect(textsOf('mysql', `'/*! x */'`)).toEqual(['/*! x */'])
    expect(textsOf('sqlite', 'a /*! x */')).toEqual(['a'])
  })
})
