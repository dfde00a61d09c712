// More records than one chunk holds, with gaps between them, as where another class or an erasure has its own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Authorised } from '../../search/authorise.ts'
import type { SearchDocument } from '../../search/document.ts'
import type { ValueField } from '../../search/fields.ts'
import { matches } from '../../search/matches.ts'
import { parseQuery } from '../../search/parse.ts'
import { FACET_HITS_MAX, type Found } from '../../search/result.ts'
import { CHUNK_ENTRIES } from './chunk-writer.ts'
import { IndexWriter } from './index-writer.ts'
import { SearchIndex } from './search-index.ts'

const START = Date.UTC(2027, 0, 1, 20) * 1000
const ORIGIN = `${'a'.repeat(26)}/${'a'.repeat(26)}/${'a'.repeat(16)}`
const RECORDS = 3 * CHUNK_ENTRIES + 77
/** Erased in the middle of a chunk, over a border, and all of one. */
const ERASED = [
  [100, 119],
  [3_990, 4_010],
  [2 * CHUNK_ENTRIES, 3 * CHUNK_ENTRIES + 40],
] as const
const QUERIES = [
  '*',
  'common',
  'rare',
  'common rare',
  '"common text"',
  '-rare',
  '-(common OR rare)',
  'who:p3',
  '-who:p3',
  'who:nobody',
  'who:p3 OR rare',
  'tool:t1 common',
  'tool:t1 -who:p1',
  'common -tool:t1',
  'latency:>9000us',
  'rare latency:..5000us',
  'common -latency:>9000us',
  'status:404 who:p1',
  'seq:3995..4205',
  'during:2027-01-02',
  'session:ses_0000*',
  'session:ses_0000012',
  'id:nothing',
]

const documents = Array.from({ length: RECORDS }, (_, i) => documentOf(i)).filter(({ seq }) => seq % 97 !== 0)
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-chunks-'))
  mkdirSync(join(folder, 'audit', ORIGIN, 'wal'), { recursive: true })
  writeFileSync(join(folder, 'audit', 'origin'), `${ORIGIN}\n`)
  add(documents.slice(0, 9_000), 1_111)
  // Another one goes on where the first ended, in the middle of a chunk.
  add(documents.slice(9_000), 3_000)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('over several chunks', () => {
  it.each(QUERIES)('%s: the answer is that of the records themselves', async (text) => {
    expect(seen(await answered(text))).toEqual(byHand(text, documents))
  })

  it('what is erased anywhere is gone from every number, and what comes after is there', async () => {
    using writer = new IndexWriter(folder)
    writer.erase(ERASED)
    const later = Array.from({ length: 300 }, (_, i) => documentOf(RECORDS + i))
    writer.add(later.map((document) => ({ retentionClass: 1, document })))
    const left = documents.filter(({ seq }) => !ERASED.some(([low, high]) => seq >= low && seq <= high))
    for (const text of QUERIES) expect(seen(await answered(text))).toEqual(byHand(text, [...left, ...later]))
  })

  it('without time, it says of how many its numbers are, and never more than there are', async () => {
    using index = new SearchIndex(folder, nothing)
    const want = { count: true, facets: ['who'], histogram: 'hour' } as const
    const found = await index.search({
      authorised: asked('common').authorised,
      limit: 5,
      want,
      budgetMs: 60_000,
      countMs: -1,
    })
    expect(found.hits).toHaveLength(5)
    expect(found.count).toEqual({ n: 0, exact: false })
    expect(found.facets).toEqual([{ field: 'who', values: [], of: 0, exact: false }])
    expect(found.histogramExact).toBe(false)
  })
})

function documentOf(seq: number): SearchDocument {
  const words = ['common text', ...(seq % 1_003 === 5 ? ['rare'] : [])]
  return {
    seq,
    // Over the border of an hour and of a day; now and then a clock is behind.
    time: START + seq * 2e6 - (seq % 50 === 0 ? 3_000e6 : 0),
    principal: `https://login.example.com p${seq % 7}`,
    values: {
      who: [`p${seq % 7}`],
      tool: seq % 3 === 0 ? undefined : [`t${seq % 5}`],
      session: [`ses_${String(Math.floor(seq / 9)).padStart(7, '0')}`],
      kind: ['intent'],
    },
    numbers: { seq, latency: seq % 4 === 0 ? undefined : (seq * 31) % 10_000, status: seq % 11 === 0 ? 404 : 200 },
    text: words.join(' '),
    gone: false,
  }
}

function add(some: readonly SearchDocument[], batch: number): void {
  using writer = new IndexWriter(folder)
  writer.begin(ORIGIN)
  for (let at = 0; at < some.length; at += batch)
    writer.add(some.slice(at, at + batch).map((document) => ({ retentionClass: 1, document })))
}

function asked(text: string) {
  const parsed = parseQuery(text, { now: START, zone: 'UTC' })
  if (parsed.kind === 'mistakes') throw new Error(`${text}: ${JSON.stringify(parsed.mistakes)}`)
  return { query: parsed.query, authorised: Authorised.of(parsed.query, { sees: 'all' }) }
}

async function answered(text: string): Promise<Found> {
  using index = new SearchIndex(folder, nothing)
  const { authorised } = asked(text)
  const want = { count: true, facets: ['who', 'tool', 'session'], histogram: 'hour' } as const
  const counted = await index.search({
    authorised,
    limit: 100,
    want: { ...want, facets: [], histogram: undefined },
    budgetMs: 60_000,
  })
  const found = await index.search({ authorised, limit: 100, want, budgetMs: 60_000 })
  // Counted alone it goes another way.
  expect(counted.count).toEqual(found.count)
  return found
}

function seen({ hits, count, facets, histogram }: Found) {
  const shown = facets.map(({ field, values, of, exact }) => [field, of, exact, values.slice(0, 20)])
  return { hits, count, facets: shown, histogram }
}

function byHand(text: string, all: readonly SearchDocument[]) {
  const { query } = asked(text)
  const fit = all.filter((document) => matches(query, document)).toReversed()
  const hours = Map.groupBy(fit, ({ time }) => Math.floor(time / 3_600_000_000) * 3_600_000_000)
  return {
    hits: fit.slice(0, 100).map(({ seq }) => seq),
    count: { n: fit.length, exact: true },
    facets: (['who', 'tool', 'session'] as const).map((field) => {
      const some = field === 'session' ? fit.slice(0, FACET_HITS_MAX) : fit
      return [field, some.length, some.length === fit.length, mostFrequent(some, field).slice(0, 20)]
    }),
    histogram: [...hours].map(([from, list]) => ({ from, n: list.length })).toSorted((a, b) => a.from - b.from),
  }
}

function mostFrequent(some: readonly SearchDocument[], field: ValueField) {
  const groups = Map.groupBy(
    some.flatMap(({ values }) => values[field] ?? []),
    (value) => value,
  )
  return [...groups]
    .map(([value, list]) => ({ value, n: list.length }))
    .toSorted((a, b) => b.n - a.n || (a.value < b.value ? -1 : 1))
}

// oxlint-disable-next-line require-yield -- everything is indexed
async function* nothing(): AsyncGenerator<never> {
  await Promise.resolve()
}
