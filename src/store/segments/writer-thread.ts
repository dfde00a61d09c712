import { Worker } from 'node:worker_threads'
import type { Batch } from './batch.ts'
import { troubleOf, type WriterOrder, type WriterReport, type WriterThreadData } from './writer-messages.ts'

/** The writer, seen from the main thread. */
export class WriterThread {
  readonly #worker: Worker
  #ended = false

  /** `onReport` gets `failed` or `closed` last, once the thread is gone and can write no more. */
  constructor(data: WriterThreadData, onReport: (report: WriterReport) => void) {
    // The same file as `.ts` from source and as `.js` from the build.
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
    this.#worker = new Worker(new URL(`./writer-worker${extension}`, import.meta.url), { workerData: data })
    let last: WriterReport = { kind: 'failed', trouble: { code: 'bug', message: 'the writer ended without a word' } }
    this.#worker.on('message', (report: WriterReport) => {
      if (report.kind === 'failed' || report.kind === 'closed') last = report
      else onReport(report)
    })
    this.#worker.on('error', (failure) => {
      last = { kind: 'failed', trouble: troubleOf(failure) }
    })
    this.#worker.on('exit', () => {
      this.#ended = true
      onReport(last)
    })
  }

  append(batch: Batch): void {
    if (!this.#ended) this.#post({ kind: 'append', batch }, [batch.memory])
  }

  roll(): void {
    if (!this.#ended) this.#post({ kind: 'roll' }, [])
  }

  close(): void {
    if (!this.#ended) this.#post({ kind: 'close' }, [])
  }

  /** For a thread that hangs in the kernel; what it was writing may still be written. */
  async terminate(): Promise<void> {
    await this.#worker.terminate()
  }

  #post(order: WriterOrder, transfer: ArrayBuffer[]): void {
    this.#worker.postMessage(order, transfer)
  }
}
