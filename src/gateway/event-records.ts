import type { Entry } from '../audit/log.ts'
import { decodeUtf8 } from '../base/bytes.ts'
import { type Masked, Masked as MaskedValue, narrow } from '../masking/masked.ts'
import type { Decision } from '../policy/decide.ts'
import type { ServerReply, ServerRequest } from '../protocol/message.ts'
import type { SseEvent } from '../protocol/sse.ts'
import type { EnvelopeMcp } from '../recording/envelope.ts'
import type { Sent } from './carry.ts'
import type { Stream } from './carry-events.ts'
import type { Gateway, Place } from './gateway.ts'
import { decisionOf, mcpOfCall, note } from './note.ts'

// What is written down of the events of a stream: their data as the response, their other lines in the envelope.

interface At {
  readonly stream: Stream
  readonly place: Place
  readonly gateway: Gateway
}

/** A message of the server that needs no answer, or comes again. */
export function partOf(event: Masked<SseEvent>, method: string | undefined, at: At): Entry<'part'> {
  return note('part', at, {
    of: at.stream.intent,
    dir: 's2c',
    evidence: at.stream.evidence,
    mcp: mcpEvent(event, method ?? '(event)', at),
    response: dataOf(event),
  })
}

/** A request of the server to the client: an intent in the other direction. */
export function askedOf(event: Masked<SseEvent>, message: ServerRequest, decision: Decision, at: At): Entry<'intent'> {
  return note('intent', at, {
    dir: 's2c',
    evidence: at.stream.evidence,
    mcp: { ...mcpEvent(event, message.method, at), req_id: message.id },
    decision: decisionOf(decision, at),
    request: dataOf(event),
  })
}

/** A message that may not pass. Its data is kept, since it says what was tried. */
export function droppedOf(event: Masked<SseEvent>, what: string, at: At): Entry<'refused'> {
  const data = dataOf(event)
  return note('refused', at, {
    of: at.stream.intent,
    dir: 's2c',
    evidence: at.stream.evidence,
    mcp: mcpEvent(event, what, at),
    outcome: { status: 'refused' },
    response: data && at.stream.masking.keptAlone(data),
  })
}

export function streamedOutcomeOf(
  { call, intent, masking }: Sent,
  reply: { event: Masked<SseEvent>; body: Masked<Uint8Array>; message: ServerReply; leftOut: number },
  at: At,
): Entry<'outcome'> {
  const { message, body, leftOut, event } = reply
  const { failed, toolError } = message
  const { place, gateway } = at
  return note('outcome', at, {
    of: intent,
    mcp: { ...mcpOfCall(call, place, toolError), transport: 'sse', event: fieldsOf(event, place) },
    outcome: { status: failed ? 'upstream_error' : toolError ? 'tool_error' : 'ok' },
    leftOut,
    evidence: at.stream.evidence,
    io: { bytes_out: MaskedValue.read(body).byteLength, total_us: gateway.now.mono() - place.since },
    response: masking.kept(body),
  })
}

function mcpEvent(event: Masked<SseEvent>, method: string, { stream, place }: At): EnvelopeMcp {
  return {
    era: stream.sent?.call.era ?? 'legacy',
    proto: place.headers['mcp-protocol-version'] ?? place.session.revision,
    transport: 'sse',
    method,
    event: fieldsOf(event, place),
  }
}

function fieldsOf(event: Masked<SseEvent>, { connection }: Place): string | undefined {
  const { fields } = MaskedValue.read(event)
  return fields.byteLength === 0 ? undefined : connection.masker.label(decodeUtf8(fields))
}

function dataOf(event: Masked<SseEvent>): Masked<Uint8Array> | undefined {
  const { data } = MaskedValue.read(event)
  return data === undefined || data.byteLength === 0 ? undefined : narrow(event, () => data)
}
