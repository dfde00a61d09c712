import { clock } from '../../base/clock.ts'
import type { Authorised } from '../../search/authorise.ts'
import type { ValueField } from '../../search/fields.ts'
import { addCounts, type Count, type Facet, facetOf, type Found, type Wanted } from '../../search/result.ts'
import type { Tail } from '../../search/tail.ts'
import type { PartitionFacts } from './catalog.ts'
import type { Compiled } from './condition.ts'
import type { Between } from './look.ts'
import type { PartitionReader } from './partition-reader.ts'
import { Tally } from './tally.ts'

export interface SearchWish {
  readonly authorised: Authorised
  readonly limit: number
  readonly before?: number | undefined
  readonly want: Wanted
  /** After so long older days are left out, and the answer says so. */
  readonly budgetMs: number
  /** After so long nothing more is counted, and the answer says of what it is. Without it, as long as for hits. */
  readonly countMs?: number | undefined
}

/** One file of the index, and what is asked of it. */
export interface Sought {
  readonly facts: PartitionFacts
  /** Undefined where the file cannot be read. */
  readonly reader: PartitionReader | undefined
  /** Undefined where nothing in it can fit. */
  readonly compiled: Compiled | undefined
  readonly between: Between
  /** Words were asked for, and it has none: it cannot tell. */
  readonly cannotTell: boolean
}

/** One that can be asked. */
interface Part {
  readonly file: string
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
  /** Files that could not be read, by now. */
  readonly #broken: Set<string>

  constructor(wish: SearchWish, tail: Tail, sought: readonly Sought[]) {
    this.#wish = wish
    this.#tail = tail
    this.#sought = sought
    this.#broken = new Set(sought.flatMap(({ reader, facts }) => (reader === undefined ? [facts.file] : [])))
  }

  answer(): Omit<Found, 'indexedUpto' | 'indexedUntil' | 'scanned'> {
    const { hits, next, searched } = this.#hits()
    const days = { searched, of: new Set(this.#sought.map(({ facts }) => facts.day)).size }
    const counts = this.#counts()
    return { hits, next, ...counts, days, withoutWords: this.#withoutWords, broken: [...this.#broken] }
  }

  #hits(): { hits: readonly number[]; next: number | undefined; searched: number } {
    const { budgetMs, limit, before = Number.MAX_SAFE_INTEGER } = this.#wish
    const isLate = deadline(budgetMs)
    const found = [...this.#tail.hits]
    let searched = 0
    let stoppedAt: number | undefined
    // Days are in the order of the log; within one, classes lie side by side.
    for (const day of new Set(this.#sought.map(({ facts }) => facts.day))) {
      if (found.length > limit || isLate()) {
        const highs = this.#sought.filter(({ facts }) => facts.day === day).map(({ facts }) => facts.high)
        stoppedAt = Math.min(before, Math.max(...highs) + 1)
        break
      }
      searched += 1
      const ofDay: number[] = []
      for (const part of this.#parts(day))
        this.#read(part, ({ between, compiled, reader }) =>
          ofDay.push(
            ...reader.newest(compiled, { low: between.low, high: Math.min(between.high, before - 1) }, limit + 1),
          ),
        )
      found.push(...ofDay.toSorted((a, b) => b - a))
    }
    const hits = found.slice(0, limit)
    const more = found.length > limit
    return { hits, next: more ? hits.at(-1) : stoppedAt, searched }
  }

  /** What is counted is counted in one go, newest first, so that all of it is of the same records where time runs out. */
  #counts(): Pick<Found, 'count' | 'facets' | 'histogram' | 'histogramExact'> {
    const { budgetMs, countMs = budgetMs, want } = this.#wish
    if (!want.count && want.facets.length === 0 && want.histogram === undefined)
      return { count: undefined, facets: [], histogram: undefined, histogramExact: true }
    const tally = new Tally(want, this.#tail.count, deadline(countMs))
    for (const part of this.#parts())
      this.#read(part, ({ between, compiled, reader }) => tally.add(reader, compiled, between))
    return {
      count: want.count ? this.#count(tally) : undefined,
      facets: want.facets.map((field) => this.#facet(field, tally)),
      histogram: want.histogram === undefined ? undefined : this.#histogram(tally),
      histogramExact: this.#isWhole(tally),
    }
  }

  #isWhole({ all, seen }: Tally): boolean {
    return seen === all && this.#broken.size === 0 && this.#withoutWords === 0
  }

  get #withoutWords(): number {
    return this.#sought.reduce((sum, { cannotTell, facts }) => sum + (cannotTell ? facts.entries : 0), 0)
  }

  #count(tally: Tally): Count {
    const { all, count, seen } = tally
    const n = this.#tail.count + count
    if (this.#isWhole(tally)) return { n, exact: true }
    return { n, exact: false, about: seen === 0 ? undefined : this.#tail.count + Math.round((count / seen) * all) }
  }

  #facet(field: ValueField, tally: Tally): Facet {
    const sum = new Map(this.#tail.facet(field))
    addCounts(sum, tally.facets.get(field) ?? new Map<string, number>())
    return facetOf(field, sum, { hits: this.#tail.count + tally.count, isWhole: this.#isWhole(tally) })
  }

  #histogram(tally: Tally): NonNullable<Found['histogram']> {
    const counts = new Map(this.#tail.buckets)
    addCounts(counts, tally.buckets)
    return [...counts].map(([from, n]) => ({ from, n })).toSorted((a, b) => a.from - b.from)
  }

  #parts(day?: number): Part[] {
    return this.#sought.flatMap(({ facts, reader, compiled, between }) =>
      reader === undefined || compiled === undefined || (day !== undefined && facts.day !== day)
        ? []
        : [{ file: facts.file, reader, compiled, between }],
    )
  }

  /** What cannot be read is named, and what else there is is shown. */
  #read(part: Part, work: (part: Part) => void): void {
    if (this.#broken.has(part.file)) return
    try {
      work(part)
    } catch {
      this.#broken.add(part.file)
    }
  }
}

export function deadline(ms: number): () => boolean {
  const endsMs = clock.monoMicros() / 1000 + ms
  return () => clock.monoMicros() / 1000 > endsMs
}
