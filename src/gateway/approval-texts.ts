import type { Approval, Person } from '../approval/approval.ts'
import { missingLines } from '../approval/tally.ts'
import type { Gateway } from './gateway.ts'

// What an agent reads of its approvals. Reasons are other people's words: in quotes, on one line, and cut.

const NOTHING_RAN = 'Nothing was sent to the server.'
const REASON_CHARS = 500

/** `before`: what was asked for the same a while ago. */
export function pendingText(approval: Approval, page: string, before?: Approval): string {
  const { id, expiresMs } = approval
  return [
    `APPROVAL PENDING (id ${id}). Nothing has been executed.`,
    `Needs: ${needsText(approval)}. Expires ${timeOf(expiresMs)}. Status page: ${page}`,
    ...toKnow(approval, before),
    'To continue, call the same tool again with exactly the same arguments; changed arguments need a new approval.',
  ].join('\n')
}

/** The same where the client comes back by itself. */
export function waitingText(approval: Approval, page: string, before?: Approval): string {
  return [`Waiting for ${needsText(approval)} – ${page}`, ...toKnow(approval, before)].join('\n')
}

function toKnow(approval: Approval, before: Approval | undefined): readonly string[] {
  const reason =
    approval.reasonRequired && approval.reason === undefined
      ? 'It needs a reason first: give one on the status page, or call with _meta["sallyport/reason"].'
      : ''
  return [beforeText(before), questionText(approval), reason].filter((line) => line !== '')
}

function beforeText(before: Approval | undefined): string {
  if (before === undefined) return ''
  if (before.state === 'unknown')
    return `Careful: an identical call was running on approval ${before.id} when the gateway stopped. It may have run already; look before you ask for it again.`
  return `The approval before it, ${before.id}, ${endText(before)}.`
}

/** Where people see it. The link opens nothing without a login. */
export function pageOf({ id }: Approval, gateway: Pick<Gateway, 'baseUrl'>): string {
  return `${gateway.baseUrl()}/approvals/${id}`
}

export function needsText({ lines, votes }: Approval): string {
  const missing = missingLines(lines, votes)
  if (missing.length === 0) return 'nobody else'
  return missing
    .map(({ group, count }) => `${count} ${count === 1 ? 'approval' : 'approvals'} from "${group}"`)
    .join(' and ')
}

/** What an approver wants to know before they decide. */
function questionText({ votes }: Approval): string {
  const asked = votes.findLast(({ verdict }) => verdict === 'ask')
  return asked === undefined ? '' : `Asked back by ${nameOf(asked.voter)}: ${quoted(asked.reason)}`
}

function deniedText(approval: Approval): string {
  const denied = approval.votes.findLast(({ verdict }) => verdict === 'deny')
  const by = denied === undefined ? '' : ` by ${nameOf(denied.voter)}`
  return `Refused: this call was denied${by} (approval ${approval.id}). Reason: ${quoted(denied?.reason ?? approval.why)}. ${NOTHING_RAN} The same call is not asked for again; do something else, or talk to them.`
}

function runningText({ id }: Approval): string {
  return `The same call is running at the moment on approval ${id}. This one was not sent to the server: an approval is good for one call.`
}

/** Why an approval that was there does not let this call run. */
export function whyNotText(approval: Approval | undefined): string {
  if (approval === undefined) return `Refused: what this call needs changed while it waited. ${NOTHING_RAN} Call again.`
  const { id, state } = approval
  if (state === 'denied') return deniedText(approval)
  if (state === 'executing') return runningText(approval)
  return `Refused: approval ${id} ${endText(approval)}. This call was not sent to the server. Call again to ask anew.`
}

/** The same for whoever only asks what became of it. */
export function endedText(approval: Approval): string {
  const { id, state } = approval
  if (state === 'denied') return deniedText(approval)
  if (state === 'executing') return `Approval ${id} is in use: its call is running.`
  return `Approval ${id} ${endText(approval)}. To ask anew, call the tool that needs it.`
}

/** A call stops, for what it ran on has ended. Undefined: that was no approval, but an emergency. */
export function cutText(approval: Approval | undefined): string {
  const what =
    approval === undefined ? 'The emergency that it ran on is over.' : `Approval ${approval.id} ${endText(approval)}.`
  return `Stopped while it ran: it may have run, and nothing of what the server answers comes through. ${what} Look at what became of it before you call again.`
}

function endText({ state, scope, why }: Approval): string {
  const text = state === 'lapsed' && scope !== 'once' ? 'was for some time, which is over' : WHY_NOT[state]
  return `${text ?? 'cannot be used'}${why === undefined ? '' : ` (${quoted(why)})`}`
}

const WHY_NOT: Readonly<Partial<Record<Approval['state'], string>>> = {
  pending: 'was not given yet',
  approved: 'cannot be used, for its client does not wait',
  executed: 'was used already, by an identical call',
  failed: 'was used already, by an identical call that failed',
  expired: 'was not given in time',
  cancelled: 'is not wanted any more',
  lapsed: 'was given, and not used in time',
  revoked: 'was revoked',
  denied: 'was denied',
  unknown: 'was used by a call that may have run when the gateway stopped; it is not run again',
}

/** The same where nobody could note what came of it. */
export function lostText(): string {
  return 'Refused: this call was sent, or was about to be, and may have run when the gateway stopped; it is not run again. Look before you ask for it again.'
}

export function voidText({ id }: Approval): string {
  return `Refused: the definition of this tool changed since approval ${id} was asked for, so it does not count any more. ${NOTHING_RAN} Call again to ask for this tool as it is now.`
}

export function tooManyText(of: 'person' | 'everybody'): string {
  const whose = of === 'person' ? 'of yours wait for approval' : 'wait for approval'
  return `Refused: too many calls ${whose} already. ${NOTHING_RAN} Wait until some of them are decided.`
}

/** `14:32 UTC` */
export function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 16)} UTC`
}

function nameOf({ name, email, subject }: Person): string {
  return quoted(name ?? email ?? subject)
}

function quoted(text = ''): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').trim()
  return JSON.stringify(line.length > REASON_CHARS ? `${line.slice(0, REASON_CHARS)}…` : line)
}
