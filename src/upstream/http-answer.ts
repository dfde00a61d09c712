import { Unmasked } from '../masking/masked.ts'
import { errorReply, SESSION_NOT_FOUND } from '../protocol/errors.ts'
import type { IdText } from '../protocol/message.ts'
import type { ForwardHeaders, UpstreamReply } from './upstream.ts'

// A process speaks no HTTP. These are the answers that a server of the official SDK gives over HTTP in the same place,
// word for word: clients know them.
const JSON_TYPE = { 'content-type': 'application/json' }
const BAD_REQUEST = -32_000
const NOTHING = new Uint8Array(0)

export function message(body: Uint8Array, headers: ForwardHeaders = {}, done: () => void = nothing): UpstreamReply {
  return reply(200, { ...JSON_TYPE, ...headers }, body, done)
}

/** A notification or an answer was taken. */
export function accepted(): UpstreamReply {
  return reply(202, {}, NOTHING)
}

/** The session was ended. */
export function ended(): UpstreamReply {
  return reply(200, {}, NOTHING)
}

export function sessionNotFound(): UpstreamReply {
  return refusal(404, SESSION_NOT_FOUND, 'Session not found')
}

export function secondStream(): UpstreamReply {
  return refusal(409, BAD_REQUEST, 'Conflict: Only one SSE stream is allowed per session')
}

export function sessionIdMissing(): UpstreamReply {
  return refusal(400, BAD_REQUEST, 'Bad Request: Mcp-Session-Id header is required')
}

/** A legacy-only server was asked in the modern way. Dual-era clients take this for legacy and send `initialize`. */
export function notModern(): UpstreamReply {
  return refusal(400, BAD_REQUEST, 'Bad Request: Server not initialized')
}

export function idInUse(id: IdText): UpstreamReply {
  return refusal(400, -32_600, 'Invalid Request: A request with this id is in progress', id)
}

export function alreadyInitialized(id: IdText): UpstreamReply {
  return refusal(400, -32_600, 'Invalid Request: Server already initialized', id)
}

function refusal(status: number, code: number, text: string, id?: IdText): UpstreamReply {
  return reply(status, JSON_TYPE, errorReply(id, code, text))
}

function reply(status: number, headers: ForwardHeaders, body: Uint8Array, done: () => void = nothing): UpstreamReply {
  return { kind: 'body', status, headers: new Unmasked(headers), body: new Unmasked(body), done }
}

function nothing(): void {}
