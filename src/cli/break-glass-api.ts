import { isApprovalId, type Requester } from '../approval/approval.ts'
import { type Emergency, isInForce, isOverdue, type ReviewOutcome } from '../approval/break-glass.ts'
import type { RuleId } from '../base/ids.ts'
import type { JsonObject } from '../base/json.ts'
import type { ApiRequest } from '../downstream/http.ts'
import type { Page } from '../downstream/page.ts'
import { actsForOf } from '../gateway/approval-ask.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Principal } from '../identity/principal.ts'
import { freshLogin, type SecondFactor } from '../identity/fresh-login.ts'
import { readableGroups } from '../policy/policy.ts'
import { issuedMs, isTooOld } from './approvals/decider.ts'
import { VOTE_FAULTS } from './approvals/texts.ts'
import { apiPage, callerOf, LOG_UNAVAILABLE, objectIn, orUnavailable, problem } from './api-pages.ts'

export const BREAK_GLASS_PATH = '/api/v1/break-glass'
const API_NAME = 'api/break-glass'
const REASON_CHARS_MAX = 2_000
const FRESH_SECONDS = 300

export interface BreakGlassApiParts {
  readonly gateway: Gateway
  readonly secondFactor: SecondFactor
  /** How old a login may be whose groups count for a review. */
  readonly loginMaxAgeMs: number
  /** Hides in what people write what is hidden everywhere. */
  readonly hide: (text: string) => string
}

/** `POST /api/v1/break-glass` with `{"reason"}` begins, `…/ID/end` ends, `…/ID/review` with `{"note"}` closes; `GET` lists. */
export function breakGlassApi(parts: BreakGlassApiParts): (request: ApiRequest) => Promise<Page> {
  const { gateway } = parts
  return async (request) => {
    const caller = await callerOf(request, gateway, API_NAME)
    if ('status' in caller) return caller
    const who = { caller, person: requesterOf(caller, gateway) }
    const [id = '', step, ...more] = request.path.slice(BREAK_GLASS_PATH.length + 1).split('/')
    if (id === '') return request.method === 'POST' ? begin(request, who, parts) : listed(request, who, gateway)
    if (request.method !== 'POST') return problem(405, 'Use POST.', ['Allow', 'POST'])
    const emergency = isApprovalId(id) && more.length === 0 ? gateway.approvals.breakGlass.get(id) : undefined
    if (emergency === undefined || !maySee(emergency, who.person, gateway)) return UNKNOWN
    if (step === 'end') return end(emergency, who, gateway)
    return step === 'review' ? review(request, { ...who, emergency }, parts) : UNKNOWN
  }
}

interface Who {
  readonly caller: Principal
  readonly person: Requester
}

const UNKNOWN = problem(404, 'There is no emergency of this id that you may see.')

async function begin(
  request: ApiRequest,
  { caller, person }: Who,
  { gateway, secondFactor, hide }: BreakGlassApiParts,
): Promise<Page> {
  const sent = await objectIn(request)
  if ('status' in sent) return sent
  const { reason } = sent.object
  if (typeof reason !== 'string' || reason.length > REASON_CHARS_MAX)
    return problem(400, `Send {"reason": "…"}, of at most ${REASON_CHARS_MAX} characters.`)
  const terms = gateway.policy().breakGlass
  if (terms === undefined) return problem(403, 'The policy of this gateway has no break_glass.')
  if (!terms.groups.some((group) => person.groups.includes(group)))
    return problem(403, 'You are in none of the groups that may do without an approval.')
  const stale = freshLogin(caller.claims, { ...secondFactor, withinSeconds: FRESH_SECONDS, nowMs: gateway.now.ms() })
  // RFC 9470: the client takes its person to log in anew.
  if (stale !== undefined) return problem(401, stale, ['WWW-Authenticate', stepUp(stale)])
  const outcome = await orUnavailable(
    gateway.approvals.breakGlass.begin(person, hide(reason), {
      terms,
      reviewers: reviewersOf(terms.overrides, gateway),
    }),
  )
  if (outcome === undefined) return LOG_UNAVAILABLE
  if (outcome.kind === 'refused') return problem(outcome.why === 'no_reason' ? 400 : 403, WHY_NOT[outcome.why])
  return apiPage(201, JSON.stringify(shown(outcome.emergency, gateway)))
}

const WHY_NOT = {
  no_terms: 'The policy of this gateway has no break_glass.',
  not_in_group: 'You are in none of the groups that may do without an approval.',
  no_reason: 'Say why.',
} as const

function stepUp(description: string): string {
  return `Bearer error="insufficient_user_authentication", error_description="${description}", max_age=${FRESH_SECONDS}`
}

function listed(request: ApiRequest, { person }: Who, gateway: Gateway): Page {
  if (request.method !== 'GET') return problem(405, 'Use GET or POST.', ['Allow', 'GET, POST'])
  const open = new URLSearchParams(request.query).get('state') !== 'all'
  const seen = gateway.approvals.breakGlass.list(open).filter((one) => maySee(one, person, gateway))
  return apiPage(200, JSON.stringify({ emergencies: seen.map((one) => shown(one, gateway)) }))
}

/** Whoever began it, and whoever would have had to agree, then or now: those look at it afterwards. */
function maySee({ person, overrides, reviewers = [] }: Emergency, who: Requester, gateway: Gateway): boolean {
  if (person.principal === who.principal) return true
  return [...reviewers, ...reviewersOf(overrides, gateway)].some((group) => who.groups.includes(group))
}

/** Who could agree to what these rules want, as the policy is now. */
function reviewersOf(overrides: readonly RuleId[], gateway: Gateway): readonly string[] {
  const lifted = gateway.policy().rules.filter(({ id }) => overrides.includes(id))
  return [...new Set(lifted.flatMap(({ approval }) => approval?.by.map(({ group }) => group) ?? []))]
}

function shown(emergency: Emergency, gateway: Gateway): JsonObject {
  const now = gateway.now.ms()
  const { id, person, reason, overrides, startedMs, untilMs, reviewDueMs, endedMs, reviewedBy, note } = emergency
  return {
    id,
    by: { name: person.name, email: person.email, subject: person.subject },
    reason,
    overrides: [...overrides],
    started_ms: startedMs,
    until_ms: untilMs,
    ended_ms: endedMs,
    in_force: isInForce(emergency, now),
    review_due_ms: reviewDueMs,
    overdue: isOverdue(emergency, now),
    reviewed_by: reviewedBy === undefined ? undefined : { name: reviewedBy.name, email: reviewedBy.email },
    note,
  }
}

async function end({ id, person }: Emergency, { person: who }: Who, gateway: Gateway): Promise<Page> {
  const ended = await orUnavailable(gateway.approvals.breakGlass.end(id))
  if (ended === undefined) return LOG_UNAVAILABLE
  return ended
    ? apiPage(200, JSON.stringify({ id, ended: true, own: person.principal === who.principal }))
    : problem(409, 'It had ended before.')
}

async function review(
  request: ApiRequest,
  { caller, emergency, person }: Who & { readonly emergency: Emergency },
  { gateway, hide, loginMaxAgeMs }: BreakGlassApiParts,
): Promise<Page> {
  if (isTooOld({ readMs: issuedMs(caller) }, { gateway, loginMaxAgeMs })) return problem(403, VOTE_FAULTS.login_too_old)
  const sent = await objectIn(request)
  if ('status' in sent) return sent
  const { note } = sent.object
  if (typeof note !== 'string' || note.length > REASON_CHARS_MAX)
    return problem(400, `Send {"note": "…"}, of at most ${REASON_CHARS_MAX} characters.`)
  const outcome = await orUnavailable(gateway.approvals.breakGlass.review(emergency.id, person, hide(note)))
  if (outcome === undefined) return LOG_UNAVAILABLE
  const [status, text] = REVIEWED[outcome]
  return status === 200 ? apiPage(200, JSON.stringify({ id: emergency.id, reviewed: true })) : problem(status, text)
}

const REVIEWED: Readonly<Record<ReviewOutcome, readonly [number, string]>> = {
  reviewed: [200, ''],
  unknown: [404, 'There is no emergency of this id that you may see.'],
  own: [403, 'Somebody else has to look at it.'],
  running: [409, 'It is still in force. End it first.'],
  reviewed_before: [409, 'Somebody has looked at it already.'],
  no_note: [400, 'Say what you found.'],
}

function requesterOf(principal: Principal, gateway: Gateway): Requester {
  const { id, issuer, subject, email, name, clientId } = principal
  const groups = [...readableGroups(gateway.policy(), principal.groups)]
  return { principal: id, issuer, subject, email, name, clientId, groups, actsFor: actsForOf(principal, gateway) }
}
