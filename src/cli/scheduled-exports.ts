import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { SECOND_MS } from '../base/units.ts'
import type { Config, ExportConfig, SecretReference } from '../config/config.ts'
import type { OperatorLog } from './operator-log.ts'
import { programVersion } from './program-version.ts'

/** What an export thread is told. */
export interface ExportOrder {
  /** The data folder. */
  readonly folder: string
  readonly export: ExportConfig
  /** Where it stands: records may be sealed and encrypted before they are exported. */
  readonly masterKey: SecretReference
  readonly version: string
}

/** A receiver that is full or gone may come back. */
const RETRY_MS = 30 * SECOND_MS

/**
 * Exports of the configuration, each in a thread of its own: it reads files and writes files, so no call waits for it. One that
 * fails is told, and begun again where its cursor stands.
 */
export function startExports({ audit: { exports }, dataFolder, masterKey }: Config, log: OperatorLog): AsyncDisposable {
  const version = programVersion()
  const running = exports.map(
    (one) => new ScheduledExport({ folder: dataFolder, export: one, masterKey, version }, log),
  )
  return { [Symbol.asyncDispose]: async () => void (await Promise.all(running.map((one) => one.end()))) }
}

class ScheduledExport {
  readonly #order: ExportOrder
  readonly #log: OperatorLog
  #worker: Worker
  #ending = false
  #retry: NodeJS.Timeout | undefined

  constructor(order: ExportOrder, log: OperatorLog) {
    this.#order = order
    this.#log = log
    this.#worker = this.#start()
  }

  async end(): Promise<void> {
    this.#ending = true
    clearTimeout(this.#retry)
    if (this.#worker.threadId === -1) return
    const ended = once(this.#worker, 'exit')
    this.#worker.postMessage('end', [])
    await ended
  }

  #start(): Worker {
    // The same file as `.ts` from source and as `.js` from the build.
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
    const worker = new Worker(new URL(`./export-worker${extension}`, import.meta.url), { workerData: this.#order })
    worker.on('error', (failure) => {
      const why = failure instanceof Error ? failure.message : String(failure)
      this.#log.error('an export of the log stands still', { folder: this.#order.export.folder, why })
      if (this.#ending) return
      this.#retry = setTimeout(() => (this.#worker = this.#start()), RETRY_MS)
      this.#retry.unref()
    })
    worker.unref()
    return worker
  }
}
