import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import {
  isThreadReport,
  type SearchQuestion,
  type SearchReply,
  type SearchThreadData,
  type ThreadOrder,
  type ThreadReport,
} from './search-messages.ts'

/** Questions that wait at the same moment; beyond, whoever asks is told to come again. */
const WAITING_MAX = 32
/** A thread that broke is started again after so long, and then twice as long each time. */
const RESTART_MS = 1_000
const RESTART_MS_MAX = 60_000

/** So far behind, it is told. */
const BEHIND_MS = 60_000

export interface SearchThreadOptions extends SearchThreadData {
  readonly onTrouble: (what: string, why: string) => void
}

/** The search index, seen from the main thread: asked, and never waited for by a call. */
export class SearchThread {
  readonly #options: SearchThreadOptions
  readonly #waiting = new Map<number, (reply: SearchReply | 'failed') => void>()
  #worker: Worker | undefined
  #timer: NodeJS.Timeout | undefined
  #restartMs = RESTART_MS
  #nextId = 0
  #closed = false
  #lag = { indexedUpto: -1, pending: 0, behindMs: 0 }
  #isBehind = false

  constructor(options: SearchThreadOptions) {
    this.#options = options
    this.#start()
  }

  /** How far the index is behind. */
  get lag(): { readonly indexedUpto: number; readonly pending: number; readonly behindMs: number } {
    return this.#lag
  }

  /** `busy`: too many ask. `failed`: the index could not be read; the log of the gateway says more. Never rejects. */
  ask(question: SearchQuestion): Promise<SearchReply | 'busy' | 'failed'> {
    const worker = this.#worker
    if (worker === undefined || this.#closed) return Promise.resolve('failed')
    if (this.#waiting.size >= WAITING_MAX) return Promise.resolve('busy')
    const id = this.#nextId++
    const { promise, resolve } = Promise.withResolvers<SearchReply | 'failed'>()
    this.#waiting.set(id, resolve)
    post(worker, { kind: 'ask', id, question })
    return promise
  }

  /** Ends it after what it is doing: the index is then where it says it is. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    const worker = this.#worker
    if (worker === undefined) return
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    post(worker, { kind: 'close' })
    await ended
  }

  #start(): void {
    const { dataFolder, master, words } = this.#options
    const url = new URL(`./search-worker${extname(import.meta.url)}`, import.meta.url)
    const worker = new Worker(url, { workerData: { dataFolder, master, words } satisfies SearchThreadData })
    this.#worker = worker
    worker.on('message', (report: unknown) => {
      if (isThreadReport(report)) this.#take(report)
    })
    let why = 'it ended without a word'
    worker.on('error', (failure) => {
      why = failure instanceof Error ? failure.message : 'unknown'
    })
    worker.on('exit', () => this.#ended(why))
    // The log is what a gateway lives for; an index holds nobody up at the end.
    worker.unref()
  }

  #take(report: ThreadReport): void {
    switch (report.kind) {
      case 'reply':
        return this.#settle(report.id, report.reply)
      case 'failed':
        this.#options.onTrouble('a search failed', 'the index or the log could not be read')
        return this.#settle(report.id, 'failed')
      case 'lag':
        this.#lag = report
        this.#restartMs = RESTART_MS
        return this.#tellLag(report.behindMs)
      case 'rebuilt':
        return this.#options.onTrouble('the search index was damaged and is built anew', report.why)
    }
  }

  /** Searches find what is recorded all the same, by reading the log; the further the index is behind, the longer that takes. */
  #tellLag(behindMs: number): void {
    if (this.#isBehind && behindMs === 0) this.#options.onTrouble('the search index has caught up', 'nothing waits')
    if (!this.#isBehind && behindMs > BEHIND_MS)
      this.#options.onTrouble('the search index is behind', `its newest record is ${Math.round(behindMs / 1000)} s old`)
    this.#isBehind = behindMs > BEHIND_MS || (this.#isBehind && behindMs > 0)
  }

  #settle(id: number, reply: SearchReply | 'failed'): void {
    this.#waiting.get(id)?.(reply)
    this.#waiting.delete(id)
  }

  #ended(why: string): void {
    this.#worker = undefined
    for (const id of this.#waiting.keys()) this.#settle(id, 'failed')
    if (this.#closed) return
    this.#options.onTrouble('the search index stopped and is started again', why)
    this.#timer = setTimeout(() => this.#start(), this.#restartMs)
    this.#timer.unref()
    this.#restartMs = Math.min(2 * this.#restartMs, RESTART_MS_MAX)
  }
}

function post(worker: Worker, order: ThreadOrder): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window and has no origin
  worker.postMessage(order)
}
