import type { GatewayError } from '../base/assert.ts'
import type { SseEvent } from '../protocol/sse.ts'
import type { BudgetShare } from './buffer-budget.ts'

// Enough that a source is not stopped for every event, little enough that a slow client is felt at once.
const BUFFERED_BYTES_MAX = 262_144

/** Where events come from: a socket, or the output of a process. */
export interface Tap {
  pause(): void
  resume(): void
  /** Nobody wants any more. */
  close(): void
}

/** Pull-based events for one consumer, who slows the source. What arrived is delivered before what ended it. */
export class EventQueue implements AsyncIterableIterator<SseEvent> {
  readonly #tap: Tap
  readonly #share: BudgetShare
  readonly #queue: SseEvent[] = []
  #queuedBytes = 0
  /** Size of the event that the consumer has in hand. */
  #inHand = 0
  /** Why the source has to wait: the consumer is behind; all calls together hold too much. */
  #isFull = false
  #noRoom = false
  #ended: { readonly failure: GatewayError | undefined } | undefined
  #waiting: PromiseWithResolvers<IteratorResult<SseEvent>> | undefined

  constructor(tap: Tap, openShare: (resume: () => void) => BudgetShare) {
    this.#tap = tap
    this.#share = openShare(() => {
      this.#noRoom = false
      this.#resume()
    })
  }

  get isEnded(): boolean {
    return this.#ended !== undefined
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Bytes arrived, and with them the last of these events. */
  push(bytes: number, events: readonly SseEvent[]): void {
    if (this.#ended !== undefined) return
    this.#noRoom = !this.#share.take(bytes)
    for (const event of events) {
      this.#queue.push(event)
      this.#queuedBytes += event.raw.length
    }
    this.#deliver()
    this.#share.settle(this.#queue.length > 0)
    this.#isFull = this.#queuedBytes >= BUFFERED_BYTES_MAX
    if (this.#isFull || this.#noRoom) this.#tap.pause()
  }

  /** Nothing more comes: the source ended, or `failure` ended it. */
  end(failure?: GatewayError): void {
    if (this.#ended !== undefined) return
    this.#ended = { failure }
    this.#deliver()
    if (this.#queue.length === 0) this.#share.close()
  }

  // Not async: a stream that waits here for hours would hold the frame of an async function as well.
  next(): Promise<IteratorResult<SseEvent>> {
    this.#share.give(this.#inHand)
    this.#inHand = 0
    const event = this.#take()
    if (event !== undefined) return Promise.resolve({ done: false, value: event })
    if (this.#ended !== undefined) return this.#last(this.#ended)
    this.#waiting ??= Promise.withResolvers()
    this.#share.settle(false)
    return this.#waiting.promise
  }

  async return(): Promise<IteratorResult<SseEvent>> {
    this.close()
    return { done: true, value: undefined }
  }

  /** The consumer wants no more. Safe to repeat. */
  close(): void {
    this.#queue.length = 0
    this.#queuedBytes = 0
    this.#share.close()
    if (this.#ended === undefined) {
      this.#ended = { failure: undefined }
      this.#tap.close()
    }
    this.#deliver()
  }

  #deliver(): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    const event = this.#take()
    if (event === undefined && this.#ended === undefined) return
    this.#waiting = undefined
    if (event !== undefined) waiting.resolve({ done: false, value: event })
    else if (this.#ended?.failure === undefined) waiting.resolve({ done: true, value: undefined })
    else waiting.reject(this.#ended.failure)
  }

  #take(): SseEvent | undefined {
    const event = this.#queue.shift()
    if (event === undefined) return undefined
    this.#inHand = event.raw.length
    this.#queuedBytes -= event.raw.length
    if (this.#isFull && this.#queuedBytes < BUFFERED_BYTES_MAX / 2) {
      this.#isFull = false
      this.#resume()
    }
    return event
  }

  #last(ended: { readonly failure: GatewayError | undefined }): Promise<IteratorResult<SseEvent>> {
    this.#share.close()
    if (ended.failure !== undefined) return Promise.reject(ended.failure)
    return Promise.resolve({ done: true, value: undefined })
  }

  #resume(): void {
    if (!this.#isFull && !this.#noRoom && this.#ended === undefined) this.#tap.resume()
  }
}
