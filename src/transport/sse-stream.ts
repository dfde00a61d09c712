import type { GatewayError } from '../base/assert.ts'
import { SseSplitter } from '../protocol/sse.ts'
import type { BudgetShare } from './buffer-budget.ts'
import { EventQueue, type Tap } from './event-queue.ts'

/** The events of one HTTP response. */
export class SseStream {
  readonly events: EventQueue
  readonly #splitter: SseSplitter

  constructor(options: { eventBytesMax: number; tap: Tap; openShare: (resume: () => void) => BudgetShare }) {
    this.#splitter = new SseSplitter(options)
    this.events = new EventQueue(options.tap, options.openShare)
  }

  /** Bytes from the socket. Throws `upstream_too_large`. */
  push(chunk: Uint8Array): void {
    if (!this.events.isEnded) this.events.push(chunk.length, this.#splitter.push(chunk))
  }

  /** An event cut short is no event. */
  end(failure?: GatewayError): void {
    this.#splitter.end()
    this.events.end(failure)
  }
}
