import type { SessionId } from '../base/ids.ts'
import type { IdText } from '../protocol/message.ts'

/** Calls that are held at the moment. A client may give one up while its exchange stays open (2025-11-25, Cancellation). */
export class Holds {
  readonly #held = new Map<string, AbortController>()

  /** `signal` aborts when the client gives the call up. */
  begin(session: SessionId, id: IdText): { readonly signal: AbortSignal; end(): void } {
    const key = `${session} ${id}`
    const hold = new AbortController()
    this.#held.set(key, hold)
    return {
      signal: hold.signal,
      end: () => {
        if (this.#held.get(key) === hold) this.#held.delete(key)
      },
    }
  }

  /** False where no such call is held. */
  giveUp(session: SessionId, id: IdText): boolean {
    const hold = this.#held.get(`${session} ${id}`)
    hold?.abort()
    return hold !== undefined
  }
}
