import type { Claim } from '../approval/claim.ts'
import type { Ending } from './carry.ts'
import type { Cleared } from './clear.ts'
import type { ClientRequest } from '../protocol/message.ts'
import { cutText } from './approval-texts.ts'
import type { Gateway, Place } from './gateway.ts'
import { cutShort } from './refuse.ts'

interface Run {
  readonly call: ClientRequest
  readonly run: (place: Place) => Promise<Ending>
}

/** Runs a call on what lets it, and keeps what became of it. It is cut where the approval ends meanwhile. */
export async function runOn({ claim, place }: Cleared, gateway: Gateway, { call, run }: Run): Promise<void> {
  const { session } = place
  const silent = keepAwake(place, gateway)
  session.running += 1
  try {
    if (claim === undefined) await run(place)
    else await runClaimed(claim, place, gateway, { call, run })
  } finally {
    silent()
    session.running -= 1
    session.seenMs = gateway.now.ms()
  }
}

/** A client that waited on a stream waits on it for the server too, which may be slow. */
function keepAwake({ exchange, principal }: Place, gateway: Gateway): () => void {
  return exchange.state === 'streaming' ? gateway.keepAlive().watch(exchange, principal) : () => undefined
}

async function runClaimed(claim: Claim, place: Place, { approvals }: Gateway, { call, run }: Run): Promise<void> {
  const { desk, breakGlass } = approvals
  let revoked = false
  const cut = (): void => {
    revoked = true
    cutShort(call, cutText(desk.get(claim.approval)), place)
  }
  const unwatch =
    claim.basis === 'break_glass' ? breakGlass.whileRunning(claim.approval, cut) : desk.whileRunning(claim, cut)
  let ending: Ending = 'failed'
  try {
    ending = await run({ ...place, isRevoked: () => revoked })
  } finally {
    unwatch()
    if (ending === 'not_sent') desk.giveBack(claim)
    else desk.finish(claim, ending === 'sent' ? 'executed' : 'failed')
  }
}
