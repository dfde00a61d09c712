import type { Approval } from './approval.ts'
import type { ApprovalEvent } from './event.ts'
import type { ApprovalRows } from './rows.ts'

const AT_ONCE = 1_000

/** Puts on record what happened to approvals. What could not be recorded stays in the store and is recorded later, in order. */
export class EventRecorder {
  readonly #rows: ApprovalRows
  readonly #record: (event: ApprovalEvent, approval: Approval) => Promise<unknown>
  readonly #onWay = new Set<number>()
  #done: number[] = []

  constructor(rows: ApprovalRows, record: (event: ApprovalEvent, approval: Approval) => Promise<unknown>) {
    this.#rows = rows
    this.#record = record
  }

  /** Resolves with the approval as it is after the event, once that is durable in the log. Rejects where the log cannot be written. */
  async tell(n: number, event: ApprovalEvent): Promise<Approval> {
    const approval = this.#rows.get(event.approval)
    if (approval === undefined) throw new TypeError('an approval is gone')
    this.#onWay.add(n)
    try {
      await this.#record(event, approval)
      this.#done.push(n)
    } finally {
      this.#onWay.delete(n)
    }
    return approval
  }

  /** What was not on record when the gateway ended, or while the log could not be written. */
  async tellRest(): Promise<void> {
    const done = new Set(this.#done)
    for (const { n, event } of this.#rows.unrecorded(AT_ONCE + done.size + this.#onWay.size))
      if (!done.has(n) && !this.#onWay.has(n)) await this.tell(n, event)
  }

  /** Writes down what is on record. Nothing hangs on it: an event that is recorded twice has the same number. */
  settle(): void {
    const done = this.#done
    if (done.length === 0) return
    this.#done = []
    this.#rows.recorded(done)
  }
}
