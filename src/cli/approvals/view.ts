import type { Approval, ApprovalState, Person } from '../../approval/approval.ts'
import { differences } from '../../approval/compare.ts'
import { missingLines, voteFault } from '../../approval/tally.ts'
import { isObject, type JsonObject, type JsonValue, parseJson } from '../../base/json.ts'
import { marked } from '../../facts/marked.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import { type Decider, isOwn } from './decider.ts'
import { VOTE_FAULTS } from './texts.ts'

/** What became of people's yes. */
const AGREED: readonly ApprovalState[] = ['approved', 'executing', 'executed', 'failed', 'lapsed', 'unknown']
const HISTORY_MAX = 10

/** An approval in one line of a list. */
export function summaryOf(approval: Approval, decider: Decider): JsonObject {
  const { id, state, requester, connection, method, target, reason, reasonRequired, scope, message } = approval
  return {
    id,
    state,
    requester: { ...personOf(requester), groups: [...requester.groups], client: requester.client?.name },
    connection,
    method,
    target,
    reason,
    reason_required: reasonRequired,
    scope: typeof scope === 'number' ? `${scope}ms` : scope,
    message,
    rules: approval.rules.map(({ rule }) => rule),
    needs: missingLines(approval.lines, approval.votes).map(({ rule, group, count }) => ({ rule, group, count })),
    asked_ms: approval.askedMs,
    expires_ms: approval.expiresMs,
    usable_until_ms: approval.usableUntilMs,
    ended_ms: approval.endedMs,
    asks: approval.asks,
    uses: approval.uses,
    own: isOwn(approval, decider),
  }
}

/** All that somebody needs to decide. Arguments are as everybody may see them: masked. */
export function detailOf(approval: Approval, decider: Decider, gateway: Gateway): JsonObject {
  return {
    ...summaryOf(approval, decider),
    arguments: parseJson(approval.shown),
    warnings: warningsOf(approval),
    facts: parseJson(approval.facts),
    policy: approval.policy,
    definition: approval.definition,
    why: approval.why,
    votes: approval.votes.map(({ voter, verdict, reason, atMs, via }) => ({
      by: personOf(voter),
      verdict,
      reason,
      at_ms: atMs,
      via,
    })),
    cannot_approve: cannotApprove(approval, decider, gateway),
    history: historyOf(approval, decider, gateway),
    last_approved: lastApproved(approval, decider, gateway),
  }
}

export function personOf({ name, email, subject }: Person): JsonObject {
  return { name, email, subject }
}

/** What a reader does not see, in words. */
function warningsOf({ shown, reason = '', target }: Approval): string[] {
  const pieces = [...textsIn(parseJson(shown)), reason, target].flatMap((text) => marked(text))
  const has = (mark: 'hidden' | 'look_alike'): boolean => pieces.some((piece) => piece.mark === mark)
  return [
    ...(has('hidden') ? ['There are characters in it that are not drawn.'] : []),
    ...(has('look_alike') ? ['There are letters in it that look like others.'] : []),
  ]
}

function textsIn(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap((item: JsonValue) => textsIn(item))
  return isObject(value) ? Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]) : []
}

/** Why this person's yes would not count; undefined where it would. */
function cannotApprove(approval: Approval, { person, groups }: Decider, gateway: Gateway): string | undefined {
  const yes = { verdict: 'approve', via: 'api', reason: undefined, atMs: gateway.now.ms() } as const
  const fault = voteFault(approval, { voter: person, groups, ...yes })
  return fault === undefined ? undefined : VOTE_FAULTS[fault]
}

/** What else the same person asked for lately, as far as this one may see it, and what became of it. */
function historyOf({ id, requester }: Approval, { person, groups }: Decider, { approvals }: Gateway): JsonObject[] {
  const visibleTo = { principal: person.principal, groups }
  const filter = { principal: requester.principal, visibleTo, limit: HISTORY_MAX + 1 }
  const others = approvals.desk.list(filter).filter((one) => one.id !== id)
  return others.slice(0, HISTORY_MAX).map((one) => {
    const { connection, target, state, reason, why, askedMs: asked_ms } = one
    return { id: one.id, connection, target, state, reason, why, asked_ms }
  })
}

/** How it differs from the last call of the same tool by the same person that people agreed to. */
function lastApproved(approval: Approval, { person, groups }: Decider, gateway: Gateway): JsonObject | undefined {
  const visibleTo = { principal: person.principal, groups }
  const before = { askedMs: approval.askedMs, id: approval.id }
  const filter = { fingerprint: approval.fingerprint, states: AGREED, visibleTo, before, limit: 1 }
  const [last] = gateway.approvals.desk.list(filter)
  if (last === undefined) return undefined
  const changes = differences(parseJson(last.shown), parseJson(approval.shown))
  return {
    id: last.id,
    asked_ms: last.askedMs,
    same_call: last.callHash === approval.callHash,
    same_tool: last.definition === approval.definition,
    changes: changes.map(({ path, before: was, after }) => ({ path, before: was, after })),
    // Two values that are masked alike are drawn alike, and are not the same.
    only_hidden: changes.length === 0 && last.callHash !== approval.callHash,
  }
}
