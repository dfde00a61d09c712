import { clock } from '../base/clock.ts'
import type { PrincipalId } from '../base/ids.ts'
import type { Principal } from '../identity/principal.ts'
import type { Exchange } from './exchange.ts'

interface Watched {
  readonly exchange: Exchange
  /** The caller's token ends then, and what it opened ends with it. */
  readonly untilMs: number
  readonly owner: PrincipalId
}

/** One timer for all open streams: keep-alive comments, and the end of streams whose caller's token ran out. */
export class KeepAlive {
  readonly #quietMs: number
  readonly #streams = new Set<Watched>()
  #timer: NodeJS.Timeout | undefined

  constructor(quietMs: number) {
    this.#quietMs = quietMs
  }

  get size(): number {
    return this.#streams.size
  }

  /** Watches a stream until the returned function is called. */
  watch(exchange: Exchange, { id: owner, expiresAtMs: untilMs }: Pick<Principal, 'id' | 'expiresAtMs'>): () => void {
    const watched = { exchange, untilMs, owner }
    this.#streams.add(watched)
    return () => {
      this.#streams.delete(watched)
    }
  }

  /** Ends all streams of somebody. */
  dropOf(owner: PrincipalId): void {
    for (const watched of this.#streams) if (watched.owner === owner) watched.exchange.drop()
  }

  start(): void {
    this.#timer = setInterval(() => this.#tick(), Math.max(50, this.#quietMs / 4))
    this.#timer.unref()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #tick(): void {
    const now = clock.nowMs()
    for (const { exchange, untilMs } of this.#streams) {
      if (now >= untilMs) exchange.drop()
      else exchange.keepAlive(now, this.#quietMs)
    }
  }
}
