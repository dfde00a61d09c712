// Speaking MCP as a client: bytes to a server and back, over HTTP or over the pipes of a process. This folder
// knows no permit, no mask and no record; it promises limits, back-pressure, time-outs, and that nothing is left behind.
import { rootCertificates } from 'node:tls'
import { buildConnector, Client, type Dispatcher, Pool } from 'undici'
import { GatewayError } from '../base/assert.ts'
import type { BufferBudget } from './buffer-budget.ts'
import { ExpansionRoom } from './expansion.ts'
import { Exchange, type HttpHeaders, type HttpReply } from './http-exchange.ts'

export interface HttpOptions {
  readonly url: URL
  /** PEM of certificate authorities to trust besides the usual ones. */
  readonly ca?: string | undefined
  readonly connectMs: number
  /** From the request's last byte to the headers of the answer. */
  readonly firstByteMs: number
  /** Silence within the answer to a call; a keep-alive comment is a sign of life. */
  readonly streamIdleMs: number
  /** The end of every call, whatever keeps it alive. */
  readonly callTotalMs: number
  readonly messageBytesMax: number
  readonly eventBytesMax: number
}

/** How one request differs from the others. */
export interface HttpCall {
  readonly headers: HttpHeaders
  /** Called once, with what lets the connection go. */
  readonly onAbort: (abort: () => void) => void
  /** A call that listens until somebody ends it (`subscriptions/listen`). */
  readonly endless?: boolean
}

// Header names, values and the status line of a reply; SDK servers send less than one.
const HEADER_BYTES_MAX = 65_536
// A server that is slower than the callers of one gateway is overloaded; more waiting calls would not help it.
const CALLS_MAX = 1024
const STREAMS_MAX = 10_000
// Servers that listen may be silent for long. One that has vanished is found by TCP keep-alive, so this is the last net.
const ENDLESS_IDLE_MS = 24 * 3_600_000

/**
 * One MCP server that speaks Streamable HTTP (protocol.md, 5 and 6). Redirects are not followed, certificates are always
 * checked, and a request is sent once: whether it may be sent again, only the client knows.
 */
export class HttpClient implements AsyncDisposable {
  readonly #options: HttpOptions
  readonly #budget: BufferBudget
  readonly #path: string
  readonly #connect: buildConnector.connector
  readonly #calls: Pool
  /** Long streams have a connection each: among thousands of them the pool would search for a free one, call by call. */
  readonly #streams = new Set<Client>()
  readonly #room = new ExpansionRoom()
  #open = 0

  constructor(options: HttpOptions, budget: BufferBudget) {
    this.#options = options
    this.#budget = budget
    this.#path = options.url.pathname + options.url.search
    this.#connect = buildConnector({
      allowH2: false,
      timeout: options.connectMs,
      ...(options.ca === undefined ? {} : { ca: [...rootCertificates, options.ca] }),
    })
    this.#calls = new Pool(options.url.origin, { ...this.#clientOptions(), connections: CALLS_MAX })
  }

  /** Sends one message. Throws GatewayError as `Upstream.send` says. */
  async postMessage(body: Uint8Array, call: HttpCall): Promise<HttpReply> {
    if (call.endless === true) return this.#onItsOwn({ method: 'POST', body }, call)
    if (this.#open >= CALLS_MAX) throw busy('calls')
    return this.#send(this.#calls, { method: 'POST', body }, call)
  }

  /** Opens or resumes the stream of a session. */
  openStream(call: HttpCall): Promise<HttpReply> {
    return this.#onItsOwn({ method: 'GET' }, { ...call, endless: true })
  }

  /** Ends a session. */
  endSession(call: HttpCall): Promise<HttpReply> {
    return this.#send(this.#calls, { method: 'DELETE' }, call)
  }

  async close(): Promise<void> {
    await Promise.all([this.#calls.destroy(), ...Array.from(this.#streams, (client) => client.destroy())])
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #onItsOwn(request: Request, call: HttpCall): Promise<HttpReply> {
    if (this.#streams.size >= STREAMS_MAX) throw busy('streams')
    const client = new Client(this.#options.url.origin, this.#clientOptions())
    this.#streams.add(client)
    return this.#send(client, request, call, () => {
      this.#streams.delete(client)
      void client.destroy()
    })
  }

  #send(to: Dispatcher, request: Request, call: HttpCall, over?: () => void): Promise<HttpReply> {
    const { callTotalMs, messageBytesMax, eventBytesMax, firstByteMs, streamIdleMs } = this.#options
    const endless = call.endless === true
    const limits = { messageBytesMax, eventBytesMax, totalMs: endless ? 0 : callTotalMs, room: this.#room }
    if (to === this.#calls) this.#open += 1
    const exchange = new Exchange(limits, this.#budget, () => {
      if (to === this.#calls) this.#open -= 1
      over?.()
    })
    const { reply } = exchange
    call.onAbort(() => exchange.abort())
    to.dispatch(
      {
        ...request,
        path: this.#path,
        headers: flatHeaders(call.headers),
        headersTimeout: firstByteMs,
        bodyTimeout: endless ? ENDLESS_IDLE_MS : streamIdleMs,
      },
      exchange,
    )
    return reply
  }

  #clientOptions(): Client.Options {
    return { connect: this.#connect, allowH2: false, pipelining: 1, maxHeaderSize: HEADER_BYTES_MAX }
  }
}

interface Request {
  readonly method: 'POST' | 'GET' | 'DELETE'
  readonly body?: Uint8Array
}

function flatHeaders(headers: HttpHeaders): string[] {
  // Near a server, compressing costs more than it saves. What is compressed all the same is expanded before it is inspected.
  const flat = ['accept-encoding', 'identity']
  for (const [name, value] of Object.entries(headers)) flat.push(name, value)
  return flat
}

function busy(what: string): GatewayError {
  return new GatewayError('upstream_busy', `Too many ${what} to this MCP server are open. Try again in a moment.`)
}
