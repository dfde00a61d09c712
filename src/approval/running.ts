import type { PrincipalId } from '../base/ids.ts'
import type { ApprovalId, Requester } from './approval.ts'

interface Runs {
  readonly requester: Requester
  readonly cuts: Set<() => void>
}

/** What runs on approvals for a session or some time: it ends with them. */
export class Running {
  readonly #running = new Map<ApprovalId, Runs>()

  get size(): number {
    return this.#running.size
  }

  /** Calls `cut` when the approval ends meanwhile. Returns what ends the watch. */
  begin(id: ApprovalId, requester: Requester, cut: () => void): () => void {
    const runs = this.#running.get(id) ?? { requester, cuts: new Set() }
    this.#running.set(id, runs)
    runs.cuts.add(cut)
    return () => {
      runs.cuts.delete(cut)
      if (runs.cuts.size === 0) this.#running.delete(id)
    }
  }

  cut(id: ApprovalId): void {
    for (const cut of Array.from(this.#running.get(id)?.cuts ?? [])) cut()
  }

  /** Those on which something of somebody runs who is in not all of the groups any more that they were in when they asked. */
  outgrown(principal: PrincipalId, groups: ReadonlySet<string>): ApprovalId[] {
    return [...this.#running].flatMap(([id, { requester }]) =>
      requester.principal === principal && !isStillIn(requester, groups) ? [id] : [],
    )
  }
}

export const LEFT_GROUP = 'whoever asked is not in all of their groups any more'

/** Whoever was given something as a member of a group loses it with the group. */
export function isStillIn({ groups: before }: Requester, groups: ReadonlySet<string>): boolean {
  return before.every((group) => groups.has(group))
}
