import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ISSUER, type Made, type SearchableLog, searchableLog } from '../../../test/support/searchable-log.ts'
import { Authorised, type Viewer } from '../../search/authorise.ts'
import { documentOf, principalKey, type SearchDocument } from '../../search/document.ts'
import { matches } from '../../search/matches.ts'
import { parseQuery } from '../../search/parse.ts'
import type { Query } from '../../search/query.ts'
import type { Found } from '../../search/result.ts'
import { readRecords } from '../segments/read-records.ts'
import { findStream } from '../segments/stream.ts'
import { answerOf } from './answer.ts'
import { removeIndex } from './catalog.ts'
import { documentsFrom, openRecords } from './documents.ts'
import { IndexWriter } from './index-writer.ts'
import { SearchIndex } from './search-index.ts'

/** 2026-11-25, late in the evening, so that the records are of two days. */
const START = Date.UTC(2026, 10, 25, 22) * 1000
const MOMENT = { now: START + 4 * 3_600_000_000, zone: 'UTC' }
const PEOPLE = ['alice', 'bob', 'carol'] as const
const CONNECTIONS = ['postgres-prod', 'postgres-test', 'github'] as const
const WORDS = ['refund', 'Incident', 'drop', 'table', 'Müller', 'naïve', 'x1', 'строка', '東京', 'users'] as const

const made = fc.record<Made>(
  {
    kind: fc.constantFrom('intent', 'outcome', 'refused', 'auth', 'hold.set'),
    time: fc.integer({ min: 0, max: 4 * 3600 }).map((seconds) => START + seconds * 1e6),
    who: fc.constantFrom(...PEOPLE),
    groups: fc.subarray(['dba', 'staff']),
    connection: fc.constantFrom(...CONNECTIONS),
    tool: fc.constantFrom('query', 'list_files', 'Refund'),
    effect: fc.constantFrom('allow', 'deny'),
    rule: fc.constantFrom('r1', 'no-exports'),
    reason: fc.constantFrom('not in office hours', 'refund limit'),
    entities: fc.subarray(['email', 'credit_card']),
    status: fc.constantFrom(200, 404, 500),
    micros: fc.integer({ min: 0, max: 500_000 }),
    ip: fc.constantFrom('10.0.0.1', '192.168.7.9', 'fd00::1'),
    request: text(),
    response: text(),
  },
  { requiredKeys: ['time'] },
)

function text(): fc.Arbitrary<string> {
  const words = fc.array(fc.constantFrom(...WORDS), { maxLength: 6 })
  return fc.oneof(
    words.map((list) => JSON.stringify({ sql: list.join(' ') })),
    words.map((list) => JSON.stringify({ text: JSON.stringify({ rows: list.join('\n') }) })),
    words.map((list) => list.join('_')),
  )
}

function queryText(): fc.Arbitrary<string> {
  const word = fc.constantFrom(...WORDS)
  const term = fc.oneof(
    word,
    fc.tuple(word, word).map((two) => `"${two.join(' ')}"`),
    word.map((one) => `${one.slice(0, 2)}*`),
    fc.constantFrom('/ref.nd/', '/^drop/', '/table$/', '/ll|x\\d/', '/m[uü]ll/', '/строк/', '/"sql"/', '/nowhere/'),
    fc.constantFrom(
      'who:alice',
      'who:ALICE@example.com',
      'who:=bob',
      'who:*o*',
      'group:dba',
      'connection:postgres-*',
      'connection:(github OR nothing)',
    ),
    fc.constantFrom(
      'tool:query',
      'tool:refund',
      'decision:deny',
      'rule:no-exports',
      'entity:email',
      'is:masked',
      'is:held',
      'has:body',
      'label:env=prod',
    ),
    fc.constantFrom(
      'status:404',
      'status:>=400',
      'latency:>250ms',
      'latency:..100ms',
      'ip:10.0.0.0/8',
      'ip:fd00::/8',
      'ip:192.168.7.9',
      'seq:10..60',
      'kind:intent',
      'kind:log.open',
    ),
    fc.constantFrom(
      'after:2026-11-26',
      'before:2026-11-25T23:00',
      'during:2026-11-25',
      'during:2026-11-25T22:30..2026-11-26T00:10',
      'server:x',
      'id:nothing',
      'stream:*',
    ),
  )
  return fc.letrec<{ query: string }>((tie) => ({
    query: fc.oneof(
      { maxDepth: 4 },
      term,
      fc.tuple(tie('query'), tie('query')).map(([a, b]) => `${a} ${b}`),
      fc.tuple(tie('query'), tie('query')).map(([a, b]) => `(${a} OR ${b})`),
      tie('query').map((inner) => `-(${inner})`),
      term.map((one) => `-${one}`),
    ),
  })).query
}

const viewer: fc.Arbitrary<Viewer> = fc.oneof(
  fc.constant<Viewer>({ sees: 'all' }),
  fc.record({
    sees: fc.constant('some' as const),
    principal: fc.constantFrom(
      undefined,
      ...PEOPLE.map((name) => principalKey(ISSUER, name)),
      'https://other.example.com alice',
    ),
    connections: fc.subarray(['github', 'postgres-*']),
  }),
)

let world: SearchableLog
let documents: readonly SearchDocument[]

beforeAll(async () => {
  world = await searchableLog(fc.sample(made, { numRuns: 400, seed: 7 }))
  const all: SearchDocument[] = []
  for await (const record of readRecords({ folder: world.folder })) all.push(documentOf(record))
  documents = all
})
afterAll(() => world[Symbol.asyncDispose]())

describe('index and tail', () => {
  it.each([0, 150, 403])(
    'with %i records indexed and the rest read: the answer is the log, filtered by hand',
    async (indexed) => {
      index(indexed)
      using search = new SearchIndex(world.folder, (seq) => documentsFrom({ folder: world.folder }, seq))
      await fc.assert(
        fc.asyncProperty(queryText(), viewer, async (asked, by) => {
          const query = parsed(asked)
          const wish = {
            authorised: Authorised.of(query, by),
            limit: 1000,
            want: { count: true, facets: ['who', 'connection', 'entity'], histogram: 'hour' },
            budgetMs: 60_000,
          } as const
          const found = await search.search(wish, (seqs) => openRecords(world, seqs))
          expect(seen(found)).toEqual(byHand(query, by))
        }),
        { numRuns: 40 },
      )
    },
  )

  it('pages through everything once, newest first', async () => {
    index(250)
    using search = new SearchIndex(world.folder, (seq) => documentsFrom({ folder: world.folder }, seq))
    const seqs: number[] = []
    let before: number | undefined
    do {
      const found = await search.search({
        authorised: Authorised.of(parsed('*'), { sees: 'all' }),
        limit: 7,
        before,
        want: { count: false, facets: [], histogram: undefined },
        budgetMs: 60_000,
      })
      seqs.push(...found.hits)
      before = found.next
    } while (before !== undefined)
    expect(seqs).toEqual(documents.map(({ seq }) => seq).toReversed())
  })

  it('opens what it found', async () => {
    index(403)
    using search = new SearchIndex(world.folder, (seq) => documentsFrom({ folder: world.folder }, seq))
    const authorised = Authorised.of(parsed('refund'), { sees: 'all' })
    const { hits } = await answerOf(
      search,
      {
        authorised,
        limit: 20,
        want: { count: false, facets: [], histogram: undefined },
        budgetMs: 60_000,
      },
      (seqs) => openRecords(world, seqs),
    )
    expect(hits.length).toBe(20)
    for (const hit of hits) {
      if (hit.kind !== 'record') throw new Error('the index disagrees with the log')
      expect(hit.record.integrity).toBe('verified')
      const [[start, end] = [0, 0]] = hit.snippet.marks
      expect(hit.snippet.text.slice(start, end).toLowerCase()).toBe('refund')
    }
  })
})

/** Makes an index that goes so far, in batches of odd sizes. */
function index(records: number): void {
  removeIndex(world.folder)
  const origin = findStream(world.folder)?.origin ?? ''
  using writer = new IndexWriter(world.folder)
  writer.begin(origin)
  const part = documents
    .slice(0, records)
    .map((document) => ({ retentionClass: document.values.kind?.[0]?.startsWith('log.') === true ? 0 : 1, document }))
  for (let at = 0; at < part.length; at += 37) writer.add(part.slice(at, at + 37))
}

function parsed(asked: string): Query {
  const result = parseQuery(asked, MOMENT)
  if (result.kind === 'mistakes') throw new Error(`${asked}: ${JSON.stringify(result.mistakes)}`)
  return result.query
}

function seen({ hits, count, facets, histogram }: Found) {
  return {
    hits,
    count,
    facets: facets.map(({ field, values, exact }) => ({
      field,
      exact,
      values: Object.fromEntries(values.map(({ value, n }) => [value, n])),
    })),
    histogram,
  }
}

/** Rights in plain words here, not by the code that is tested. */
function byHand(query: Query, by: Viewer) {
  const visible = documents.filter(({ principal, values }) => {
    if (by.sees === 'all') return true
    const connection = values.connection?.[0] ?? ''
    const mine = by.principal !== undefined && principal === by.principal
    return (
      mine ||
      by.connections.some((glob) => (glob === 'github' ? connection === 'github' : connection.startsWith('postgres-')))
    )
  })
  const fit = visible.filter((document) => matches(query, document))
  const hours = Map.groupBy(fit, ({ time }) => Math.floor(time / 3_600_000_000) * 3_600_000_000)
  return {
    hits: fit.map(({ seq }) => seq).toReversed(),
    count: { n: fit.length, exact: true },
    facets: (['who', 'connection', 'entity'] as const).map((field) => {
      const values = Map.groupBy(
        fit.flatMap((document) => document.values[field] ?? []),
        (value) => value,
      )
      return {
        field,
        exact: true,
        values: Object.fromEntries([...values].map(([value, list]) => [value, list.length])),
      }
    }),
    histogram: [...hours].map(([from, list]) => ({ from, n: list.length })).toSorted((a, b) => a.from - b.from),
  }
}
