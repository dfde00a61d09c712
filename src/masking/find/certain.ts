import type { EntityId } from '../entities.ts'
import type { Finding } from './finding.ts'

/** What was found for certain, by its kind. */
export class Certain {
  readonly #found = new Map<EntityId, Finding[]>()

  constructor(found: readonly Finding[]) {
    for (const finding of found) {
      const list = this.#found.get(finding.entity)
      if (list === undefined) this.#found.set(finding.entity, [finding])
      else list.push(finding)
    }
    for (const list of this.#found.values()) list.sort((a, b) => a.end - b.end)
  }

  /** Whether a finding lies wholly in one of the same kind: it adds nothing. */
  has({ entity, start, end }: Finding): boolean {
    const list = this.#found.get(entity)
    if (list === undefined) return false
    let low = 0
    let high = list.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((list[middle]?.end ?? 0) < end) low = middle + 1
      else high = middle
    }
    return (list[low]?.start ?? Infinity) <= start
  }
}
