import {
  type Approval,
  type ApprovalId,
  isApprovalId,
  type Person,
  type Verdict,
  VERDICTS,
} from '../approval/approval.ts'
import type { VoteOutcome } from '../approval/outcomes.ts'
import { missingLines, type VoteFault } from '../approval/tally.ts'
import { isObject, type JsonObject, parseJson } from '../base/json.ts'
import type { ApiRequest } from '../downstream/http.ts'
import type { Page } from '../downstream/page.ts'
import { actsForOf } from '../gateway/approval-ask.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Principal } from '../identity/principal.ts'
import { readableGroups } from '../policy/policy.ts'
import { apiPage, callerOf, LOG_UNAVAILABLE, orUnavailable, problem } from './api-pages.ts'

export const APPROVALS_PATH = '/api/v1/approvals'
const API_NAME = 'api/approvals'
const BODY_BYTES_MAX = 16_384
const LISTED_MAX = 200

/** Somebody who decides: who they are, and their groups now (approvals.md, 7). */
export interface Decider {
  readonly person: Person
  readonly groups: readonly string[]
}

/** `GET /api/v1/approvals`, `GET …/ID`, `POST …/ID/vote` with `{"verdict": "approve" | "deny" | "ask", "reason"}`. */
export function approvalsApi(gateway: Gateway): (request: ApiRequest) => Promise<Page> {
  return async (request) => {
    const caller = await callerOf(request, gateway, API_NAME)
    if ('status' in caller) return caller
    return answered(request, deciderOf(caller, gateway), gateway)
  }
}

async function answered(request: ApiRequest, decider: Decider, gateway: Gateway): Promise<Page> {
  const [id, step, ...more] = request.path.slice(APPROVALS_PATH.length + 1).split('/')
  if (id === undefined || id === '') return request.method === 'GET' ? listed(decider, gateway) : useGet()
  const approval = isApprovalId(id) && more.length === 0 ? gateway.approvals.desk.get(id) : undefined
  if (approval === undefined || !maySee(approval, decider)) return unknown()
  if (step === undefined) return request.method === 'GET' ? apiPage(200, detailText(approval, decider)) : useGet()
  if (request.method !== 'POST') return problem(405, 'Use POST.', ['Allow', 'POST'])
  return step === 'vote' ? voted(approval.id, { decider, request }, gateway) : unknown()
}

export function deciderOf(principal: Principal, gateway: Gateway): Decider {
  const { id, issuer, subject, email, name } = principal
  const person = { principal: id, issuer, subject, email, name, actsFor: actsForOf(principal, gateway) }
  return { person, groups: [...readableGroups(gateway.policy(), principal.groups)] }
}

/** Whoever asked, and whoever may decide. */
function maySee({ requester, lines }: Approval, { person, groups }: Decider): boolean {
  return requester.principal === person.principal || lines.some(({ group }) => groups.includes(group))
}

function listed(decider: Decider, gateway: Gateway): Page {
  const waiting = gateway.approvals.desk.list({ states: ['pending', 'approved', 'executing'], limit: LISTED_MAX })
  const mine = waiting.filter((one) => maySee(one, decider)).map((one) => summaryOf(one, decider))
  return apiPage(200, JSON.stringify({ approvals: mine }))
}

function summaryOf(approval: Approval, { person }: Decider): JsonObject {
  const { id, state, requester, connection, method, target, reason, reasonRequired, scope, message } = approval
  const { name, email, subject, groups, client } = requester
  return {
    id,
    state,
    requester: { name, email, subject, groups: [...groups], client: client?.name },
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
    asks: approval.asks,
    own: requester.principal === person.principal,
  }
}

export function detailText(approval: Approval, decider: Decider): string {
  return JSON.stringify({
    ...summaryOf(approval, decider),
    arguments: parseJson(approval.shown),
    facts: parseJson(approval.facts),
    policy: approval.policy,
    definition: approval.definition,
    why: approval.why,
    votes: approval.votes.map(({ voter, verdict, reason, atMs, via }) => ({
      by: { name: voter.name, email: voter.email, subject: voter.subject },
      verdict,
      reason,
      at_ms: atMs,
      via,
    })),
  })
}

async function voted(
  id: ApprovalId,
  { decider, request }: { decider: Decider; request: ApiRequest },
  gateway: Gateway,
): Promise<Page> {
  const body = await objectIn(request)
  if (body === undefined) return problem(400, 'Send a JSON object such as {"verdict": "approve"}.')
  const { verdict, reason } = body
  if (!isVerdict(verdict)) return problem(400, `verdict is one of: ${VERDICTS.join(', ')}.`)
  if (reason !== undefined && typeof reason !== 'string') return problem(400, 'reason is a text.')
  const vote = {
    voter: decider.person,
    groups: decider.groups,
    verdict,
    reason,
    via: 'api',
    atMs: gateway.now.ms(),
  } as const
  const outcome = await orUnavailable(gateway.approvals.desk.vote(id, vote))
  return outcome === undefined ? LOG_UNAVAILABLE : voteResult(outcome, decider)
}

function voteResult(outcome: VoteOutcome, decider: Decider): Page {
  switch (outcome.kind) {
    case 'counted':
      return apiPage(200, detailText(outcome.approval, decider))
    case 'closed':
      return problem(409, `It cannot be decided any more: it is ${outcome.approval.state}.`)
    case 'refused':
      return problem(403, VOTE_FAULTS[outcome.fault])
    case 'unknown':
      return unknown()
  }
}

/** Why somebody's vote does not count, in words for them. */
export const VOTE_FAULTS: Readonly<Record<VoteFault, string>> = {
  own_request: 'Nobody decides about what they asked for themselves.',
  same_person: 'This was asked for with another account of yours, and nobody decides about their own.',
  acts_for_requester: 'You and whoever asked act for one another, and nobody decides about their own.',
  not_an_approver: 'You are in none of the groups that decide about this.',
  voted_already: 'You have agreed already, and nobody counts twice.',
  reason_missing: 'Say why, so that whoever asked can do better.',
  requester_reason_missing: 'Whoever asked has to say why first.',
}

function isVerdict(value: unknown): value is Verdict {
  return VERDICTS.some((one) => one === value)
}

/** The JSON object that was sent; undefined where something else was. */
export async function objectIn(request: Pick<ApiRequest, 'readBody'>): Promise<JsonObject | undefined> {
  const body = await request.readBody(BODY_BYTES_MAX)
  if (body.kind !== 'body') return undefined
  try {
    const value = parseJson(body.bytes)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function unknown(): Page {
  return problem(404, 'There is no approval of this id that you may see.')
}

function useGet(): Page {
  return problem(405, 'Use GET.', ['Allow', 'GET'])
}
