import { encodeUtf8 } from '../base/bytes.ts'
import type { Exchange, FlatHeaders } from '../downstream/exchange.ts'
import { corsHeaders } from '../downstream/preflight.ts'
import { faultReply } from '../protocol/errors.ts'
import type { ClientMessage, WireFault } from '../protocol/message.ts'
import { messageWithReceipt } from '../protocol/receipt-place.ts'
import { writeEvent } from '../protocol/sse.ts'
import { arriveOne } from './arrive-one.ts'
import type { Gateway } from './gateway.ts'
import type { Standing } from './place.ts'
import { RECEIPT_HEADER } from './release.ts'
import { say } from './reply.ts'

/**
 * 2025-03-26: several messages in one POST. Each is carried by itself, as if it had come alone, so that a refused one gets
 * its own error and nothing is judged by its neighbours. Replies leave as events of one stream, as that revision allows.
 */
export async function arriveBatch(
  messages: readonly (ClientMessage | WireFault)[],
  standing: Standing,
  gateway: Gateway,
): Promise<void> {
  const { exchange } = standing
  const unwatch = gateway.keepAlive().watch(exchange, standing.principal)
  try {
    await Promise.all(
      messages.map((message) => arriveElement(message, { ...standing, exchange: new Element(exchange) }, gateway)),
    )
  } finally {
    unwatch()
  }
  if (exchange.state === 'waiting') say(exchange, 202, undefined, corsHeaders(standing.headers))
  else exchange.end()
}

async function arriveElement(message: ClientMessage | WireFault, standing: Standing, gateway: Gateway): Promise<void> {
  if (message.kind === 'fault') return say(standing.exchange, message.status, faultReply(message))
  return arriveOne(message, standing, gateway)
}

const MESSAGE_FIELDS = encodeUtf8('event: message\n')

/** The share that one message of a batch has of the answer. */
class Element implements Exchange {
  readonly #whole: Exchange
  #done = false

  constructor(whole: Exchange) {
    this.#whole = whole
  }

  get state(): Exchange['state'] {
    return this.#done ? 'done' : this.#whole.state
  }
  onGone(then: () => void): void {
    this.#whole.onGone(then)
  }
  answer(_status: number, headers: FlatHeaders, body?: Uint8Array): Promise<void> | undefined {
    if (this.#done) return undefined
    this.#done = true
    if (body === undefined || body.byteLength === 0) return undefined
    this.#whole.begin(200, ofTheStream(headers))
    // A header is of the whole answer; a receipt is of this message.
    const at = headers.indexOf(RECEIPT_HEADER)
    const data = at === -1 ? body : messageWithReceipt(body, headers[at + 1] ?? '')
    return this.#whole.event(writeEvent({ fields: MESSAGE_FIELDS, data }), 0)
  }
  begin(status: number, headers: FlatHeaders): void {
    this.#whole.begin(status, ofTheStream(headers))
  }
  event(bytes: Uint8Array, nowMs: number): Promise<void> | undefined {
    return this.#done ? undefined : this.#whole.event(bytes, nowMs)
  }
  keepAlive(nowMs: number, quietMs: number): void {
    this.#whole.keepAlive(nowMs, quietMs)
  }
  end(): void {
    this.#done = true
  }
  drop(): void {
    this.#whole.drop()
  }
  /** Nobody can be told that one message is over while the others go on. */
  cut(): void {
    this.drop()
  }
}

function ofTheStream(headers: FlatHeaders): FlatHeaders {
  const kept = ['Content-Type', 'text/event-stream']
  for (let i = 0; i + 1 < headers.length; i += 2)
    if (headers[i]?.toLowerCase() !== 'content-type' && headers[i] !== RECEIPT_HEADER)
      kept.push(headers[i] ?? '', headers[i + 1] ?? '')
  return kept
}
