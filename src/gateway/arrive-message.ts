import { GatewayError } from '../base/assert.ts'
import { isObject } from '../base/json.ts'
import type { Arrival } from '../downstream/http.ts'
import { isJson } from '../downstream/headers.ts'
import { corsHeaders } from '../downstream/preflight.ts'
import { CODES, errorReply, faultReply } from '../protocol/errors.ts'
import type { ClientMessage, IdText, JsonObject, WireFault } from '../protocol/message.ts'
import { checkParamHeaders } from '../protocol/mirrored-headers.ts'
import { readClientBody } from '../protocol/parse.ts'
import type { ClientInfo } from '../session/session.ts'
import { arriveBatch } from './arrive-batch.ts'
import { carry } from './carry.ts'
import { carryAnswer, carryNotification } from './carry-notice.ts'
import { schemaOf } from './forward.ts'
import type { Gateway, Place } from './gateway.ts'
import { placeOf, type Standing } from './place.ts'
import { say, sayFailure } from './reply.ts'
import { turnedAwayOf } from './session-records.ts'

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

/** One message: its conversation is settled, then the function that carries its kind takes over. */
export function arriveOne(message: ClientMessage, standing: Standing, gateway: Gateway): Promise<void> {
  return withId(message.kind === 'request' ? message.id : undefined, standing, () =>
    carryOne(message, standing, gateway),
  )
}

/** What breaks before an intent is on record is answered with the id that its client waits for. */
async function withId(
  id: IdText | undefined,
  { exchange, headers }: Standing,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (failure) {
    if (!(failure instanceof GatewayError)) throw failure
    sayFailure(exchange, failure, id, headers)
  }
}

async function carryOne(message: ClientMessage, standing: Standing, gateway: Gateway): Promise<void> {
  const place = await placeOf(
    standing,
    {
      era: message.era,
      opens: message.kind === 'request' && message.method === 'initialize',
      client: clientOf(message),
      id: message.kind === 'request' ? message.id : undefined,
    },
    gateway,
  )
  if (place === undefined) return
  const fault = mirrorFault(message, place)
  if (fault !== undefined) return turnAway(fault, place, gateway)
  switch (message.kind) {
    case 'request':
      return carry(message, place, gateway)
    case 'notification':
      return carryNotification(message, place, gateway)
    case 'answer':
      return carryAnswer(message, place, gateway)
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

/** Modern: headers that mirror arguments must agree with them, as far as the tool's schema was seen (protocol.md, 4.3). */
function mirrorFault(message: ClientMessage, place: Place): WireFault | undefined {
  if (message.kind !== 'request' || message.era !== 'modern') return undefined
  const schema = schemaOf(message, place.connection)
  return schema === undefined ? undefined : checkParamHeaders(message, place.headers, schema)
}

async function turnAway(fault: WireFault, standing: Standing, gateway: Gateway): Promise<void> {
  const { exchange, headers } = standing
  await gateway.audit.append(
    turnedAwayOf(standing, { rule: 'protocol', reason: `${fault.reason}: ${fault.message}` }, gateway),
  )
  say(exchange, fault.status, faultReply(fault), corsHeaders(headers))
}

/** What the client says of itself: for the record, never for a decision. */
function clientOf(message: ClientMessage): ClientInfo | undefined {
  if (message.kind === 'answer') return undefined
  // The params are parsed when they are asked for, and most calls of the legacy era say nothing of the client.
  if (message.era === 'legacy' && message.method !== 'initialize') return undefined
  const { params } = message
  const meta = params['_meta']
  const info =
    message.era === 'modern' && isObject(meta) ? meta['io.modelcontextprotocol/clientInfo'] : params['clientInfo']
  return isObject(info) ? { name: text(info, 'name'), version: text(info, 'version') } : undefined
}

function text(info: JsonObject, key: string): string | undefined {
  const value = info[key]
  return typeof value === 'string' ? value.slice(0, CLIENT_INFO_CHARS_MAX) : undefined
}

/** A name, not a message: longer ones are cut. */
const CLIENT_INFO_CHARS_MAX = 200
