import type { Life } from './life.ts'
import type { LifeOrder, LifeReport } from './life-messages.ts'

/** Records that the main thread appends for us. */
export class LifeAppends {
  readonly #report: (what: LifeReport) => void
  readonly #waiting = new Map<number, { resolve: (seq: number) => void; reject: (failure: Error) => void }>()
  #next = 0
  #closed = false

  constructor(report: (what: LifeReport) => void) {
    this.#report = report
  }

  append(...[entry, members]: Parameters<Life['append']>): Promise<number> {
    if (this.#closed) return Promise.reject(new Error('the log is being closed'))
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#report({ kind: 'append', id, entry, members })
    })
  }

  settle(order: Extract<LifeOrder, { kind: 'appended' | 'refused' }>): void {
    const waiter = this.#waiting.get(order.id)
    this.#waiting.delete(order.id)
    if (order.kind === 'appended') waiter?.resolve(order.seq)
    else waiter?.reject(new Error(order.why))
  }

  close(): void {
    this.#closed = true
    for (const { reject } of this.#waiting.values()) reject(new Error('the log is being closed'))
    this.#waiting.clear()
  }
}
