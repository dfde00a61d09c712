import type { Dispatcher } from 'undici'
import { assert, GatewayError } from '../base/assert.ts'
import type { BufferBudget } from './buffer-budget.ts'
import type { EventQueue, Tap } from './event-queue.ts'
import { httpFailure } from './http-failure.ts'
import { SseStream } from './sse-stream.ts'
import { WholeBody } from './whole-body.ts'

export type HttpHeaders = Readonly<Record<string, string>>

/** What a server answered. `body` counts against the budget until `done` is called. */
export type HttpReply =
  | {
      readonly kind: 'body'
      readonly status: number
      readonly headers: HttpHeaders
      readonly body: Uint8Array
      readonly done: () => void
    }
  | { readonly kind: 'stream'; readonly status: number; readonly headers: HttpHeaders; readonly events: EventQueue }

const NONE: HttpHeaders = {}

export interface ExchangeLimits {
  readonly messageBytesMax: number
  readonly eventBytesMax: number
  /** End of the exchange whatever keeps it alive; 0 for none. */
  readonly totalMs: number
}

/** One request and what comes back: undici calls the `on…` methods. */
export class Exchange implements Dispatcher.DispatchHandler, Tap {
  readonly #limits: ExchangeLimits
  readonly #budget: BufferBudget
  readonly #over: () => void
  /** Undefined once it is settled: a stream may stay open for days, and its reply holds all headers. */
  #reply: PromiseWithResolvers<HttpReply> | undefined = Promise.withResolvers()
  readonly #timer: NodeJS.Timeout | undefined
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #headers: HttpHeaders = NONE
  #body: WholeBody | undefined
  #stream: SseStream | undefined
  #isOver = false

  /** `over` is called once, when the connection is no longer needed. */
  constructor(limits: ExchangeLimits, budget: BufferBudget, over: () => void) {
    this.#limits = limits
    this.#budget = budget
    this.#over = over
    if (limits.totalMs > 0) this.#timer = setTimeout(() => this.#fail(tooLong()), limits.totalMs).unref()
  }

  /** To be asked for before the request is dispatched. */
  get reply(): Promise<HttpReply> {
    assert(this.#reply !== undefined, 'a reply is asked for before it comes')
    return this.#reply.promise
  }

  /** The client is gone: lets the connection go. Safe to repeat, and without effect once all has arrived. */
  abort(): void {
    // Whoever reads a stream learns that it ended, not that something broke.
    this.#stream?.events.close()
    this.#fail(new GatewayError('client_gone', 'The client is gone.'))
  }

  pause(): void {
    this.#controller?.pause()
  }

  resume(): void {
    this.#controller?.resume()
  }

  /** Nobody reads the stream any more. */
  close(): void {
    this.#fail(new GatewayError('client_gone', 'Nobody reads any more.'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isOver) controller.abort(new Error('given up before it began'))
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ) {
    if (status < 200) return
    // Nobody reads the bytes of the headers, and each of them keeps a chunk of the socket alive as long as a stream is open.
    controller.rawHeaders = null
    this.#status = status
    this.#headers = flatten(headers)
    refuseUnreadable(status, this.#headers)
    if (mediaType(this.#headers) === 'text/event-stream') this.#openStream()
    else this.#openBody()
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#stream !== undefined) this.#stream.push(chunk)
    else if (this.#body?.push(chunk) === false) controller.pause()
  }

  onResponseEnd(): void {
    if (this.#isOver) return
    this.#stream?.end()
    const body = this.#body
    if (body !== undefined) {
      const done = () => body.close()
      this.#settle()?.resolve({ kind: 'body', status: this.#status, headers: this.#headers, body: body.end(), done })
    }
    this.#finish()
  }

  onResponseError(_: unknown, error: Error): void {
    this.#fail(error)
  }

  #openStream(): void {
    const stream = new SseStream({
      eventBytesMax: this.#limits.eventBytesMax,
      tap: this,
      openShare: (resume) => this.#budget.open(resume),
    })
    this.#stream = stream
    this.#settle()?.resolve({ kind: 'stream', status: this.#status, headers: this.#headers, events: stream.events })
    // The reply has them now.
    this.#headers = NONE
  }

  #openBody(): void {
    this.#body = new WholeBody({
      bytesMax: this.#limits.messageBytesMax,
      announced: this.#headers['content-length'],
      share: this.#budget.open(() => this.#controller?.resume()),
    })
  }

  #fail(error: Error): void {
    if (this.#isOver) return
    const failure = httpFailure(error, this.#status === 0 ? 'asking' : 'answering')
    this.#finish()
    this.#body?.close()
    this.#stream?.end(failure)
    this.#settle()?.reject(failure)
    this.#controller?.abort(failure)
  }

  #settle(): PromiseWithResolvers<HttpReply> | undefined {
    const reply = this.#reply
    this.#reply = undefined
    return reply
  }

  #finish(): void {
    assert(!this.#isOver, 'an exchange ends once')
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#over()
  }
}

// What cannot be inspected does not pass, and a redirect would lead the client around the gateway.
function refuseUnreadable(status: number, headers: HttpHeaders): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? ''
  if (encoding !== '' && encoding !== 'identity')
    throw new GatewayError(
      'upstream_protocol',
      'The MCP server compressed its reply though asked not to: it cannot be inspected.',
    )
  if (status >= 300 && status < 400)
    throw new GatewayError(
      'upstream_protocol',
      'The MCP server answered with a redirect; its URL in the configuration is not the final one.',
    )
}

function mediaType(headers: HttpHeaders): string | undefined {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
}

function flatten(headers: Record<string, string | string[] | undefined>): HttpHeaders {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) flat[name] = typeof value === 'string' ? value : value.join(', ')
  return flat
}

function tooLong(): GatewayError {
  return new GatewayError('upstream_timeout', 'The call took longer than calls may take.')
}
