import { describe, expect, it } from 'vitest'
import { findTexts } from './find-texts.ts'
import { compileInspection, type Inspection, type InspectionSource } from './inspection.ts'

describe('where a connection is read', () => {
  it.each([
    ['nothing where nothing says what it is', { labels: {} }, [], undefined],
    ['SQL by the label kind', { labels: { kind: 'postgres' } }, ['sql'], 'postgresql'],
    ['SQL of another dialect', { labels: { kind: 'MariaDB' } }, ['sql'], 'mariadb'],
    ['commands of a shell', { labels: { kind: 'shell' } }, ['shell'], undefined],
    [
      'a declared path beside the default',
      { labels: { kind: 'shell' }, inspect: { http: '$.args.url' } },
      ['http', 'shell'],
      undefined,
    ],
    [
      'a declared path instead of the default',
      { labels: { kind: 'shell' }, inspect: { shell: '$.args.run' } },
      ['shell'],
      undefined,
    ],
    ['SQL with its dialect', { labels: {}, dialect: 'mysql', inspect: { sql: '$.args.q' } }, ['sql'], 'mysql'],
  ] satisfies [string, InspectionSource, string[], string | undefined][])('is %s', (_, source, kinds, dialect) => {
    const compiled = compiledOf(source)
    expect(compiled.inspectors.map(({ kind }) => kind)).toEqual(kinds)
    expect(compiled.dialect).toBe(dialect)
  })

  it.each([
    ['SQL without a dialect', { labels: {}, inspect: { sql: '$.args.q' } }, 'which SQL is it?'],
    ['a dialect that nobody reads', { labels: {}, dialect: 'oracle' }, '"oracle" is no SQL dialect'],
    ['a kind that nobody reads', { labels: {}, inspect: { sqll: '$.args.q' } }, 'nothing reads "sqll"'],
    ['a path that leads nowhere', { labels: {}, inspect: { shell: 'args.command' } }, '"args.command" is no path'],
    ['a path to everything', { labels: {}, inspect: { shell: '$.args' } }, '"$.args" is no path'],
  ] satisfies [string, InspectionSource, string][])('is a mistake: %s', (_, source, message) => {
    expect(compileInspection(source)).toMatchObject({ kind: 'wrong', message: expect.stringContaining(message) })
  })
})

describe('texts in arguments', () => {
  const byName = compiledOf({ labels: { kind: 'postgres' } })
  const shell = compiledOf({ labels: { kind: 'shell' } })

  it.each([
    ['by name', { sql: 'A' }, ['A']],
    ['in whatever case', { SQL: 'A', 'Sql-Text': 'B' }, ['A', 'B']],
    ['at any depth', { options: [{ statement: 'A' }, { inner: { query: 'B' } }] }, ['A', 'B']],
    ['in lists', { statements: ['A', 'B'] }, ['A', 'B']],
    ['with what is no text among them', { statements: ['A', 7] }, ['A', undefined]],
    ['and not under other names', { table: 'users', limit: 5 }, []],
    [
      'and cannot be read where something else stands there',
      { query: { table: 'users' }, sql: 7 },
      [undefined, undefined],
    ],
    ['below a heading of that name', { query: { sql: 'A' }, queries: [{ sql: 'B' }, 'C'] }, ['A', 'B', 'C']],
    ['and not where there is nothing', { sql: null, statements: [] }, []],
  ])('are found %s', (_, args, texts) => {
    expect(findTexts(byName, args).map(({ text }) => text)).toEqual(texts)
  })

  it('of a command include the words beside it, each still one word', () => {
    const args = { command: 'git', args: ['commit', '-m', "it's; rm -rf /"] }
    expect(findTexts(shell, args).map(({ text }) => text)).toEqual([String.raw`git commit -m 'it'\''s; rm -rf /'`])
  })

  it('at a declared path are there even where they are no texts', () => {
    const inspection = compiledOf({ labels: {}, inspect: { shell: ['$.args.steps[*].run', '$.args.run'] } })
    const found = findTexts(inspection, { steps: [{ run: 'ls' }, { run: ['rm'] }, 'rm'], run: { cmd: 'rm' } })
    expect(found.map(({ text }) => text)).toEqual(['ls', 'rm', undefined, undefined])
  })

  it('are bounded in number, and what is beyond counts as unreadable', () => {
    const found = findTexts(byName, { statements: Array.from({ length: 500 }, () => 'SELECT 1') })
    expect(found).toHaveLength(200)
    expect(found.at(-1)?.text).toBeUndefined()
  })
})

function compiledOf(source: InspectionSource): Inspection {
  const compiled = compileInspection(source)
  if ('kind' in compiled) throw new Error(compiled.message)
  return compiled
}
