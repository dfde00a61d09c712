import { GatewayError } from '../base/assert.ts'
import type { FlatHeaders } from '../downstream/exchange.ts'
import { corsHeaders } from '../downstream/preflight.ts'
import type { Evidence } from '../masking/evidence.ts'
import { mask, Masked, maskHeaders } from '../masking/masked.ts'
import type { PassageMasking } from '../masking/passage.ts'
import type { ServerReply } from '../protocol/message.ts'
import { readServerMessage } from '../protocol/read-server.ts'
import type { CallRef } from '../session/session.ts'
import type { EventSource, UpstreamReply } from '../upstream/upstream.ts'
import type { Sent } from './carry.ts'
import type { Gateway, Place } from './gateway.ts'
import { lessen } from './lessen.ts'

/** A reply as its client may see it: masked, its lists filtered. Not released yet. */
export interface Shown {
  readonly status: number
  readonly headers: FlatHeaders
  readonly body: Masked<Uint8Array>
  /** Undefined where the answer is no JSON-RPC reply: empty, or the text of an HTTP error. */
  readonly message: ServerReply | undefined
  /** Items that policy left out of a list. */
  readonly leftOut: number
  /** What was hidden in it; undefined where nothing was found. */
  readonly evidence: Evidence | undefined
  /** `Mcp-Session-Id` that came with it. */
  readonly sessionId: string | undefined
}

/** A stream as its client may see it, but for the events, which are masked one by one. */
export interface ShownStream {
  readonly status: number
  readonly headers: FlatHeaders
  readonly sessionId: string | undefined
  readonly events: EventSource
}

type BodyReply = Extract<UpstreamReply, { kind: 'body' }>
type StreamReply = Extract<UpstreamReply, { kind: 'stream' }>

/** Masks a whole reply and reads it. Throws `upstream_protocol` when it cannot be what was asked for. */
export function show(reply: BodyReply, { call, masking }: Sent, place: Place, gateway: Gateway): Shown {
  const { headers, sessionId } = showHeaders(reply, place)
  const masked = mask(reply.body, masking.results)
  const evidence = masking.results.takeEvidence?.()
  const message = readReply(masked, reply.status, call, gateway)
  const { body, leftOut } =
    message === undefined || message.failed ? { body: masked, leftOut: 0 } : lessen(masked, call, place, gateway)
  return { status: reply.status, headers, body, message, leftOut, evidence, sessionId }
}

/** The same for an answer that is no JSON-RPC reply, to a notification or about a session. It is short, and let go of at once. */
export function shownOf(
  reply: BodyReply,
  masking: PassageMasking,
  place: Place,
): { headers: FlatHeaders; shown: Masked<Uint8Array> } {
  try {
    return { headers: showHeaders(reply, place).headers, shown: mask(reply.body, masking.results) }
  } finally {
    reply.done()
  }
}

/** Masks the headers of a stream. Where they may not pass, the stream is let go. */
export function showStream(reply: StreamReply, place: Place): ShownStream {
  const { status, events } = reply
  try {
    return { status, events, ...showHeaders(reply, place) }
  } catch (failure) {
    events.close()
    throw failure
  }
}

// What an upstream says in these is for the client; anything else it says is between it and us.
const SHOWN_HEADERS = ['content-type', 'mcp-session-id', 'mcp-protocol-version', 'allow', 'retry-after']

// 2025-11-25, Session Management: 0x21 to 0x7E. It comes back in a header of every request, so its length is bounded too.
const SESSION_ID = /^[\x21-\x7e]{1,1024}$/

/** Headers of an upstream that reach the client. Throws when it refuses the gateway's own credentials. */
function showHeaders(reply: UpstreamReply, place: Place): { headers: FlatHeaders; sessionId: string | undefined } {
  // A 401 of the upstream is about our credential. Passed on, it would make the client log in with somebody it should not know.
  if (reply.status === 401 || reply.status === 403)
    throw refused(reply, `The MCP server answered ${reply.status} to the gateway. Check the connection's credentials.`)
  const shown = Masked.read(maskHeaders(reply.headers, SHOWN_HEADERS, place.connection.hide))
  const sessionId = shown['mcp-session-id']
  if (sessionId !== undefined && !SESSION_ID.test(sessionId))
    throw refused(reply, 'The MCP server gave a session id that is no visible ASCII, or is too long.')
  const flat = SHOWN_HEADERS.flatMap((name) => {
    const value = shown[name]
    return value === undefined ? [] : [name, value]
  })
  return { headers: [...flat, ...corsHeaders(place.headers)], sessionId }
}

/** Nobody will read the stream of a reply that is not taken. */
function refused(reply: UpstreamReply, why: string): GatewayError {
  if (reply.kind === 'stream') reply.events.close()
  return new GatewayError('upstream_protocol', why)
}

function readReply(
  masked: Masked<Uint8Array>,
  status: number,
  call: CallRef,
  gateway: Gateway,
): ServerReply | undefined {
  const bytes = Masked.read(masked)
  // The status and the body of an upstream's 4xx are what a probing client falls back on (protocol.md, 2.4).
  if (bytes.byteLength === 0 && status >= 400) return undefined
  const message = readServerMessage(bytes, gateway.limits.message)
  if (message.kind === 'fault') {
    if (status >= 400) return undefined
    // Only why: where in the message names keys, and those are the server's words, which are not on record.
    throw new GatewayError('upstream_protocol', `The MCP server's reply cannot be read safely (${message.reason}).`)
  }
  if (message.kind !== 'reply' || !answers(message, call))
    throw new GatewayError('upstream_protocol', 'The MCP server sent something that does not answer this request.')
  return message
}

/** A reply answers a call if it has its id; an error may lack one (protocol.md, 3.1). */
export function answers(reply: ServerReply, call: CallRef): boolean {
  return reply.id === call.id || (reply.failed && reply.id === undefined)
}
