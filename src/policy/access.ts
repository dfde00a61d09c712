import type { ApprovalTerms } from '../approval/approval.ts'
import type { RuleId } from '../base/ids.ts'
import type { Who } from './circumstances.ts'
import type { Parts } from './match.ts'
import { readableGroups, rulesFor, type Policy } from './policy.ts'
import type { ConnectionFacts } from './rule.ts'

/**
 * What can be asked for before it is needed: the rules on a connection that want people to agree for a session or some time.
 * Their conditions are not looked at, for nobody knows yet what will be called; every call is decided again anyway.
 */
export function aheadOfNeed(
  policy: Policy,
  who: Who,
  connection: ConnectionFacts,
): readonly { readonly rule: RuleId; readonly approval: ApprovalTerms }[] {
  if (policy.mode === 'shadow') return []
  const groups = readableGroups(policy, who.groups)
  const isIn = (parts: Parts): boolean => parts.groups === undefined || parts.groups.some((group) => groups.has(group))
  return rulesFor(policy, connection).flatMap(({ rule, match, excepts }) => {
    const { approval } = rule
    if (approval === undefined || rule.mode === 'shadow' || approval.scope === 'once' || !isIn(match)) return []
    return excepts.some((except) => !except.namesItems && isIn(except)) ? [] : [{ rule: rule.id, approval }]
  })
}

/** Whether anything on a connection may want people to agree. */
export function wantsPeople(policy: Policy, connection: ConnectionFacts): boolean {
  return policy.mode !== 'shadow' && rulesFor(policy, connection).some(({ rule }) => rule.effect === 'approve')
}
