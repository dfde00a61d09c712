import type { Dispatcher } from 'undici'
import { assert, GatewayError } from '../base/assert.ts'
import type { BufferBudget } from './buffer-budget.ts'
import type { EventQueue, Tap } from './event-queue.ts'
import { type Coding, codingOf, Expansion, type ExpansionRoom } from './expansion.ts'
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
  /** For what the server compresses. */
  readonly room: ExpansionRoom
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
  /** Of a server that compresses though asked not to. */
  #expansion: Expansion | undefined
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
    if (this.#expansion !== undefined) this.#expansion.pause()
    else this.#controller?.pause()
  }

  resume(): void {
    if (this.#expansion !== undefined) this.#expansion.resume()
    else this.#controller?.resume()
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
    refuseRedirect(status)
    const coding = codingOf(this.#headers['content-encoding'])
    if (coding !== undefined) this.#expand(coding)
    if (mediaType(this.#headers) === 'text/event-stream') this.#openStream()
    else this.#openBody()
  }

  onResponseData(_: unknown, chunk: Uint8Array): void {
    if (this.#expansion !== undefined) this.#expansion.push(chunk)
    else this.#take(chunk)
  }

  onResponseEnd(): void {
    if (this.#expansion !== undefined) this.#expansion.end()
    else this.#end()
  }

  onResponseError(_: unknown, error: Error): void {
    this.#fail(error)
  }

  #take(chunk: Uint8Array): void {
    if (this.#stream !== undefined) this.#stream.push(chunk)
    else if (this.#body?.push(chunk) === false) this.pause()
  }

  #end(): void {
    if (this.#isOver) return
    this.#stream?.end()
    const body = this.#body
    if (body !== undefined) {
      const done = () => body.close()
      this.#settle()?.resolve({ kind: 'body', status: this.#status, headers: this.#headers, body: body.end(), done })
    }
    this.#finish()
  }

  /** What goes on is plain, and of another length. */
  #expand(coding: Coding): void {
    const { 'content-encoding': _, 'content-length': __, ...plain } = this.#headers
    this.#headers = plain
    const over = this.#limits.room.take(coding)
    this.#expansion = new Expansion(coding, {
      pause: () => this.#controller?.pause(),
      resume: () => this.#controller?.resume(),
      take: (chunk) => this.#take(chunk),
      end: () => this.#end(),
      fail: (error) => this.#fail(error),
      over,
    })
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
      share: this.#budget.open(() => this.resume()),
    })
  }

  #fail(error: unknown): void {
    if (this.#isOver) return
    const failure = httpFailure(error, this.#status === 0 ? 'asking' : 'answering')
    this.#finish()
    this.#expansion?.close()
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

// A redirect would lead the client around the gateway.
function refuseRedirect(status: number): void {
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
