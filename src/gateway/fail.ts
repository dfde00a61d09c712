import { GatewayError } from '../base/assert.ts'
import type { Sent } from './carry.ts'
import type { Gateway, Place } from './gateway.ts'
import { failedOf } from './records.ts'
import { sayFailure } from './reply.ts'

/**
 * What went upstream broke on the way or on the way back. Its intent is closed on record, and the client learns that it
 * failed, without a byte of what came. If even that record cannot be made, the log is why, and the client is told so.
 */
export async function failAfterIntent(failure: unknown, sent: Sent, place: Place, gateway: Gateway): Promise<void> {
  const known = asFailure(failure, place, gateway)
  const told = known.code === 'log_unavailable' ? known : await onRecord(known, sent, place, gateway)
  sayFailure(place.exchange, told, sent.call.id, place.headers)
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
  gateway.warn('bug', { connection: place.connection.facts.name, error: describe(failure) })
  return new GatewayError('upstream_protocol', 'The gateway could not carry this call.', { cause: failure })
}

/** Type and place of an error, without its message: that may quote what it choked on. */
function describe(failure: unknown): string {
  if (!(failure instanceof Error)) return typeof failure
  const [, ...frames] = (failure.stack ?? '').split('\n    at ')
  return `${failure.name} at ${frames.slice(0, 3).join(' < ')}`
}
