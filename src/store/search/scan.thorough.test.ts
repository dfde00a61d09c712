import { expect, it } from 'vitest'
import { ISSUER, type Made, type SearchableLog, searchableLog } from '../../../test/support/searchable-log.ts'
import { Authorised, type Viewer } from '../../search/authorise.ts'
import { principalKey } from '../../search/document.ts'
import { parseQuery } from '../../search/parse.ts'
import type { Found } from '../../search/result.ts'
import type { SearchWish } from './answering.ts'
import { documentsFrom, openRecords } from './documents.ts'
import { indexLog } from './index-log.ts'
import { LiveIndex } from './live-index.ts'
import { openDownwards } from './open-downwards.ts'
import { SearchIndex } from './search-index.ts'

const DAY = Date.UTC(2027, 0, 1) * 1000
const NOTHING = { count: false, facets: [], histogram: undefined } as const
const COUNTED = { count: true, facets: ['who', 'session'], histogram: 'hour' } as const
const ALL: Viewer = { sees: 'all' }
const ALICE: Viewer = { sees: 'some', principal: principalKey(ISSUER, 'alice'), connections: ['github'] }

it.each([
  ['with all of it indexed', 120, 0],
  ['with half of it indexed', 60, 60],
  ['without an index', 0, 120],
])('pages that end for want of time come to all hits together, none twice: %s', async (_, indexed, rest) => {
  await using world = await searchableLog(made(0, indexed))
  if (indexed > 0) await indexLog(world.folder, () => undefined)
  await world.write(made(indexed, rest))
  const pages = await allPages(world, { text: '/note \\d*7\\b/', limit: 5, budgetMs: 0 })
  expect(pages.flatMap(({ hits }) => hits)).toEqual(seqsOf((i) => i % 10 === 7))
  // Without any time each page looks at one record, and most find nothing.
  expect(pages.length).toBeGreaterThanOrEqual(120)
  for (const { looked } of pages.slice(0, -1)) expect(looked).toMatchObject({ all: false })
  expect(pages[0]?.looked?.of).toBeGreaterThanOrEqual(120)
  expect(pages.at(-1)).toMatchObject({ next: undefined, looked: { all: true } })
})

it('with time enough, a page that is full goes on where it ended', async () => {
  await using world = await searchableLog(made(0, 120))
  await indexLog(world.folder, () => undefined)
  const pages = await allPages(world, { text: '/note \\d*7\\b/ who:bob', limit: 5, budgetMs: 60_000 })
  expect(pages.map(({ hits }) => hits.length)).toEqual([5, 5, 2])
  expect(pages.flatMap(({ hits }) => hits)).toEqual(seqsOf((i) => i % 10 === 7))
  // Only what the rest of the query allows is opened.
  expect(pages.reduce((sum, { looked }) => sum + (looked?.at ?? 0), 0)).toBeLessThan(80)
})

it('what was not counted for want of time is said', async () => {
  await using world = await searchableLog(made(0, 120))
  await indexLog(world.folder, () => undefined)
  const whole = await found(world, { text: '/note/', want: COUNTED })
  expect(whole).toMatchObject({ count: { n: 120, exact: true }, histogramExact: true, looked: { at: 51, all: true } })
  expect(whole.facets.map(({ of, exact }) => [of, exact])).toEqual([
    [120, true],
    [120, true],
  ])
  const part = await found(world, { text: '/note/', want: COUNTED, countMs: 0 })
  expect(part).toMatchObject({ count: { n: 1, exact: false }, histogramExact: false })
  expect(part.hits).toHaveLength(50)
  expect(part.facets[0]).toMatchObject({ of: 1, exact: false })
  const later = await found(world, { text: '/note/', want: COUNTED, before: whole.next })
  expect(later.count).toEqual({ n: 120, exact: true })
  expect(later.hits).toHaveLength(50)
})

it.each(['/note/', '-/nowhere/', '/note/ OR who:bob', 'NOT (/nowhere/ OR who:alice)', '-(-/note/)'])(
  'nobody is told of what they may not see: %s',
  async (text) => {
    await using world = await searchableLog(made(0, 40))
    await indexLog(world.folder, () => undefined)
    await world.write(made(40, 40))
    const { count, facets, hits, looked } = await found(world, { text, by: ALICE, want: COUNTED })
    const mine = text.startsWith('NOT') ? 0 : 40
    expect([hits.length, count, looked?.at]).toEqual([mine, { n: mine, exact: true }, expect.any(Number)])
    expect(looked?.at).toBeLessThanOrEqual(40)
    expect(facets[0]?.values).toEqual(
      mine === 0
        ? []
        : [
            { value: 'alice', n: mine },
            { value: 'alice@Example.com', n: mine },
          ],
    )
  },
)

it('needs no words in the index, also where words are asked for as well', async () => {
  await using world = await searchableLog(made(0, 40))
  await indexLog(world.folder, () => undefined, { words: false })
  expect(await found(world, { text: '/note \\d*7\\b/ common -rare', want: COUNTED })).toMatchObject({
    count: { n: 4, exact: true },
    withoutWords: 0,
  })
})

it('leaves out what is not there any more, with NOT too', async () => {
  await using world = await searchableLog(made(0, 20))
  await indexLog(world.folder, () => undefined)
  const [lost = 0] = (await found(world, { text: '*' })).hits
  for (const text of ['/note/', '-/nowhere/ who:*']) {
    const { hits } = await found(world, { text }, async (seqs) => {
      const records = new Map(await openRecords(world, seqs))
      const record = records.get(lost)
      if (record !== undefined) records.set(lost, { ...record, parts: {}, gone: 'erased' })
      return records
    })
    expect([text, hits.includes(lost), hits.length]).toEqual([text, false, 19])
  }
})

it('a gateway answers from what it read a moment ago', async () => {
  await using world = await searchableLog(made(0, 20))
  using live = new LiveIndex({ dataFolder: world.folder })
  await live.step()
  await world.write(made(20, 20))
  const { found: answer, hits } = await live.answer({ ...wish({ text: '/note \\d*9$/' }), limit: 10 })
  expect(answer).toMatchObject({ next: undefined, scanned: 20 })
  expect(hits.map((hit) => hit.kind === 'record' && hit.snippet.marks.length)).toEqual([1, 1, 1, 1])
})

interface Asked {
  readonly text: string
  readonly by?: Viewer
  readonly limit?: number
  readonly before?: number | undefined
  readonly want?: SearchWish['want']
  readonly budgetMs?: number
  readonly countMs?: number
}

function wish({ text, by = ALL, limit = 50, want = NOTHING, budgetMs = 60_000, ...rest }: Asked): SearchWish {
  const parsed = parseQuery(text, { now: DAY, zone: 'UTC' })
  if (parsed.kind === 'mistakes') throw new Error(JSON.stringify(parsed.mistakes))
  return { authorised: Authorised.of(parsed.query, by), limit, want, budgetMs, ...rest }
}

async function found(world: SearchableLog, asked: Asked, open = openDownwards(world)): Promise<Found> {
  using index = new SearchIndex(world.folder, (seq) => documentsFrom(world, seq))
  return index.search(wish(asked), open)
}

async function allPages(world: SearchableLog, asked: Asked): Promise<Found[]> {
  const pages: Found[] = []
  let before: number | undefined
  do {
    const page = await found(world, { ...asked, before })
    pages.push(page)
    before = page.next
  } while (before !== undefined)
  return pages
}

/** Seqs begin behind what the log says when it is opened. */
function seqsOf(isMeant: (i: number) => boolean): number[] {
  return Array.from({ length: 120 }, (_, i) => i)
    .filter(isMeant)
    .map((i) => i + FIRST)
    .toReversed()
}

const FIRST = 2

/** Over some days, of two people. */
function made(from: number, count: number): Made[] {
  return Array.from({ length: count }, (_, i) => ({
    time: DAY + Math.floor((from + i) / 50) * 86_400e6 + (from + i) * 1e6,
    who: (from + i) % 2 === 0 ? 'alice' : 'bob',
    connection: 'db',
    request: `common note ${from + i}`,
  }))
}
