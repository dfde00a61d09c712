import { GatewayError } from '../base/assert.ts'
import type { IdText } from '../protocol/message.ts'
import type { BufferBudget } from '../transport/buffer-budget.ts'
import type { Tap } from '../transport/event-queue.ts'
import { message } from './http-answer.ts'
import { LineStream } from './line-stream.ts'
import type { ForwardHeaders, UpstreamReply } from './upstream.ts'

export interface CallTimes {
  /** Until the first thing that belongs to the call. */
  readonly firstByteMs: number
  /** Silence after that. */
  readonly streamIdleMs: number
  readonly callTotalMs: number
}

export interface CallOptions {
  readonly id: IdText
  readonly progressToken: IdText | undefined
  /** It listens until somebody ends it: no time-outs. */
  readonly endless: boolean
  /** It asked for log messages (modern era). */
  readonly wantsLog: boolean
  readonly times: CallTimes
  readonly budget: BufferBudget
  readonly source: { pause(who: unknown): void; resume(who: unknown): void }
  /** The client is gone, or it took too long: nobody waits for the reply any more. Called at most once. */
  readonly onAbandoned: () => void
}

/** One request to a process, and what belongs to it: becomes a body if its reply comes first, else a stream. */
export class StdioCall {
  readonly id: IdText
  readonly progressToken: IdText | undefined
  readonly endless: boolean
  readonly wantsLog: boolean
  /** Headers of the reply, such as the id of a session that it opened. */
  headers: ForwardHeaders = {}
  readonly #options: CallOptions
  readonly #reply = Promise.withResolvers<UpstreamReply>()
  readonly #idFree = Promise.withResolvers<void>()
  readonly #total: NodeJS.Timeout | undefined
  #idle: NodeJS.Timeout | undefined
  #stream: LineStream | undefined
  #state: 'open' | 'abandoned' | 'over' = 'open'

  constructor(options: CallOptions) {
    this.id = options.id
    this.progressToken = options.progressToken
    this.endless = options.endless
    this.wantsLog = options.wantsLog
    this.#options = options
    if (options.endless) return
    this.#total = this.#after(options.times.callTotalMs, 'The call took longer than calls may take.')
    this.#idle = this.#after(options.times.firstByteMs, 'The MCP server did not begin to answer in time.')
  }

  get reply(): Promise<UpstreamReply> {
    return this.#reply.promise
  }

  /** Resolves when nothing of this call can come any more: its id may be used again. */
  get idFree(): Promise<void> {
    return this.#idFree.promise
  }

  /** Somebody waits for its messages. */
  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** A notification, or a request of the server. */
  push(line: Uint8Array): void {
    if (this.#state !== 'open') return
    this.#openStream().push(line)
  }

  /** Its reply: nothing more belongs to it. */
  finish(line: Uint8Array): void {
    if (this.#state !== 'open') return this.#over()
    if (this.#stream === undefined) this.#resolveBody(line)
    else this.#stream.push(line)
    this.#over()
    this.#stream?.end()
  }

  /** No reply will come: an empty stream says so. */
  end(): void {
    if (this.#state === 'open') this.#openStream()
    this.#over()
    this.#stream?.end()
  }

  fail(failure: GatewayError): void {
    if (this.#state !== 'open') return this.#over()
    this.#over()
    this.#stream?.end(failure)
    this.#reply.reject(failure)
  }

  /** The client is gone. Safe to repeat. */
  abandon(failure = new GatewayError('client_gone', 'The client is gone.')): void {
    if (this.#state !== 'open') return
    this.#state = 'abandoned'
    this.#letGo()
    if (failure.code === 'client_gone') this.#stream?.close()
    this.#stream?.end(failure)
    this.#reply.reject(failure)
    this.#options.onAbandoned()
  }

  #resolveBody(line: Uint8Array): void {
    const share = this.#options.budget.open(() => undefined)
    share.take(line.length)
    share.settle(true)
    this.#reply.resolve(message(line, this.headers, () => share.close()))
  }

  #openStream(): LineStream {
    this.#beAlive()
    if (this.#stream !== undefined) return this.#stream
    const { source, budget } = this.#options
    const tap: Tap = {
      pause: () => source.pause(this),
      resume: () => source.resume(this),
      close: () => this.abandon(),
    }
    this.#stream = new LineStream(tap, budget)
    this.#reply.resolve(this.#stream.reply(this.headers))
    return this.#stream
  }

  #beAlive(): void {
    if (this.endless) return
    if (this.#stream !== undefined) this.#idle?.refresh()
    else {
      clearTimeout(this.#idle)
      this.#idle = this.#after(
        this.#options.times.streamIdleMs,
        'The MCP server fell silent in the middle of its answer.',
      )
    }
  }

  #after(ms: number, what: string): NodeJS.Timeout {
    return setTimeout(() => this.abandon(new GatewayError('upstream_timeout', what)), ms).unref()
  }

  #over(): void {
    this.#state = 'over'
    this.#idFree.resolve()
    this.#letGo()
  }

  /** Whoever still reads what has arrived must not hold up the others of this process. */
  #letGo(): void {
    clearTimeout(this.#idle)
    clearTimeout(this.#total)
    this.#options.source.resume(this)
  }
}
