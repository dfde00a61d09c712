import type { EntityId } from '../entities.ts'
import { Spans } from '../scan/spans.ts'
import type { Finding } from './finding.ts'

/** What was found for certain, by its kind. */
export class Certain {
  readonly #spans: ReadonlyMap<EntityId, Spans>

  private constructor(spans: ReadonlyMap<EntityId, Spans>) {
    this.#spans = spans
  }

  /** Of the kinds that something weak was found of; undefined where nothing was. */
  static of(found: readonly Finding[], isWeak: (finding: Finding) => boolean): Certain | undefined {
    const weak = new Set<EntityId>()
    for (const finding of found) if (isWeak(finding)) weak.add(finding.entity)
    if (weak.size === 0) return undefined
    const spans = new Map<EntityId, Spans>()
    for (const entity of weak)
      spans.set(entity, Spans.of(found.filter((finding) => finding.entity === entity && !isWeak(finding))))
    return new Certain(spans)
  }

  /** Whether a finding lies wholly in one of the same kind: it adds nothing. */
  has({ entity, start, end }: Finding): boolean {
    return this.#spans.get(entity)?.has(start, end) === true
  }
}
