import { explainText, type Explained } from '../../../src/masking/explain.ts'
import { entitiesOf, factsOf, isEntityName } from '../../../src/masking/replace/entity-groups.ts'
import { makeRuleSet, type RuleSet } from '../../../src/masking/rule-set.ts'
import { Scanners } from '../../../src/masking/scanners.ts'
import type { Span } from './vectors.ts'

/** Asks the engine what it finds, as `sallyport mask --json` does. */
export class Finder {
  readonly #scanners = new Scanners([])
  readonly #sets = new Map<string, RuleSet>()

  /** What counts of one kind in a text, where a rule names the kind: by our name or Presidio's. */
  entity(text: string, entity: string): readonly Explained[] {
    const names = entitiesOf(entity) ?? []
    return this.#find(text, [entity]).filter((found) => names.some((name) => name === found.entity))
  }

  /** What counts as a secret in a text with the default profile. */
  secrets(text: string): readonly Explained[] {
    return this.#find(text, []).filter(({ entity }) => isEntityName(entity) && factsOf(entity).isSecret)
  }

  /** What counts of any kind with the default profile. */
  anything(text: string): readonly Explained[] {
    return this.#find(text, [])
  }

  #find(text: string, entities: readonly string[]): readonly Explained[] {
    const rules = this.#rules(entities)
    const found = explainText(text, { scanner: this.#scanners.for(rules), rules })
    if (found === undefined) throw new Error('looking through a vector cost too much')
    return found.filter(({ counts }) => counts)
  }

  #rules(entities: readonly string[]): RuleSet {
    const key = entities.join(' ')
    const known = this.#sets.get(key)
    if (known !== undefined) return known
    const terms = entities.length === 0 ? [] : [{ entities, with: 'redact' as const }]
    const made = makeRuleSet({ profile: 'default', side: 'results', terms, own: [] })
    this.#sets.set(key, made)
    return made
  }
}

/** What of it is replaced: a name beside a secret, or the host of a URL, is found with it and stays. */
export function hiddenPart(found: Explained): Explained {
  return { ...found, ...found.hidden }
}

/** Whether every letter and digit of a span lies inside what was found. Too wide is fine. */
export function isCovered(text: string, [start, end]: Span, found: readonly Explained[]): boolean {
  for (let at = start; at < end; at++)
    if (/[\p{L}\p{N}]/u.test(text.charAt(at)) && !found.some((one) => one.start <= at && at < one.end)) return false
  return true
}
