import type { Exchange, FlatHeaders } from '../downstream/exchange.ts'
import { SseSplitter } from '../protocol/sse.ts'
import { answerIn, failed, isReply, type TaskAnswer } from '../protocol/tasks-extension.ts'

/**
 * Stands for a client that comes back later: what would have been said to it is kept. Only replies are; what a server says on
 * the way is on record, and its client is not there to hear it.
 */
export class TaskExchange implements Exchange {
  readonly #keep: (answer: TaskAnswer) => void
  readonly #splitter = new SseSplitter({ eventBytesMax: Number.MAX_SAFE_INTEGER })
  #state: Exchange['state'] = 'waiting'
  #reply: Uint8Array | undefined
  /** It was cut before there was an answer. */
  #gone = false
  #goneListeners: (() => void)[] = []

  /** `keep` is called once, with what the call came to; never where it ends without one, for it waits for people anew. */
  constructor(keep: (answer: TaskAnswer) => void) {
    this.#keep = keep
  }

  get state(): Exchange['state'] {
    return this.#state
  }

  onGone(then: () => void): void {
    // What is cut while its intent is on the way to the disk must be noticed by the call that is sent after it.
    if (this.#gone) then()
    else if (this.#state !== 'done') this.#goneListeners.push(then)
  }

  answer(status: number, _headers: FlatHeaders, body?: Uint8Array): undefined {
    if (this.#state === 'waiting') this.#finish(answerIn(body, status))
  }

  begin(): void {
    if (this.#state === 'waiting') this.#state = 'streaming'
  }

  event(bytes: Uint8Array): undefined {
    if (this.#state !== 'streaming') return
    for (const { data } of this.#splitter.push(bytes))
      if (data !== undefined && data.length > 0 && isReply(data)) this.#reply ??= data
  }

  keepAlive(): void {
    // Nobody listens.
  }

  end(): void {
    if (this.#state !== 'done') this.#finish(answerIn(this.#reply, 200))
  }

  /** Cuts the call: its client took it back, or what it ran on ended. */
  drop(): void {
    if (this.#state === 'done') return
    this.#state = 'done'
    this.#gone = true
    // First of all it is cut, also where that cannot be kept.
    for (const listener of this.#goneListeners) listener()
    this.#keep(failed('The call was cut while it ran. It may have run.'))
  }

  /** What its client is told is kept with the task. */
  cut(): void {
    this.drop()
  }

  #finish(answer: TaskAnswer): void {
    this.#state = 'done'
    this.#goneListeners = []
    this.#keep(answer)
  }
}
