import type { SearchDocument } from '../../search/document.ts'
import type { ValueField } from '../../search/fields.ts'
import { bucketOf, FACET_HITS_MAX, facetOf, type Found, isCountedWhole, type Wanted } from '../../search/result.ts'
import { countValues } from '../../search/tail.ts'

/** A record that was looked at. */
export interface Seen {
  readonly seq: number
  /** It is there, and whoever asks may see it. */
  readonly isTheirs: boolean
  /** It is there, and there is no key for it. */
  readonly isLocked: boolean
  /** Undefined where it does not fit. */
  readonly hit: SearchDocument | undefined
}

/** Hits of one page, as records are looked at, newest first. */
export class ScanPage {
  isDone = false
  /** Before the page was full. */
  #timeIsUp = false
  /** The last that was looked at. */
  #stoppedAt = 0
  #looked = 0
  #locked = 0
  readonly #hits: number[] = []
  readonly #limit: number
  readonly #isLate: () => boolean

  constructor(limit: number, isLate: () => boolean) {
    this.#limit = limit
    this.#isLate = isLate
  }

  look({ hit, isLocked, isTheirs, seq }: Seen): void {
    if (this.isDone) return
    if (hit !== undefined) this.#hits.push(seq)
    this.#stoppedAt = seq
    if (isTheirs) this.#looked += 1
    if (isLocked) this.#locked += 1
    const isFull = this.#hits.length > this.#limit
    this.#timeIsUp = !isFull && this.#isLate()
    this.isDone = isFull || this.#timeIsUp
  }

  /** `leftBefore` tells how many may fit before a record. */
  result(leftBefore: (seq: number) => number): Pick<Found, 'hits' | 'next' | 'looked'> {
    const locked = this.#locked === 0 ? undefined : this.#locked
    const looked = { at: this.#looked, all: !this.#timeIsUp, locked }
    const hits = this.#hits.slice(0, this.#limit)
    if (!this.#timeIsUp) return { hits, next: this.isDone ? hits.at(-1) : undefined, looked }
    return { hits, next: this.#stoppedAt, looked: { ...looked, of: this.#looked + leftBefore(this.#stoppedAt) } }
  }
}

/** What was counted as records were looked at, newest first. */
export class ScanTally {
  isDone = false
  readonly #want: Wanted
  readonly #isLate: () => boolean
  readonly #facets: ReadonlyMap<ValueField, Map<string, number>>
  readonly #buckets = new Map<number, number>()
  #count = 0
  #hasLocked = false

  constructor(want: Wanted, isLate: () => boolean) {
    this.#want = want
    this.#isLate = isLate
    this.#facets = new Map(want.facets.map((field) => [field, new Map<string, number>()]))
  }

  look({ hit, isLocked }: Seen): void {
    if (this.isDone) return
    if (hit !== undefined) this.#add(hit)
    if (isLocked) this.#hasLocked = true
    this.isDone = this.#isLate()
  }

  /** `isWhole`: all of the index could be read. */
  result(isWhole: boolean): Pick<Found, 'count' | 'facets' | 'histogram' | 'histogramExact'> {
    const exact = isWhole && !this.isDone && !this.#hasLocked
    const histogram = [...this.#buckets].map(([from, n]) => ({ from, n })).toSorted((a, b) => a.from - b.from)
    return {
      count: this.#want.count ? { n: this.#count, exact } : undefined,
      facets: [...this.#facets].map(([field, counts]) => facetOf(field, counts, { hits: this.#count, isWhole: exact })),
      histogram: this.#want.histogram === undefined ? undefined : histogram,
      histogramExact: exact,
    }
  }

  #add({ time, values }: SearchDocument): void {
    this.#count += 1
    for (const [field, counts] of this.#facets)
      if (isCountedWhole(field) || this.#count <= FACET_HITS_MAX) countValues(counts, values[field])
    if (this.#want.histogram === undefined) return
    const bucket = bucketOf(time, this.#want.histogram)
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1)
  }
}
