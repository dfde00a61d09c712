import type { Approval, Verdict, Via } from '../../approval/approval.ts'
import type { VoteOutcome } from '../../approval/outcome.ts'
import type { OuterFault } from '../../approval/tally.ts'
import { decodeUtf8 } from '../../base/bytes.ts'
import { orUnavailable } from '../api-pages.ts'
import { type Decider, decidesAbout, type Deciding, isOwn, isTooOld } from './decider.ts'
import { VOTE_FAULTS } from './texts.ts'
import { revealOf } from './view-records.ts'

/** Characters of a reason. */
export const REASON_CHARS_MAX = 2_000

/** What came of something that somebody did about an approval. */
export type ActOutcome =
  | { readonly kind: 'done'; readonly approval: Approval }
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 409; readonly message: string }
  | { readonly kind: 'unavailable' }

export interface Acting {
  readonly approval: Approval
  readonly decider: Decider
  readonly address: string
}

const NOT_YOURS = 'Only whoever asked may do that.'
const NOT_FOR_YOU = 'Only those who decide about it may do that.'

/** A vote. `fault`: what the page found wrong before; then it is on record, and does not count. */
export async function vote(
  { approval, decider }: Acting,
  { verdict, reason, via, fault }: { verdict: Verdict; reason: string | undefined; via: Via; fault?: OuterFault },
  parts: Deciding,
): Promise<ActOutcome> {
  if (tooLong(reason)) return TOO_LONG
  const { gateway } = parts
  const { person: voter, groups } = decider
  const ballot = { voter, groups, verdict, reason, via, atMs: gateway.now.ms() }
  const wrong = fault ?? (isTooOld(decider, parts) ? 'login_too_old' : undefined)
  const outcome = await orUnavailable(gateway.approvals.desk.vote(approval.id, ballot, wrong))
  return outcome === undefined ? { kind: 'unavailable' } : voteResult(outcome, approval)
}

function voteResult(outcome: VoteOutcome, before: Approval): ActOutcome {
  switch (outcome.kind) {
    case 'counted':
      return { kind: 'done', approval: outcome.approval }
    case 'closed':
      return closed(outcome.approval)
    case 'refused':
      return refused(403, VOTE_FAULTS[outcome.fault])
    case 'unknown':
      return closed(before)
  }
}

/** Whoever asked says why. */
export async function giveReason(
  { approval, decider }: Acting,
  reason: string | undefined,
  parts: Deciding,
): Promise<ActOutcome> {
  if (!isOwn(approval, decider)) return refused(403, NOT_YOURS)
  if (!hasText(reason)) return NO_REASON
  if (tooLong(reason)) return TOO_LONG
  const { desk } = parts.gateway.approvals
  const given = await orUnavailable(desk.giveReason(approval.id, decider.person, reason.trim()))
  if (given === undefined) return { kind: 'unavailable' }
  if (given) return { kind: 'done', approval: desk.get(approval.id) ?? approval }
  return approval.reason === undefined ? closed(approval) : refused(409, 'It has a reason already, which stays.')
}

/** Whoever asked takes it back. */
export async function cancel({ approval, decider }: Acting, parts: Deciding): Promise<ActOutcome> {
  if (!isOwn(approval, decider)) return refused(403, NOT_YOURS)
  return changed(approval, parts, parts.gateway.approvals.desk.cancel(approval.id, decider.person))
}

/** Somebody who decides takes back what was agreed to. */
export async function revoke(
  { approval, decider }: Acting,
  reason: string | undefined,
  parts: Deciding,
): Promise<ActOutcome> {
  if (!decidesAbout(approval, decider)) return refused(403, NOT_FOR_YOU)
  if (isTooOld(decider, parts)) return refused(403, VOTE_FAULTS.login_too_old)
  if (!hasText(reason)) return NO_REASON
  if (tooLong(reason)) return TOO_LONG
  return changed(approval, parts, parts.gateway.approvals.desk.revoke(approval.id, decider.person, reason.trim()))
}

async function changed(
  approval: Approval,
  { gateway: { approvals } }: Deciding,
  change: Promise<Approval | undefined>,
): Promise<ActOutcome> {
  const after = await orUnavailable(change.then((one) => ({ one })))
  if (after === undefined) return { kind: 'unavailable' }
  return after.one === undefined
    ? closed(approvals.desk.get(approval.id) ?? approval)
    : { kind: 'done', approval: after.one }
}

/** JSON text of the exact arguments. That somebody looks is on record before they see anything (audit.md, 3.3). */
export async function reveal(
  { approval, decider, address }: Acting,
  parts: Deciding,
): Promise<string | Exclude<ActOutcome, { kind: 'done' }>> {
  const { gateway } = parts
  const inGroup = parts.reveal?.some((group) => decider.groups.includes(group)) ?? true
  if (!isOwn(approval, decider) && !(inGroup && decidesAbout(approval, decider)))
    return refused(403, 'You may not see the exact arguments. The approvals.reveal of the gateway says who may.')
  if (isTooOld(decider, parts)) return refused(403, VOTE_FAULTS.login_too_old)
  const exact = gateway.approvals.exact(approval)
  if (exact === undefined)
    return refused(
      409,
      'The exact arguments cannot be opened any more: the master key is another one, or they were erased.',
    )
  const recorded = await orUnavailable(gateway.audit.append(revealOf({ approval, decider, address }, gateway)))
  return recorded === undefined ? { kind: 'unavailable' } : decodeUtf8(exact)
}

function refused(status: 400 | 403 | 409, message: string) {
  return { kind: 'refused', status, message } as const
}

function closed({ state }: Approval) {
  return refused(409, `That is not possible any more: it is ${state}.`)
}

const NO_REASON = refused(400, 'A reason is needed: say why.')
const TOO_LONG = refused(400, `A reason has at most ${REASON_CHARS_MAX} characters.`)

function hasText(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== ''
}

function tooLong(text = ''): boolean {
  return text.length > REASON_CHARS_MAX
}
