import { Unmasked } from '../masking/masked.ts'
import type { SseEvent } from '../protocol/sse.ts'
import type { EventQueue } from '../transport/event-queue.ts'
import type { EventSource } from './upstream.ts'

/** Events of a server, boxed: from here on nobody reads one by accident. */
export class SealedEvents implements EventSource {
  readonly #queue: EventQueue

  constructor(queue: EventQueue) {
    this.#queue = queue
  }

  [Symbol.asyncIterator](): AsyncIterator<Unmasked<SseEvent>> {
    const queue = this.#queue
    return {
      next: () => queue.next().then(sealed),
      async return(): Promise<IteratorResult<Unmasked<SseEvent>>> {
        queue.close()
        return { done: true, value: undefined }
      },
    }
  }

  close(): void {
    this.#queue.close()
  }
}

function sealed({ done, value }: IteratorResult<SseEvent>): IteratorResult<Unmasked<SseEvent>> {
  return done === true ? { done, value: undefined } : { done: false, value: new Unmasked(value) }
}
