import type { EntryIndex } from '../base/ids.ts'
import type { Receipt } from '../audit/log.ts'
import type { PassageMasking } from '../masking/passage.ts'
import { Permit } from '../policy/permit.ts'
import type { Session } from '../session/session.ts'
import type { GoOn } from '../downstream/http.ts'
import type { SessionEnd, StreamOpening } from '../protocol/message.ts'
import type { UpstreamReply } from '../upstream/upstream.ts'
import { carryEvents } from './carry-events.ts'
import { asFailure } from './fail.ts'
import { outgoing } from './forward.ts'
import type { Gateway, Place } from './gateway.ts'
import { judge } from './judge.ts'
import { intentOfSession, noticeOutcomeOf, refusedOf, sessionFailedOf, streamOpenOf } from './records.ts'
import { sayFailure } from './reply.ts'
import { refuseSession } from './refuse.ts'
import { release, releaseHead } from './release.ts'
import { shownOf, showStream, type ShownStream } from './show.ts'

/**
 * Legacy era: opens the stream of a session (GET), or ends the session (DELETE). There is no message to judge, so the
 * connection is what policy is asked about; the order is that of carry.ts. Returns how an open stream goes on.
 */
export async function carrySession(
  wish: StreamOpening | SessionEnd,
  place: Place,
  gateway: Gateway,
): Promise<GoOn | undefined> {
  const judged = judge(wish, place, gateway)
  const permit = Permit.from(judged.decision, wish)
  if (permit === undefined) {
    await gateway.audit.append(refusedOf(wish, { judged, params: undefined }, place, gateway))
    refuseSession(judged, place)
    return undefined
  }
  const stands = wish.kind === 'listen' ? opening(place.session) : undefined
  try {
    const intent = await gateway.audit.append(intentOfSession(wish, judged, place, gateway))
    return await sendOn(permit, intent, { wish, stands, masking: judged.masking }, { place, gateway })
  } finally {
    stands?.()
  }
}

/** Lets calls of the session wait until the returned function is called, and no longer than a moment. */
function opening(session: Session): () => void {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, OPENING_MS)
  session.opening = promise
  return () => {
    clearTimeout(timer)
    resolve()
    if (session.opening === promise) session.opening = undefined
  }
}

/** Servers that send no headers before the first event must not hold up what the client calls meanwhile. */
const OPENING_MS = 500

interface Wish {
  readonly wish: StreamOpening | SessionEnd
  readonly stands: (() => void) | undefined
  readonly masking: PassageMasking
}

async function sendOn(
  permit: Permit,
  intent: Receipt<'intent'>,
  { wish, stands, masking }: Wish,
  { place, gateway }: { readonly place: Place; readonly gateway: Gateway },
): Promise<GoOn | undefined> {
  const of = intent.index
  let stream: ShownStream | undefined
  try {
    const reply = await place.connection.upstream.send(permit, intent, outgoing(wish, undefined, place))
    stands?.()
    if (wish.kind === 'end' && reply.status !== 405) gateway.sessions.end(place.session)
    if (reply.kind === 'body') {
      await bringBack(reply, { of, masking }, place, gateway)
      return undefined
    }
    stream = showStream(reply, place)
    // That it opened says something of the upstream: on record before the headers leave.
    const opened = await gateway.audit.append(streamOpenOf(of, reply.status, { place, gateway }))
    releaseHead(opened, place.exchange, stream)
    return goOnWith(stream, { of, masking }, place, gateway)
  } catch (failure) {
    stream?.events.close()
    const known = asFailure(failure, place, gateway)
    if (known.code !== 'log_unavailable') await gateway.audit.append(sessionFailedOf(of, known, { place, gateway }))
    sayFailure(place.exchange, known, undefined, place.headers)
    return undefined
  }
}

interface Opened {
  readonly of: EntryIndex
  readonly masking: PassageMasking
}

function goOnWith(stream: ShownStream, { of, masking }: Opened, place: Place, gateway: Gateway): GoOn {
  return () =>
    carryEvents(stream, { intent: of, sent: undefined, masking }, place, gateway).catch((failure: unknown) => {
      sayFailure(place.exchange, asFailure(failure, place, gateway), undefined, place.headers)
    })
}

async function bringBack(
  reply: Extract<UpstreamReply, { kind: 'body' }>,
  { of, masking }: Opened,
  place: Place,
  gateway: Gateway,
): Promise<void> {
  const { headers, shown } = shownOf(reply, masking, place)
  if (reply.status === 404) gateway.sessions.end(place.session)
  const outcome = await gateway.audit.append(noticeOutcomeOf(of, reply.status, shown, { place, gateway }))
  await release(shown, outcome, place.exchange, { status: reply.status, headers })
}
