import type { ValueField } from '../../search/fields.ts'
import { addCounts, bucketOf, FACET_HITS_MAX, type Wanted } from '../../search/result.ts'
import { type Aspect, aspectOf, isLong } from './aspects.ts'
import type { Chunk, ChunkView } from './chunk.ts'
import type { Column } from './columns.ts'
import type { Compiled } from './condition.ts'
import { countOf, type Mask } from './mask.ts'
import type { Between, Fitting, PartitionReader } from './partition-reader.ts'

/** So many chunks are counted before the time is looked at. */
const STEP = 16

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
    const chunks = reader.chunks(between)
    this.all += chunks.reduce((sum, { entries }) => sum + entries, 0)
    const counts = new Map(this.#aspects.map((aspect) => [aspect, new IdCounts(reader.sets.newest)]))
    for (let at = 0; at < chunks.length && !this.#isLate(); at += STEP) {
      const step = chunks.slice(at, at + STEP)
      const counted = this.#countWords(reader, compiled, { between, step })
      if (counted !== undefined) this.count += counted
      else for (const chunk of step) this.#addChunk(reader.fitting(compiled, between, chunk), counts)
      this.seen += step.reduce((sum, { entries }) => sum + entries, 0)
    }
    for (const [field, sum] of this.facets) {
      const aspect = aspectOf(field)
      if (aspect !== undefined) nameValues(sum, counts.get(aspect), (id) => reader.sets.valuesOf(aspect, id, field))
    }
  }

  /** Without looking at each, where nothing but the number of those with some words is wanted. */
  #countWords(
    reader: PartitionReader,
    { condition }: Compiled,
    { between, step }: { between: Between; step: readonly Chunk[] },
  ): number | undefined {
    const { facets, histogram } = this.#want
    if (facets.length > 0 || histogram !== undefined || condition.kind !== 'words') return undefined
    const [low, high] = [(step.at(-1)?.low ?? 0) - 1, (step.at(0)?.high ?? 0) - 1]
    return reader.countWords(condition.expression, {
      low: Math.max(between.low, low),
      high: Math.min(between.high, high),
    })
  }

  #addChunk({ view, mask }: Fitting, counts: ReadonlyMap<Aspect, IdCounts>): void {
    const newer = this.#before + this.count
    const here = countOf(mask)
    this.count += here
    if (here === 0) return
    if (this.#want.histogram !== undefined) addTimes(this.buckets, { view, mask }, this.#want.histogram)
    for (const aspect of this.#aspects)
      counts.get(aspect)?.add(view.column(aspect), mask, isLong(aspect) ? FACET_HITS_MAX - newer : Infinity)
  }
}

/** How often each number of a dictionary occurs. */
class IdCounts {
  /** Of the numbers that are small. */
  readonly #some: Uint32Array
  readonly #others = new Map<number, number>()

  constructor(newest: number) {
    this.#some = new Uint32Array(newest + 1)
  }

  /** At most so many records, the newest. */
  add({ base, cells }: Column, mask: Mask, most: number): void {
    if (base === undefined) return
    const some = this.#some
    for (let i = mask.length - 1, left = most; i >= 0 && left > 0; i -= 1) {
      if (mask[i] !== 1) continue
      left -= 1
      const cell = cells === undefined ? 0 : (cells[i] ?? 0)
      if (cells !== undefined && cell === 0) continue
      const id = base + cell
      if (id < some.length) some[id] = (some[id] ?? 0) + 1
      else this.#others.set(id, (this.#others.get(id) ?? 0) + 1)
    }
  }

  *[Symbol.iterator](): Generator<readonly [number, number], void, undefined> {
    for (const [id, n] of this.#some.entries()) if (n > 0) yield [id, n]
    yield* this.#others
  }
}

function nameValues(
  sum: Map<string, number>,
  counts: IdCounts | undefined,
  valuesOf: (id: number) => readonly string[],
): void {
  for (const [id, n] of counts ?? []) for (const value of valuesOf(id)) sum.set(value, (sum.get(value) ?? 0) + n)
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
