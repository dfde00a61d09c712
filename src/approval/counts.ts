import type { ApprovalId } from './approval.ts'
import type { ApprovalRows } from './rows.ts'

/** How often approvals are asked for and used: not written at once, for nothing hangs on it. */
export class Counts {
  readonly #rows: ApprovalRows
  readonly #counts = new Map<ApprovalId, { asks: number; uses: number }>()

  constructor(rows: ApprovalRows) {
    this.#rows = rows
  }

  asked(id: ApprovalId): void {
    this.#of(id).asks += 1
  }

  used(id: ApprovalId): void {
    this.#of(id).uses += 1
  }

  write(): void {
    for (const [id, more] of this.#counts) this.#rows.count(id, more)
    this.#counts.clear()
  }

  #of(id: ApprovalId): { asks: number; uses: number } {
    const counts = this.#counts.get(id) ?? { asks: 0, uses: 0 }
    this.#counts.set(id, counts)
    return counts
  }
}
