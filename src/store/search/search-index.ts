import { clock } from '../../base/clock.ts'
import type { Authorised } from '../../search/authorise.ts'
import type { ValueField } from '../../search/fields.ts'
import type { Query } from '../../search/query.ts'
import {
  addCounts,
  bucketOf,
  FACET_HITS_MAX,
  FACET_VALUES_MAX,
  type Facet,
  type Found,
  type Wanted,
} from '../../search/result.ts'
import { Tail } from '../../search/tail.ts'
import { findStream } from '../segments/stream.ts'
import { Catalog, indexFolder, type PartitionFacts } from './catalog.ts'
import type { Compiled } from './condition.ts'
import { type Between, PartitionReader } from './partition-reader.ts'
import type { SearchDocument } from '../../search/document.ts'

export interface SearchWish {
  readonly authorised: Authorised
  readonly limit: number
  readonly before?: number | undefined
  readonly want: Wanted
  /** After so long, counts and older days are left out, and the answer says so. */
  readonly budgetMs: number
}

/** Records from that seq on, oldest first. */
export type Documents = (fromSeq: number) => AsyncIterable<SearchDocument>

/** The open index of a data folder: asked any number of times, by whoever has it open. */
export class SearchIndex implements Disposable {
  readonly #dataFolder: string
  readonly #documents: Documents
  readonly #open = new Map<string, PartitionReader>()

  constructor(dataFolder: string, documents: Documents) {
    this.#dataFolder = dataFolder
    this.#documents = documents
  }

  /**
   * Answers from the index up to where it goes, and from the records themselves behind that: what was recorded a moment ago is
   * found. How far the index goes is read first, so that nothing is counted twice and nothing is missed.
   */
  async search(wish: SearchWish): Promise<Found> {
    const { indexedUpto, partitions } = this.#state()
    const before = wish.before ?? Number.MAX_SAFE_INTEGER
    const { authorised, limit, want } = wish
    const tail = new Tail({ authorised, limit: limit + 1, before, want })
    for await (const document of this.#documents(indexedUpto + 1)) tail.add(document)
    const sought = this.#seek(partitions, wish, indexedUpto)
    return { indexedUpto, scanned: tail.scanned, ...new Answering(wish, tail, sought).answer() }
  }

  [Symbol.dispose](): void {
    for (const reader of this.#open.values()) reader[Symbol.dispose]()
    this.#open.clear()
  }

  #state(): { indexedUpto: number; partitions: readonly PartitionFacts[] } {
    using catalog = Catalog.openToRead(this.#dataFolder)
    const progress = catalog?.progress
    // An index of another log says nothing of this one.
    const isOurs = progress !== undefined && progress.origin === findStream(this.#dataFolder)?.origin
    const partitions = isOurs ? (catalog?.partitions() ?? []) : []
    for (const file of this.#open.keys()) if (!partitions.some((one) => one.file === file)) this.#forget(file)
    return { indexedUpto: isOurs ? progress.indexedUpto : -1, partitions }
  }

  #seek(partitions: readonly PartitionFacts[], { authorised }: SearchWish, indexedUpto: number): Sought[] {
    const time = timeBounds(authorised.query)
    const all = partitions.filter(({ low }) => low <= indexedUpto)
    const inTime = all.filter(({ minTime, maxTime }) => maxTime >= time.from && minTime < time.to)
    return inTime.map((facts): Sought => {
      try {
        const reader = this.#reader(facts.file)
        const compiled = reader.compile(authorised)
        const between =
          compiled === undefined
            ? NOTHING
            : narrowed(reader, time, { low: facts.low, high: Math.min(facts.high, indexedUpto) })
        return { facts, reader, compiled, between }
      } catch {
        this.#forget(facts.file)
        return { facts, reader: undefined, compiled: undefined, between: NOTHING }
      }
    })
  }

  #reader(file: string): PartitionReader {
    const open = this.#open.get(file) ?? new PartitionReader(indexFolder(this.#dataFolder), file)
    this.#open.set(file, open)
    return open
  }

  #forget(file: string): void {
    this.#open.get(file)?.[Symbol.dispose]()
    this.#open.delete(file)
  }
}

const NOTHING: Between = { low: 0, high: -1 }

interface Sought {
  readonly facts: PartitionFacts
  /** Undefined where the file cannot be read. */
  readonly reader: PartitionReader | undefined
  /** Undefined where nothing in it can fit. */
  readonly compiled: Compiled | undefined
  readonly between: Between
}

interface Time {
  readonly from: number
  readonly to: number
}

/** Only what has to hold for every hit narrows anything. */
function timeBounds(query: Query): Time {
  const items = query.kind === 'and' ? query.items : [query]
  let [from, to] = [-Infinity, Infinity]
  for (const item of items) {
    if (item.kind !== 'field' || item.test.is !== 'time') continue
    from = Math.max(from, item.test.from ?? -Infinity)
    to = Math.min(to, item.test.to ?? Infinity)
  }
  return { from, to }
}

function narrowed(reader: PartitionReader, time: Time, whole: Between): Between {
  if (time.from === -Infinity && time.to === Infinity) return whole
  const hours = reader.hours().filter(({ minTime, maxTime }) => maxTime >= time.from && minTime < time.to)
  const [newest, oldest] = [hours.at(0), hours.at(-1)]
  return newest === undefined || oldest === undefined
    ? NOTHING
    : { low: oldest.low, high: Math.min(newest.high, whole.high) }
}

/** Puts one answer together, newest day first, as long as there is time. */
class Answering {
  readonly #wish: SearchWish
  readonly #tail: Tail
  readonly #sought: readonly Sought[]
  readonly #endsMs: number

  constructor(wish: SearchWish, tail: Tail, sought: readonly Sought[]) {
    this.#wish = wish
    this.#tail = tail
    this.#sought = sought
    this.#endsMs = clock.monoMicros() / 1000 + wish.budgetMs
  }

  answer(): Omit<Found, 'indexedUpto' | 'scanned'> {
    const { want } = this.#wish
    const { hits, next, searched } = this.#hits()
    const count = want.count ? this.#count() : undefined
    const facets = this.#facets(want.facets)
    const { histogram, histogramExact } = this.#histogram()
    const days = { searched, of: new Set(this.#sought.map(({ facts }) => facts.day)).size }
    const broken = this.#sought.flatMap(({ reader, facts }) => (reader === undefined ? [facts.file] : []))
    return { hits, next, count, facets, histogram, histogramExact, days, broken }
  }

  #hits(): { hits: readonly number[]; next: number | undefined; searched: number } {
    const { limit, before = Number.MAX_SAFE_INTEGER } = this.#wish
    const found = [...this.#tail.hits]
    let searched = 0
    let stoppedAt: number | undefined
    // Days are in the order of the log; within one, classes lie side by side.
    for (const day of new Set(this.#sought.map(({ facts }) => facts.day))) {
      if (found.length > limit || this.#isLate()) {
        const highs = this.#sought.filter(({ facts }) => facts.day === day).map(({ facts }) => facts.high)
        stoppedAt = Math.min(before, Math.max(...highs) + 1)
        break
      }
      searched += 1
      const ofDay = this.#parts(day).flatMap(({ reader, compiled, between }) =>
        reader.newest(compiled, { low: between.low, high: Math.min(between.high, before - 1) }, limit + 1),
      )
      found.push(...ofDay.toSorted((a, b) => b - a))
    }
    const hits = found.slice(0, limit)
    const more = found.length > limit
    return { hits, next: more ? hits.at(-1) : stoppedAt, searched }
  }

  #count(): { n: number; exact: boolean } {
    let n = this.#tail.count
    for (const { reader, compiled, between } of this.#parts()) {
      for (const step of steps(between)) {
        if (this.#isLate()) return { n, exact: false }
        n += reader.count(compiled, step)
      }
    }
    return { n, exact: true }
  }

  /** Over the newest hits only: what is frequent shows, and nothing that the viewer may not see is in it. */
  #facets(fields: readonly ValueField[]): readonly Facet[] {
    if (fields.length === 0) return []
    const counts = new Map(fields.map((field) => [field, new Map(this.#tail.facet(field))]))
    let of = this.#tail.faceted
    let exact = this.#tail.count <= FACET_HITS_MAX
    for (const { reader, compiled, between } of this.#parts()) {
      const limit = FACET_HITS_MAX - of
      const here = this.#isLate() ? Infinity : reader.newest(compiled, between, limit + 1).length
      if (here > limit) exact = false
      if (limit <= 0 || here === Infinity) break
      for (const [field, sum] of counts) addCounts(sum, reader.facet(compiled, field, { ...between, limit }))
      of += Math.min(here, limit)
    }
    return [...counts].map(([field, sum]) => facetOf(field, sum, { of, exact }))
  }

  #histogram(): Pick<Found, 'histogram' | 'histogramExact'> {
    const by = this.#wish.want.histogram
    if (by === undefined) return { histogram: undefined, histogramExact: true }
    const counts = new Map(this.#tail.buckets)
    const done = this.#parts().every(({ reader, compiled, between }) => {
      for (const hour of reader.hours()) {
        const step = { low: Math.max(hour.low, between.low), high: Math.min(hour.high, between.high) }
        if (step.low > step.high) continue
        if (this.#isLate()) return false
        addCounts(
          counts,
          hourCounts(by, hour, (time) =>
            time === undefined ? reader.count(compiled, step) : reader.countInTime(compiled, step, time),
          ),
        )
      }
      return true
    })
    const histogram = [...counts]
      .filter(([, n]) => n > 0)
      .map(([from, n]) => ({ from, n }))
      .toSorted((a, b) => a.from - b.from)
    return { histogram, histogramExact: done }
  }

  #parts(day?: number): { reader: PartitionReader; compiled: Compiled; between: Between }[] {
    return this.#sought.flatMap(({ facts, reader, compiled, between }) =>
      reader === undefined || compiled === undefined || (day !== undefined && facts.day !== day)
        ? []
        : [{ reader, compiled, between }],
    )
  }

  #isLate(): boolean {
    return clock.monoMicros() / 1000 > this.#endsMs
  }
}

/** Counted in steps, so that time is looked at in between. */
const STEP = 250_000

function* steps({ low, high }: Between): Generator<Between> {
  for (let end = high; end >= low; end -= STEP) yield { low: Math.max(low, end - STEP + 1), high: end }
}

/** Clocks of one hour may reach into the one before; then each is counted by its own time. */
function hourCounts(
  by: 'hour' | 'day',
  { minTime, maxTime }: { readonly minTime: number; readonly maxTime: number },
  count: (time?: Time) => number,
): ReadonlyMap<number, number> {
  const [first, last] = [bucketOf(minTime, by), bucketOf(maxTime, by)]
  if (first === last) return new Map([[first, count()]])
  const buckets: [number, number][] = []
  for (let from = first; from <= last; from = nextBucket(from, by))
    buckets.push([from, count({ from, to: nextBucket(from, by) })])
  return new Map(buckets)
}

function nextBucket(from: number, by: 'hour' | 'day'): number {
  return from + (by === 'hour' ? 3_600_000_000 : 86_400_000_000)
}

function facetOf(
  field: ValueField,
  counts: ReadonlyMap<string, number>,
  { of, exact }: { of: number; exact: boolean },
): Facet {
  const values = [...counts]
    .map(([value, n]) => ({ value, n }))
    .toSorted((a, b) => b.n - a.n || (a.value < b.value ? -1 : 1))
  return { field, values: values.slice(0, FACET_VALUES_MAX), of, exact }
}
