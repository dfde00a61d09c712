import { GatewayError, placeOfError } from '../base/assert.ts'
import { corsHeaders } from '../downstream/preflight.ts'
import { toolRefusal } from '../protocol/errors.ts'
import type { CallRef } from '../session/session.ts'
import type { Sent } from './carry.ts'
import type { Gateway, Place } from './gateway.ts'
import { failedOf } from './records.ts'
import { say, sayFailure } from './reply.ts'

/**
 * What went upstream broke on the way or on the way back. Its intent is closed on record, and the client learns that it
 * failed, without a byte of what came. If even that record cannot be made, the log is why, and the client is told so.
 */
export async function failAfterIntent(failure: unknown, sent: Sent, place: Place, gateway: Gateway): Promise<void> {
  const known = asFailure(failure, place, gateway)
  const told = known.code === 'log_unavailable' ? known : await onRecord(known, sent, place, gateway)
  // Withheld by a rule is no fault of HTTP: like a refused call it is a result that the model reads and can act on.
  const withheld = told.code === 'masking_blocked' || told.code === 'recording_limit'
  if (withheld && sent.call.method === 'tools/call') return sayWithheld(told, sent.call, place)
  sayFailure(place.exchange, told, sent.call.id, place.headers)
}

function sayWithheld({ message }: GatewayError, { id, era }: CallRef, { exchange, headers }: Place): void {
  say(exchange, 200, toolRefusal(id, era, message), corsHeaders(headers))
}

async function onRecord(failure: GatewayError, sent: Sent, place: Place, gateway: Gateway): Promise<GatewayError> {
  try {
    await gateway.audit.append(failedOf(sent, failure, place, gateway))
    return failure
  } catch (logFailure) {
    return asFailure(logFailure, place, gateway)
  }
}

/** A bug must not look like a reply either; the operator gets its name, the client a failure. */
export function asFailure(failure: unknown, place: Pick<Place, 'connection'>, gateway: Gateway): GatewayError {
  if (failure instanceof GatewayError) return failure
  gateway.warn('bug', { connection: place.connection.facts.name, error: placeOfError(failure) })
  return new GatewayError('upstream_protocol', 'The gateway could not carry this call.', { cause: failure })
}
