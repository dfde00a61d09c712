import type { Micros } from '../base/clock.ts'
import type { RecordedRecord } from '../recording/read.ts'
import type { ValueField } from './fields.ts'
import type { Snippet } from './snippet.ts'

/** How the hits of a search are looked at besides one by one. */
export interface Wanted {
  readonly count: boolean
  readonly facets: readonly ValueField[]
  readonly histogram: 'hour' | 'day' | undefined
}

/** A number, and whether it is one or only what was counted before time ran out. */
export interface Count {
  readonly n: number
  readonly exact: boolean
  /** Where it is not exact: how many there would be if the rest were like what was counted, which is the newest. */
  readonly about?: number | undefined
}

export interface Facet {
  readonly field: ValueField
  /** Most frequent first. */
  readonly values: readonly { readonly value: string; readonly n: number }[]
  /** Of how many hits, the newest; all of them where it is exact. */
  readonly of: number
  readonly exact: boolean
}

/** How far a search came that has to read records: there is no index of what it asks for. */
export interface Looked {
  /** So many were read. */
  readonly at: number
  /** False where time was up before the page was full: `next` goes on from there. */
  readonly all: boolean
  /** So many are encrypted, and there is no key: nobody can tell. Undefined where there are none. */
  readonly locked?: number | undefined
  /** Where time was up, of how many that may fit, from where the page begins. */
  readonly of?: number | undefined
}

export interface Found {
  /** Seqs, newest first. */
  readonly hits: readonly number[]
  /** Go on with what is before this seq; undefined at the end. */
  readonly next: number | undefined
  readonly count: Count | undefined
  readonly facets: readonly Facet[]
  /** Beginning of each hour or day of UTC that has any, and how many. */
  readonly histogram: readonly { readonly from: Micros; readonly n: number }[] | undefined
  readonly histogramExact: boolean
  /** Newest seq of the index; -1 without one. */
  readonly indexedUpto: number
  /** Time of the newest record of the index; undefined without one. */
  readonly indexedUntil: Micros | undefined
  /** Records behind the index that were read one by one. */
  readonly scanned: number
  /** Records whose words are not in the index, where words were asked for: they were not searched. */
  readonly withoutWords: number
  /** Where a regular expression was asked for: records that were read and tested for this page. */
  readonly looked?: Looked | undefined
  /** Days whose index was searched, of how many there are. */
  readonly days: { readonly searched: number; readonly of: number }
  /** Files of the index that cannot be read; what is in them is not found. */
  readonly broken: readonly string[]
}

/** A hit as it is shown: the record itself, opened, and where in it the words stand. */
export type Hit =
  | { readonly kind: 'record'; readonly record: RecordedRecord; readonly snippet: Snippet }
  /**
   * The index names a record that cannot be shown: it is encrypted and there is no key, it is gone since, or it does not fit, which
   * means that somebody has written into the index.
   */
  | { readonly kind: 'disagrees'; readonly seq: number; readonly why: 'locked' | 'erased' | 'missing' | 'does_not_fit' }

export interface Answer {
  readonly found: Found
  readonly hits: readonly Hit[]
}

/** Facets of what is different almost each time are counted over the newest so many hits only. */
export const FACET_HITS_MAX = 10_000
/** Values shown of a facet. */
export const FACET_VALUES_MAX = 50
export const HIT_LIMIT_MAX = 1_000
export const HOUR_MICROS = 3_600_000_000

/** Beginning of the hour or day. */
export function bucketOf(time: Micros, by: 'hour' | 'day'): Micros {
  const length = by === 'hour' ? HOUR_MICROS : 24 * HOUR_MICROS
  return Math.floor(time / length) * length
}

/** False for what has about as many values as there are records: nothing is frequent there, and all of them would be kept. */
export function isCountedWhole(field: ValueField): boolean {
  return field !== 'session' && field !== 'trace' && field !== 'id'
}

/** `hits`: how many were counted; `isWhole`: they are all that there are. */
export function facetOf(
  field: ValueField,
  counts: ReadonlyMap<string, number>,
  { hits, isWhole }: { readonly hits: number; readonly isWhole: boolean },
): Facet {
  const of = isCountedWhole(field) ? hits : Math.min(hits, FACET_HITS_MAX)
  const values = [...counts]
    .map(([value, n]) => ({ value, n }))
    .toSorted((a, b) => b.n - a.n || (a.value < b.value ? -1 : 1))
  return { field, values: values.slice(0, FACET_VALUES_MAX), of, exact: of === hits && isWhole }
}

/** Adds the counts of one to another. */
export function addCounts<Key>(to: Map<Key, number>, from: ReadonlyMap<Key, number>): void {
  for (const [key, n] of from) to.set(key, (to.get(key) ?? 0) + n)
}
