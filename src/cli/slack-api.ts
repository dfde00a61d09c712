import { type Approval, isApprovalId } from '../approval/approval.ts'
import type { ApiRequest } from '../downstream/http.ts'
import { textPage, type Page } from '../downstream/page.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { principalId } from '../identity/principal.ts'
import { checkSlack, readPress, SLACK_WINDOW_MS, type SlackPress } from '../notify/slack-interaction.ts'
import { readableGroups } from '../policy/policy.ts'
import { LOG_UNAVAILABLE, onRecord, problem } from './api-pages.ts'
import { type ActOutcome, vote } from './approvals/act.ts'
import type { Decider, Deciding } from './approvals/decider.ts'

export const SLACK_PATH = '/api/v1/slack/interactions'
const API_NAME = 'api/slack'
const BODY_BYTES_MAX = 65_536
/** Whoever is in Slack and nobody said who that is here. */
const SLACK_ISSUER = 'https://slack.com'

export interface SlackParts {
  readonly deciding: Deciding
  readonly signingSecret: string
  /** Whether buttons vote; a link that is followed is told of too, and does nothing. */
  readonly buttons: boolean
  readonly users: Readonly<Record<string, { readonly issuer: string; readonly subject: string }>>
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
  const { signingSecret, isNew } = parts
  const { gateway } = parts.deciding
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
    return press === undefined || !parts.buttons ? done() : pressed(press, request.address, parts)
  }
}

type Refused = 'slack_unsigned' | 'slack_late' | 'slack_forged' | 'slack_replayed'

async function refused({ address }: ApiRequest, reason: Refused, { refusedTokens }: Gateway): Promise<Page> {
  const recorded = await onRecord(refusedTokens.record({ address, reason, connection: API_NAME }))
  return recorded ? problem(401, 'This request is not one of Slack, or is not new.') : LOG_UNAVAILABLE
}

async function pressed(press: SlackPress, address: string, parts: SlackParts): Promise<Page> {
  const { deciding, whisper } = parts
  const { channel, user, verdict, reason } = press
  const { gateway } = deciding
  const approval = isApprovalId(press.approval) ? gateway.approvals.desk.get(press.approval) : undefined
  if (approval === undefined) return done()
  const known = deciderOf(press, parts)
  const acting = { approval, decider: known ?? strangerOf(press, parts), address }
  const outcome = await vote(acting, { verdict, reason, via: 'slack' }, deciding)
  if (outcome.kind === 'unavailable') return LOG_UNAVAILABLE
  const said = known === undefined ? unknownText(press, parts) : outcomeText(outcome)
  whisper({ channel, user }, `${said} ${gateway.baseUrl()}/approvals/${approval.id}`)
  return done()
}

/** Who it is: only as the configuration says, and only as their own last login here says. How old that may be `vote` knows. */
function deciderOf({ user }: SlackPress, { users, deciding: { gateway } }: SlackParts): Decider | undefined {
  const mapped = Object.hasOwn(users, user) ? users[user] : undefined
  const login = mapped && gateway.approvals.logins.last(principalId(mapped.issuer, mapped.subject))
  if (login === undefined) return undefined
  const { person, groups, atMs: readMs } = login
  return { person, groups: [...readableGroups(gateway.policy(), groups)], readMs }
}

/** In no group, so nothing they say counts; but it is on record that they tried. */
function strangerOf({ user }: SlackPress, { users, deciding }: SlackParts): Decider {
  const mapped = Object.hasOwn(users, user) ? users[user] : undefined
  const { issuer, subject } = mapped ?? { issuer: SLACK_ISSUER, subject: user }
  const person = { principal: principalId(issuer, subject), issuer, subject }
  return { person, groups: [], readMs: deciding.gateway.now.ms() }
}

function unknownText({ user }: SlackPress, { users }: SlackParts): string {
  const why = Object.hasOwn(users, user)
    ? 'You have never logged in at the gateway, so your groups are not known.'
    : 'Nobody told the gateway who you are, so you cannot decide from here.'
  return `${why} Nothing was decided. Log in and decide here:`
}

function outcomeText(outcome: Exclude<ActOutcome, { kind: 'unavailable' }>): string {
  return outcome.kind === 'done' ? doneText(outcome.approval) : `${outcome.message} Nothing was decided.`
}

function doneText({ state }: Approval): string {
  return state === 'pending' ? 'Your word counts; others have to agree too.' : `Done: it is ${state}.`
}

/** Slack shows an error where it gets anything else. */
function done(): Page {
  return textPage(200, '')
}
