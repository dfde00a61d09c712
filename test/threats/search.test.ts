// Queries made to break out of the query, and an index that somebody has written into.
import { DatabaseSync } from 'node:sqlite'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Authorised, type Viewer } from '../../src/search/authorise.ts'
import { principalKey } from '../../src/search/document.ts'
import { parseQuery } from '../../src/search/parse.ts'
import { indexFolder } from '../../src/store/search/catalog.ts'
import { encodeColumn } from '../../src/store/search/columns.ts'
import { indexLog } from '../../src/store/search/index-log.ts'
import { LiveIndex } from '../../src/store/search/live-index.ts'
import { ISSUER, type SearchableLog, searchableLog } from '../support/searchable-log.ts'

const DAY = Date.UTC(2027, 0, 1) * 1000
const ALICE: Viewer = { sees: 'some', principal: principalKey(ISSUER, 'alice'), connections: [] }
const WANT = { count: true, facets: ['who'], histogram: 'hour' } as const

let world: SearchableLog
beforeAll(async () => {
  world = await searchableLog(
    Array.from({ length: 60 }, (_, i) => ({
      time: DAY + i * 1e6,
      who: i % 2 === 0 ? 'alice' : 'mallory',
      request: `{"say":"hello ${i}"}`,
    })),
  )
  await indexLog(world.folder, () => undefined)
})
afterAll(() => world[Symbol.asyncDispose]())

describe('no text', () => {
  it.each([
    '" OR 1=1 --',
    'x") OR m:(all',
    't : a OR m : all',
    'm:all',
    '{t m} : all',
    '^hello',
    'NEAR(hello mallory, 5)',
    "who:alice' OR '1'='1",
    'who:"alice\' OR 1=1 --"',
    'who:"[\\"mallory\\"]"',
    'who:="https://login.example.com mallory"',
    'session:"%"',
    'tool:"*"',
    '-who:alice',
    '/.*/',
    '-/nothing/',
    '/mallory/ OR who:mallory',
    '-(/hello/ who:alice)',
    '-(-(-who:alice))',
    'who:mallory OR *',
    'a"b',
    'hello\u0000mallory',
    '🙂',
  ])('lets its author see what is not theirs: %s', async (text) => {
    expect(await whoIsSeen(text)).toEqual([])
  })

  it('of chance, with everything that FTS5 and SQL take for their own', async () => {
    using live = new LiveIndex({ dataFolder: world.folder })
    const unit = fc.constantFrom(
      '"',
      "'",
      '(',
      ')',
      '*',
      '^',
      ':',
      '-',
      '+',
      '{',
      '}',
      ';',
      '--',
      'NEAR',
      'AND',
      'OR',
      'NOT',
      'all',
      'm',
      't',
      'hello',
      'mallory',
      'who:',
      'ip:',
      'seq:',
      ' ',
      '\\',
      '%',
      '_',
      '\u0000',
      '..',
      '9',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(unit, { maxLength: 14 }), async (units) => {
        expect(await whoIsSeen(units.join(''), live)).toEqual([])
      }),
      { numRuns: 400 },
    )
  })
})

describe('an index that somebody has written into', () => {
  it('cannot show a record to whom it is not for, nor one that does not fit', async () => {
    using live = new LiveIndex({ dataFolder: world.folder })
    alter((database) =>
      database.exec(
        "UPDATE dict SET value = replace(value, 'mallory', 'alice') || ' ' WHERE aspect = 0 AND value LIKE '%mallory%'",
      ),
    )
    const { hits } = await live.answer({
      authorised: authorised('hello', ALICE),
      limit: 100,
      want: WANT,
      budgetMs: 60_000,
    })
    const shown = hits.flatMap((hit) => (hit.kind === 'record' ? [hit.record.envelope['actor']] : []))
    expect(shown.length).toBe(30)
    expect(JSON.stringify(shown)).not.toContain('mallory')
    expect(hits.filter(({ kind }) => kind === 'disagrees')).toHaveLength(30)
  })

  it('that names records that are not there says so', async () => {
    alter((database) =>
      database.exec("INSERT INTO ft (rowid, t, m) VALUES (40, 'invented', 'all'), (9000, 'invented', 'all')"),
    )
    using live = new LiveIndex({ dataFolder: world.folder })
    const { hits } = await live.answer({
      authorised: authorised('invented', { sees: 'all' }),
      limit: 100,
      want: WANT,
      budgetMs: 60_000,
    })
    expect(hits).toEqual([{ kind: 'disagrees', seq: 39, why: 'does_not_fit' }])
  })

  it('and whose columns are not what was ever written, is named in the answer, with what else there is', async () => {
    const [file = ''] = readdirSync(indexFolder(world.folder)).filter((name) => name.startsWith('1-'))
    alter((database) => {
      database.exec('CREATE TABLE kept AS SELECT * FROM cell; UPDATE cell SET data = substr(data, 1, 20)')
    })
    using live = new LiveIndex({ dataFolder: world.folder })
    const wish = { authorised: authorised('hello', ALICE), limit: 100, want: WANT, budgetMs: 60_000 }
    const { found, hits } = await live.answer(wish)
    expect(found).toMatchObject({ broken: [file], count: { exact: false }, histogramExact: false })
    expect(found.facets[0]?.exact).toBe(false)
    expect(hits.length).toBeGreaterThan(0)
    alter((database) => {
      database.exec('INSERT OR REPLACE INTO cell SELECT * FROM kept; DROP TABLE kept')
    })
    expect((await live.answer(wish)).found).toMatchObject({ broken: [], count: { exact: true } })
  })

  it('with numbers that no dictionary has, counts nobody by them', async () => {
    alter((database) => {
      const actors = 'UPDATE cell SET data = ? WHERE key / 4294967296 = 3'
      database.prepare(actors).run(encodeColumn([1e9, 1e9]))
    })
    using live = new LiveIndex({ dataFolder: world.folder })
    const wish = { authorised: authorised('hello', { sees: 'all' }), limit: 100, want: WANT, budgetMs: 60_000 }
    const { found } = await live.answer(wish)
    expect(found.facets).toEqual([{ field: 'who', values: [], of: found.count?.n, exact: true }])
  })

  it('and broken it, is named in the answer', async () => {
    const [file = ''] = readdirSync(indexFolder(world.folder)).filter((name) => name.startsWith('1-'))
    for (const ending of ['-wal', '-shm']) rmSync(join(indexFolder(world.folder), `${file}${ending}`), { force: true })
    writeFileSync(join(indexFolder(world.folder), file), 'this is no database, whatever its name says')
    using live = new LiveIndex({ dataFolder: world.folder })
    const { found } = await live.answer({
      authorised: authorised('hello', { sees: 'all' }),
      limit: 100,
      want: WANT,
      budgetMs: 60_000,
    })
    expect(found.broken).toEqual([file])
  })
})

/** Others than the one who asks, in hits, counts and facets. */
async function whoIsSeen(text: string, open?: LiveIndex): Promise<readonly string[]> {
  const parsed = parseQuery(text, { now: DAY, zone: 'UTC' })
  if (parsed.kind === 'mistakes') return []
  using own = new LiveIndex({ dataFolder: world.folder })
  const wish = { authorised: Authorised.of(parsed.query, ALICE), limit: 100, want: WANT, budgetMs: 60_000 }
  const { hits, found } = await (open ?? own).answer(wish)
  const actors = hits.map((hit) =>
    hit.kind === 'record' ? JSON.stringify(hit.record.envelope['actor']) : `#${hit.seq}`,
  )
  const names = found.facets.flatMap(({ values }) => values.map(({ value }) => value))
  const tooMany = (found.count?.n ?? 0) > 30 ? ['more than there are'] : []
  return [
    ...actors.filter((actor) => !actor.includes('"sub":"alice"')),
    ...names.filter((who) => !who.startsWith('alice')),
    ...tooMany,
  ]
}

function alter(work: (database: DatabaseSync) => void): void {
  for (const file of readdirSync(indexFolder(world.folder)).filter((name) => /^1-.*\.db$/.test(name))) {
    using database = new DatabaseSync(join(indexFolder(world.folder), file))
    work(database)
  }
}

function authorised(text: string, viewer: Viewer): Authorised {
  const parsed = parseQuery(text, { now: DAY, zone: 'UTC' })
  if (parsed.kind === 'mistakes') throw new Error(JSON.stringify(parsed.mistakes))
  return Authorised.of(parsed.query, viewer)
}
