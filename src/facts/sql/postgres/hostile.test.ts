import { describe, expect, it } from 'vitest'
import { COMMANDS_MAX, DEPTH_MAX, SQL_BYTES_MAX, type SqlFacts } from '../../facts.ts'
import { loadPostgresReader } from './read-postgres.ts'

const reader = await loadPostgresReader()

/** Far above what any of these takes alone (most: under 30 ms), and far below what an attack would want. */
const TIME_MAX_MS = 1_000

describe('a text that is made to hurt is answered soon, and the next one is read', () => {
  it.each<[string, string, RegExp | '']>([
    ['10,000 parentheses', `SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)}`, /memory exhausted/],
    ['64 KiB of an opening parenthesis', '('.repeat(SQL_BYTES_MAX), /memory exhausted/],
    ['more than the limit', `SELECT '${'a'.repeat(SQL_BYTES_MAX)}'`, /longer than/],
    ['1,000 sub-selects', `${'SELECT ('.repeat(1_000)}SELECT 1${')'.repeat(1_000)}`, /statements are nested/],
    ['sub-selects in FROM', `${'SELECT * FROM ('.repeat(100)}SELECT 1${') x'.repeat(100)}`, /statements are nested/],
    [
      'names of WITH in each other',
      `${'WITH a AS ('.repeat(60)}SELECT 1${') SELECT 1'.repeat(60)}`,
      /statements are nested/,
    ],
    ['a sum of 30,000', `SELECT 1${'+1'.repeat(30_000)}`, /gave up|nested/],
    ['10,000 casts', `SELECT 1${'::int'.repeat(10_000)}`, /gave up|nested/],
    ['4,000 UNIONs', `SELECT 1${' UNION SELECT 1'.repeat(4_000)}`, /gave up|nested/],
    ['5,000 joins', `SELECT 1 FROM a${' CROSS JOIN b'.repeat(5_000)}`, /gave up|nested/],
    ['a nested comment', '/*'.repeat(30_000), /operator characters/],
    ['a nested comment with room', `${'/* '.repeat(10_000)}${'*/ '.repeat(10_000)}SELECT 1`, ''],
    ['a run of signs', `SELECT ${'+'.repeat(60_000)}1`, /operator characters/],
    ['a long list', `SELECT 1 FROM t WHERE a IN (1${',1'.repeat(32_000)})`, ''],
    ['60 KiB of rows', `INSERT INTO t VALUES (1)${',(1)'.repeat(15_000)}`, ''],
    ['6,000 conditions', `SELECT 1 FROM t WHERE a = 1${' AND a = 1'.repeat(6_000)}`, ''],
    ['6,000 conditions to choose from', `DELETE FROM t WHERE a = 1${' OR a = 2'.repeat(6_000)}`, ''],
    ['deep conditions', `DELETE FROM t WHERE ${'a = 1 OR (b = 2 AND ('.repeat(240)}c${'))'.repeat(240)}`, ''],
    ['7,000 statements', 'SELECT 1;'.repeat(7_000), /statements/],
    ['64 KiB of semicolons', ';'.repeat(SQL_BYTES_MAX), /no statement/],
    ['many columns set at once', `UPDATE t SET (${'a,'.repeat(9_000)}a) = (${'1,'.repeat(9_000)}1)`, /columns at once/],
    [
      'many columns set at once, of one row',
      `UPDATE t SET (${'a,'.repeat(20_000)}a) = (SELECT 1, 2, 3)`,
      /columns at once/,
    ],
    ['columns set in each other', twofold(30), /columns at once/],
    ['12,000 assignments in a block', `DO $$ DECLARE x int; BEGIN ${'x:=1;'.repeat(10_000)} END $$`, /texts inside/],
    ['many blocks', "DO 'BEGIN END';".repeat(1_500), /texts inside/],
    ['3,000 blocks in each other', `DO $$ ${'BEGIN '.repeat(3_000)}${'END; '.repeat(3_000)} $$`, /nested/],
  ])('%s', async (_, sql, error) => {
    const { facts, ms } = await readTimed(sql)
    expect(ms).toBeLessThan(TIME_MAX_MS)
    expect(facts.parsed).toBe(error === '')
    expect(facts.error).toMatch(error)
    await expectToReadOn()
  })

  it('texts that overflow the stack, one after the other: none of them poisons the parser for the next', async () => {
    for (let i = 0; i < 60; i += 1) {
      expect(reader.read(`SELECT 1${'+1'.repeat(30_000)}`).parsed).toBe(false)
      // The spare parser is made while nothing else is done.
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await expectToReadOn()
  }, 60_000)
})

/** The best of a few tries, since something else may have the processor. */
async function readTimed(sql: string, tries = 3): Promise<{ facts: SqlFacts; ms: number }> {
  const began = performance.now()
  const facts = reader.read(sql)
  const ms = performance.now() - began
  if (ms < TIME_MAX_MS || tries === 1) return { facts, ms }
  await expectToReadOn()
  return readTimed(sql, tries - 1)
}

/** After an accident a fresh parser takes over, which may take a moment. */
async function expectToReadOn(): Promise<void> {
  await expect.poll(() => reader.read('SELECT a FROM b').tables_read, { timeout: 10_000 }).toEqual(['b'])
}

/** Each level is written into the tree twice: 2 ** levels in all. */
function twofold(levels: number): string {
  const before = 'UPDATE t SET (a, b) = (WITH x AS ('.repeat(levels)
  return `${before}SELECT 1${' RETURNING 1) SELECT 1, 2)'.repeat(levels)}`
}

function ofBytes(bytes: number): string {
  return `SELECT '${'é'.repeat((bytes - 10) / 2)}' `
}

function ofDepth(depth: number): string {
  return `SELECT ${'(SELECT '.repeat(depth)}1${')'.repeat(depth)}`
}

describe('each limit is one that can be reached, and no more', () => {
  it('bytes', () => {
    expect(reader.read(ofBytes(SQL_BYTES_MAX)).parsed).toBe(true)
    expect(reader.read(ofBytes(SQL_BYTES_MAX + 2))).toMatchObject({
      parsed: false,
      error: expect.stringMatching(/longer/),
    })
  })

  it('statements', () => {
    expect(reader.read('SELECT 1;'.repeat(COMMANDS_MAX))).toMatchObject({ parsed: true, statements: COMMANDS_MAX })
    expect(reader.read('SELECT 1;'.repeat(COMMANDS_MAX + 1)).parsed).toBe(false)
  })

  it('depth of statements', () => {
    expect(reader.read(ofDepth(DEPTH_MAX)).parsed).toBe(true)
    expect(reader.read(ofDepth(DEPTH_MAX + 1)).parsed).toBe(false)
  })

  it('a chain of 200 terms is flat, or at least not deep', () => {
    for (const operator of [' AND a = ', ' OR a = ', ' + ', ' || ']) {
      expect(reader.read(`SELECT 1 FROM t WHERE a = 1${`${operator}1`.repeat(200)}`).parsed).toBe(true)
    }
  })
})

describe('a text is not parsed, whatever it says, with', () => {
  it.each([
    ['NUL', 'SELECT 1\0; DROP TABLE t'],
    ['a control character', 'SELECT 1 \u0008'],
    ['a lone CR, which ends a comment', 'SELECT 1 -- \rDROP TABLE t'],
    ['a zero-width space', "SELECT '\u200b'"],
    ['bidi marks', "SELECT '\u202e'"],
    ['half of a surrogate pair', "SELECT '\ud800'"],
  ])('%s', (_, sql) => {
    expect(reader.read(sql)).toMatchObject({ present: true, parsed: false, error: /^the text has / })
  })

  it('an error, of which the reason does not quote it', () => {
    const { error } = reader.read("SELECT 'a' 'made-up-secret'x FROM FROM 'made-up-secret'")
    expect(error).toBe('PostgreSQL cannot parse the text: syntax error')
    expect(reader.read('SELECT "made-up-secret').error).not.toContain('made-up')
    expect(reader.read("SELECT U&'\\made-up-secret'").error).not.toContain('made-up')
  })
})
