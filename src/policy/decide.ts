import type { ApprovalTerms, CoveredRule } from '../approval/approval.ts'
import type { RuleId } from '../base/ids.ts'
import { NO_CIRCUMSTANCES, type Circumstances, type Who } from './circumstances.ts'
import { contextOf, type ConditionContext } from './condition/condition.ts'
import { counts, holds } from './holds.ts'
import type { LimitOf } from './limit.ts'
import { fits, fitsAnybody, type Asked, type RuleHere, type Stage } from './match.ts'
import { readableGroups, rulesFor, type Policy } from './policy.ts'
import { readUri, type Readings } from './resource-uri.ts'
import { DEFAULT_RULE, type ConnectionFacts, type MaskTerms, type Severity } from './rule.ts'

export type { Who }

/** What the caller wants. `connection`: to talk to it at all (initialize, server/discover, logging, completion, …). */
export type About =
  | { readonly kind: 'tool'; readonly name: string }
  | { readonly kind: 'prompt'; readonly name: string }
  | { readonly kind: 'resource'; readonly uri: string }
  | { readonly kind: 'connection' }

/** The name or URI that it is about; empty for the connection. */
export function nameOf(about: About): string {
  switch (about.kind) {
    case 'tool':
    case 'prompt':
      return about.name
    case 'resource':
      return about.uri
    case 'connection':
      return ''
  }
}

export interface Question {
  readonly policy: Policy
  readonly who: Who
  readonly connection: ConnectionFacts
  readonly about: About
  /** What conditions look at; without it they see a call with no arguments. */
  readonly circumstances?: Circumstances | undefined
  /** `call` where nothing is said. */
  readonly stage?: Stage | undefined
}

/** `rule` decided, `matched` are all enforced rules that matched. */
interface Decided {
  readonly rule: RuleId
  readonly matched: readonly RuleId[]
  /** Rules whose condition could not be answered. */
  readonly errors: readonly RuleId[]
  /** Rules in shadow mode that matched: on record, and without effect. */
  readonly shadowed: readonly Shadowed[]
}

export interface Shadowed {
  readonly rule: RuleId
  readonly effect: RuleHere['rule']['effect']
}

/** What comes with everything that is not denied. */
export interface Obligations {
  readonly limits: readonly LimitOf[]
  readonly masks: readonly { readonly rule: RuleId; readonly terms: readonly MaskTerms[] }[]
  readonly alerts: readonly { readonly rule: RuleId; readonly severity: Severity }[]
}

export interface Allowed extends Decided {
  readonly kind: 'allow'
  readonly obligations: Obligations
  /** The policy is in shadow mode, and would have said this. */
  readonly would?: 'deny' | 'approve' | undefined
}

export interface NeedsApproval extends Decided {
  readonly kind: 'approve'
  readonly message?: string | undefined
  /** Of every matching approve rule; all must be met. */
  readonly terms: readonly { readonly rule: RuleId; readonly approval: ApprovalTerms }[]
  readonly obligations: Obligations
}

/** Rules that somebody has to agree to, each as it is worded. */
export function coveredBy({ terms }: NeedsApproval): CoveredRule[] {
  return terms.map(({ rule, approval: { digest } }) => ({ rule, digest }))
}

export interface Denied extends Decided {
  readonly kind: 'deny'
  readonly message?: string | undefined
  readonly severity?: Severity | undefined
  /** Readable names of groups whose members would be allowed: whom to ask. */
  readonly groupsThatMay: readonly string[]
}

export type Decision = Allowed | NeedsApproval | Denied

/** The strictest matching rule decides, wherever it stands: any deny; else nobody allows: deny; else any approve; else allow. */
export function decide(question: Question): Decision {
  const { policy, connection } = question
  const rules = rulesFor(policy, connection)
  const found = judge(rules, askOf(question))
  const effect = effectOf(found, policy)
  if (policy.mode === 'shadow') return inShadow(found, effect)
  switch (effect) {
    case 'deny':
      return denial(found, groupsThatMay(rules, question))
    case 'approve':
      return approval(found)
    case 'allow':
      return { kind: 'allow', ...decided(found, found.allowed), obligations: obligationsOf(found.obliging) }
  }
}

function decided({ matched, errors, shadowed }: Verdict, by: RuleHere | undefined): Decided {
  return { rule: by?.rule.id ?? DEFAULT_RULE, matched, errors, shadowed }
}

function denial(found: Verdict, groups: readonly string[]): Denied {
  const { message, severity } = found.denied?.rule ?? {}
  return { kind: 'deny', ...decided(found, found.denied), message, severity, groupsThatMay: groups }
}

function approval(found: Verdict): NeedsApproval {
  const [first] = found.approving
  const terms = found.approving.flatMap(({ rule }) =>
    rule.approval === undefined ? [] : [{ rule: rule.id, approval: rule.approval }],
  )
  const message = first?.rule.message
  return { kind: 'approve', ...decided(found, first), message, terms, obligations: obligationsOf(found.obliging) }
}

/** The whole policy is only tried: everything passes, and what would have been is on record. */
function inShadow(found: Verdict, effect: 'deny' | 'approve' | 'allow'): Allowed {
  const by = { deny: found.denied, approve: found.approving[0], allow: found.allowed }[effect]
  const would = effect === 'allow' ? undefined : effect
  return { kind: 'allow', ...decided(found, by), obligations: NO_OBLIGATIONS, would }
}

/** For lists: whether some call of this could be allowed. */
export function couldAllow(question: Question): boolean {
  const { policy, connection } = question
  return policy.mode === 'shadow' || isAllowed(rulesFor(policy, connection), askOf({ ...question, stage: 'list' }))
}

/** A question, prepared for its rules; `alsoIn`: of somebody who is in one more group. */
export function askOf(question: Question, alsoIn?: string): Asked {
  const { policy, who, connection, about, circumstances = NO_CIRCUMSTANCES, stage = 'call' } = question
  const own = readableGroups(policy, who.groups)
  const groups = alsoIn === undefined ? own : new Set([...own, alsoIn])
  let readings: Readings | undefined
  let context: ConditionContext | undefined
  return {
    groups,
    about,
    stage,
    atMs: circumstances.atMs,
    readings: () => (readings ??= readUri(about.kind === 'resource' ? about.uri : '')),
    context: () => (context ??= contextOf({ who, groups, connection, about, circumstances }, policy.timezone)),
  }
}

interface Verdict {
  denied: RuleHere | undefined
  allowed: RuleHere | undefined
  readonly approving: RuleHere[]
  readonly obliging: RuleHere[]
  readonly matched: RuleId[]
  readonly errors: RuleId[]
  readonly shadowed: Shadowed[]
}

function judge(rules: readonly RuleHere[], asked: Asked): Verdict {
  const verdict: Verdict = {
    denied: undefined,
    allowed: undefined,
    approving: [],
    obliging: [],
    matched: [],
    errors: [],
    shadowed: [],
  }
  for (const here of rules) {
    if (!fits(here, asked)) continue
    const { id, effect } = here.rule
    const answered = holds(here, asked)
    if (answered === 'error') verdict.errors.push(id)
    if (counts(effect, answered)) take(here, verdict)
  }
  return verdict
}

function take(here: RuleHere, verdict: Verdict): void {
  const { id, effect, mode } = here.rule
  if (mode === 'shadow') {
    verdict.shadowed.push({ rule: id, effect })
    return
  }
  verdict.matched.push(id)
  switch (effect) {
    case 'deny':
      verdict.denied ??= here
      return
    case 'approve':
      verdict.approving.push(here)
      return
    case 'allow':
      verdict.allowed ??= here
      return
    case 'mask':
    case 'limit':
    case 'alert':
      verdict.obliging.push(here)
  }
}

function effectOf({ denied, allowed, approving }: Verdict, policy: Policy): 'deny' | 'approve' | 'allow' {
  if (denied !== undefined) return 'deny'
  // An approve rule narrows what somebody allowed; by itself it opens nothing (policy.md, 3).
  if (allowed === undefined && policy.default === 'deny') return 'deny'
  return approving.length > 0 ? 'approve' : 'allow'
}

export const NO_OBLIGATIONS: Obligations = Object.freeze({ limits: [], masks: [], alerts: [] })

function obligationsOf(obliging: readonly RuleHere[]): Obligations {
  if (obliging.length === 0) return NO_OBLIGATIONS
  return {
    limits: obliging.flatMap(({ rule }) => (rule.limit ?? []).map((spec, index) => ({ rule: rule.id, index, spec }))),
    masks: obliging.flatMap(({ rule }) => (rule.mask === undefined ? [] : [{ rule: rule.id, terms: rule.mask }])),
    alerts: obliging.flatMap(({ rule }) =>
      rule.effect === 'alert' ? [{ rule: rule.id, severity: rule.severity ?? 'medium' }] : [],
    ),
  }
}

function isAllowed(rules: readonly RuleHere[], asked: Asked): boolean {
  let allowed = false
  for (const here of rules) {
    const { effect, mode } = here.rule
    if (mode === 'shadow' || (effect !== 'deny' && effect !== 'allow')) continue
    if (!fits(here, asked) || !counts(effect, holds(here, asked))) continue
    if (effect === 'deny') return false
    allowed = true
  }
  return allowed
}

/** Groups that would open the way for this caller, in the order of the file. */
function groupsThatMay(rules: readonly RuleHere[], question: Question): string[] {
  const asked = askOf(question)
  const candidates = new Set<string>()
  for (const here of rules) {
    const groups =
      here.rule.effect === 'allow' ? here.match.groups : here.excepts.flatMap((except) => except.groups ?? [])
    if (groups === undefined || !fitsAnybody(here, asked)) continue
    for (const group of groups) if (!asked.groups.has(group)) candidates.add(group)
  }
  return [...candidates].filter((group) => isAllowed(rules, askOf(question, group)))
}
