import type { SessionId } from '../base/ids.ts'
import type { IdText } from '../protocol/message.ts'

/** Calls that are held at the moment. A client may give one up while its exchange stays open (2025-11-25, Cancellation). */
export class Holds {
  readonly #held = new Map<string, Set<AbortController>>()

  /** `signal` aborts when the client gives the call up. */
  begin(session: SessionId, id: IdText): { readonly signal: AbortSignal; end(): void } {
    const key = `${session} ${id}`
    const hold = new AbortController()
    // A session that rests on a window of time may be that of two processes, which number their calls alike.
    const held = this.#held.get(key) ?? new Set()
    this.#held.set(key, held.add(hold))
    return {
      signal: hold.signal,
      end: () => {
        held.delete(hold)
        if (held.size === 0 && this.#held.get(key) === held) this.#held.delete(key)
      },
    }
  }

  /** False where no such call is held. */
  giveUp(session: SessionId, id: IdText): boolean {
    const held = this.#held.get(`${session} ${id}`)
    for (const hold of held ?? []) hold.abort()
    return held !== undefined
  }
}
