import type { Claim } from '../approval/claim.ts'
import { GatewayError } from '../base/assert.ts'
import type { EntryIndex } from '../base/ids.ts'
import type { Lease } from '../limits/limits.ts'
import { mask, Unmasked } from '../masking/masked.ts'
import type { PassageMasking, Sendable } from '../masking/passage.ts'
import { Permit } from '../policy/permit.ts'
import type { ClientRequest } from '../protocol/message.ts'
import type { CallRef } from '../session/session.ts'
import type { UpstreamReply } from '../upstream/upstream.ts'
import { carryEvents } from './carry-events.ts'
import { clear, type Coming } from './clear.ts'
import { failAfterIntent } from './fail.ts'
import { outgoing } from './forward.ts'
import type { Gateway, Place } from './gateway.ts'
import { factsOf, judge, type Judged } from './judge.ts'
import { askAnalyzer, goneSignal } from './masking.ts'
import { isTooLong } from './note.ts'
import { intentOf, outcomeOf } from './records.ts'
import { refuse, refuseByLimit, refuseByMasking, refuseByRecording } from './refuse.ts'
import { release } from './release.ts'
import { callOwnTool, isOwnTool } from './own-tools.ts'
import { runOn } from './run-on-claim.ts'
import { show, showStream } from './show.ts'
import { follow } from './follow.ts'
import { charge, takeFromLimits } from './take-from-limits.ts'

/**
 * Carries one request from a client to an upstream and its reply back.
 *
 * The order is the security of this gateway, so it is written out once, here: nothing goes upstream before its intent is on
 * disk, and nothing comes back before its outcome is. Who calls and in which session was settled before (arrive.ts).
 * `held`: how often its client came back for it while it was held, and for what.
 */
export async function carry(call: ClientRequest, place: Place, gateway: Gateway, held: Held = NOT_HELD): Promise<void> {
  if (isOwnTool(call, place, gateway)) return callOwnTool(call, held.round, place, gateway)
  const read = factsOf(call, place, gateway)
  const facts = read instanceof Promise ? await read : read
  const judged = judge(call, place, gateway, facts)
  if (judged.decision.kind !== 'approve') return void (await carryJudged(call, { judged }, place, gateway))
  // Other people have to agree. Here the call waits for them, and the policy is asked again once they did.
  const cleared = await clear({ ...held, call, facts }, judged, place, gateway)
  if (cleared === undefined) return
  await runOn(cleared, gateway, { call, run: (at) => carryJudged(call, cleared, at, gateway) })
}

type Held = Pick<Coming, 'round' | 'heldOn'>
const NOT_HELD: Held = { round: 0, heldOn: undefined }

/** What came of a call: for the approval that it ran on. */
export type Ending = 'sent' | 'not_sent' | 'failed'

async function carryJudged(
  call: ClientRequest,
  { judged, claim }: { readonly judged: Judged; readonly claim?: Claim | undefined },
  place: Place,
  gateway: Gateway,
): Promise<Ending> {
  const permit = Permit.from(judged.decision, call, claim)
  if (permit === undefined) return notSent(refuse(call, judged, place, gateway))
  const outbound = judged.masking.outbound(call.bytes)
  if (outbound.kind === 'refused') return notSent(refuseByMasking(call, { judged, outbound }, place, gateway))
  const taken = takeFromLimits(judged, place, gateway)
  if (taken.kind === 'exhausted') return notSent(refuseByLimit(call, { judged, taken }, place, gateway))
  place.session.calls += 1
  try {
    return await carryPermitted(call, { permit, judged, outbound, lease: taken.lease }, place, gateway)
  } finally {
    taken.lease?.end()
  }
}

async function notSent(answered: Promise<void>): Promise<Ending> {
  await answered
  return 'not_sent'
}

interface Permitted {
  readonly permit: Permit
  readonly judged: Judged
  readonly outbound: Sendable
  readonly lease: Lease | undefined
}

async function carryPermitted(
  call: ClientRequest,
  { permit, judged, outbound, lease }: Permitted,
  place: Place,
  gateway: Gateway,
): Promise<Ending> {
  const { masking } = judged
  const params = mask(new Unmasked(call.bytes), masking.record)
  if (isTooLong(params, place)) return notSent(refuseByRecording(call, { judged, params }, place, gateway))
  // From here on it may have run, so a task is never sent again. Its client may have taken it back a moment ago.
  if (place.task !== undefined && !gateway.approvals.tasks.noteSent(place.task)) return 'not_sent'
  const intent = await gateway.audit.append(intentOf(call, { judged, params, outbound }, place, gateway))
  const sent: Sent = { call, intent: intent.index, masking, lease }
  const { callsRunning } = place.session
  if (call.method === 'tools/call') callsRunning.add(call)
  try {
    // Servers send what a call asks of the client on the session's stream, and to nobody where it does not stand yet. The
    // client opened it before it called, and so it must stand first here too.
    if (place.session.opening !== undefined) await place.session.opening
    // What is judged and kept has stand-ins; their values are only in the body that goes out, which nobody but the upstream opens.
    const reply = await place.connection.upstream.send(permit, intent, outgoing(call, outbound.body, place))
    await bringBack(reply, sent, place, gateway)
    return 'sent'
  } catch (failure) {
    await failAfterIntent(failure, sent, place, gateway)
    return 'failed'
  } finally {
    callsRunning.delete(call)
  }
}

async function bringBack(reply: UpstreamReply, sent: Sent, place: Place, gateway: Gateway): Promise<void> {
  if (reply.kind === 'stream')
    return carryEvents(showStream(reply, place), { intent: sent.intent, sent, masking: sent.masking }, place, gateway)
  try {
    await askAnalyzer(reply.body, sent.masking, place, goneSignal(place))
    const shown = show(reply, sent, place, gateway)
    if (shown.message === undefined && hearsRepliesOnly(place)) throw noReply(shown.status)
    follow(shown, sent, place, gateway)
    const outcome = await gateway.audit.append(outcomeOf(sent, shown, place, gateway))
    charge({ out: shown.body, evidence: shown.evidence }, sent, gateway)
    await release(shown.body, outcome, place.exchange, shown)
  } finally {
    reply.done()
  }
}

/** A client that waits on a stream, or will ask for its task, can be told nothing but a reply. */
function hearsRepliesOnly({ exchange, task }: Place): boolean {
  return task !== undefined || exchange.state === 'streaming'
}

function noReply(status: number): GatewayError {
  return new GatewayError('upstream_protocol', `The MCP server answered HTTP ${status} without a reply.`)
}

/** A request whose intent is durable. */
export interface Sent {
  readonly call: CallRef
  readonly intent: EntryIndex
  /** What is hidden in what answers it. */
  readonly masking: PassageMasking
  /** Of the limits that count it; undefined where none does. */
  readonly lease?: Lease | undefined
}
