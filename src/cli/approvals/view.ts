import type { Approval, Person } from '../../approval/approval.ts'
import { goodForText } from '../../approval/good-for.ts'
import { missingLines } from '../../approval/tally.ts'
import { type JsonObject, parseJson } from '../../base/json.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import { cannotApprove, historyOf, type LastApproved, lastApproved, warningsOf } from './context.ts'
import { type Decider, isOwn } from './decider.ts'

/** An approval in one line of a list. */
export function summaryOf(approval: Approval, decider: Decider): JsonObject {
  const { id, state, requester, connection, method, target, reason, reasonRequired, scope, message } = approval
  return {
    id,
    state,
    requester: {
      ...personOf(requester),
      groups: [...requester.groups],
      acts_for: requester.actsFor?.length === 0 ? undefined : requester.actsFor,
      client: requester.client?.name,
    },
    connection,
    method,
    target,
    reason,
    reason_required: reasonRequired,
    scope: typeof scope === 'number' ? `${scope}ms` : scope,
    good_for: goodForText(approval),
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
  const last = lastApproved(approval, decider, gateway)
  const call = gateway.approvals.desk.shown(approval.id)
  const args = parseJson(call.shown)
  return {
    ...summaryOf(approval, decider),
    arguments: args,
    warnings: warningsOf(approval, args),
    facts: parseJson(call.facts),
    policy: approval.policy,
    definition: approval.definition,
    why: approval.why,
    told: toldOf(approval, gateway),
    votes: approval.votes.map(({ voter, verdict, reason, atMs, via }) => ({
      by: personOf(voter),
      verdict,
      reason,
      at_ms: atMs,
      via,
    })),
    cannot_approve: cannotApprove(approval, decider, gateway),
    history: historyOf(approval, decider, gateway).map(historyLine),
    last_approved: last === undefined ? undefined : comparisonOf(last),
  }
}

/** Whom outside the gateway told, and what came of that. */
function toldOf({ id }: Approval, { approvals }: Gateway): JsonObject[] {
  return approvals
    .deliveries(id)
    .map(({ receiver, step, state, tries, why }) => ({ receiver, step, state, tries, why }))
}

function historyLine({ id, connection, target, state, reason, why, askedMs }: Approval): JsonObject {
  return { id, connection, target, state, reason, why, asked_ms: askedMs }
}

function comparisonOf({ id, askedMs, sameCall, sameTool, changes, onlyHidden }: LastApproved): JsonObject {
  return {
    id,
    asked_ms: askedMs,
    same_call: sameCall,
    same_tool: sameTool,
    changes: changes.map(({ path, before, after }) => ({ path, before, after })),
    only_hidden: onlyHidden,
  }
}

function personOf({ name, email, subject }: Person): JsonObject {
  return { name, email, subject }
}
