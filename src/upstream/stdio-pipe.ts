import { assert, GatewayError } from '../base/assert.ts'
import { Sealed } from '../base/sealed.ts'
import { isObject } from '../base/json.ts'
import type { ClientRequest, IdText } from '../protocol/message.ts'
import type { StdioProcess } from '../transport/stdio.ts'
import type { Launcher } from './launcher.ts'
import { type Line, readLine } from './line.ts'
import { StdioCall } from './stdio-call.ts'
import type { Outgoing } from './upstream.ts'

const LOG_LEVEL = 'io.modelcontextprotocol/logLevel'
// More open requests than this on one pipe, and the server is not answering any.
const CALLS_MAX = 256

export interface PipeHandler {
  /** Whatever is no reply. */
  unasked(line: Exclude<Line, { kind: 'reply' | 'noise' }>): void
  /** The reply to a call is here, and is about to be delivered. */
  replied(call: StdioCall, failed: boolean): void
  /** Nobody waits for this call's reply any more. */
  abandoned(call: StdioCall): void
  ended(failure: GatewayError): void
}

/** One process and the calls that are open on it. */
export class StdioPipe {
  readonly process: StdioProcess
  /** By id, in the order in which they were sent. */
  readonly calls = new Map<IdText, StdioCall>()
  readonly #launcher: Launcher
  readonly #handler: PipeHandler
  /** Who cannot take more: while there is one, the process is not read. */
  readonly #behind = new Set<unknown>()
  readonly #idle: NodeJS.Timeout
  #listeners = 0
  /** Lines that were no messages, and replies that nobody waited for. */
  dropped = 0

  constructor(launcher: Launcher, handler: PipeHandler) {
    this.#launcher = launcher
    this.#handler = handler
    this.process = launcher.launch({ line: (line) => this.#line(line), ended: (failure) => this.#ended(failure) })
    this.#idle = setTimeout(() => this.#whenIdle(), launcher.options.limits.processIdleMs).unref()
  }

  get openCalls(): StdioCall[] {
    return Array.from(this.calls.values()).filter((call) => call.isOpen)
  }

  /** Sends a request whose id is not in use. What comes back is in `call.reply`. Throws `upstream_busy`. */
  start(request: ClientRequest, outgoing: Outgoing): StdioCall {
    assert(!this.calls.has(request.id), 'an id is used once at a time')
    if (this.calls.size >= CALLS_MAX)
      throw new GatewayError('upstream_busy', 'Too many calls to this MCP server are open.')
    const call = new StdioCall({
      id: request.id,
      progressToken: request.progressToken,
      endless: request.method === 'subscriptions/listen',
      wantsLog:
        request.era === 'modern' &&
        isObject(request.params['_meta']) &&
        request.params['_meta'][LOG_LEVEL] !== undefined,
      times: this.#launcher.options.limits,
      budget: this.#launcher.shared.budget,
      source: this,
      onAbandoned: () => this.#handler.abandoned(call),
    })
    this.calls.set(request.id, call)
    outgoing.onAbort(() => call.abandon())
    this.write(outgoing).catch((error: unknown) => call.fail(asFailure(error)))
    return call
  }

  /** No reply to this call is expected any more; one that comes is dropped. */
  forget(call: StdioCall): void {
    if (this.calls.get(call.id) === call) this.calls.delete(call.id)
    call.end()
  }

  /** Writes what a passage carries. */
  async write({ body }: Pick<Outgoing, 'body'>): Promise<void> {
    assert(body !== undefined, 'a message has a body')
    this.#idle.refresh()
    await this.process.write(Sealed.open(body))
  }

  /** Writes a message of our own. */
  async tell(message: Uint8Array): Promise<void> {
    await this.process.write(message)
  }

  pause(who: unknown): void {
    this.#behind.add(who)
    this.process.pause()
  }

  resume(who: unknown): void {
    if (this.#behind.delete(who) && this.#behind.size === 0) this.process.resume()
  }

  /** Somebody listens: the process is in use though nothing is said. Returns what ends that, once. */
  keepOpen(): () => void {
    this.#listeners += 1
    let isOpen = true
    return () => {
      if (isOpen) this.#listeners -= 1
      isOpen = false
      this.#idle.refresh()
    }
  }

  #line(bytes: Uint8Array): void {
    const line = readLine(bytes)
    if (line.kind === 'reply') this.#reply(line)
    else if (line.kind === 'noise') this.dropped += 1
    else this.#handler.unasked(line)
  }

  #reply({ id, failed, bytes }: Extract<Line, { kind: 'reply' }>): void {
    // An error about a request that the server could not read has no id (protocol.md, 3.1): with one open call it is clear whose.
    const call = id === undefined ? this.#onlyCall() : this.calls.get(id)
    if (call === undefined) {
      this.dropped += 1
      return
    }
    this.calls.delete(call.id)
    this.#handler.replied(call, failed)
    call.finish(bytes)
    this.#idle.refresh()
  }

  #onlyCall(): StdioCall | undefined {
    const open = this.openCalls
    return open.length === 1 ? open[0] : undefined
  }

  #ended(failure: GatewayError): void {
    clearTimeout(this.#idle)
    const calls = Array.from(this.calls.values())
    this.calls.clear()
    for (const call of calls) call.fail(failure)
    this.#handler.ended(failure)
  }

  /** Calls that nobody waits for do not keep a process: it may never answer them. */
  #whenIdle(): void {
    if (this.#listeners > 0 || this.openCalls.length > 0) this.#idle.refresh()
    else void this.process.stop()
  }
}

function asFailure(error: unknown): GatewayError {
  return error instanceof GatewayError
    ? error
    : new GatewayError('upstream_unreachable', 'The MCP server does not take messages.', { cause: error })
}
