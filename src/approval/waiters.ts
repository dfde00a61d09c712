import type { ApprovalId } from './approval.ts'

/** Requests that wait for something to happen to an approval. They hold a timer each and nothing of the approval. */
export class Waiters {
  readonly #waiting = new Map<ApprovalId, Set<() => void>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Resolves when the approval is woken, after `ms`, or when `signal` aborts, whichever comes first. */
  wait(id: ApprovalId, ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve()
    const waiting = this.#waiting.get(id) ?? new Set()
    this.#waiting.set(id, waiting)
    this.#size += 1
    return new Promise((resolve) => {
      const end = (): void => {
        if (!waiting.delete(end)) return
        this.#size -= 1
        if (waiting.size === 0) this.#waiting.delete(id)
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      waiting.add(end)
      signal.addEventListener('abort', end)
    })
  }

  wake(id: ApprovalId): void {
    for (const end of [...(this.#waiting.get(id) ?? [])]) end()
  }
}
