import type { Entry } from '../audit/log.ts'
import { GatewayError } from '../base/assert.ts'
import { decodeLatin1 } from '../base/bytes.ts'
import type { EntryIndex } from '../base/ids.ts'
import { Masked, narrow } from '../masking/masked.ts'
import type { Decision } from '../policy/decide.ts'
import type { Revision, ServerNotification, ServerReply, ServerRequest } from '../protocol/message.ts'
import { existsIn, MODERN_REVISION } from '../protocol/methods.ts'
import { readServerMessage } from '../protocol/read-server.ts'
import { emptyEvent, type SseEvent, writeEvent } from '../protocol/sse.ts'
import type { Sent } from './carry.ts'
import type { Stream } from './carry-events.ts'
import { followMessage, opened } from './follow.ts'
import { askingCall, forgetForms, formOf, toolOf } from './forms.ts'
import type { Gateway, Place } from './gateway.ts'
import { aboutMethod, ask } from './judge.ts'
import { lessen } from './lessen.ts'
import { askedOf, droppedOf, partOf, streamedOutcomeOf } from './event-records.ts'
import type { ReleaseKind } from './release.ts'
import { answers } from './show.ts'

/** What becomes of one event: what the log gets, and what the client gets once the log has it. */
export interface Passed {
  readonly entry: Entry<ReleaseKind>
  readonly out: Masked<Uint8Array> | undefined
  /** Done right before it leaves. */
  readonly once?: (index: EntryIndex) => void
}

interface At {
  readonly stream: Stream
  readonly place: Place
  readonly gateway: Gateway
}

/** Judges one event of an upstream. What cannot be read, or may not pass, leaves only its id: a resumed stream needs that. */
export function passOn(event: Masked<SseEvent>, stream: Stream, begun: Place, gateway: Gateway): Passed {
  // A session's own stream may be open for days: what comes on it is judged by the policy of now, a reply by that of its call.
  const policy = stream.sent === undefined ? gateway.policy() : begun.policy
  const place = policy === begun.policy ? begun : { ...begun, policy }
  const at = { stream, place, gateway }
  const { data, id } = Masked.read(event)
  if (id !== undefined) stream.resumable = true
  // A priming event: an id to come back to, and no message (SEP-1699).
  if (data === undefined || data.byteLength === 0) return { entry: partOf(event, undefined, at), out: rawOf(event) }
  const message = readServerMessage(data, gateway.limits.message)
  switch (message.kind) {
    case 'fault':
      // Perhaps the reply, so the call that waits for it has failed; on a session's stream, and after a mere unknown method, others may follow.
      if (stream.sent !== undefined && message.reason !== 'unknown_method')
        throw new GatewayError(
          'upstream_protocol',
          `The MCP server sent what cannot be read safely: ${message.message}`,
        )
      return dropped(event, message.reason, at)
    case 'reply':
      return passReply(event, message, at)
    case 'request':
      return passRequest(event, message, at)
    case 'notification':
      return passNotification(event, message, at)
  }
}

function passNotification(event: Masked<SseEvent>, message: ServerNotification, at: At): Passed {
  const about = aboutMethod(message.method, () => message.params, at)
  const known = existsIn(message.method, revisionOf(at), 's2c')
  const spoken = { method: message.method, args: () => message.params }
  if (!known || about === undefined || !mayPass(ask({ about, spoken }, at.place, at.gateway).decision))
    return dropped(event, message.method, at)
  return { entry: partOf(event, message.method, at), out: rawOf(event) }
}

/** A request of the server is an intent towards the client; the client's answer, on another POST, is its outcome. */
function passRequest(event: Masked<SseEvent>, message: ServerRequest, at: At): Passed {
  const { session } = at.place
  // The modern era has no such requests (2026-07-28): they would ask for what nobody declared.
  const known = existsIn(message.method, revisionOf(at), 's2c')
  const spoken = { method: message.method, args: () => message.params }
  const { decision } = ask({ about: { kind: 'connection' }, spoken }, at.place, at.gateway)
  if (!known || !mayPass(decision)) return dropped(event, message.method, at)
  return {
    entry: askedOf(event, message, decision, at),
    out: rawOf(event),
    once: (intent) => {
      const [oldest] = session.asked.keys()
      if (session.asked.size >= at.gateway.limits.askedMax && oldest !== undefined) session.asked.delete(oldest)
      const { method, params } = message
      const call = askingCall(at.stream, session)
      const tool = call && toolOf(call, at.place, at.gateway)
      const form = method === 'elicitation/create' ? formOf(params) : undefined
      session.asked.set(message.id, { intent, method, call: call && new WeakRef(call), tool, form })
      if (form !== undefined) forgetForms(session.asked)
    },
  }
}

/** What needs approval does not pass either, for nobody can approve a message of a server. */
function mayPass({ kind }: Decision): boolean {
  return kind === 'allow'
}

/** Legacy servers send what any legacy revision knows: which one was agreed on is between them and the client. */
function revisionOf({ stream }: At): Revision | undefined {
  return stream.sent?.call.era === 'modern' ? MODERN_REVISION : undefined
}

function passReply(event: Masked<SseEvent>, message: ServerReply, at: At): Passed {
  const found = sentFor(message, at)
  // A reply to nothing that this caller asked for on this stream: of another session, or made up.
  if (found === undefined) return dropped(event, 'reply', at)
  const { sent, again } = found
  const { out, leftOut, body } = lessened(event, message, sent, at)
  followMessage(message, Masked.read(body), sent, at)
  if (sent.call.method === 'initialize' && !message.failed) opened(message, at.stream.sessionId, at.place, at.gateway)
  if (again) return { entry: partOf(event, sent.call.method, at), out }
  return { entry: streamedOutcomeOf(sent, { event, body, message, leftOut }, at), out }
}

function lessened(event: Masked<SseEvent>, message: ServerReply, { call }: Sent, { place, gateway }: At) {
  const whole = narrow(event, ({ data }) => data ?? NOTHING)
  if (message.failed) return { out: rawOf(event), leftOut: 0, body: whole }
  const { body, leftOut } = lessen(whole, call, place, gateway)
  const changed = Masked.read(body) !== Masked.read(whole)
  const { fields } = Masked.read(event)
  return { out: changed ? narrow(body, (data) => writeEvent({ fields, data })) : rawOf(event), leftOut, body }
}

const NOTHING = new Uint8Array(0)

/** The call that a reply belongs to: of this stream, or of one that broke off and is resumed by this one. */
function sentFor(message: ServerReply, { stream, place }: At): { sent: Sent; again: boolean } | undefined {
  if (stream.sent !== undefined && answers(message, stream.sent.call)) {
    // One call, one reply: a second one on the same stream answers nothing. It may come again where a stream is resumed.
    if (stream.answered === true) return undefined
    stream.answered = true
    return { sent: stream.sent, again: false }
  }
  const streamed = message.id === undefined ? undefined : place.session.streamed.get(message.id)
  if (streamed === undefined) return undefined
  const again = streamed.answered
  streamed.answered = true
  // What the call's own rules hide is hidden on this stream: they were added to those that it was opened with.
  return { sent: { ...streamed, masking: stream.masking }, again }
}

function dropped(event: Masked<SseEvent>, what: string, at: At): Passed {
  const { fields, id } = Masked.read(event)
  at.gateway.warn('dropped a message of an MCP server', { connection: at.place.connection.facts.name, what })
  return {
    entry: droppedOf(event, what, at),
    out: id === undefined ? undefined : narrow(event, () => emptyEvent(fields)),
  }
}

function rawOf(event: Masked<SseEvent>): Masked<Uint8Array> {
  return narrow(event, ({ raw }) => raw)
}

/** True for an event that only says that the server is alive: nothing but comments. */
export function isCommentOnly({ fields, data }: SseEvent): boolean {
  if (data !== undefined) return false
  return decodeLatin1(fields)
    .split(/\r\n|\r|\n/)
    .every((line) => line === '' || line.startsWith(':'))
}
