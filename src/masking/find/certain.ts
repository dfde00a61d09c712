import type { EntityId } from '../entities.ts'
import { Spans } from '../scan/spans.ts'
import type { Finding } from './finding.ts'

/** What was found for certain, by its kind. */
export class Certain {
  readonly #spans: ReadonlyMap<EntityId, Spans>

  constructor(found: readonly Finding[]) {
    const kinds = Map.groupBy(found, ({ entity }) => entity)
    this.#spans = new Map([...kinds].map(([entity, findings]) => [entity, Spans.of(findings)]))
  }

  /** Whether a finding lies wholly in one of the same kind: it adds nothing. */
  has({ entity, start, end }: Finding): boolean {
    return this.#spans.get(entity)?.has(start, end) === true
  }
}
