import { type Authorised, matchesAuthorised } from './authorise.ts'
import type { SearchDocument, Values } from './document.ts'
import type { ValueField } from './fields.ts'
import { addCounts, bucketOf, FACET_HITS_MAX, isCountedWhole, type Wanted } from './result.ts'

/** What is looked for among records that no index knows yet. */
export interface TailWish {
  readonly authorised: Authorised
  readonly limit: number
  /** Hits are before this seq; counts are of all. */
  readonly before: number
  readonly want: Wanted
}

/** Goes through records, oldest first, and keeps no more of them than an answer needs. */
export class Tail {
  readonly #wish: TailWish
  readonly #hits: number[] = []
  readonly #facets: ReadonlyMap<ValueField, Map<string, number>>
  /** For facets that are not counted whole. */
  readonly #newest: Values[] = []
  readonly #buckets = new Map<number, number>()
  count = 0
  scanned = 0

  constructor(wish: TailWish) {
    this.#wish = wish
    this.#facets = new Map(wish.want.facets.filter(isCountedWhole).map((field) => [field, new Map<string, number>()]))
  }

  add(document: SearchDocument): void {
    this.scanned += 1
    const { authorised, before, limit, want } = this.#wish
    if (!matchesAuthorised(authorised, document)) return
    this.count += 1
    if (document.seq < before) keepNewest(this.#hits, document.seq, limit)
    for (const [field, counts] of this.#facets) countValues(counts, document.values[field])
    if (want.facets.length > this.#facets.size) keepNewest(this.#newest, document.values, FACET_HITS_MAX)
    if (want.histogram !== undefined) addCounts(this.#buckets, new Map([[bucketOf(document.time, want.histogram), 1]]))
  }

  /** Newest first. */
  get hits(): readonly number[] {
    return this.#hits.slice(-this.#wish.limit).toReversed()
  }

  get buckets(): ReadonlyMap<number, number> {
    return this.#buckets
  }

  /** Of all, or of the newest where nobody counts them all. */
  facet(field: ValueField): ReadonlyMap<string, number> {
    const whole = this.#facets.get(field)
    if (whole !== undefined) return whole
    const counts = new Map<string, number>()
    for (const values of this.#newest.slice(-FACET_HITS_MAX)) countValues(counts, values[field])
    return counts
  }
}

export function countValues(counts: Map<string, number>, values: readonly string[] = []): void {
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
}

/** Now and then cut, so that adding stays cheap. */
function keepNewest<T>(list: T[], item: T, most: number): void {
  list.push(item)
  if (list.length >= 2 * most + 1) list.splice(0, list.length - most)
}
