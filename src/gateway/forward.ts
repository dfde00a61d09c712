import type { Dispatch } from '../masking/masked.ts'
import type { ClientRequest, Passage } from '../protocol/message.ts'
import type { JsonValue } from '../base/json.ts'
import { decodeHeaderValue } from '../protocol/header-value.ts'
import { mirrorHeaders } from '../protocol/mirrored-headers.ts'
import type { ForwardHeaders, Link, Outgoing } from '../upstream/upstream.ts'
import type { OpenConnection, Place } from './gateway.ts'

/** What of a passage goes on the wire: the body, the headers that concern the MCP server, and no others. */
export function outgoing(passage: Passage, body: Dispatch | undefined, place: Place): Outgoing {
  return {
    body,
    headers: forwardHeaders(passage, body, place),
    link: linkOf(place),
    onAbort: (abort) => place.exchange.onGone(abort),
  }
}

function linkOf({ session, principal }: Place): Link {
  return { sessionId: session.upstreamId, caller: principal.id }
}

// A header is a way around the record for whoever may choose its text. So those go on whose text is bounded to what it is for.
const ACCEPT = /^[\w.,;=*/+ -]{1,200}$/
const ACCEPT_BOTH = 'application/json, text/event-stream'
const VERSION = /^[\w.-]{1,40}$/
const TRACE_PARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/

function forwardHeaders(passage: Passage, body: Dispatch | undefined, place: Place): ForwardHeaders {
  const { headers } = place
  const forward: Record<string, string> = { accept: fitting(headers['accept'], ACCEPT) ?? ACCEPT_BOTH }
  // For servers that check the name they are called by; it was checked at our own edge (protocol.md, 4.4).
  if (place.connection.passHost && headers['host'] !== undefined) forward['host'] = headers['host']
  const version = headers['mcp-protocol-version']
  if (version !== undefined && VERSION.test(version)) forward['mcp-protocol-version'] = version
  const trace = fitting(headers['traceparent'], TRACE_PARENT)
  if (trace !== undefined) forward['traceparent'] = trace
  if (passage.kind === 'listen' && passage.lastEventId !== undefined) forward['last-event-id'] = passage.lastEventId
  return passage.kind === 'request' && passage.era === 'modern' && body !== undefined
    ? { ...forward, ...mirrored(passage, body, place) }
    : forward
}

function fitting(value: string | undefined, form: RegExp): string | undefined {
  return value !== undefined && form.test(value) ? value : undefined
}

/**
 * Headers that mirror the body are made from the body that goes out, so that they say nothing that the record does not. A
 * header of an argument whose schema was never seen must go on (protocol.md, 4.3): it does if its value is an argument's.
 */
function mirrored(call: ClientRequest, body: Dispatch, place: Place): ForwardHeaders {
  const schema = schemaOf(call, place.connection)
  const made = body.derive((bytes) => mirrorHeaders(bytes, schema))
  if (schema !== undefined || body.derive((bytes) => bytes !== call.bytes)) return made
  const headers: Record<string, string> = { ...made }
  for (const [name, value] of Object.entries(place.headers))
    if (name.startsWith('mcp-param-') && hasArgument(call.params['arguments'], decodeHeaderValue(value)))
      headers[name] = value
  return headers
}

function hasArgument(value: JsonValue | undefined, text: string | undefined): boolean {
  if (text === undefined) return false
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return String(value) === text
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some((inner) => hasArgument(inner, text))
}

export function schemaOf(call: ClientRequest, connection: OpenConnection) {
  return call.method === 'tools/call' && call.target !== undefined ? connection.tools.schemaOf(call.target) : undefined
}
