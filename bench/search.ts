// The search index: how fast it fills, how large it is, how soon the first page, counts and facets are there. What is asked is in
// docs/search.md; the records are made up and go the way of real ones, from the envelope's text on.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Authorised, type Viewer } from '../src/search/authorise.ts'
import { documentOf } from '../src/search/document.ts'
import { parseQuery } from '../src/search/parse.ts'
import type { Wanted } from '../src/search/result.ts'
import { indexFolder } from '../src/store/search/catalog.ts'
import { type Indexable, IndexWriter } from '../src/store/search/index-writer.ts'
import { SearchIndex } from '../src/store/search/search-index.ts'
import { DAY_MICROS, FIRST_DAY, recordOf, wordOfRank } from './search-records.ts'

const DAYS = 10
const BATCH = 2_000
const ROUNDS = 15
const ORIGIN = `${'a'.repeat(26)}/${'a'.repeat(26)}/${'a'.repeat(16)}`
const PAGE: Wanted = { count: false, facets: [], histogram: undefined }
const COUNT: Wanted = { count: true, facets: [], histogram: undefined }
const FACETS: Wanted = {
  count: true,
  facets: ['who', 'tool', 'connection', 'decision', 'entity', 'method'],
  histogram: undefined,
}
const HISTOGRAM: Wanted = { count: false, facets: [], histogram: 'day' }

const EVERYTHING: Viewer = { sees: 'all' }
const OWN: Viewer = { sees: 'some', principal: 'https://login.example.com person-7', connections: [] }
const TEAM: Viewer = {
  sees: 'some',
  principal: 'https://login.example.com person-7',
  connections: ['connection-3', 'connection-1*'],
}

const QUERIES: readonly (readonly [string, string, Viewer])[] = [
  ['everything', '*', EVERYTHING],
  ['a rare word', wordOfRank(50_000), EVERYTHING],
  ['a frequent word', wordOfRank(20), EVERYTHING],
  ['two words', `${wordOfRank(200)} ${wordOfRank(900)}`, EVERYTHING],
  ['a phrase', `"${wordOfRank(2)} ${wordOfRank(3)}"`, EVERYTHING],
  ['a prefix', 'w1z*', EVERYTHING],
  ['words, who and decision', `${wordOfRank(50)} who:person-12 decision:deny`, EVERYTHING],
  ['a field', 'decision:deny', EVERYTHING],
  ['a group', 'group:team-4', EVERYTHING],
  ['a person and a tool', 'who:person-99@example.com tool:tool-7', EVERYTHING],
  ['a number', 'latency:>299ms', EVERYTHING],
  ['a day', `${wordOfRank(30)} during:2026-11-04`, EVERYTHING],
  ['not', `${wordOfRank(10)} -decision:allow`, EVERYTHING],
  ['nothing', 'who:nobody', EVERYTHING],
  ['a session', 'session:ses_0a000000*', EVERYTHING],
  ['own records', wordOfRank(100), OWN],
  ['of some connections', `${wordOfRank(100)} decision:deny`, TEAM],
]

export interface Measured {
  readonly records: number
  readonly recordsPerSecond: number
  readonly cpuMicrosPerRecord: number
  /** Of those, for what a record says: its envelope parsed, its text decoded. */
  readonly readMicrosPerRecord: number
  readonly slowestBatchMs: number
  readonly bytesPerRecord: number
  readonly queries: readonly {
    readonly what: string
    readonly page: number
    readonly count: number
    readonly facets: number
    readonly histogram: number
    readonly n: number
    readonly exact: boolean
  }[]
  readonly firstPageP95: number
  readonly countP95: number
  readonly facetsP95: number
  /** Milliseconds of the processor: what else runs on the machine counts for less. */
  readonly cpuP95: { readonly page: number; readonly count: number; readonly facets: number }
}

export interface SearchPlan {
  readonly records: number
  /** Where the index is kept: what is there is not filled again, so that ten million can be filled in several goes. */
  readonly folder: string | undefined
  /** Ends filling after so long, and asks nothing. */
  readonly seconds: number
}

/** Undefined where time ran out before the index was full. */
export async function measureSearch(tell: (line: string) => void, plan: SearchPlan): Promise<Measured | undefined> {
  const folder = plan.folder ?? mkdtempSync(join(tmpdir(), 'sallyport-bench-search-'))
  try {
    const filled = fill(folder, plan, tell)
    if (filled === undefined) return undefined
    const bytes = readdirSync(indexFolder(folder)).reduce(
      (sum, name) => sum + statSync(join(indexFolder(folder), name)).size,
      0,
    )
    tell('asking …')
    const asked = await ask(folder)
    return { records: plan.records, ...filled, bytesPerRecord: Math.round(bytes / plan.records), ...asked }
  } finally {
    if (plan.folder === undefined) rmSync(folder, { recursive: true, force: true })
  }
}

type Filled = Pick<Measured, 'recordsPerSecond' | 'cpuMicrosPerRecord' | 'readMicrosPerRecord' | 'slowestBatchMs'>

/** Everything but the making of records is measured. */
function fill(folder: string, { records, seconds }: SearchPlan, tell: (line: string) => void): Filled | undefined {
  nameLog(folder)
  using writer = new IndexWriter(folder)
  const first = writer.begin(ORIGIN)
  const began = performance.now()
  let [ms, cpu, readCpu, slowest, seq] = [0, 0, 0, 0, first]
  for (; seq < records;) {
    if (performance.now() - began > seconds * 1000) {
      tell(`${seq} of ${records} records are in ${folder}; the same command goes on with them`)
      return undefined
    }
    const stored = Array.from({ length: Math.min(BATCH, records - seq) }, (_, i) =>
      recordOf(seq + i, { total: records, days: DAYS }),
    )
    const [batchBegan, batchCpu] = [performance.now(), cpuMicros()]
    const batch = stored.map((record): Indexable => ({ retentionClass: 1, document: documentOf(record) }))
    readCpu += cpuMicros() - batchCpu
    writer.add(batch)
    cpu += cpuMicros() - batchCpu
    ms += performance.now() - batchBegan
    slowest = Math.max(slowest, performance.now() - batchBegan)
    seq += stored.length
    if (seq % 100_000 < BATCH)
      tell(`${seq} records, ${perSecond(seq - first, ms)} a second, ${Math.round(cpu / (seq - first))} µs of CPU each`)
  }
  const measured = Math.max(seq - first, 1)
  return {
    recordsPerSecond: seq === first ? 0 : perSecond(measured, ms),
    cpuMicrosPerRecord: Math.round(cpu / measured),
    readMicrosPerRecord: Math.round(readCpu / measured),
    slowestBatchMs: Math.round(slowest),
  }
}

function perSecond(records: number, ms: number): number {
  return Math.round((records / ms) * 1000)
}

function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** The index belongs to the log of that name; there is none to read. */
function nameLog(folder: string): void {
  mkdirSync(join(folder, 'audit', ORIGIN, 'wal'), { recursive: true })
  writeFileSync(join(folder, 'audit', 'origin'), `${ORIGIN}\n`)
}

async function ask(
  folder: string,
): Promise<Pick<Measured, 'queries' | 'firstPageP95' | 'countP95' | 'facetsP95' | 'cpuP95'>> {
  using index = new SearchIndex(folder, nothing)
  const times: { page: number[]; count: number[]; facets: number[] } = { page: [], count: [], facets: [] }
  const cpu: { page: number[]; count: number[]; facets: number[] } = { page: [], count: [], facets: [] }
  const queries: Measured['queries'][number][] = []
  for (const [what, text, viewer] of QUERIES) {
    const parsed = parseQuery(text, { now: FIRST_DAY + DAYS * DAY_MICROS, zone: 'UTC' })
    if (parsed.kind === 'mistakes') throw new Error(`${text}: ${JSON.stringify(parsed.mistakes)}`)
    const authorised = Authorised.of(parsed.query, viewer)
    const timed = async (want: Wanted): Promise<{ ms: number; cpu: number; n: number; exact: boolean }> => {
      const [began, cpuBegan] = [performance.now(), cpuMicros()]
      const found = await index.search({ authorised, limit: 50, want, budgetMs: 2_000, countMs: 350 })
      const spent = (cpuMicros() - cpuBegan) / 1000
      return { ms: performance.now() - began, cpu: spent, n: found.count?.n ?? 0, exact: found.count?.exact ?? true }
    }
    const pages: number[] = []
    for (let i = 0; i < ROUNDS; i += 1) {
      const page = await timed(PAGE)
      pages.push(page.ms)
      cpu.page.push(page.cpu)
    }
    const count = await timed(COUNT)
    const facets = await timed(FACETS)
    const histogram = await timed(HISTOGRAM)
    times.page.push(...pages)
    times.count.push(count.ms)
    times.facets.push(facets.ms)
    cpu.count.push(count.cpu)
    cpu.facets.push(facets.cpu)
    queries.push({
      what,
      page: round(quantile(pages, 0.5)),
      count: round(count.ms),
      facets: round(facets.ms),
      histogram: round(histogram.ms),
      n: count.n,
      exact: count.exact,
    })
  }
  return {
    queries,
    firstPageP95: round(quantile(times.page, 0.95)),
    countP95: round(quantile(times.count, 0.95)),
    facetsP95: round(quantile(times.facets, 0.95)),
    cpuP95: {
      page: round(quantile(cpu.page, 0.95)),
      count: round(quantile(cpu.count, 0.95)),
      facets: round(quantile(cpu.facets, 0.95)),
    },
  }
}

// oxlint-disable-next-line require-yield -- everything is indexed
async function* nothing(): AsyncGenerator<never> {
  await Promise.resolve()
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}

export function printedSearch(measured: Measured): string {
  const { cpuP95, records, recordsPerSecond, cpuMicrosPerRecord, readMicrosPerRecord, slowestBatchMs, bytesPerRecord } =
    measured
  const rows = measured.queries.map(({ what, page, count, facets, histogram, n, exact }) =>
    [
      what.padEnd(26),
      `${page}`.padStart(9),
      `${count}`.padStart(9),
      `${facets}`.padStart(9),
      `${histogram}`.padStart(9),
      `${exact ? '' : '>='}${n}`.padStart(11),
    ].join(' '),
  )
  return [
    `${records} records over ${DAYS} days; milliseconds unless it says otherwise`,
    '',
    recordsPerSecond === 0
      ? 'filled              before'
      : `filled              ${recordsPerSecond} records a second, ${cpuMicrosPerRecord} µs of CPU each, ${readMicrosPerRecord} of them to read it (asked: 5000 a second)`,
    `slowest batch       ${slowestBatchMs} for ${BATCH} records, merges included`,
    `size                ${bytesPerRecord} bytes a record (asked: 512)`,
    `first page, p95     ${measured.firstPageP95} (asked: 150), ${cpuP95.page} of CPU`,
    `count, p95          ${measured.countP95} (asked: 500), ${cpuP95.count} of CPU`,
    `count + facets, p95 ${measured.facetsP95} (asked: 500), ${cpuP95.facets} of CPU`,
    '',
    'query                      first page     count    facets histogram     records',
    ...rows,
  ].join('\n')
}
