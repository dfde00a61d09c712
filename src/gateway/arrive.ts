import { GatewayError } from '../base/assert.ts'
import type { Exchange } from '../downstream/exchange.ts'
import type { Arrival, GoOn } from '../downstream/http.ts'
import { isRefusal } from '../identity/bearer.ts'
import type { Principal } from '../identity/principal.ts'
import { challenge, metadataUrl, resourceUrl } from '../identity/resource-metadata.ts'
import { readableGroups } from '../policy/policy.ts'
import { errorReply, OUR_CODES } from '../protocol/errors.ts'
import { corsHeaders } from '../downstream/preflight.ts'
import { arriveMessage } from './arrive-message.ts'
import { carrySession } from './carry-session.ts'
import type { Gateway, OpenConnection } from './gateway.ts'
import { placeOf, type Standing } from './place.ts'
import { say, sayFailure } from './reply.ts'

/**
 * Brings one HTTP exchange to the function that carries it: who calls is settled first, then what they sent, then the
 * conversation it belongs to. Everything that breaks before an intent is on record ends here, without data.
 */
export async function arrive(arrival: Arrival, exchange: Exchange, gateway: Gateway): Promise<GoOn | undefined> {
  const connection = gateway.connection(arrival.connection)
  if (connection === undefined) return unknownConnection(arrival, exchange)
  try {
    const checked = gateway.bearer.check(
      arrival.authorization,
      resourceUrl(gateway.baseUrl(), arrival.connection),
      gateway.now.ms(),
    )
    const caller = checked instanceof Promise ? await checked : checked
    if (isRefusal(caller)) {
      await gateway.refusedTokens.record({
        address: arrival.address,
        reason: caller.reason,
        connection: arrival.connection,
      })
      const header = challenge(caller, metadataUrl(gateway.baseUrl(), arrival.connection), connection.scopes)
      const body = errorReply(undefined, OUR_CODES.refused, caller.description)
      say(exchange, caller.status, body, ['WWW-Authenticate', header, ...corsHeaders(arrival.headers)])
      return undefined
    }
    return await admitted(arrival, exchange, { connection, principal: caller }, gateway)
  } catch (failure) {
    if (!(failure instanceof GatewayError)) throw failure
    sayFailure(exchange, failure, undefined, arrival.headers)
    return undefined
  }
}

async function admitted(
  arrival: Arrival,
  exchange: Exchange,
  who: { connection: OpenConnection; principal: Principal },
  gateway: Gateway,
): Promise<GoOn | undefined> {
  const standing: Standing = {
    ...who,
    exchange,
    headers: arrival.headers,
    address: arrival.address,
    policy: gateway.policy(),
    since: gateway.now.mono(),
  }
  const { desk } = gateway.approvals
  if (desk.isRunning) await desk.noticeGroups(who.principal.id, readableGroups(standing.policy, who.principal.groups))
  switch (arrival.method) {
    case 'POST':
      await arriveMessage(arrival, standing, gateway)
      return undefined
    case 'GET':
      return arriveStream(standing, gateway)
    case 'DELETE':
      return withSession(standing, gateway, { kind: 'end', era: 'legacy' })
  }
}

async function arriveStream(standing: Standing, gateway: Gateway): Promise<GoOn | undefined> {
  if (gateway.keepAlive().size >= gateway.limits.streamsMax) {
    const text = 'Too many open streams. Try again later.'
    say(standing.exchange, 503, errorReply(undefined, OUR_CODES.busy, text), ['Retry-After', '5'])
    return undefined
  }
  const lastEventId = standing.headers['last-event-id']
  return withSession(standing, gateway, { kind: 'listen', era: 'legacy', lastEventId })
}

async function withSession(
  standing: Standing,
  gateway: Gateway,
  wish:
    | { readonly kind: 'end'; readonly era: 'legacy' }
    | { readonly kind: 'listen'; readonly era: 'legacy'; readonly lastEventId: string | undefined },
): Promise<GoOn | undefined> {
  const place = await placeOf(standing, { era: 'legacy', opens: false, client: undefined }, gateway)
  if (place === undefined) return undefined
  if (wish.kind === 'listen' && place.session.streams >= gateway.limits.streamsPerSessionMax) {
    const text = 'This session has too many open streams. Close one first.'
    say(place.exchange, 409, errorReply(undefined, OUR_CODES.busy, text))
    return undefined
  }
  return carrySession(wish, place, gateway)
}

function unknownConnection({ headers }: Arrival, exchange: Exchange): undefined {
  // The name is not repeated: whoever tries addresses may have put anything into one.
  const text = 'There is no connection of this name here. Check the address; whoever runs the gateway knows the names.'
  say(exchange, 404, errorReply(undefined, OUR_CODES.refused, text), corsHeaders(headers))
}
