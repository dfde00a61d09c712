import { encodeUtf8 } from '../base/bytes.ts'
import type { ClientRequest } from '../protocol/message.ts'
import type { Launcher } from './launcher.ts'
import type { Line, Notification } from './line.ts'
import type { StdioCall } from './stdio-call.ts'
import { StdioPipe } from './stdio-pipe.ts'
import type { Outgoing } from './upstream.ts'

// A reply may cross a cancellation. Until it must have come, its id is not given to another call, which it would answer.
const LATE_MS = 5000

/** A process of the modern era: no conversation, only calls, told apart by their ids. Kept for one caller. */
export class ModernProcess {
  readonly #pipe: StdioPipe
  #hasAnswered = false

  constructor(launcher: Launcher, over: (process: ModernProcess) => void) {
    this.#pipe = new StdioPipe(launcher, {
      unasked: (line) => this.#unasked(line),
      replied: () => {
        this.#hasAnswered = true
        launcher.worked()
      },
      abandoned: (call) => this.#cancel(call),
      ended: () => {
        if (!this.#hasAnswered) launcher.endedEarly(this.#pipe.process)
        over(this)
      },
    })
  }

  /** The call that uses the id of this request, or its progress token: the two could not be told apart. */
  conflict({ id, progressToken }: ClientRequest): StdioCall | undefined {
    const { calls } = this.#pipe
    const sameId = calls.get(id)
    if (sameId !== undefined || progressToken === undefined) return sameId
    return Array.from(calls.values()).find((call) => call.progressToken === progressToken)
  }

  start(request: ClientRequest, outgoing: Outgoing): StdioCall {
    return this.#pipe.start(request, outgoing)
  }

  write(outgoing: Outgoing): Promise<void> {
    return this.#pipe.write(outgoing)
  }

  #unasked(line: Exclude<Line, { kind: 'reply' | 'noise' }>): void {
    // A modern server MUST NOT write requests (protocol.md, 10).
    const call = line.kind === 'notification' ? this.#ownerOf(line) : undefined
    if (call === undefined) {
      this.#pipe.dropped += 1
      return
    }
    call.push(line.bytes)
    if (line.kind === 'notification' && line.method === 'notifications/cancelled') this.#pipe.forget(call)
  }

  /** What cannot be told to be of a call is of none. */
  #ownerOf({ method, subscriptionId, progressToken, requestId }: Notification): StdioCall | undefined {
    const { calls, openCalls } = this.#pipe
    if (subscriptionId !== undefined) return calls.get(subscriptionId)
    if (method === 'notifications/progress') return openCalls.find((call) => call.progressToken === progressToken)
    if (method === 'notifications/cancelled') return requestId === undefined ? undefined : calls.get(requestId)
    // Only who asked for log messages may get any; all calls here are of one caller.
    return method === 'notifications/message' ? openCalls.find((call) => call.wantsLog) : undefined
  }

  /** Gone is cancelled in this era, and on a pipe that has to be said (protocol.md, 6.6). */
  #cancel(call: StdioCall): void {
    const params = `{"requestId":${call.id},"reason":"nobody waits for the reply"}`
    const message = encodeUtf8(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`)
    // A process that takes no messages any more has nothing left to cancel.
    this.#pipe.tell(message).catch(() => undefined)
    setTimeout(() => this.#pipe.forget(call), LATE_MS).unref()
  }
}
