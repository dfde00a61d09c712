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
    const certain = found.filter((finding) => weak.has(finding.entity) && !isWeak(finding))
    const kinds = Map.groupBy(certain, ({ entity }) => entity)
    return new Certain(new Map([...kinds].map(([entity, findings]) => [entity, Spans.of(findings)])))
  }

  /** Whether a finding lies wholly in one of the same kind: it adds nothing. */
  has({ entity, start, end }: Finding): boolean {
    return this.#spans.get(entity)?.has(start, end) === true
  }
}
