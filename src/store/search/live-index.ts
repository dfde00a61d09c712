import { clock } from '../../base/clock.ts'
import { documentOf, type SearchDocument } from '../../search/document.ts'
import type { Answer } from '../../search/result.ts'
import { findStream } from '../segments/stream.ts'
import { answerOf } from './answer.ts'
import type { SearchWish } from './answering.ts'
import { openRecords } from './documents.ts'
import { type Indexable, IndexWriter } from './index-writer.ts'
import type { LateKeys } from './late-keys.ts'
import { LogFollower } from './log-follower.ts'
import { RecentRecords } from './recent.ts'
import { SearchIndex } from './search-index.ts'

/** Records of one transaction: a search that comes meanwhile waits for it. */
const BATCH_MAX = 1_000
/** Read and not yet indexed; beyond it what is newer has to wait. */
const PENDING_MAX = 20_000
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
    await this.#read(BATCH_MAX, Infinity)
    const batch = this.#pending.slice(0, BATCH_MAX)
    const last = batch.at(-1)
    if (last === undefined) {
      this.#lag = { ...this.#lag, behindMs: 0 }
      return false
    }
    this.#writer?.add(batch)
    this.#pending = this.#pending.slice(batch.length)
    const more = batch.length === BATCH_MAX
    const behindMs = more ? Math.max(0, clock.nowMs() - Math.floor(last.document.time / 1000)) : 0
    this.#lag = { indexedUpto: last.document.seq, pending: this.#pending.length, behindMs }
    return more
  }

  get lag(): Lag {
    return { ...this.#lag, pending: this.#pending.length }
  }

  answer(wish: SearchWish): Promise<Answer> {
    return answerOf(this.#search, wish, (seqs) => this.#open(seqs))
  }

  [Symbol.dispose](): void {
    this.#search[Symbol.dispose]()
    this.#writer?.[Symbol.dispose]()
    this.#options.keys?.[Symbol.dispose]()
  }

  async *#documents(seq: number): AsyncGenerator<SearchDocument, void, undefined> {
    await this.#read(PENDING_MAX, CATCH_UP_MS)
    this.#forgetErased()
    for (const { document } of this.#pending) if (document.seq >= seq) yield document
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

  async #read(most: number, ms: number): Promise<void> {
    const follower = this.#begin()
    if (follower === undefined || this.#pending.length >= most) return
    const endsMs = clock.nowMs() + ms
    while (this.#pending.length < most && clock.nowMs() < endsMs) {
      const record = await follower.next()
      if (record === undefined) return
      this.#recent.add(record)
      this.#pending.push({ retentionClass: record.entry.retentionClass, document: documentOf(record) })
    }
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

  async #open(seqs: readonly number[]) {
    const found = new Map(
      seqs.flatMap((seq) => {
        const record = this.#recent.get(seq)
        return record === undefined ? [] : [[seq, record] as const]
      }),
    )
    const { dataFolder, keys } = this.#options
    const rest = seqs.filter((seq) => !found.has(seq))
    if (rest.length > 0)
      for (const [seq, record] of await openRecords({ folder: dataFolder, keys }, rest)) found.set(seq, record)
    return found
  }
}
