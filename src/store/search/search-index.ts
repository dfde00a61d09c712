import { assert } from '../../base/assert.ts'
import type { SearchDocument } from '../../search/document.ts'
import { asksForWords, type Query } from '../../search/query.ts'
import { asksForRegex } from '../../search/regex.ts'
import type { Found } from '../../search/result.ts'
import { Tail } from '../../search/tail.ts'
import { listSegments } from '../segments/segment-chain.ts'
import { findStream } from '../segments/stream.ts'
import { Answering, type SearchWish, type Sought, type Time } from './answering.ts'
import { Catalog, indexFolder, type PartitionFacts } from './catalog.ts'
import type { Compiled } from './condition.ts'
import type { OpenRecords } from './documents.ts'
import type { Between } from './look.ts'
import { PartitionReader } from './partition-reader.ts'
import { Scan } from './scan.ts'

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
  async search(wish: SearchWish, open?: OpenRecords): Promise<Found> {
    const { indexedUpto, partitions } = this.#state()
    if (asksForRegex(wish.authorised.query)) return this.#scan(wish, { indexedUpto, partitions }, open)
    const before = wish.before ?? Number.MAX_SAFE_INTEGER
    const { authorised, limit, want } = wish
    const tail = new Tail({ authorised, limit: limit + 1, before, want })
    for await (const document of this.#documents(indexedUpto + 1)) tail.add(document)
    return this.#read(wish, { indexedUpto, partitions }, (sought) =>
      Promise.resolve({ scanned: tail.scanned, ...new Answering(wish, tail, sought).answer() }),
    )
  }

  /** What no index has: records that may fit are opened and tested, newest first, behind the index and in it. */
  async #scan(wish: SearchWish, state: State, open: OpenRecords | undefined): Promise<Found> {
    assert(open !== undefined, 'a regular expression is tested on the records themselves')
    const tail = { low: state.indexedUpto + 1, high: await this.#newest(state.indexedUpto + 1) }
    return this.#read(wish, state, (sought) => new Scan(wish, { sought, tail, open }).answer())
  }

  /** The newest record, and that is in the newest segment, unless nothing was written into it. */
  async #newest(from: number): Promise<number> {
    const stream = findStream(this.#dataFolder)
    const segment = stream && listSegments(stream).at(-1)
    for (const start of new Set([Math.max(from, segment?.header.firstSeq ?? 0), from])) {
      let newest: number | undefined
      for await (const { seq } of this.#documents(start)) newest = seq
      if (newest !== undefined) return newest
    }
    return -1
  }

  async #read(
    wish: SearchWish,
    { indexedUpto, partitions }: State,
    answered: (sought: readonly Sought[]) => Promise<Omit<Found, 'indexedUpto' | 'indexedUntil'>>,
  ): Promise<Found> {
    const sought = this.#seek(partitions, wish, indexedUpto)
    try {
      const answer = await answered(sought)
      // Opened anew the next time: it may have been built again by then.
      for (const file of answer.broken) this.#forget(file)
      const times = partitions.map(({ maxTime }) => maxTime)
      const indexedUntil = times.length === 0 ? undefined : Math.max(...times)
      return { indexedUpto, indexedUntil, ...answer }
    } finally {
      for (const file of this.#open.values()) file.end()
    }
  }

  [Symbol.dispose](): void {
    for (const reader of this.#open.values()) reader[Symbol.dispose]()
    this.#open.clear()
  }

  #state(): State {
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
      const isScan = asksForRegex(authorised.query)
      // Whoever reads the records themselves needs no words.
      const cannotTell = !isScan && !facts.words && asksForWords(authorised.query)
      try {
        const reader = this.#reader(facts.file)
        reader.begin()
        const compile = (): Compiled | undefined =>
          isScan ? reader.compileWide(authorised, facts.words) : reader.compile(authorised)
        const compiled = cannotTell ? undefined : compile()
        const whole = { low: facts.low, high: Math.min(facts.high, indexedUpto) }
        return { facts, reader, compiled, between: reader.within(time, whole) ?? NOTHING, cannotTell }
      } catch {
        this.#forget(facts.file)
        return { facts, reader: undefined, compiled: undefined, between: NOTHING, cannotTell }
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

/** How far the index goes, and what it consists of. */
interface State {
  readonly indexedUpto: number
  readonly partitions: readonly PartitionFacts[]
}

const NOTHING: Between = { low: 0, high: -1 }

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
