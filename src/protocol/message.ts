// The MCP wire, as far as the gateway has to understand it. Pure: bytes in, facts out.
import type { JsonObject } from '../base/json.ts'
import type { Method } from './methods.ts'

export type { JsonObject } from '../base/json.ts'

export type Revision = '2024-11-05' | '2025-03-26' | '2025-06-18' | '2025-11-25' | '2026-07-28'

/** `legacy`: the revisions with `initialize`. `modern`: those with per-request `_meta`. */
export type Era = 'legacy' | 'modern'

/**
 * A JSON-RPC id as JSON text: `1` and `"1"` are different ids, integers keep all their digits. A string that was
 * written with escapes is in the spelling of `JSON.stringify`, since the other side may spell it anew.
 */
export type IdText = string

/** A request of the client: strictly scanned, its method known, not yet trusted. */
export interface ClientRequest {
  readonly kind: 'request'
  readonly id: IdText
  readonly method: Method
  readonly era: Era
  /** Modern: of the body. Legacy: of the version header; undefined where there is none. */
  readonly revision: Revision | undefined
  /** Tool name, prompt name, resource URI or task id, whatever the method is about. */
  readonly target: string | undefined
  /** JSON text of `params._meta.progressToken`, spelled like an id. */
  readonly progressToken: string | undefined
  /** Parsed when first asked for; empty where there are none. */
  readonly params: JsonObject
  /** The very bytes that the strict scan accepted. */
  readonly bytes: Uint8Array
}

export interface ClientNotification {
  readonly kind: 'notification'
  readonly method: Method
  readonly era: Era
  readonly revision: Revision | undefined
  readonly params: JsonObject
  readonly bytes: Uint8Array
}

/** The client's answer to a request of the server (legacy era only). */
export interface ClientAnswer {
  readonly kind: 'answer'
  readonly id: IdText
  readonly era: 'legacy'
  readonly failed: boolean
  readonly bytes: Uint8Array
}

export type ClientMessage = ClientRequest | ClientNotification | ClientAnswer

/** Legacy: GET opens the stream of a session, or resumes one; DELETE ends the session. */
export interface StreamOpening {
  readonly kind: 'listen'
  readonly era: 'legacy'
  readonly lastEventId: string | undefined
}
export interface SessionEnd {
  readonly kind: 'end'
  readonly era: 'legacy'
}

/** Everything that can want to go upstream. */
export type Passage = ClientMessage | StreamOpening | SessionEnd

/** A message that an upstream sent, read from its masked bytes. */
export type ServerMessage = ServerReply | ServerRequest | ServerNotification

export interface ServerReply {
  readonly kind: 'reply'
  /** `null` and absent occur in error replies (protocol.md, 3.1). */
  readonly id: IdText | undefined
  /** A JSON-RPC error. */
  readonly failed: boolean
  /** A tool result with `isError: true`. */
  readonly toolError: boolean
  /** `result`, parsed when first asked for; undefined where it failed. */
  readonly result: JsonObject | undefined
}
export interface ServerRequest {
  readonly kind: 'request'
  readonly id: IdText
  readonly method: Method
  readonly params: JsonObject
}
export interface ServerNotification {
  readonly kind: 'notification'
  readonly method: Method
  readonly params: JsonObject
}

/** Why a message is malformed, and what the specification wants said about it. Made for the wire. */
export interface WireFault {
  readonly kind: 'fault'
  readonly reason:
    | 'parse'
    | 'utf8'
    | 'duplicate_key'
    | 'look_alike_key'
    | 'too_deep'
    | 'too_many'
    | 'lone_surrogate'
    | 'invalid_request'
    | 'batch'
    | 'envelope'
    | 'version'
    | 'unknown_method'
    | 'invalid_params'
    | 'header_mismatch'
  /** HTTP status; 202 where nothing is answered: it was a notification (JSON-RPC 2.0, 4.1). */
  readonly status: number
  /** JSON-RPC error code. */
  readonly code: number
  /** One sentence: what is wrong, where, and what to do. Never contains a value of the message, only keys and offsets. */
  readonly message: string
  /** Id of the request, wherever it could be read. */
  readonly id: IdText | undefined
  readonly data?: JsonObject | undefined
}
