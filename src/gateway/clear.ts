import { type Approval, type ApprovalId, isOpen } from '../approval/approval.ts'
import { type Claim, coversRules } from '../approval/claim.ts'
import type { Facts } from '../facts/facts.ts'
import type { NeedsApproval } from '../policy/decide.ts'
import type { ClientRequest } from '../protocol/message.ts'
import { askOf } from './approval-ask.ts'
import { bindingOf, type Binding } from './approval-binding.ts'
import { deniedText, runningText, tooManyText, usedText, voidText } from './approval-texts.ts'
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
  const waited: Waited = { rung: undefined, id: coming.heldOn }
  try {
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      if (now.decision.kind === 'allow') return { judged: now, place, claim: undefined }
      if (now.decision.kind === 'deny') return answered(refuse(coming.call, now, place, gateway))
      const step = await take({ ...coming, decision: now.decision, judged: now, waited }, place, gateway)
      if (step === 'answered') return undefined
      if (step !== 'again') return { judged: { ...now, approval: step.approval }, place, claim: step }
      // Somebody agreed, and meanwhile the policy may have changed.
      place = { ...place, policy: gateway.policy() }
      now = judge(coming.call, place, gateway, coming.facts)
    }
    return answered(refuseHeld(coming.call, { judged: now, text: usedText(undefined) }, place, gateway))
  } finally {
    waited.rung?.end()
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
  const { call, decision, judged } = taking
  const { desk } = gateway.approvals
  const binding = bindingOf(call, decision, place)
  const access = accessInForce(binding, place, gateway)
  const using = access === undefined ? undefined : desk.use(access, call)
  if (using !== undefined) return using
  // Of identical calls that wait together one runs; the others do not ask anew in its place.
  const mine = taking.waited.id === undefined ? undefined : desk.get(taking.waited.id)
  if (mine !== undefined && mine.hash === binding.hash && !isOpen(mine))
    return refused(overText(mine), { ...taking, approval: mine }, place, gateway)
  const [changed] = await desk.voidChanged(binding.callHash, binding.definition)
  if (changed !== undefined) return refused(voidText(changed), { ...taking, approval: changed }, place, gateway)
  const asked = await desk.ask(askOf({ call, binding, judged, decision, place }, gateway))
  if (asked.kind === 'too_many') return refused(tooManyText(asked.of), taking, place, gateway)
  const { approval } = asked
  if (asked.kind === 'denied') return refused(deniedText(approval), { ...taking, approval }, place, gateway)
  if (asked.kind === 'joined' && !coversRules(coveredOf(approval), binding.rules)) {
    await desk.revoke(approval.id, undefined, 'the rules that want it changed')
    return 'again'
  }
  const after = approval.state === 'pending' ? await waited(approval, taking, place, gateway) : approval
  return after === undefined
    ? 'answered'
    : claimed(after, { ...taking, wasWaiting: approval.state === 'pending' }, place, gateway)
}

/** Waits as this client can. Answers where nothing was decided meanwhile; undefined then. */
async function waited(
  approval: Approval,
  taking: Taking,
  place: Place,
  gateway: Gateway,
): Promise<Approval | undefined> {
  taking.waited.id = approval.id
  const rung = (taking.waited.rung ??= holdFor(taking, place, gateway))
  return rung.wait(approval, taking.judged)
}

async function claimed(
  approval: Approval,
  taking: Taking & { readonly wasWaiting: boolean },
  place: Place,
  gateway: Gateway,
): Promise<Claim | 'again' | 'answered'> {
  const { call } = taking
  const said = { ...taking, approval }
  switch (approval.state) {
    case 'approved': {
      // Asked again before it is used: what the policy says by now decides whether it is needed, and enough.
      if (taking.wasWaiting) return 'again'
      if (isGone(place)) return refused(usedText(approval), said, place, gateway)
      const claim =
        approval.scope === 'once'
          ? await gateway.approvals.desk.claim(approval, call)
          : gateway.approvals.desk.use(approval, call)
      if (claim === undefined) return lost(said, place, gateway)
      if (!isGone(place)) return claim
      gateway.approvals.desk.giveBack(claim)
      return refused(usedText(approval), said, place, gateway)
    }
    case 'executing':
      return refused(runningText(approval), said, place, gateway)
    case 'denied':
      return refused(deniedText(approval), said, place, gateway)
    case 'pending':
    case 'executed':
    case 'failed':
    case 'expired':
    case 'cancelled':
    case 'lapsed':
    case 'revoked':
    case 'unknown':
      return refused(usedText(approval), said, place, gateway)
  }
}

/** Somebody else was faster, or it ran out a moment ago. */
async function lost(
  said: Taking & { readonly approval: Approval },
  place: Place,
  gateway: Gateway,
): Promise<'again' | 'answered'> {
  const now = gateway.approvals.desk.get(said.approval.id) ?? said.approval
  if (now.state === 'approved') return 'again'
  return refused(now.state === 'executing' ? runningText(now) : overText(now), said, place, gateway)
}

function overText(approval: Approval): string {
  return approval.state === 'denied' ? deniedText(approval) : usedText(approval)
}

/** Nothing runs for a client that does not wait for it (approvals.md, 4). */
function isGone({ exchange }: Place): boolean {
  return exchange.state === 'done'
}

/** An approval for this session, or some time, that covers what these rules want. */
function accessInForce(
  { rules }: Binding,
  { principal, connection, session }: Place,
  gateway: Gateway,
): Approval | undefined {
  const filter = { session: session.id, states: ['approved'], limit: ACCESS_MAX } as const
  return gateway.approvals.desk
    .list(filter)
    .find(
      (one) =>
        one.scope !== 'once' &&
        one.requester.principal === principal.id &&
        one.connection === connection.facts.name &&
        coversRules(coveredOf(one), rules),
    )
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
