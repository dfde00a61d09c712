import type { Approval, Person } from '../../approval/approval.ts'
import { actsForOf } from '../../gateway/approval-ask.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import type { Principal } from '../../identity/principal.ts'
import { readableGroups } from '../../policy/policy.ts'

/** Somebody who decides: who they are, and their groups (approvals.md, 7). */
export interface Decider {
  readonly person: Person
  readonly groups: readonly string[]
  /** When their identity provider said so. */
  readonly readMs: number
}

/** Where people decide, over whatever way. */
export interface Deciding {
  readonly gateway: Gateway
  /** How old a login may be whose groups count for a decision. */
  readonly loginMaxAgeMs: number
  /** Who of those that decide may see exact arguments; undefined for all of them. */
  readonly reveal: readonly string[] | undefined
}

export function deciderOf(principal: Principal, gateway: Gateway, readMs: number): Decider {
  const { id, issuer, subject, email, name } = principal
  const person = { principal: id, issuer, subject, email, name, actsFor: actsForOf(principal, gateway) }
  gateway.approvals.logins.saw({ person, groups: principal.groups, atMs: readMs })
  return { person, groups: [...readableGroups(gateway.policy(), principal.groups)], readMs }
}

/** When a token was made; long ago where it does not say so, for then its groups may be of any age. */
export function issuedMs({ claims }: Principal): number {
  const { iat } = claims
  return typeof iat === 'number' ? iat * 1000 : 0
}

/** Groups are as good as the login that named them (approvals.md, 7). */
export function isTooOld(
  { readMs }: Pick<Decider, 'readMs'>,
  { gateway, loginMaxAgeMs }: Pick<Deciding, 'gateway' | 'loginMaxAgeMs'>,
): boolean {
  return gateway.now.ms() - readMs > loginMaxAgeMs
}

/** Whoever asked, and whoever decides. */
export function maySee(approval: Approval, decider: Decider): boolean {
  return isOwn(approval, decider) || decidesAbout(approval, decider)
}

export function isOwn({ requester }: Approval, { person }: Decider): boolean {
  return requester.principal === person.principal
}

export function decidesAbout({ lines }: Approval, { groups }: Decider): boolean {
  return lines.some(({ group }) => groups.includes(group))
}
