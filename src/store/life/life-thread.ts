import { Worker } from 'node:worker_threads'
import type { SegmentLog } from '../segments/segment-log.ts'
import { lifeEntry, type LifeMaker } from './life-entry.ts'
import type { LifeOrder, LifeReport, LifeThreadData } from './life-messages.ts'

export interface LifeThreadEvents {
  /** Once in a while, and whenever room ran out. */
  readonly onRoom: (room: Extract<LifeReport, { kind: 'room' }>) => void
  /** Why sealing or deleting does not go on, and nothing once it does. The log itself is not affected. */
  readonly onTrouble: (why: string | undefined) => void
}

/** The thread that looks after sealed records, seen from the main thread. */
export class LifeThread implements AsyncDisposable {
  readonly #worker: Worker
  readonly #log: SegmentLog
  readonly #maker: LifeMaker
  readonly #events: LifeThreadEvents
  readonly #ended: Promise<void>
  readonly #stopListening: () => void

  constructor(data: LifeThreadData, log: SegmentLog, maker: LifeMaker, events: LifeThreadEvents) {
    this.#log = log
    this.#maker = maker
    this.#events = events
    // The same file as `.ts` from source and as `.js` from the build.
    const extension = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
    this.#worker = new Worker(new URL(`./life-worker${extension}`, import.meta.url), { workerData: data })
    this.#worker.on('message', (report: LifeReport) => this.#on(report))
    this.#worker.on('error', (failure) => events.onTrouble(failure instanceof Error ? failure.message : 'it ended'))
    this.#ended = new Promise((resolve) => this.#worker.on('exit', () => resolve()))
    this.#stopListening = log.onState(({ kind }) => {
      if (kind === 'no_room') this.#post({ kind: 'full' })
    })
  }

  /** Lets what is being done come to its next step; the rest goes on at the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopListening()
    this.#post({ kind: 'close' })
    await this.#ended
  }

  #on(report: LifeReport): void {
    switch (report.kind) {
      case 'append':
        return void this.#append(report)
      case 'roll':
        return this.#log.roll()
      case 'room':
        this.#log.setCapped(report.full ? CAPPED : undefined)
        return this.#events.onRoom(report)
      case 'trouble':
        return this.#events.onTrouble(report.why)
    }
  }

  async #append({ entry, id, members }: Extract<LifeReport, { kind: 'append' }>): Promise<void> {
    try {
      const { index } = await this.#log.append(lifeEntry(entry, members, this.#maker))
      this.#post({ kind: 'appended', id, seq: index })
    } catch (failure) {
      this.#post({ kind: 'refused', id, why: failure instanceof Error ? failure.message : String(failure) })
    }
  }

  #post(order: LifeOrder): void {
    this.#worker.postMessage(order, [])
  }
}

const CAPPED =
  'Sealed records take as much as audit.cap allows. Raise it, or let a class drop its oldest content (on_full); calls go on by themselves then.'
