import type { RuleId } from '../base/ids.ts'
import { matches, matchesItem, type Asked, type RuleHere } from './match.ts'
import { readableGroups, rulesFor, type Policy } from './policy.ts'
import { readUri, type Readings } from './resource-uri.ts'
import { DEFAULT_RULE, type ConnectionFacts } from './rule.ts'

/** The caller, as far as policy looks. `groups` are raw values of the identity provider's claim. */
export interface Who {
  readonly subject: string
  readonly groups: readonly string[]
  readonly email?: string | undefined
}

/** What the caller wants. `connection`: to talk to it at all (initialize, server/discover, logging, completion, …). */
export type About =
  | { readonly kind: 'tool'; readonly name: string }
  | { readonly kind: 'prompt'; readonly name: string }
  | { readonly kind: 'resource'; readonly uri: string }
  | { readonly kind: 'connection' }

export interface Question {
  readonly policy: Policy
  readonly who: Who
  readonly connection: ConnectionFacts
  readonly about: About
}

/** `rule` decided, `matched` are all rules that fitted. `groupsThatMay`: whom to ask to be let in. */
export type Decision =
  | { readonly kind: 'allow'; readonly rule: RuleId; readonly matched: readonly RuleId[] }
  | {
      readonly kind: 'deny'
      readonly rule: RuleId
      readonly matched: readonly RuleId[]
      readonly message?: string | undefined
      /** Readable names of groups whose members would be allowed. */
      readonly groupsThatMay: readonly string[]
    }

/** The strictest matching rule decides, wherever it stands: any deny, then any allow, then nobody: deny. */
export function decide(question: Question): Decision {
  const { policy, connection } = question
  const rules = rulesFor(policy, connection)
  const asked = ask(question)
  const { denied, allowed, matched } = judge(rules, asked)
  if (denied === undefined && allowed !== undefined) return { kind: 'allow', rule: allowed.rule.id, matched }
  return {
    kind: 'deny',
    rule: denied?.rule.id ?? DEFAULT_RULE,
    matched,
    message: denied?.rule.message,
    groupsThatMay: groupsThatMay(rules, asked),
  }
}

/** The same answer as a bare yes or no: for what is left out of lists. */
export function allows(question: Question): boolean {
  return isAllowed(rulesFor(question.policy, question.connection), ask(question))
}

function ask({ policy, who, about }: Question): Asked {
  let readings: Readings | undefined
  return {
    groups: readableGroups(policy, who.groups),
    about,
    readings: () => (readings ??= readUri(about.kind === 'resource' ? about.uri : '')),
  }
}

interface Verdict {
  readonly denied: RuleHere | undefined
  readonly allowed: RuleHere | undefined
  readonly matched: readonly RuleId[]
}

function judge(rules: readonly RuleHere[], asked: Asked): Verdict {
  let denied: RuleHere | undefined
  let allowed: RuleHere | undefined
  const matched: RuleId[] = []
  for (const here of rules) {
    if (!matches(here, asked)) continue
    matched.push(here.rule.id)
    if (here.rule.effect === 'deny') denied ??= here
    else allowed ??= here
  }
  return { denied, allowed, matched }
}

function isAllowed(rules: readonly RuleHere[], asked: Asked): boolean {
  let allowed = false
  for (const here of rules) {
    if (!matches(here, asked)) continue
    if (here.rule.effect === 'deny') return false
    allowed ||= here.rule.effect === 'allow'
  }
  return allowed
}

/** Groups that would open the way for this caller, in the order of the file. */
function groupsThatMay(rules: readonly RuleHere[], asked: Asked): string[] {
  const candidates = new Set<string>()
  for (const here of rules) {
    const groups = here.rule.effect === 'allow' ? here.match.groups : here.except?.groups
    if (groups === undefined || !matchesItem(here, asked)) continue
    for (const group of groups) if (!asked.groups.has(group)) candidates.add(group)
  }
  return [...candidates].filter((group) => isAllowed(rules, { ...asked, groups: new Set([...asked.groups, group]) }))
}
