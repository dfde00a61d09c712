import { clock } from '../../base/clock.ts'
import { documentOf, type SearchDocument } from '../../search/document.ts'
import type { Answer } from '../../search/result.ts'
import { findStream } from '../segments/stream.ts'
import { answerOf } from './answer.ts'
import type { SearchWish } from './answering.ts'
import type { OpenRecords } from './documents.ts'
import { type Indexable, IndexWriter } from './index-writer.ts'
import type { LateKeys } from './late-keys.ts'
import { LogFollower } from './log-follower.ts'
import { openDownwards } from './open-downwards.ts'
import { RecentRecords } from './recent.ts'
import { SearchIndex } from './search-index.ts'

/** Records of one transaction: a search that comes meanwhile waits for it. */
const BATCH_MAX = 1_000
/** Read and not yet indexed; beyond it what is newer has to wait. */
const PENDING_MAX = 20_000
/** The same as text, which may be a megabyte each. */
const BATCH_UNITS_MAX = 4 * 1024 * 1024
const PENDING_UNITS_MAX = 16 * 1024 * 1024
/** How long a search reads on to come to the newest record; only an index that was just begun needs so long. */
const CATCH_UP_MS = 1_000

export interface LiveIndexOptions {
  readonly dataFolder: string
  /** Opens sealed records that are encrypted. */
  readonly keys?: LateKeys | undefined
  /** Without, what records say is not indexed. */
  readonly words?: boolean | undefined
}

export interface Lag {
  readonly indexedUpto: number
  /** Records read and not indexed. */
  readonly pending: number
  /** How old the newest indexed record is while newer ones wait; 0 where none do. */
  readonly behindMs: number
}

/** The index beside a log that is being written: follows it, and answers from both. One thread, one owner. */
export class LiveIndex implements Disposable {
  readonly #options: LiveIndexOptions
  readonly #recent = new RecentRecords()
  readonly #search: SearchIndex
  #writer: IndexWriter | undefined
  #follower: LogFollower | undefined
  #pending: Indexable[] = []
  #erasures = 0
  #lag: Lag = { indexedUpto: -1, pending: 0, behindMs: 0 }

  constructor(options: LiveIndexOptions) {
    this.#options = options
    this.#search = new SearchIndex(options.dataFolder, (seq) => this.#documents(seq))
  }

  /** Takes one batch into the index. False: there is nothing more at the moment. */
  async step(): Promise<boolean> {
    const isFull = await this.#read({ records: BATCH_MAX, units: BATCH_UNITS_MAX, endsMs: Infinity })
    const [first] = this.#pending
    this.#indexBatch()
    // Where newer ones wait, the age of what was indexed just now is how far behind the index is.
    const behindMs =
      isFull && first !== undefined ? Math.max(0, clock.nowMs() - Math.floor(first.document.time / 1000)) : 0
    this.#lag = { ...this.#lag, behindMs }
    return isFull
  }

  /** Gives how many it took. */
  #indexBatch(): number {
    let units = 0
    const end = this.#pending.findIndex(({ document }, i) => {
      units += document.text.length
      return i === BATCH_MAX || (i > 0 && units > BATCH_UNITS_MAX)
    })
    const batch = end === -1 ? this.#pending : this.#pending.slice(0, end)
    const last = batch.at(-1)
    if (last === undefined) return 0
    this.#writer?.add(batch)
    this.#pending = this.#pending.slice(batch.length)
    this.#lag = { ...this.#lag, indexedUpto: last.document.seq, pending: this.#pending.length }
    return batch.length
  }

  get lag(): Lag {
    return { ...this.#lag, pending: this.#pending.length }
  }

  answer(wish: SearchWish): Promise<Answer> {
    const { dataFolder, keys } = this.#options
    const further = openDownwards({ folder: dataFolder, keys })
    return answerOf(this.#search, wish, (seqs) => this.#open(seqs, further))
  }

  [Symbol.dispose](): void {
    this.#search[Symbol.dispose]()
    this.#writer?.[Symbol.dispose]()
    this.#options.keys?.[Symbol.dispose]()
  }

  /** What does not fit into memory at a time is indexed when it was looked at. */
  async *#documents(seq: number): AsyncGenerator<SearchDocument, void, undefined> {
    const endsMs = clock.nowMs() + CATCH_UP_MS
    for (let next = seq; ;) {
      const isFull = await this.#read({ records: PENDING_MAX, units: PENDING_UNITS_MAX, endsMs })
      this.#forgetErased()
      for (const { document } of this.#pending) {
        if (document.seq < next) continue
        next = document.seq + 1
        yield document
      }
      if (!isFull || clock.nowMs() >= endsMs) return
      while (this.#indexBatch() > 0);
    }
  }

  /** Erased records are in no file any more; they are not to be in this memory either. */
  #forgetErased(): void {
    const erasures = this.#writer?.erasures ?? 0
    if (erasures === this.#erasures || this.#writer === undefined) return
    this.#erasures = erasures
    this.#recent.forget()
    this.#options.keys?.forget()
    this.#pending = [...this.#writer.withoutErased(this.#pending)]
  }

  /** True where there may be more: so much is pending by now. */
  async #read(until: { records: number; units: number; endsMs: number }): Promise<boolean> {
    const follower = this.#begin()
    if (follower === undefined) return false
    let units = this.#pending.reduce((sum, { document }) => sum + document.text.length, 0)
    while (clock.nowMs() < until.endsMs) {
      if (this.#pending.length >= until.records || units >= until.units) return true
      const record = await follower.next()
      if (record === undefined) return false
      this.#recent.add(record)
      const document = documentOf(record)
      units += document.text.length
      this.#pending.push({ retentionClass: record.entry.retentionClass, document })
    }
    return false
  }

  /** Undefined as long as there is no log yet. */
  #begin(): LogFollower | undefined {
    const { dataFolder, keys, words } = this.#options
    const stream = this.#follower === undefined ? findStream(dataFolder) : undefined
    if (stream === undefined) return this.#follower
    this.#writer = new IndexWriter(dataFolder, { words })
    this.#follower = new LogFollower(dataFolder, this.#writer.begin(stream.origin), keys)
    return this.#follower
  }

  async #open(seqs: readonly number[], further: OpenRecords): ReturnType<OpenRecords> {
    const found = new Map(
      seqs.flatMap((seq) => {
        const record = this.#recent.get(seq)
        return record === undefined ? [] : [[seq, record] as const]
      }),
    )
    const rest = seqs.filter((seq) => !found.has(seq))
    if (rest.length > 0) for (const [seq, record] of await further(rest)) found.set(seq, record)
    return found
  }
}
