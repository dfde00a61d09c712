import { stringifyJson } from '../base/json.ts'
import type { ClientMessage, ClientRequest } from '../protocol/message.ts'
import { accepted, idInUse, secondStream } from './http-answer.ts'
import type { Launcher } from './launcher.ts'
import type { Line, Notification } from './line.ts'
import { LineStream } from './line-stream.ts'
import type { StdioCall } from './stdio-call.ts'
import { StdioPipe } from './stdio-pipe.ts'
import type { Outgoing, UpstreamReply } from './upstream.ts'

type Unasked = Exclude<Line, { kind: 'reply' | 'noise' }>

// What a server says while nobody listens: enough for what it says at its start, and no more than a client would want to catch up on.
const BACKLOG_MAX = 256
const BACKLOG_BYTES_MAX = 1_048_576

/** A conversation of the legacy era with a process of its own. */
export class LegacySession {
  readonly id: string
  readonly #pipe: StdioPipe
  readonly #launcher: Launcher
  #stream: LineStream | undefined
  #backlog: Uint8Array[] = []
  #backlogBytes = 0
  /** The `initialize` that was sent. */
  #opening: StdioCall | undefined
  #isOpen = false
  #isEnding = false

  /** `over` is called once, when there is no process any more. */
  constructor(id: string, launcher: Launcher, over: () => void) {
    this.id = id
    this.#launcher = launcher
    this.#pipe = new StdioPipe(launcher, {
      unasked: (line) => this.#unasked(line),
      replied: (call, failed) => this.#replied(call, failed),
      abandoned: (call) => this.#abandoned(call),
      ended: () => {
        this.#stream?.end()
        if (!this.#isOpen && !this.#isEnding) launcher.endedEarly(this.#pipe.process)
        over()
      },
    })
  }

  /** Sends the request that opens the session; a failed reply ends it again. */
  initialize(request: ClientRequest, outgoing: Outgoing): Promise<UpstreamReply> {
    const call = this.#pipe.start(request, outgoing)
    call.headers = { 'mcp-session-id': this.id }
    this.#opening = call
    return call.reply
  }

  async send(passage: ClientMessage, outgoing: Outgoing): Promise<UpstreamReply> {
    if (passage.kind === 'request') {
      if (this.#pipe.calls.has(passage.id)) return idInUse(passage.id)
      return this.#pipe.start(passage, outgoing).reply
    }
    await this.#pipe.write(outgoing)
    if (passage.kind === 'notification' && passage.method === 'notifications/cancelled')
      this.#cancelled(passage.params['requestId'])
    return accepted()
  }

  /** Opens the one stream for what belongs to no call. Closing it leaves the process as it is. */
  listen(outgoing: Outgoing): UpstreamReply {
    if (this.#stream !== undefined && !this.#stream.isEnded) return secondStream()
    const leave = this.#pipe.keepOpen()
    const tap = {
      pause: () => this.#pipe.pause(tap),
      resume: () => this.#pipe.resume(tap),
      close: () => {
        this.#pipe.resume(tap)
        leave()
      },
    }
    const stream = new LineStream(tap, this.#launcher.shared.budget)
    this.#stream = stream
    outgoing.onAbort(() => stream.close())
    for (const line of this.#backlog) stream.push(line)
    this.#backlog = []
    this.#backlogBytes = 0
    return stream.reply({ 'mcp-session-id': this.id })
  }

  /** Resolves when the process is gone. */
  end(): Promise<void> {
    this.#isEnding = true
    return this.#pipe.process.stop()
  }

  #replied(call: StdioCall, failed: boolean): void {
    if (call !== this.#opening) return
    if (failed) {
      call.headers = {}
      void this.end()
      return
    }
    this.#isOpen = true
    this.#launcher.worked()
  }

  /** Gone is not cancelled (protocol.md, 5.5): the reply is still to come, and until then the id is taken. */
  #abandoned(call: StdioCall): void {
    // But a session whose id nobody has learnt is of no use.
    if (call === this.#opening) void this.end()
  }

  /** A cancelled call gets no reply, so whoever still waits for it is told that it is over. */
  #cancelled(requestId: unknown): void {
    const id = typeof requestId === 'string' || typeof requestId === 'number' ? stringifyJson(requestId) : ''
    const call = this.#pipe.calls.get(id)
    if (call !== undefined && call !== this.#opening) this.#pipe.forget(call)
  }

  #unasked(line: Unasked): void {
    const stream = this.#stream?.isEnded === false ? this.#stream : undefined
    const owner = line.kind === 'notification' ? this.#ownerOf(line) : undefined
    if (owner !== undefined) return owner.push(line.bytes)
    if (stream !== undefined && line.kind === 'notification' && isNews(line.method)) return stream.push(line.bytes)
    const open = this.#pipe.openCalls
    const [oldest] = open
    // On one pipe nobody says what a message belongs to. With one call open it is that call's; else it goes where a
    // client listens for everything, and only without that to a call that may have nothing to do with it.
    if (oldest !== undefined && open.length === 1) oldest.push(line.bytes)
    else if (stream !== undefined) stream.push(line.bytes)
    else if (oldest === undefined) this.#keep(line.bytes)
    else oldest.push(line.bytes)
  }

  #ownerOf({ method, progressToken }: Notification): StdioCall | undefined {
    if (method !== 'notifications/progress' || progressToken === undefined) return undefined
    return this.#pipe.openCalls.find((call) => call.progressToken === progressToken)
  }

  #keep(line: Uint8Array): void {
    this.#backlog.push(line)
    this.#backlogBytes += line.length
    while (this.#backlog.length > BACKLOG_MAX || this.#backlogBytes > BACKLOG_BYTES_MAX) {
      this.#backlogBytes -= this.#backlog.shift()?.length ?? 0
      this.#pipe.dropped += 1
    }
  }
}

/** What concerns the session as a whole, whatever call is open. */
function isNews(method: string): boolean {
  return method.endsWith('/list_changed') || method === 'notifications/resources/updated'
}
