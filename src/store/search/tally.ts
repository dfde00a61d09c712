import type { ValueField } from '../../search/fields.ts'
import { addCounts, bucketOf, FACET_HITS_MAX, type Wanted } from '../../search/result.ts'
import { type Aspect, aspectOf, isLong } from './aspects.ts'
import type { ChunkView } from './chunk.ts'
import type { Compiled } from './condition.ts'
import { EveryId, type IdCounts, NewestIds } from './id-counts.ts'
import { countOf, fewPlaces } from './mask.ts'
import type { Between, Fitting } from './look.ts'
import type { PartitionReader } from './partition-reader.ts'

/** How many fit, how often they have each value, and when they were. Takes partitions and their chunks newest first. */
export class Tally {
  count = 0
  /** Records of the index that were looked at, of how many. */
  seen = 0
  all = 0
  readonly facets: ReadonlyMap<ValueField, Map<string, number>>
  readonly buckets = new Map<number, number>()
  readonly #want: Wanted
  readonly #aspects: readonly Aspect[]
  readonly #before: number
  readonly #isLate: () => boolean

  /** `before`: how many fit that are newer than all of the index. */
  constructor(want: Wanted, before: number, isLate: () => boolean) {
    this.#want = want
    this.#before = before
    this.#isLate = isLate
    this.facets = new Map(want.facets.map((field) => [field, new Map<string, number>()]))
    this.#aspects = [...new Set(want.facets.map(aspectOf).filter((aspect) => aspect !== undefined))]
  }

  add(reader: PartitionReader, compiled: Compiled, between: Between): void {
    using look = reader.look(compiled, between)
    const here = look.chunks.reduce((sum, { entries }) => sum + entries, 0)
    this.all += here
    if (this.#isLate()) return
    const { condition } = compiled
    if (this.#isOnlyCounted && condition.kind === 'words') {
      this.count += reader.countWords(condition.expression, between)
      this.seen += here
      return
    }
    const left = Math.max(0, FACET_HITS_MAX - this.#before - this.count)
    const counts = new Map<Aspect, IdCounts>(
      this.#aspects.map((aspect) => [aspect, isLong(aspect) ? new NewestIds(left) : new EveryId(reader.sets.newest)]),
    )
    for (const chunk of look.chunks) {
      if (this.#isLate()) break
      this.#addChunk(look.at(chunk), counts)
      this.seen += chunk.entries
    }
    for (const [field, sum] of this.facets) {
      const aspect = aspectOf(field)
      if (aspect === undefined) continue
      counts.get(aspect)?.each((id, n) => {
        for (const value of reader.sets.valuesOf(aspect, id, field)) sum.set(value, (sum.get(value) ?? 0) + n)
      })
    }
  }

  get #isOnlyCounted(): boolean {
    return this.#want.facets.length === 0 && this.#want.histogram === undefined
  }

  #addChunk({ view, mask }: Fitting, counts: ReadonlyMap<Aspect, IdCounts>): void {
    const here = countOf(mask)
    this.count += here
    if (here === 0) return
    if (this.#want.histogram !== undefined) addTimes(this.buckets, { view, mask }, this.#want.histogram)
    const counted = { mask, count: here, places: fewPlaces(mask, here) }
    for (const [aspect, ids] of counts) ids.add(view.column(aspect), counted)
  }
}

function addTimes(buckets: Map<number, number>, { view, mask }: Fitting, by: 'hour' | 'day'): void {
  const { maxTime, minTime } = view.chunk
  const [first, last] = [bucketOf(minTime, by), bucketOf(maxTime, by)]
  if (first === last) return addCounts(buckets, new Map([[first, countOf(mask)]]))
  for (const [i, one] of mask.entries())
    if (one === 1) {
      const bucket = bucketOf(timeAt(view, i), by)
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1)
    }
}

function timeAt(view: ChunkView, place: number): number {
  const { base = 0, cells } = view.column('ts')
  return cells === undefined ? base : base + (cells[place] ?? 0)
}
