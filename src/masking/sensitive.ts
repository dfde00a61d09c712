import { encodeUtf8 } from '../base/bytes.ts'
import { type Act, place } from './acts.ts'
import { Document } from './document.ts'
import { ENTITY_NAMES, type EntityId } from './entities.ts'
import { findAll, type FindTerms } from './find/find-all.ts'
import { type Finding, isByName } from './find/finding.ts'
import { looksLikeOurs } from './find/ours.ts'
import { type OwnDetector, ownAt, type OwnLooked } from './patterns/own-detector.ts'
import { factsOf } from './replace/entity-groups.ts'
import { makeRuleSet, NO_TERMS, type RuleSet } from './rule-set.ts'
import type { Scanners } from './scanners.ts'
import { locate } from './structure/locate.ts'

/** What policy may ask of the arguments of a call: no value, and nothing made of one. */
export interface Sensitive {
  /** How many different secrets stand there. */
  readonly secrets: number
  /** Kinds of personal data by name, in the order of the catalogue; those of the configuration come last. */
  readonly personal: readonly string[]
}

export interface SensitiveAt {
  readonly connection: string
  /** Undefined where no tool is called. */
  readonly tool: string | undefined
}

export const NOTHING_SENSITIVE: Sensitive = { secrets: 0, personal: [] }

/**
 * Says what kinds of values stand in arguments, given as a JSON text. It looks for what the profile hides in results, whatever
 * is masked on the connection: a policy may ask where nothing is. Undefined where looking would cost too much.
 */
export function sensitiveFinder(
  scanners: Scanners,
  own: readonly OwnDetector[],
): (args: string, at: SensitiveAt) => Sensitive | undefined {
  const sets = new Map<string, RuleSet>()
  return (args, at) => {
    const { looked, key } = ownAt(own, at)
    const rules =
      sets.get(key) ?? makeRuleSet({ profile: 'default', side: 'results', terms: NO_TERMS, own: looked.map(anyWay) })
    sets.set(key, rules)
    const scanner = scanners.for(rules)
    const acts = actsIn(encodeUtf8(args), { scanner, rules, restored: [], binary: 'pass' })
    return acts && sensitiveOf(acts, scanner.entities)
  }
}

/** Whichever way it is hidden. */
function anyWay(own: OwnLooked): OwnLooked {
  return { ...own, in: ['results'] }
}

/** The places that count; what stands in base64 has its own. */
function actsIn(bytes: Uint8Array, terms: FindTerms): Act[] | undefined {
  // Arguments are no message: `id` and `method` in them are not those of the protocol.
  const document = new Document(bytes, { isPart: true })
  const found = findAll(document, terms, looksLikeOurs(bytes))
  if (found.kind === 'refused') return undefined
  const counted = found.findings.filter((finding) => !isSecret(finding.entity) || isSecretHere(finding, document))
  const acts = [...place(document, counted, terms.rules).acts]
  for (const { text } of found.embedded) {
    const inner = actsIn(text, terms)
    if (inner === undefined) return undefined
    acts.push(...inner)
  }
  return acts
}

/**
 * Tools take passwords and tokens under just these names, so that the name of an argument makes no secret of its value. What
 * a text names itself counts, where its value looks like one: a line of a file, a flag of a command.
 */
function isSecretHere({ by, start, within }: Finding, { structure }: Document): boolean {
  if (!isByName(by)) return true
  if (by !== 'near') return false
  if (structure === undefined) return true
  const value = locate(structure, start)
  const name = locate(structure, within?.start ?? start)
  if (value === undefined || value.structure.level > 0) return true
  return name?.structure === value.structure && name.token === value.token
}

function isSecret(entity: EntityId): boolean {
  const name = ENTITY_NAMES[entity]
  return name !== undefined && factsOf(name).isSecret
}

function sensitiveOf(acts: readonly Act[], names: readonly string[]): Sensitive {
  if (acts.length === 0) return NOTHING_SENSITIVE
  const secrets = new Set(acts.filter(({ entity }) => isSecret(entity)).map(({ value }) => value))
  const kinds = new Set(acts.flatMap(({ entity }) => (isSecret(entity) ? [] : [entity])))
  const personal = [...kinds].toSorted((a, b) => a - b).map((entity) => names[entity] ?? '')
  return { secrets: secrets.size, personal }
}
