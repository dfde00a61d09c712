import type { Entry } from '../audit/log.ts'
import type { GatewayError } from '../base/assert.ts'
import type { EntryIndex } from '../base/ids.ts'
import type { JsonObject } from '../base/json.ts'
import { mask, type Masked, Masked as MaskedValue, Unmasked } from '../masking/masked.ts'
import type { Sendable } from '../masking/passage.ts'
import { hideInputs } from '../policy/hide-inputs.ts'
import { inputsOf } from '../policy/inputs.ts'
import type {
  ClientAnswer,
  ClientNotification,
  ClientRequest,
  Passage,
  SessionEnd,
  StreamOpening,
} from '../protocol/message.ts'
import type { EnvelopeOutcome } from '../recording/envelope.ts'
import type { Asked } from '../session/session.ts'
import type { Sent } from './carry.ts'
import type { Gateway, Place } from './gateway.ts'
import type { Judged } from './judge.ts'
import { decisionOf, mcpOf, mcpOfCall, note } from './note.ts'
import type { Shown } from './show.ts'

// One function for each thing that is written down. What they have in common is in note.ts.

interface At {
  readonly place: Place
  readonly gateway: Gateway
}
interface Asking {
  readonly judged: Judged
  readonly params: Masked<Uint8Array> | undefined
  /** A limit or what it holds refused it, not a rule that decides. */
  readonly by?: 'limit' | 'masking' | 'recording' | undefined
  /** What goes out, where it does. */
  readonly outbound?: Sendable | undefined
}

export function intentOf(
  call: ClientRequest,
  { judged, params, outbound }: Asking,
  place: Place,
  gateway: Gateway,
): Entry<'intent'> {
  const at = { place, gateway }
  return note('intent', at, {
    mcp: mcpOf(call, place),
    decision: {
      ...decisionOf(judged.decision, at),
      approval: judged.approval,
      by: judged.isEmergency === true ? 'break_glass' : undefined,
    },
    facts: factsFor(judged, at, isMasked(params, call)),
    evidence: judged.masking.record.takeEvidence?.(),
    restored: outbound?.restored,
    request: params,
  })
}

/** What the decision was made from, as far as the record does not hold it anyway: a back-test decides by it again. */
export function factsFor({ circumstances }: Judged, { place }: At, masked = false): JsonObject | undefined {
  if (circumstances === undefined) return undefined
  const facts = inputsOf(place.principal, circumstances, { uses: place.policy.uses, isMasked: masked })
  return hideInputs(facts, (list) => place.connection.masker.recorded(list))
}

/** What nothing was hidden in is the very same bytes. */
function isMasked(kept: Masked<Uint8Array> | undefined, passage: Passage): boolean {
  return kept !== undefined && 'bytes' in passage && MaskedValue.read(kept) !== passage.bytes
}

export function refusedOf(
  passage: ClientRequest | ClientNotification | ClientAnswer | StreamOpening | SessionEnd,
  { judged, params, by }: Asking,
  place: Place,
  gateway: Gateway,
): Entry<'refused'> {
  const at = { place, gateway }
  const decision = { ...decisionOf(judged.decision, at), approval: judged.approval }
  return note('refused', at, {
    mcp: mcpOf(passage, place),
    decision: by === undefined ? decision : { ...decision, by },
    facts: factsFor(judged, at, isMasked(params, passage)),
    evidence: judged.masking.record.takeEvidence?.(),
    request: params,
  })
}

/** A call of a tool of the gateway's own: nothing of it goes to a server. */
export function ownToolOf(call: ClientRequest, judged: Judged, at: At): Entry<'decision'> {
  return note('decision', at, {
    mcp: mcpOf(call, at.place),
    decision: { ...decisionOf(judged.decision, at), approval: judged.approval },
    request: mask(new Unmasked(call.bytes), judged.masking.record),
  })
}

export function outcomeOf(
  { call, intent, masking }: Sent,
  shown: Shown,
  place: Place,
  gateway: Gateway,
): Entry<'outcome'> {
  const { message, body, status, leftOut, evidence } = shown
  const toolError = message?.toolError === true
  return note(
    'outcome',
    { place, gateway },
    {
      of: intent,
      mcp: mcpOfCall(call, place, toolError),
      outcome: { status: message === undefined || message.failed ? 'upstream_error' : toolError ? 'tool_error' : 'ok' },
      leftOut,
      evidence,
      io: { status, bytes_out: MaskedValue.read(body).byteLength, total_us: gateway.now.mono() - place.since },
      response: masking.kept(body),
    },
  )
}

/** The call failed between its intent and its reply: nothing of what came is in the record. */
export function failedOf(
  { call, intent }: Sent,
  failure: GatewayError,
  place: Place,
  gateway: Gateway,
): Entry<'outcome'> {
  const status = failure.code === 'client_gone' ? 'cancelled' : 'upstream_error'
  const detail = status === 'cancelled' ? whyGone(place) : detailOf(failure)
  return closing(intent, { status, detail }, mcpOfCall(call, place), {
    place,
    gateway,
  })
}

/** The stream ended, or its client went away, before the reply came. */
export function unansweredOf(
  { call, intent }: Sent,
  clientGone: boolean,
  place: Place,
  gateway: Gateway,
): Entry<'outcome'> {
  const outcome: EnvelopeOutcome = clientGone
    ? { status: 'cancelled', detail: whyGone(place) }
    : { status: 'upstream_error', detail: 'no_reply' }
  return closing(intent, outcome, mcpOfCall(call, place), { place, gateway })
}

export function sessionFailedOf(intent: EntryIndex, failure: GatewayError, at: At): Entry<'outcome'> {
  return closing(intent, { status: 'upstream_error', detail: detailOf(failure) }, undefined, at)
}

export function streamOpenOf(intent: EntryIndex, status: number, at: At): Entry<'outcome'> {
  return note('outcome', at, { of: intent, outcome: { status: 'ok', detail: 'stream_open' }, io: { status } })
}

export function noticeOf(
  notice: ClientNotification,
  { judged, params, outbound }: Asking,
  place: Place,
  gateway: Gateway,
): Entry<'notification'> {
  const at = { place, gateway }
  return note('notification', at, {
    mcp: mcpOf(notice, place),
    decision: decisionOf(judged.decision, at),
    evidence: judged.masking.record.takeEvidence?.(),
    restored: outbound?.restored,
    request: params,
  })
}

/** What an upstream said to something that has no reply: an error of HTTP, most often. */
export function noticeOutcomeOf(of: EntryIndex, status: number, body: Masked<Uint8Array>, at: At): Entry<'outcome'> {
  const outcome: EnvelopeOutcome = { status: status < 300 ? 'ok' : 'upstream_error' }
  return note('outcome', at, {
    of,
    outcome,
    io: { status, bytes_out: MaskedValue.read(body).byteLength },
    response: body,
  })
}

/** The client's answer to a request of the server. */
export function answerOf(
  answer: ClientAnswer,
  { intent }: Asked,
  { judged, params, outbound }: Asking,
  at: At,
): Entry<'outcome'> {
  return note('outcome', at, {
    of: intent,
    mcp: mcpOf(answer, at.place),
    outcome: { status: answer.failed ? 'upstream_error' : 'ok' },
    evidence: judged.masking.record.takeEvidence?.(),
    restored: outbound?.restored,
    response: params,
  })
}

export function intentOfSession(
  wish: StreamOpening | SessionEnd,
  judged: Judged,
  place: Place,
  gateway: Gateway,
): Entry<'intent'> {
  const at = { place, gateway }
  const decision = decisionOf(judged.decision, at)
  return note('intent', at, { mcp: mcpOf(wish, place), decision, facts: factsFor(judged, at) })
}

/** Nobody waits for it any more: its client went away, or what it ran on was taken back. */
function whyGone({ isRevoked }: Place): string {
  return isRevoked?.() === true ? 'revoked_during_execution' : 'client_gone'
}

/** What was withheld was withheld for a reason, and its sentence holds no value: the client reads it too. */
function detailOf({ code, message }: GatewayError): string {
  return code === 'masking_blocked' || code === 'recording_limit' ? `${code}: ${message}` : code
}

function closing(
  of: EntryIndex,
  outcome: EnvelopeOutcome,
  mcp: ReturnType<typeof mcpOf> | undefined,
  at: At,
): Entry<'outcome'> {
  return note('outcome', at, { of, mcp, outcome, io: { total_us: at.gateway.now.mono() - at.place.since } })
}
