import type { GatewayError } from '../../base/assert.ts'
import type { Batch } from './batch.ts'
import { type Diagnosis, diagnose, unavailable } from './trouble.ts'
import { WriterThread } from './writer-thread.ts'
import type { Trouble, WriterReport, WriterThreadData } from './writer-messages.ts'

export interface KeeperOptions {
  readonly data: WriterThreadData
  /** How long to wait before a new writer tries where the cause lasts. */
  readonly retryMs: number
}

export interface KeeperEvents {
  readonly onDurable: (report: Extract<WriterReport, { kind: 'durable' }>) => void
  readonly onRoom: (trouble: Trouble | undefined) => void
  readonly onHeads: (report: Extract<WriterReport, { kind: 'head' | 'heads' }>) => void
  /** The writer is gone: whoever waits will get no receipt. */
  readonly onDown: (diagnosis: Diagnosis) => void
  readonly onUp: () => void
  readonly onFatal: (failure: GatewayError) => void
}

/** In a row, without one commit in between: then the disk is past helping, and the supervisor takes over (audit.md, 6.4). */
const FAILURES_MAX = 3
/** Before the second and the third attempt, so that a hiccup of the disk can pass. */
const RECOVER_AFTER_MS = 100

/** Keeps a writer running: a new one for each that ended, which recovers into a new file by the code of every start. */
export class WriterKeeper {
  readonly #options: KeeperOptions
  readonly #events: KeeperEvents
  #thread: WriterThread | undefined
  /** Both logs have their first record since this process began. */
  #opened: boolean
  #epoch: Uint8Array
  #failures = 0
  #retry: NodeJS.Timeout | undefined
  #onFirst: { readonly resolve: () => void; readonly reject: (failure: GatewayError) => void } | undefined
  #onClosed: (() => void) | undefined

  constructor(options: KeeperOptions, events: KeeperEvents) {
    this.#options = options
    this.#events = events
    this.#opened = false
    this.#epoch = options.data.options.policyEpoch
  }

  /** Resolves when the first writer is ready; rejects if it fails, since at a start people are there to read why. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onFirst = { resolve, reject }
      this.#begin()
    })
  }

  /** For what the log itself records from the next start of a writer on. */
  setEpoch(policyEpoch: Uint8Array): void {
    this.#epoch = policyEpoch
  }

  append(batch: Batch): void {
    this.#thread?.append(batch)
  }

  /** Ends the running segment once what was appended is durable; a writer that is recovering begins a new one anyway. */
  roll(): void {
    this.#thread?.roll()
  }

  /** Resolves when the thread is gone: everything that was handed over is durable, or its waiters were told. */
  close(): Promise<void> {
    clearTimeout(this.#retry)
    return new Promise((resolve) => {
      this.#onClosed = resolve
      if (this.#thread === undefined) resolve()
      else this.#thread.close()
    })
  }

  async terminate(): Promise<void> {
    await this.#thread?.terminate()
  }

  #begin(): void {
    const { logOfLogs, options, ...data } = this.#options.data
    const now = { policyEpoch: this.#epoch, ...(this.#opened ? { opened: true } : {}) }
    const both = { options: { ...options, ...now }, logOfLogs: { ...logOfLogs, ...now } }
    this.#thread = new WriterThread({ ...data, ...both }, (report) => this.#on(report))
  }

  #on(report: WriterReport): void {
    switch (report.kind) {
      case 'ready':
        this.#opened = true
        this.#events.onUp()
        this.#onFirst?.resolve()
        this.#onFirst = undefined
        return
      case 'durable':
        this.#failures = 0
        this.#events.onDurable(report)
        return
      case 'room':
        this.#events.onRoom(report.trouble)
        return
      case 'head':
      case 'heads':
        this.#events.onHeads(report)
        return
      case 'failed':
        this.#failed(report.trouble)
        return
      case 'closed':
        this.#gone()
        return
    }
  }

  #failed(trouble: Trouble): void {
    this.#gone()
    const diagnosis = diagnose(trouble, this.#options.data.options.folder)
    const failure = unavailable(diagnosis.why, new Error(`${trouble.code}: ${trouble.message}`))
    this.#events.onDown(diagnosis)
    if (this.#onFirst !== undefined) return this.#onFirst.reject(failure)
    if (this.#onClosed !== undefined) return
    if (diagnosis.kind === 'count') this.#failures++
    if (diagnosis.kind === 'fatal' || this.#failures >= FAILURES_MAX) return this.#events.onFatal(failure)
    const after = diagnosis.kind === 'wait' ? this.#options.retryMs : (this.#failures - 1) * RECOVER_AFTER_MS
    this.#retry = setTimeout(() => this.#begin(), after)
  }

  #gone(): void {
    this.#thread = undefined
    this.#onClosed?.()
  }
}
