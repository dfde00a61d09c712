import { type Approval, type ApprovalId, isOpen } from '../approval/approval.ts'
import { type Claim, coversRules } from '../approval/claim.ts'
import { isStillIn, LEFT_GROUP } from '../approval/running.ts'
import type { Facts } from '../facts/facts.ts'
import type { NeedsApproval } from '../policy/decide.ts'
import { readableGroups } from '../policy/policy.ts'
import type { ClientRequest } from '../protocol/message.ts'
import { toolChangedOf } from './alert-records.ts'
import { askOf, requesterOf } from './approval-ask.ts'
import { type Binding, bindingOf, isAccessOf } from './approval-binding.ts'
import { tooManyText, voidText, whyNotText } from './approval-texts.ts'
import type { Gateway, Place } from './gateway.ts'
import { judge, type Judged } from './judge.ts'
import { refuse, refuseHeld } from './refuse.ts'
import { holdFor, type Rung } from './wait-for-people.ts'

/** A call that may run: as it was judged last, and what lets it. */
export interface Cleared {
  readonly judged: Judged
  readonly place: Place
  readonly claim: Claim | undefined
}

/** A call on its way, with what was read of it and how often its client came back for it. */
export interface Coming {
  readonly call: ClientRequest
  readonly facts: Facts
  readonly round: number
  /** What it waited for before, where its client came back. */
  readonly heldOn: ApprovalId | undefined
}

/**
 * Takes a call that needs approval to where it may run, or answers it and returns undefined. What people agreed to counts
 * only as long as the policy, asked again at the last moment, wants nothing else; and only while a client waits for the
 * answer. Whatever is not clear ends in a refusal (approvals.md).
 */
export async function clear(coming: Coming, judged: Judged, at: Place, gateway: Gateway): Promise<Cleared | undefined> {
  let now = judged
  let place = at
  const waiting: Waited = { rung: undefined, id: coming.heldOn }
  try {
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      if (now.decision.kind === 'allow') return { judged: now, place, claim: undefined }
      if (now.decision.kind === 'deny') return answered(refuse(coming.call, now, place, gateway))
      const step = await take({ ...coming, decision: now.decision, judged: now, waited: waiting }, place, gateway)
      if (step === 'answered') return undefined
      if (step !== 'again')
        return {
          judged: { ...now, approval: step.approval, isEmergency: step.basis === 'break_glass' },
          place,
          claim: step,
        }
      // Somebody agreed, and meanwhile the policy may have changed.
      place = { ...place, policy: gateway.policy() }
      now = judge(coming.call, place, gateway, coming.facts)
    }
    return answered(refuseHeld(coming.call, { judged: now, text: whyNotText(undefined) }, place, gateway))
  } finally {
    waiting.rung?.end()
  }
}

/** Asked, approved, asked again for another rule: more often than that nobody changes a policy while a call waits. */
const TURNS_MAX = 4

interface Taking extends Coming {
  readonly judged: Judged
  readonly decision: NeedsApproval
  readonly waited: Waited
}

/** How the client waits, and for what, once it does. */
interface Waited {
  rung: Rung | undefined
  id: ApprovalId | undefined
}

/** One step: a claim, or `again` where the policy has to be asked anew. */
async function take(taking: Taking, place: Place, gateway: Gateway): Promise<Claim | 'again' | 'answered'> {
  const binding = asAsked(bindingOf(taking.call, taking.decision, place), gateway)
  const access = await accessInForce(binding, place, gateway)
  const using = access === undefined ? undefined : gateway.approvals.desk.use(access, taking.call)
  if (using !== undefined) return using
  const emergency = gateway.approvals.breakGlass.use(taking.call, binding.rules, {
    person: requesterOf(place, gateway),
    terms: place.policy.breakGlass,
  })
  if (emergency !== undefined) return emergency
  const spent = await spentOrChanged(binding, taking, gateway)
  return spent === undefined
    ? ask(binding, taking, place, gateway)
    : refused(spent.text, { ...taking, ...spent }, place, gateway)
}

/** A tool that is listed for the first time after its call was asked for has not changed by that. */
function asAsked(binding: Binding, { approvals: { desk } }: Gateway): Binding {
  const asked = binding.scope === 'once' ? desk.openUnseen(binding.callHash) : undefined
  return asked === undefined ? binding : { ...binding, hash: asked.hash, definition: asked.definition }
}

/** Why this call may not even ask. */
async function spentOrChanged(
  { hash, callHash, definition }: Binding,
  { waited: { id } }: Taking,
  gateway: Gateway,
): Promise<{ text: string; approval: Approval } | undefined> {
  const { desk } = gateway.approvals
  // Of identical calls that wait together one runs; the others do not ask anew in its place.
  const mine = id === undefined ? undefined : desk.get(id)
  if (mine !== undefined && mine.hash === hash && !isOpen(mine)) return { text: whyNotText(mine), approval: mine }
  const [changed] = await desk.voidChanged(callHash, definition)
  if (changed === undefined) return undefined
  await gateway.audit.append(toolChangedOf(changed, gateway))
  return { text: voidText(changed), approval: changed }
}

async function ask(
  binding: Binding,
  taking: Taking,
  place: Place,
  gateway: Gateway,
): Promise<Claim | 'again' | 'answered'> {
  const { desk } = gateway.approvals
  const { call, judged, decision } = taking
  const asked = await desk.ask(askOf({ call, binding, judged, decision, place }, gateway))
  if (asked.kind === 'too_many') return refused(tooManyText(asked.of), taking, place, gateway)
  const { approval } = asked
  if (asked.kind === 'denied') return refused(whyNotText(approval), { ...taking, approval }, place, gateway)
  if (asked.kind === 'joined' && !coversRules(coveredOf(approval), binding.rules)) {
    await desk.revoke(approval.id, undefined, 'the rules that want it changed')
    return 'again'
  }
  if (approval.state !== 'pending') return claimed(approval, taking, place, gateway)
  const after = await wait(approval, taking, place, gateway)
  if (after === undefined) return 'answered'
  // Asked again before it is used: what the policy says by now decides whether it is needed, and enough.
  return after.state === 'approved' ? 'again' : claimed(after, taking, place, gateway)
}

/** Waits as this client can. Answers where nothing was decided meanwhile; undefined then. */
async function wait(approval: Approval, taking: Taking, place: Place, gateway: Gateway): Promise<Approval | undefined> {
  taking.waited.id = approval.id
  const rung = (taking.waited.rung ??= holdFor(taking, place, gateway))
  return rung.wait(approval, taking.judged)
}

async function claimed(
  approval: Approval,
  taking: Taking,
  place: Place,
  gateway: Gateway,
): Promise<Claim | 'again' | 'answered'> {
  const said = { ...taking, approval }
  if (approval.state !== 'approved' || isGone(place, gateway))
    return refused(whyNotText(approval), said, place, gateway)
  const { desk } = gateway.approvals
  const claim = approval.scope === 'once' ? await desk.claim(approval, taking.call) : desk.use(approval, taking.call)
  if (claim === undefined) return lost(said, place, gateway)
  if (!isGone(place, gateway)) return claim
  desk.giveBack(claim)
  return refused(whyNotText(approval), said, place, gateway)
}

/** Nothing runs for a client that does not wait for it (approvals.md, 4). */
function isGone({ exchange, principal }: Place, { logouts }: Gateway): boolean {
  // Whoever logged out while the call waited has gone too.
  return exchange.state === 'done' || logouts.covers(principal)
}

/** Somebody else was faster, or it ran out a moment ago. */
async function lost(
  said: Taking & { readonly approval: Approval },
  place: Place,
  gateway: Gateway,
): Promise<'again' | 'answered'> {
  const now = gateway.approvals.desk.get(said.approval.id) ?? said.approval
  return now.state === 'approved' ? 'again' : refused(whyNotText(now), said, place, gateway)
}

/** An approval for this session, or some time, that covers what these rules want. */
async function accessInForce(
  { rules }: Binding,
  place: Place,
  { approvals: { desk } }: Gateway,
): Promise<Approval | undefined> {
  const { principal, session, policy } = place
  const found = desk
    .list({ session: session.id, states: ['approved'], limit: ACCESS_MAX })
    .find((one) => one.scope !== 'once' && isAccessOf(one, place) && coversRules(coveredOf(one), rules))
  if (found === undefined || isStillIn(found.requester, readableGroups(policy, principal.groups))) return found
  await desk.revoke(found.id, undefined, LEFT_GROUP)
  return undefined
}

/** Approvals of one session that are in force at once. */
const ACCESS_MAX = 100

function coveredOf({ rules }: Approval): ReadonlyMap<string, string> {
  return new Map(rules.map(({ rule, digest }) => [rule, digest]))
}

async function refused(
  text: string,
  { call, judged, approval }: Taking & { readonly approval?: Approval },
  place: Place,
  gateway: Gateway,
): Promise<'answered'> {
  await refuseHeld(call, { judged: { ...judged, approval: approval?.id }, text }, place, gateway)
  return 'answered'
}

async function answered(refusal: Promise<void>): Promise<undefined> {
  await refusal
}
