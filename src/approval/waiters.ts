import type { ApprovalId } from './approval.ts'

/** Requests that wait for something to happen to an approval. They hold a timer each and nothing of the approval. */
export class Waiters {
  readonly #waiting = new Map<ApprovalId, Set<() => void>>()

  /** Resolves when the approval is woken, after `ms`, or when `signal` aborts, whichever comes first. */
  wait(id: ApprovalId, ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    const waiting = this.#waiting.get(id) ?? new Set()
    this.#waiting.set(id, waiting)
    return new Promise((resolve) => {
      const end = (): void => {
        if (!waiting.delete(end)) return
        if (waiting.size === 0) this.#waiting.delete(id)
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, Math.min(ms, TIMER_MS_MAX))
      waiting.add(end)
      signal.addEventListener('abort', end)
    })
  }

  wake(id: ApprovalId): void {
    for (const end of Array.from(this.#waiting.get(id) ?? [])) end()
  }
}

/** Timers of Node end at once beyond that. */
const TIMER_MS_MAX = 2_147_483_647
