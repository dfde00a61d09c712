import { corsHeaders } from '../downstream/preflight.ts'
import type { Receipt } from '../audit/log.ts'
import { type Dispatch, mask, type Masked, Unmasked } from '../masking/masked.ts'
import type { Outbound, PassageMasking } from '../masking/passage.ts'
import { Permit } from '../policy/permit.ts'
import { errorReply, OUR_CODES } from '../protocol/errors.ts'
import type { ClientAnswer, ClientNotification } from '../protocol/message.ts'
import type { Asked } from '../session/session.ts'
import type { Decision } from '../policy/decide.ts'
import { outgoing } from './forward.ts'
import type { Gateway, Place } from './gateway.ts'
import { judge, type Judged, NOBODYS } from './judge.ts'
import { isTooLong, tooLongText } from './note.ts'
import { answerOf, noticeOf, noticeOutcomeOf, refusedOf } from './records.ts'
import { say } from './reply.ts'
import { release } from './release.ts'
import { shownOf } from './show.ts'

/** Carries a notification of the client: recorded, then sent. It gets no answer but 202, whatever policy says. */
export async function carryNotification(notice: ClientNotification, place: Place, gateway: Gateway): Promise<void> {
  const judged = judge(notice, place, gateway)
  const permit = Permit.from(judged.decision, notice)
  const outbound = judged.masking.outbound(notice.bytes)
  const params = mask(new Unmasked(notice.bytes), judged.masking.record)
  if (permit === undefined || outbound.kind === 'refused' || isTooLong(params, place)) {
    const refused =
      outbound.kind === 'refused'
        ? ({ judged: heldBack(judged, outbound), params, by: 'masking' } as const)
        : permit === undefined
          ? { judged, params }
          : ({ judged: notRecorded(judged, params, place), params, by: 'recording' } as const)
    await gateway.audit.append(refusedOf(notice, refused, place, gateway))
    return accepted(place)
  }
  const receipt = await gateway.audit.append(noticeOf(notice, { judged, params, outbound }, place, gateway))
  await send(permit, receipt, { body: outbound.body, masking: judged.masking }, { place, gateway })
}

/** Carries the client's answer to a request of the server: the outcome of that request's intent. */
export async function carryAnswer(answer: ClientAnswer, place: Place, gateway: Gateway): Promise<void> {
  const { session } = place
  const asked = session.asked.get(answer.id)
  const judged = judge(answer, place, gateway)
  const outbound = judged.masking.outbound(answer.bytes)
  const params = mask(new Unmasked(answer.bytes), judged.masking.record)
  // What nobody asked for, or asked of another session, does not go to the server (protocol.md, 5.4).
  const permit = asked === undefined ? undefined : Permit.from(judged.decision, answer)
  if (asked === undefined || permit === undefined) {
    const refused = asked === undefined ? { ...judged, decision: NOT_ASKED } : judged
    await gateway.audit.append(refusedOf(answer, { judged: refused, params }, place, gateway))
    return accepted(place)
  }
  session.asked.delete(answer.id)
  if (outbound.kind === 'refused' || isTooLong(params, place)) {
    const held =
      outbound.kind === 'refused'
        ? ({ judged: heldBack(judged, outbound), params, by: 'masking' } as const)
        : ({ judged: notRecorded(judged, params, place), params, by: 'recording' } as const)
    await gateway.audit.append(refusedOf(answer, held, place, gateway))
    return sendInstead(permit, { answer, asked, judged }, place, gateway)
  }
  const receipt = await gateway.audit.append(answerOf(answer, asked, { judged, params, outbound }, { place, gateway }))
  await send(permit, receipt, { body: outbound.body, masking: judged.masking }, { place, gateway })
}

/** The server waits for an answer, and its call with it: it is told that there is none. */
async function sendInstead(
  permit: Permit,
  { answer, asked, judged }: { answer: ClientAnswer; asked: Asked; judged: Judged },
  place: Place,
  gateway: Gateway,
): Promise<void> {
  const bytes = errorReply(answer.id, OUR_CODES.refused, HELD_BACK)
  const outbound = judged.masking.outbound(bytes)
  if (outbound.kind === 'refused') throw new TypeError('our own words are held back')
  const params = mask(new Unmasked(bytes), judged.masking.record)
  const receipt = await gateway.audit.append(
    answerOf({ ...answer, bytes, failed: true }, asked, { judged, params, outbound }, { place, gateway }),
  )
  await send(permit, receipt, { body: outbound.body, masking: judged.masking }, { place, gateway })
}

const HELD_BACK = 'The answer holds what must not go to this server. It was held back.'

/** It holds what must not go to this server. The client waits for nothing, so the record alone says so. */
function heldBack(judged: Judged, { why, text }: Extract<Outbound, { kind: 'refused' }>): Judged {
  return { ...judged, decision: { ...NOBODYS, rule: 'masking', message: `${why}: ${text}` } }
}

/** It is longer than what its class records. */
function notRecorded(judged: Judged, params: Masked<Uint8Array>, place: Place): Judged {
  return { ...judged, decision: { ...NOBODYS, rule: 'recording', message: tooLongText(params, place) } }
}

const NOT_ASKED: Decision = { ...NOBODYS, message: 'Nobody asked for this.' }

async function send(
  permit: Permit,
  receipt: Receipt<'notification' | 'outcome'>,
  { body, masking }: { body: Dispatch; masking: PassageMasking },
  { place, gateway }: { place: Place; gateway: Gateway },
): Promise<void> {
  const reply = await place.connection.upstream.send(permit, receipt, outgoing(permit.passage, body, place))
  if (reply.kind === 'stream') {
    // A stream is no answer to a message that has none.
    reply.events.close()
    return accepted(place)
  }
  const { headers, shown } = shownOf(reply, masking, place)
  if (reply.status < 300) return accepted(place)
  if (reply.status === 404 && place.session.upstreamId !== undefined) gateway.sessions.end(place.session)
  const outcome = await gateway.audit.append(noticeOutcomeOf(receipt.index, reply.status, shown, { place, gateway }))
  await release(shown, outcome, place.exchange, { status: reply.status, headers })
}

function accepted(place: Place): void {
  say(place.exchange, 202, undefined, corsHeaders(place.headers))
}
