import { GatewayError } from '../base/assert.ts'
import { isObject } from '../base/json.ts'
import { corsHeaders } from '../downstream/preflight.ts'
import { faultReply } from '../protocol/errors.ts'
import type { ClientMessage, IdText, JsonObject, WireFault } from '../protocol/message.ts'
import { checkParamHeaders } from '../protocol/mirrored-headers.ts'
import type { ClientInfo } from '../session/session.ts'
import { askHeldTask } from './ask-held-task.ts'
import { carry } from './carry.ts'
import { carryAnswer, carryNotification } from './carry-notice.ts'
import { schemaOf } from './forward.ts'
import { unwrap } from './hold-state.ts'
import { heldTaskOf } from './judge.ts'
import type { Gateway, Place } from './gateway.ts'
import { placeOf, type Standing } from './place.ts'
import { say, sayFailure } from './reply.ts'
import { turnedAwayOf } from './session-records.ts'

/** One message: its conversation is settled, then the function that carries its kind takes over. */
export function arriveOne(message: ClientMessage, standing: Standing, gateway: Gateway): Promise<void> {
  return withId(message.kind === 'request' ? message.id : undefined, standing, () =>
    carryOne(message, standing, gateway),
  )
}

/** What breaks before an intent is on record is answered with the id that its client waits for. */
export async function withId(
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
    case 'request': {
      const task = heldTaskOf(message, place, gateway)
      if (task !== undefined) return askHeldTask(message, task, place, gateway)
      const coming = unwrap(message, place, gateway)
      return 'fault' in coming ? turnAway(coming.fault, place, gateway) : carry(coming.call, place, gateway, coming)
    }
    case 'notification':
      return carryNotification(message, place, gateway)
    case 'answer':
      return carryAnswer(message, place, gateway)
  }
}

/** Modern: headers that mirror arguments must agree with them, as far as the tool's schema was seen (protocol.md, 4.3). */
function mirrorFault(message: ClientMessage, place: Place): WireFault | undefined {
  if (message.kind !== 'request' || message.era !== 'modern') return undefined
  const schema = schemaOf(message, place.connection)
  return schema === undefined ? undefined : checkParamHeaders(message, place.headers, schema)
}

/** Refuses a malformed message in the words of the specification, once that is on record. */
export async function turnAway(fault: WireFault, standing: Standing, gateway: Gateway): Promise<void> {
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
