// Telling people that somebody waits for them. This folder promises: every event of an approval reaches each receiver that its
// rule names at least once, whatever crashes; a message holds no argument unless the configuration says so, and no way to
// decide by following a link (approvals.md, 8).
import type { Approval, Person, Requester, ShownCall } from '../approval/approval.ts'
import type { Emergency } from '../approval/break-glass.ts'
import type { Delivery, Step } from '../approval/delivery.ts'
import { goodForText } from '../approval/good-for.ts'
import { missingLines } from '../approval/tally.ts'
import { type JsonObject, type JsonValue, parseJson } from '../base/json.ts'
import { factsText } from './facts-text.ts'

/** What is told, as plain values: each receiver says it in its own form. Texts are other people's words, on one line, and cut. */
export interface Notice {
  /** The same however often it is sent: the approval and the step. */
  readonly key: string
  readonly id: string
  readonly step: Step
  readonly state: string
  /** It can still be decided. */
  readonly isOpen: boolean
  /** Of an emergency: nothing is decided, and no later message takes the place of an earlier one. */
  readonly isAlert: boolean
  readonly title: string
  readonly link: string
  readonly atMs: number
  readonly requester: string
  readonly requesterEmail: string
  readonly requesterSubject: string
  readonly groups: readonly string[]
  /** Of whom it asks for. */
  readonly actsFor: readonly string[]
  /** What the client says of itself; nobody vouches for it. */
  readonly agent: string
  readonly connection: string
  readonly method: string
  readonly tool: string
  readonly rules: readonly string[]
  /** Who still has to agree: `1 of dba`. */
  readonly needs: string
  readonly reason: string
  /** What the rule says about it. */
  readonly message: string
  readonly scope: string
  /** What a yes lets run, in words: more than this call, where it is access. */
  readonly goodFor: string
  readonly policy: string
  readonly facts: string
  /** Masked; undefined unless the configuration wants them in messages. */
  readonly arguments: JsonValue | undefined
  readonly askedMs: number
  readonly expiresMs: number
  readonly usableUntilMs: number | undefined
  readonly decidedBy: readonly string[]
  readonly why: string
}

export interface NoticeTerms {
  readonly link: string
  /** Hides what must not be seen in a text that people wrote. */
  readonly hide: (text: string) => string
  readonly detail: 'summary' | 'full'
}

export function noticeOf(
  approval: Approval & ShownCall,
  delivery: Delivery,
  { link, hide, detail }: NoticeTerms,
): Notice {
  const { id, state, requester, connection, method, lines, votes, scope } = approval
  const { step, atMs } = delivery
  const said = (text: string | undefined): string => plain(hide(text ?? ''))
  const needs = state === 'pending' ? missingLines(lines, votes) : []
  return {
    key: `${id}.${step}`,
    id,
    step,
    state,
    isOpen: state === 'pending',
    isAlert: false,
    title: `${TITLES[step]}: ${nameOf(requester)} – ${connection} ${plain(approval.target || method, NAME_CHARS_MAX)}`,
    link,
    atMs,
    ...peopleOf(requester, hide),
    connection,
    method,
    tool: plain(approval.target, NAME_CHARS_MAX),
    rules: approval.rules.map(({ rule }) => rule),
    needs: needs.map(({ count, group }) => `${count} of ${group}`).join(', '),
    reason: said(approval.reason),
    message: plain(approval.message ?? ''),
    scope: typeof scope === 'number' ? `${Math.round(scope / 1000)}s` : scope,
    goodFor: plain(goodForText(approval)),
    policy: approval.policy,
    facts: plain(factsText(parseJson(approval.facts))),
    arguments: detail === 'full' ? parseJson(approval.shown) : undefined,
    askedMs: approval.askedMs,
    expiresMs: approval.expiresMs,
    usableUntilMs: approval.usableUntilMs,
    decidedBy: votes
      .filter(({ verdict }) => verdict !== 'ask')
      .map(({ voter, verdict }) => `${nameOf(voter)} (${verdict})`),
    why: said(approval.why),
  }
}

const TITLES: Readonly<Record<Step, string>> = {
  requested: 'Approval wanted',
  granted: 'Approved',
  denied: 'Denied',
  expired: 'Expired, nobody decided',
  cancelled: 'Not wanted any more',
  revoked: 'Revoked',
  unknown: 'May have run when the gateway stopped',
  begun: 'Break-glass: somebody does without approval',
  ended: 'Break-glass is over',
  reviewed: 'Break-glass was looked at',
  overdue: 'Nobody has looked at a break-glass in time',
}

/** An emergency, to those whom the policy names; what it was asked for is in the log. */
export function emergencyNoticeOf(
  emergency: Emergency,
  { step, atMs }: Delivery,
  { link, hide, policy }: Pick<NoticeTerms, 'link' | 'hide'> & { readonly policy: string },
): Notice {
  const { id, person, reason, overrides, startedMs, untilMs, reviewDueMs, reviewedBy, note = '' } = emergency
  return {
    key: `${id}.${step}`,
    id,
    step,
    state: step,
    isOpen: false,
    isAlert: true,
    title: `${TITLES[step]}: ${nameOf(person)}`,
    link,
    atMs,
    ...peopleOf(person, hide),
    connection: '',
    method: '',
    tool: '',
    rules: overrides,
    needs: reviewedBy === undefined ? `a review by somebody else before ${shortTime(reviewDueMs)}` : '',
    reason: plain(hide(reason)),
    message: `These rules are lifted until ${shortTime(untilMs)}.`,
    scope: '',
    goodFor: '',
    policy,
    facts: '',
    arguments: undefined,
    askedMs: startedMs,
    expiresMs: untilMs,
    usableUntilMs: untilMs,
    decidedBy: reviewedBy === undefined ? [] : [nameOf(reviewedBy)],
    why: plain(hide(note)),
  }
}

function peopleOf(
  requester: Requester,
  hide: (text: string) => string,
): Pick<Notice, 'requester' | 'requesterEmail' | 'requesterSubject' | 'groups' | 'actsFor' | 'agent'> {
  const { email = '', subject, groups, actsFor = [], client } = requester
  return {
    requester: nameOf(requester),
    requesterEmail: plain(email),
    requesterSubject: plain(subject),
    groups: groups.map((group) => plain(group, NAME_CHARS_MAX)),
    actsFor: actsFor.map((one) => plain(one, NAME_CHARS_MAX)),
    agent: plain(hide([client?.name, client?.version].join(' ').trim()), NAME_CHARS_MAX),
  }
}

/** `approval.requested`, `break_glass.begun` */
export function eventOf({ step, isAlert }: Pick<Notice, 'step' | 'isAlert'>): string {
  return `${isAlert ? 'break_glass' : 'approval'}.${step}`
}

/** Members of a notice by the names that templates and webhooks have for them; times as RFC 3339. */
export function fieldsOf(notice: Notice): JsonObject & Readonly<Record<FieldName, JsonValue>> {
  return {
    id: notice.id,
    step: notice.step,
    key: notice.key,
    event: eventOf(notice),
    state: notice.state,
    title: notice.title,
    link: notice.link,
    at: time(notice.atMs),
    requester: notice.requester,
    requester_email: notice.requesterEmail,
    requester_subject: notice.requesterSubject,
    groups: notice.groups,
    acts_for: notice.actsFor,
    agent: notice.agent,
    connection: notice.connection,
    method: notice.method,
    tool: notice.tool,
    rules: notice.rules,
    needs: notice.needs,
    reason: notice.reason,
    message: notice.message,
    scope: notice.scope,
    good_for: notice.goodFor,
    policy: notice.policy,
    facts: notice.facts,
    arguments: notice.arguments ?? null,
    asked_at: time(notice.askedMs),
    expires_at: time(notice.expiresMs),
    usable_until: notice.usableUntilMs === undefined ? null : time(notice.usableUntilMs),
    decided_by: notice.decidedBy,
    why: notice.why,
  }
}

export const FIELD_NAMES = [
  ...(['id', 'step', 'key', 'event', 'state', 'title', 'link', 'at'] as const),
  ...(['requester', 'requester_email', 'requester_subject', 'groups', 'acts_for', 'agent'] as const),
  ...(['connection', 'method', 'tool', 'rules', 'needs', 'reason', 'message', 'scope', 'good_for'] as const),
  ...(['policy', 'facts'] as const),
  ...(['arguments', 'asked_at', 'expires_at', 'usable_until', 'decided_by', 'why'] as const),
] as const
export type FieldName = (typeof FIELD_NAMES)[number]

export function time(ms: number): string {
  return new Date(ms).toISOString()
}

/** `2026-11-26 14:32 UTC` */
export function shortTime(ms: number): string {
  return `${time(ms).slice(0, 16).replace('T', ' ')} UTC`
}

function nameOf({ name, email, subject }: Person): string {
  return plain(name ?? email ?? subject, NAME_CHARS_MAX)
}

/** On one line, without what cannot be seen, and cut. */
function plain(text: string, charsMax = TEXT_CHARS_MAX): string {
  const shown = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return shown.length > charsMax ? `${shown.slice(0, charsMax)}…` : shown
}

const NAME_CHARS_MAX = 120
const TEXT_CHARS_MAX = 1_000
