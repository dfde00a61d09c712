import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { clock } from '../base/clock.ts'
import { type Dialect, type Facts } from '../facts/facts.ts'
import type { ToRead } from '../facts/read-facts.ts'
import { isReadReport, type ReadOrder } from './read-messages.ts'

export interface ReadThreadOptions {
  readonly dialects: readonly Dialect[]
  /** For one call, from the moment its reading begins. */
  readonly deadlineMs: number
}

/** Calls with long texts that may wait for the thread; beyond, the answer is that nobody can read them now. */
const WAITING_MAX = 64
/** Loading parsers takes a second on a busy machine; a thread that needs longer is broken. */
const LOADING_MS = 30_000

interface Waiting {
  readonly order: ReadOrder
  readonly settle: (facts: Facts | 'unread') => void
}

/**
 * A thread that reads long texts one after another. Whoever holds it longer than the deadline gets no facts, the thread is
 * ended and a new one begins: a text that hangs a parser costs its own call and a little of the next ones' time.
 */
export class ReadThread {
  readonly #options: ReadThreadOptions
  readonly #waiting: Waiting[] = []
  #worker: Worker | undefined
  #isReady = false
  #current: Waiting | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: ReadThreadOptions) {
    this.#options = options
  }

  /** Resolves with the facts, or `unread` where they did not come in time. Never rejects. */
  read(toRead: ToRead): Promise<Facts | 'unread'> {
    if (this.#closed || this.#waiting.length >= WAITING_MAX) return Promise.resolve('unread')
    const { promise, resolve } = Promise.withResolvers<Facts | 'unread'>()
    this.#waiting.push({ order: { toRead }, settle: resolve })
    this.#next()
    return promise
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#drop()
    for (const { settle } of this.#waiting.splice(0)) settle('unread')
  }

  #next(): void {
    if (this.#current !== undefined || this.#closed) return
    const worker = (this.#worker ??= this.#start())
    if (!this.#isReady) return
    const current = this.#waiting.shift()
    if (current === undefined) return worker.unref()
    this.#current = current
    worker.ref()
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window and has no origin
    worker.postMessage(current.order)
    this.#arm(this.#options.deadlineMs)
  }

  #start(): Worker {
    const extension = extname(import.meta.url)
    const { dialects } = this.#options
    const worker = new Worker(new URL(`./read-worker${extension}`, import.meta.url), { workerData: { dialects } })
    worker.on('message', (report: unknown) => {
      if (this.#worker !== worker || !isReadReport(report)) return
      if (report.kind === 'ready') this.#isReady = true
      else this.#settle(report.facts)
      clearTimeout(this.#timer)
      this.#next()
    })
    worker.on('error', () => this.#broken(worker))
    worker.on('exit', () => this.#broken(worker))
    this.#isReady = false
    this.#arm(LOADING_MS)
    return worker
  }

  #arm(ms: number): void {
    clearTimeout(this.#timer)
    const started = clock.nowMs()
    this.#timer = setTimeout(() => {
      // A busy machine may wake us late with the answer already in the queue: one more turn of the loop to take it.
      if (clock.nowMs() - started > ms * 2) setImmediate(() => this.#broken(this.#worker))
      else this.#broken(this.#worker)
    }, ms)
    this.#timer.unref()
  }

  #broken(worker: Worker | undefined): void {
    if (worker === undefined || this.#worker !== worker) return
    void this.#drop()
    this.#next()
  }

  async #drop(): Promise<void> {
    clearTimeout(this.#timer)
    const worker = this.#worker
    this.#worker = undefined
    this.#isReady = false
    this.#settle('unread')
    await worker?.terminate()
  }

  #settle(facts: Facts | 'unread'): void {
    const current = this.#current
    this.#current = undefined
    current?.settle(facts)
  }
}
