import { concat, encodeUtf8 } from '../base/bytes.ts'
import type { GatewayError } from '../base/assert.ts'
import { Unmasked } from '../masking/masked.ts'
import type { BufferBudget } from '../transport/buffer-budget.ts'
import { EventQueue, type Tap } from '../transport/event-queue.ts'
import { SealedEvents } from './sealed-events.ts'
import type { ForwardHeaders, UpstreamReply } from './upstream.ts'

const FIELDS = encodeUtf8('event: message\n')
const DATA = encodeUtf8('data: ')
const END = encodeUtf8('\n\n')

/** Lines of a process as the events that a server would send over HTTP. */
export class LineStream {
  readonly #queue: EventQueue

  constructor(tap: Tap, budget: BufferBudget) {
    this.#queue = new EventQueue(tap, (resume) => budget.open(resume))
  }

  get isEnded(): boolean {
    return this.#queue.isEnded
  }

  push(line: Uint8Array): void {
    const raw = concat([FIELDS, DATA, line, END])
    this.#queue.push(raw.length, [{ fields: FIELDS, data: line, id: undefined, raw }])
  }

  end(failure?: GatewayError): void {
    this.#queue.end(failure)
  }

  close(): void {
    this.#queue.close()
  }

  reply(headers: ForwardHeaders): UpstreamReply {
    return {
      kind: 'stream',
      status: 200,
      headers: new Unmasked({ 'content-type': 'text/event-stream', 'cache-control': 'no-cache', ...headers }),
      events: new SealedEvents(this.#queue),
    }
  }
}
