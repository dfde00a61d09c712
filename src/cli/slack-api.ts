import { isApprovalId, type Person, type Vote } from '../approval/approval.ts'
import type { VoteOutcome } from '../approval/outcome.ts'
import type { Login } from '../approval/logins.ts'
import type { ApiRequest } from '../downstream/http.ts'
import { textPage, type Page } from '../downstream/page.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { principalId } from '../identity/principal.ts'
import { checkSlack, readPress, SLACK_WINDOW_MS, type SlackPress } from '../notify/slack-interaction.ts'
import { readableGroups } from '../policy/policy.ts'
import { LOG_UNAVAILABLE, onRecord, orUnavailable, problem } from './api-pages.ts'
import { VOTE_FAULTS } from './approvals/texts.ts'

export const SLACK_PATH = '/api/v1/slack/interactions'
const API_NAME = 'api/slack'
const BODY_BYTES_MAX = 65_536
/** Whoever is in Slack and nobody said who that is here. */
const SLACK_ISSUER = 'https://slack.com'

export interface SlackParts {
  readonly gateway: Gateway
  readonly signingSecret: string
  /** Whether buttons vote; a link that is followed is told of too, and does nothing. */
  readonly buttons: boolean
  readonly users: Readonly<Record<string, { readonly issuer: string; readonly subject: string }>>
  readonly loginWithinMs: number
  /** True for the first request of that signature. */
  readonly isNew: (signature: string, times: { readonly nowMs: number; readonly forgetMs: number }) => boolean
  /** Tells one person in a channel something that nobody else sees. */
  readonly whisper: (to: { readonly channel: string; readonly user: string }, text: string) => void
}

/**
 * `POST /api/v1/slack/interactions`: somebody pressed a button in Slack. That Slack says so is proof of a member of Slack and
 * of no more; who that is the configuration says, and which groups they are in their own last login here (approvals.md, 8).
 */
export function slackApi(parts: SlackParts): (request: ApiRequest) => Promise<Page> {
  const { gateway, signingSecret, isNew } = parts
  return async (request) => {
    if (request.path !== SLACK_PATH) return problem(404, 'There is no such page.')
    if (request.method !== 'POST') return problem(405, 'Use POST.', ['Allow', 'POST'])
    const read = await request.readBody(BODY_BYTES_MAX)
    if (read.kind !== 'body') return problem(413, `Send at most ${BODY_BYTES_MAX} bytes.`, ['Connection', 'close'])
    const nowMs = gateway.now.ms()
    const checked = checkSlack({ headers: request.headers, body: read.bytes }, signingSecret, nowMs)
    if (checked.kind === 'refused') return refused(request, checked.reason, gateway)
    const first = isNew(checked.signature, { nowMs, forgetMs: nowMs - 2 * SLACK_WINDOW_MS })
    if (!first) return refused(request, 'slack_replayed', gateway)
    const press = readPress(read.bytes)
    return press === undefined || !parts.buttons ? done() : pressed(press, nowMs, parts)
  }
}

type Refused = 'slack_unsigned' | 'slack_late' | 'slack_forged' | 'slack_replayed'

async function refused({ address }: ApiRequest, reason: Refused, { refusedTokens }: Gateway): Promise<Page> {
  const recorded = await onRecord(refusedTokens.record({ address, reason, connection: API_NAME }))
  return recorded ? problem(401, 'This request is not one of Slack, or is not new.') : LOG_UNAVAILABLE
}

async function pressed(press: SlackPress, atMs: number, parts: SlackParts): Promise<Page> {
  const { gateway, whisper } = parts
  const { approval, channel, user, verdict, reason } = press
  const page = `${gateway.baseUrl()}/approvals/${approval}`
  if (!isApprovalId(approval)) return done()
  const login = loginOf(press, atMs, parts)
  const vote: Vote = {
    voter: login?.person ?? strangerOf(press, parts),
    groups: login === undefined ? [] : [...readableGroups(gateway.policy(), login.groups)],
    verdict,
    reason,
    via: 'slack',
    atMs,
  }
  const outcome = await orUnavailable(gateway.approvals.desk.vote(approval, vote))
  if (outcome === undefined) return LOG_UNAVAILABLE
  whisper({ channel, user }, login === undefined ? unknownText(press, page, parts) : outcomeText(outcome, page))
  return done()
}

/** Who it is: only as the configuration says, and only with a login of theirs here that is recent enough. */
function loginOf({ user }: SlackPress, atMs: number, { users, gateway, loginWithinMs }: SlackParts): Login | undefined {
  const mapped = Object.hasOwn(users, user) ? users[user] : undefined
  if (mapped === undefined) return undefined
  return gateway.approvals.logins.since(principalId(mapped.issuer, mapped.subject), atMs - loginWithinMs)
}

/** In no group, so nothing they say counts; but it is on record that they tried. */
function strangerOf({ user }: SlackPress, { users }: SlackParts): Person {
  const mapped = Object.hasOwn(users, user) ? users[user] : undefined
  const { issuer, subject } = mapped ?? { issuer: SLACK_ISSUER, subject: user }
  return { principal: principalId(issuer, subject), issuer, subject }
}

function unknownText({ user }: SlackPress, page: string, { users }: SlackParts): string {
  const why = Object.hasOwn(users, user)
    ? 'You have not logged in at the gateway recently, so your groups are not known.'
    : 'Nobody told the gateway who you are, so you cannot decide from here.'
  return `${why} Nothing was decided. Log in and decide here: ${page}`
}

function outcomeText(outcome: VoteOutcome, page: string): string {
  switch (outcome.kind) {
    case 'counted':
      return outcome.approval.state === 'pending'
        ? `Your word counts; others have to agree too. ${page}`
        : `Done: it is ${outcome.approval.state}. ${page}`
    case 'closed':
      return `It cannot be decided any more: it is ${outcome.approval.state}. ${page}`
    case 'refused':
      return `${VOTE_FAULTS[outcome.fault]} Nothing was decided. ${page}`
    case 'unknown':
      return 'There is no such approval.'
  }
}

/** Slack shows an error where it gets anything else. */
function done(): Page {
  return textPage(200, '')
}
