import type { StoredRecord } from '../../audit/stored.ts'
import { clock } from '../../base/clock.ts'
import { maySee, matchesAuthorised } from '../../search/authorise.ts'
import { documentOf } from '../../search/document.ts'
import type { Found } from '../../search/result.ts'
import { deadline, type SearchWish, type Sought } from './answering.ts'
import type { OpenRecords } from './documents.ts'
import type { Between } from './look.ts'
import { ScanPage, ScanTally, type Seen } from './scan-results.ts'
import { Tally } from './tally.ts'

/** Records that are opened at a time; more as long as they come quickly. */
const BLOCK_MIN = 64
const BLOCK_MAX = 1024
const BLOCK_MICROS = 100_000
/** How long it may take to find out how much is left. */
const LEFT_MS = 200
const NO_WISHES = { count: true, facets: [], histogram: undefined } as const

export interface ScanPlace {
  /** Newest day first; compiled to all that may fit. */
  readonly sought: readonly Sought[]
  /** Behind the index: all of them may fit. */
  readonly tail: Between
  readonly open: OpenRecords
}

/** One walk over candidates, newest first. */
interface Walker {
  readonly isDone: boolean
  look(seen: Seen): void
}

/**
 * Answers what no index can: opens the records that may fit, newest first, and tests each, as long as there is time. At least one
 * is looked at each time, so that whoever goes on comes to the end.
 */
export class Scan {
  readonly #wish: SearchWish
  readonly #place: ScanPlace
  readonly #broken: Set<string>
  readonly #days = new Set<number>()
  #scanned = 0

  constructor(wish: SearchWish, place: ScanPlace) {
    this.#wish = wish
    this.#place = place
    this.#broken = new Set(place.sought.flatMap(({ reader, facts }) => (reader === undefined ? [facts.file] : [])))
  }

  async answer(): Promise<Omit<Found, 'indexedUpto' | 'indexedUntil'>> {
    const { before = Number.MAX_SAFE_INTEGER, budgetMs, countMs = budgetMs, limit, want } = this.#wish
    const page = new ScanPage(limit, deadline(budgetMs))
    const isCounted = want.count || want.facets.length > 0 || want.histogram !== undefined
    let tally: ScanTally | undefined
    // What is counted begins at the newest record; where the page does too, one walk is enough.
    if (isCounted && this.#wish.before === undefined) {
      tally = new ScanTally(want, deadline(countMs))
      await this.#walk(before, [page, tally])
    } else await this.#walk(before, [page])
    const shown = page.result((seq) => this.#left(seq))
    if (isCounted && tally === undefined) {
      tally = new ScanTally(want, deadline(countMs))
      await this.#walk(Number.MAX_SAFE_INTEGER, [tally])
    }
    return {
      ...shown,
      ...(tally?.result(this.#broken.size === 0) ?? NOTHING_COUNTED),
      scanned: this.#scanned,
      days: { searched: this.#days.size, of: new Set(this.#place.sought.map(({ facts }) => facts.day)).size },
      withoutWords: 0,
      broken: [...this.#broken],
    }
  }

  async #walk(from: number, walkers: readonly Walker[]): Promise<void> {
    let [before, size, scanned] = [from, BLOCK_MIN, 0]
    const isDone = (): boolean => walkers.every((walker) => walker.isDone)
    while (!isDone()) {
      const seqs = this.#candidates(before, size)
      if (seqs.length === 0) break
      const started = clock.monoMicros()
      const records = await this.#place.open(seqs)
      size = nextSize(size, clock.monoMicros() - started)
      for (const seq of seqs) {
        if (isDone()) break
        before = seq
        if (seq >= this.#place.tail.low) scanned += 1
        const seen = this.#seen(seq, records.get(seq))
        for (const walker of walkers) walker.look(seen)
      }
    }
    this.#scanned = Math.max(this.#scanned, scanned)
  }

  /** Whatever is not there any more, or cannot be opened, is not guessed. */
  #seen(seq: number, record: StoredRecord | undefined): Seen {
    const { authorised } = this.#wish
    const isLocked = authorised.viewer.sees === 'all' && record?.gone === 'locked'
    const document = record === undefined || record.gone !== undefined ? undefined : documentOf(record)
    const isTheirs = document !== undefined && maySee(authorised.viewer, document)
    return { seq, isTheirs, isLocked, hit: isTheirs && matchesAuthorised(authorised, document) ? document : undefined }
  }

  /** The newest so many that may fit, or fewer; none at the end. Days are in the order of the log, classes lie side by side. */
  #candidates(before: number, size: number): readonly number[] {
    const { sought, tail } = this.#place
    const newest = Math.min(tail.high, before - 1)
    if (newest >= tail.low) return Array.from({ length: Math.min(size, newest - tail.low + 1) }, (_, i) => newest - i)
    for (const day of new Set(sought.map(({ facts }) => facts.day))) {
      this.#days.add(day)
      const seqs = sought
        .filter(({ facts }) => facts.day === day)
        .flatMap((part) => this.#read(part, before, (one) => one.reader.newest(one.compiled, one.between, size)) ?? [])
      if (seqs.length > 0) return seqs.toSorted((a, b) => b - a).slice(0, size)
    }
    return []
  }

  /** How many may fit before that one. */
  #left(before: number): number {
    const { sought, tail } = this.#place
    const tally = new Tally(NO_WISHES, 0, deadline(LEFT_MS))
    for (const part of sought)
      this.#read(part, before, ({ between, compiled, reader }) => tally.add(reader, compiled, between))
    const behind = Math.max(0, Math.min(tail.high, before - 1) - tail.low + 1)
    return behind + tally.count + tally.all - tally.seen
  }

  /** What cannot be read is named, and what else there is is shown. */
  #read<T>({ between, compiled, facts, reader }: Sought, before: number, work: (part: Part) => T): T | undefined {
    if (reader === undefined || compiled === undefined || this.#broken.has(facts.file)) return undefined
    const here = { low: between.low, high: Math.min(between.high, before - 1) }
    if (here.high < here.low) return undefined
    try {
      return work({ reader, compiled, between: here })
    } catch {
      this.#broken.add(facts.file)
      return undefined
    }
  }
}

interface Part {
  readonly reader: NonNullable<Sought['reader']>
  readonly compiled: NonNullable<Sought['compiled']>
  readonly between: Between
}

const NOTHING_COUNTED = { count: undefined, facets: [], histogram: undefined, histogramExact: true } as const

function nextSize(size: number, micros: number): number {
  return micros < BLOCK_MICROS ? Math.min(BLOCK_MAX, size * 2) : Math.max(1, size >> 1)
}
