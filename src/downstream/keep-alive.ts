import { clock } from '../base/clock.ts'
import type { Principal } from '../identity/principal.ts'
import type { Exchange } from './exchange.ts'

type Owner = Pick<Principal, 'id' | 'issuer' | 'claims' | 'expiresAtMs'>

interface Watched {
  readonly exchange: Exchange
  /** Their token ends at some time, and what it opened ends with it. */
  readonly owner: Owner
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
  watch(exchange: Exchange, owner: Owner): () => void {
    const watched = { exchange, owner }
    this.#streams.add(watched)
    return () => {
      this.#streams.delete(watched)
    }
  }

  /** Ends all streams of these. */
  dropOf(isOne: (owner: Owner) => boolean): void {
    for (const { exchange, owner } of this.#streams) if (isOne(owner)) exchange.drop()
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
    for (const { exchange, owner } of this.#streams) {
      if (now >= owner.expiresAtMs) exchange.drop()
      else exchange.keepAlive(now, this.#quietMs)
    }
  }
}
