import type { Approval } from './approval.ts'
import type { ApprovalEvent } from './event.ts'
import type { ApprovalRows } from './rows.ts'

const AT_ONCE = 1_000
/** More are not kept in memory: whoever claims looks through them. */
const SETTLED_AT_ONCE = 200

/** Puts on record what happened to approvals. What could not be recorded stays in the store and is recorded later, in order. */
export class EventRecorder {
  readonly #rows: ApprovalRows
  readonly #record: (event: ApprovalEvent, approval: Approval) => Promise<unknown>
  readonly #onWay = new Set<number>()
  readonly #done = new Set<number>()
  #telling: Promise<void> | undefined

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
      this.#done.add(n)
    } finally {
      this.#onWay.delete(n)
    }
    if (this.#done.size >= SETTLED_AT_ONCE) this.settle()
    return approval
  }

  /** What was not on record when the gateway ended, or while the log could not be written. */
  tellRest(): Promise<void> {
    this.#telling ??= this.#tellAll().finally(() => {
      this.#telling = undefined
    })
    return this.#telling
  }

  async #tellAll(): Promise<void> {
    const known = this.#rows.unrecorded(AT_ONCE + this.#done.size + this.#onWay.size)
    // Picked out at once: while one is recorded, others are written down as done and cannot be told apart any more.
    const rest = known.filter(({ n }) => !this.#done.has(n) && !this.#onWay.has(n))
    for (const { n, event } of rest) await this.tell(n, event)
  }

  /** Writes down what is on record. Nothing hangs on it: what a crash leaves unwritten is recorded twice, with the same time. */
  settle(): void {
    if (this.#done.size === 0) return
    const done = [...this.#done]
    this.#done.clear()
    this.#rows.recorded(done)
  }
}
