// Where clients come in. This folder turns a socket into an Arrival (what came) and an Exchange (what may still be sent),
// checks what must hold before anyone is asked who calls (Host, Origin, sizes, times), and knows nothing of policy.
import type { ServerResponse } from 'node:http'

/** Header names and values, alternating, as `writeHead` takes them. */
export type FlatHeaders = readonly string[]

const EMPTY = new Uint8Array(0)
const COMMENT = new TextEncoder().encode(':\n\n')

/**
 * One exchange, as far as its client can still be answered. Only gateway/release.ts and gateway/reply.ts write to it.
 * What is said after the end, or to a client that went away, is dropped.
 */
export interface Exchange {
  readonly state: 'waiting' | 'streaming' | 'done'
  /** Calls back once when the client's socket closes before the answer was whole; at once if it has closed already. */
  onGone(then: () => void): void
  /** A whole answer. Returns a promise only for a large one; it resolves once the socket took it. */
  answer(status: number, headers: FlatHeaders, body?: Uint8Array): Promise<void> | undefined
  /** Opens an event stream; the headers leave at once. */
  begin(status: number, headers: FlatHeaders): void
  /** One event. Returns a promise only when the client is behind; it resolves when there is room. */
  event(bytes: Uint8Array, nowMs: number): Promise<void> | undefined
  /** A comment of our own if the stream has been quiet so long, so that nothing on the way takes it for a dead one. */
  keepAlive(nowMs: number, quietMs: number): void
  end(): void
  /** Ends it without an answer: the peer must not take what it got for a whole. */
  drop(): void
  /** `say` has the last word; whatever goes on for the client then stops, as if the client had gone. */
  cut(say: () => void): void
}

/** An exchange over a socket of ours. */
export class HttpExchange implements Exchange {
  readonly #response: ServerResponse
  #state: 'waiting' | 'streaming' | 'done' = 'waiting'
  /** The socket closed before the answer was whole. */
  #gone = false
  #quietSinceMs: number
  #goneListeners: (() => void)[] | undefined
  /** Several messages of one batch may wait at once. */
  #roomWaiters: (() => void)[] = []

  /** A client that takes nothing for `stallMs` of what is ready for it loses its connection: it holds memory that others need. */
  constructor(response: ServerResponse, { nowMs, stallMs }: { readonly nowMs: number; readonly stallMs: number }) {
    this.#response = response
    this.#quietSinceMs = nowMs
    response.on('close', () => this.#closed())
    response.on('drain', () => this.#wake())
    response.on('error', ignoreBrokenSocket)
    // Node's timer runs while nothing moves on the socket; only what waits to be written makes that the client's fault.
    response.setTimeout(stallMs, () => {
      if ((response.socket?.writableLength ?? 0) > 0) response.destroy()
    })
  }

  get state(): 'waiting' | 'streaming' | 'done' {
    return this.#state
  }

  onGone(then: () => void): void {
    // A client that left while its intent was on the way to the disk must be noticed by the call that is sent after it.
    if (this.#gone || (this.#state !== 'done' && this.#response.destroyed)) then()
    // `concat` makes what it needs; an array that grows keeps room for sixteen more, on every open stream.
    else if (this.#state !== 'done') this.#goneListeners = (this.#goneListeners ?? []).concat(then)
  }

  answer(status: number, headers: FlatHeaders, body: Uint8Array = EMPTY): Promise<void> | undefined {
    if (this.#state !== 'waiting') return undefined
    this.#state = 'done'
    this.#goneListeners = undefined
    const response = this.#response
    if (response.destroyed) return undefined
    response.writeHead(status, [...headers, 'Content-Length', String(body.byteLength)])
    if (body.byteLength < SMALL_BYTES) {
      response.end(body)
      return undefined
    }
    return new Promise((resolve) => {
      response.once('close', resolve)
      response.end(body, resolve)
    })
  }

  begin(status: number, headers: FlatHeaders): void {
    if (this.#state !== 'waiting') return
    this.#state = 'streaming'
    if (this.#response.destroyed) return
    this.#response.writeHead(status, [...headers, ...STREAM_HEADERS])
    this.#response.flushHeaders()
  }

  event(bytes: Uint8Array, nowMs: number): Promise<void> | undefined {
    if (this.#state !== 'streaming' || this.#response.destroyed) return undefined
    this.#quietSinceMs = nowMs
    if (this.#response.write(bytes)) return undefined
    return new Promise((resolve) => {
      this.#roomWaiters.push(resolve)
    })
  }

  keepAlive(nowMs: number, quietMs: number): void {
    // A client that is behind has enough to read.
    if (this.#response.writableNeedDrain) return
    if (this.#state === 'streaming' && nowMs - this.#quietSinceMs >= quietMs) void this.event(COMMENT, nowMs)
  }

  end(): void {
    if (this.#state === 'done') return
    this.#state = 'done'
    this.#goneListeners = undefined
    this.#response.end()
    this.#wake()
  }

  drop(): void {
    this.#response.destroy()
  }

  cut(say: () => void): void {
    const listeners = this.#goneListeners
    say()
    this.#state = 'done'
    // What begins for it after this is told at once.
    this.#gone = true
    this.#goneListeners = undefined
    for (const listener of listeners ?? []) listener()
  }

  #closed(): void {
    const listeners = this.#goneListeners
    this.#goneListeners = undefined
    if (this.#state !== 'done') this.#gone = true
    this.#state = 'done'
    this.#wake()
    for (const listener of listeners ?? []) listener()
  }

  #wake(): void {
    const waiters = this.#roomWaiters
    this.#roomWaiters = []
    for (const waiter of waiters) waiter()
  }
}

/** Below this a body fits the socket's own buffer, and waiting for it to leave costs more than it saves. */
const SMALL_BYTES = 64 * 1024

// protocol.md, 4.1: nothing between us and the client may hold or change a stream.
const STREAM_HEADERS: FlatHeaders = ['Cache-Control', 'no-cache, no-transform', 'X-Accel-Buffering', 'no']

function ignoreBrokenSocket(): void {
  // `close` follows and tells whoever waits; a peer that went away is no news of ours.
}
