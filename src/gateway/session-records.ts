import type { Entry } from '../audit/log.ts'
import { type Hide, maskText, Unmasked } from '../masking/masked.ts'
import { writeEnvelope } from '../recording/envelope.ts'
import type { Session, StreamedCall } from '../session/session.ts'
import type { Gateway, Place } from './gateway.ts'
import { actorOf, note } from './note.ts'
import type { Standing } from './place.ts'

/** Parts of the gateway that a record without a call needs. */
export type Maker = Pick<Gateway, 'now' | 'ids'>

/** For records that hold nothing of an upstream and nothing of a client. */
export const NOTHING_HIDDEN: Hide = { bytes: (raw) => raw, text: (raw) => raw }

export function sessionStartOf(place: Place, gateway: Gateway): Entry<'session.start'> {
  return note('session.start', { place, gateway }, { dir: 'gw' })
}

/** What was turned away before it had a conversation: by rule `protocol` or `session-binding`, which no policy can lift. */
export function turnedAwayOf(
  standing: Standing,
  { rule, reason }: { readonly rule: 'protocol' | 'session-binding'; readonly reason: string },
  { now, ids }: Maker,
): Entry<'refused'> {
  const time = now.micros()
  const { connection, policy } = standing
  const envelope = writeEnvelope({
    id: ids.record(),
    kind: 'refused',
    dir: 'c2s',
    ts: time,
    mono_us: now.mono(),
    actor: actorOf(standing, undefined),
    conn: { name: connection.facts.name, type: connection.type, labels: connection.facts.labels },
    // Where in a message it is says so by its keys, and those are the client's words.
    decision: {
      effect: 'deny',
      rule,
      reason: connection.masker.label(reason),
      policy: policy.shortVersion,
      mode: 'enforce',
      latency_us: 0,
    },
    outcome: { status: 'refused' },
  })
  const { retentionClass } = connection
  return {
    kind: 'refused',
    time,
    session: undefined,
    retentionClass,
    envelope: maskText(new Unmasked(envelope), connection.hide),
  }
}

/** A session is over; nothing of it is held any more. */
export function sessionEndOf(session: Session, { now, ids }: Maker): Entry<'session.end'> {
  const time = now.micros()
  session.n += 1
  const envelope = writeEnvelope({
    id: ids.record(),
    kind: 'session.end',
    dir: 'gw',
    ts: time,
    mono_us: now.mono(),
    session: { id: session.id, basis: session.basis, n: session.n },
  })
  return { kind: 'session.end', time, session: session.id, envelope: maskText(new Unmasked(envelope), NOTHING_HIDDEN) }
}

/** A call of a resumable stream whose reply never came by another. */
export function lostOf(session: Session, { intent, call }: StreamedCall, { now, ids }: Maker): Entry<'outcome'> {
  const time = now.micros()
  session.n += 1
  const envelope = writeEnvelope({
    id: ids.record(),
    kind: 'outcome',
    dir: 'gw',
    of: intent,
    ts: time,
    mono_us: now.mono(),
    session: { id: session.id, basis: session.basis, n: session.n },
    mcp: { era: call.era, transport: 'http', method: call.method },
    outcome: { status: 'unknown', detail: 'session_ended' },
  })
  return { kind: 'outcome', time, session: session.id, envelope: maskText(new Unmasked(envelope), NOTHING_HIDDEN) }
}
