import { clock } from '../../base/clock.ts'
import type { Authorised } from '../../search/authorise.ts'
import type { ValueField } from '../../search/fields.ts'
import {
  addCounts,
  bucketOf,
  FACET_HITS_MAX,
  FACET_VALUES_MAX,
  type Facet,
  type Found,
  type Wanted,
} from '../../search/result.ts'
import type { Tail } from '../../search/tail.ts'
import type { PartitionFacts } from './catalog.ts'
import type { Compiled } from './condition.ts'
import type { Between, PartitionReader } from './partition-reader.ts'

export interface SearchWish {
  readonly authorised: Authorised
  readonly limit: number
  readonly before?: number | undefined
  readonly want: Wanted
  /** After so long, counts and older days are left out, and the answer says so. */
  readonly budgetMs: number
  /** Up to so many hits of a day are looked up for a histogram, more are counted by the hour. */
  readonly lookedUpMax?: number | undefined
}

/** One file of the index, and what is asked of it. */
export interface Sought {
  readonly facts: PartitionFacts
  /** Undefined where the file cannot be read. */
  readonly reader: PartitionReader | undefined
  /** Undefined where nothing in it can fit. */
  readonly compiled: Compiled | undefined
  readonly between: Between
}

/** One that can be asked. */
interface Part {
  readonly facts: PartitionFacts
  readonly reader: PartitionReader
  readonly compiled: Compiled
  readonly between: Between
}

/** A stretch of time, without its end. */
export interface Time {
  readonly from: number
  readonly to: number
}

/** Puts one answer together, newest day first, as long as there is time. */
export class Answering {
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
      if (limit <= 0 || this.#isLate()) {
        exact = false
        break
      }
      const seqs = reader.newest(compiled, between, limit + 1)
      if (seqs.length > limit) exact = false
      for (const [field, more] of reader.facets(seqs.slice(0, limit), fields))
        addCounts(counts.get(field) ?? new Map<string, number>(), more)
      of += Math.min(seqs.length, limit)
    }
    return [...counts].map(([field, sum]) => facetOf(field, sum, { of, exact }))
  }

  #histogram(): Pick<Found, 'histogram' | 'histogramExact'> {
    const by = this.#wish.want.histogram
    if (by === undefined) return { histogram: undefined, histogramExact: true }
    const counts = new Map(this.#tail.buckets)
    const done = this.#parts().every((part) => {
      if (this.#isLate()) return false
      const { facts, reader, compiled, between } = part
      const [first, last] = [bucketOf(facts.minTime, by), bucketOf(facts.maxTime, by)]
      if (first === last) {
        addCounts(counts, new Map([[first, reader.count(compiled, between)]]))
        return true
      }
      const { lookedUpMax = LOOKED_UP_MAX } = this.#wish
      const few = reader.newest(compiled, between, lookedUpMax + 1)
      if (few.length > lookedUpMax) return this.#countHours(by, part, counts)
      for (const time of reader.times(few)) addCounts(counts, new Map([[bucketOf(time, by), 1]]))
      return true
    })
    const histogram = [...counts]
      .filter(([, n]) => n > 0)
      .map(([from, n]) => ({ from, n }))
      .toSorted((a, b) => a.from - b.from)
    return { histogram, histogramExact: done }
  }

  /** False where time ran out. */
  #countHours(by: 'hour' | 'day', { reader, compiled, between }: Part, counts: Map<number, number>): boolean {
    for (const hour of reader.hours()) {
      const step = { low: Math.max(hour.low, between.low), high: Math.min(hour.high, between.high) }
      if (step.low > step.high) continue
      if (this.#isLate()) return false
      const count = (time?: Time): number =>
        time === undefined ? reader.count(compiled, step) : reader.countInTime(compiled, step, time)
      addCounts(counts, hourCounts(by, hour, count))
    }
    return true
  }

  #parts(day?: number): Part[] {
    return this.#sought.flatMap(({ facts, reader, compiled, between }) =>
      reader === undefined || compiled === undefined || (day !== undefined && facts.day !== day)
        ? []
        : [{ facts, reader, compiled, between }],
    )
  }

  #isLate(): boolean {
    return clock.monoMicros() / 1000 > this.#endsMs
  }
}

/** So many times are looked up sooner than hours are counted. */
const LOOKED_UP_MAX = 20_000
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
