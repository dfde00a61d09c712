import type { Arrival } from '../downstream/http.ts'
import { isJson } from '../downstream/headers.ts'
import { corsHeaders } from '../downstream/preflight.ts'
import { CODES, errorReply } from '../protocol/errors.ts'
import { readClientBody } from '../protocol/parse.ts'
import { arriveBatch } from './arrive-batch.ts'
import { arriveOne, turnAway, withId } from './arrive-one.ts'
import type { Gateway } from './gateway.ts'
import type { Standing } from './place.ts'
import { say } from './reply.ts'

/** A POST: its body is read, scanned, and judged message by message. */
export async function arriveMessage(arrival: Arrival, standing: Standing, gateway: Gateway): Promise<void> {
  const bytes = await bodyOf(arrival, standing)
  if (bytes === undefined) return
  const { headers } = standing
  const batchAllowed = speaksBatches(standing, gateway)
  const body = readClientBody(bytes, headers, { ...gateway.limits.body, batchAllowed })
  switch (body.kind) {
    case 'fault':
      return withId(body.id, standing, () => turnAway(body, standing, gateway))
    case 'one':
      return arriveOne(body.message, standing, gateway)
    case 'batch':
      return arriveBatch(body.messages, standing, gateway)
  }
}

async function bodyOf(arrival: Arrival, { exchange, headers, connection }: Standing): Promise<Uint8Array | undefined> {
  const encoding = headers['content-encoding']
  if (!isJson(headers['content-type']) || (encoding !== undefined && encoding !== 'identity')) {
    say(
      exchange,
      415,
      errorReply(undefined, CODES.invalidRequest, 'Send application/json without Content-Encoding.'),
      corsHeaders(headers),
    )
    return undefined
  }
  const body = await arrival.readBody(connection.bodyBytesMax)
  if (body.kind === 'body') return body.bytes
  // A body that broke off has nobody left to answer.
  if (body.kind === 'broken') exchange.drop()
  else {
    const text = `The message is larger than ${connection.bodyBytesMax} bytes, the limit of this connection.`
    say(exchange, 413, errorReply(undefined, CODES.invalidRequest, text), [
      'Connection',
      'close',
      ...corsHeaders(headers),
    ])
  }
  return undefined
}

/** Arrays are messages in one revision only, so the session must have negotiated it (protocol.md, 5.6). */
function speaksBatches({ principal, connection, headers }: Standing, gateway: Gateway): boolean {
  const id = headers['mcp-session-id']
  if (id === undefined) return false
  const found = gateway.sessions.find(principal.id, connection.facts.name, id, gateway.now.ms())
  return found.kind === 'found' && found.session.revision === '2025-03-26'
}
