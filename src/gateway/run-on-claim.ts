import type { Ending } from './carry.ts'
import type { Cleared } from './clear.ts'
import type { Gateway } from './gateway.ts'

/** Runs a call on what lets it, and keeps what became of it. It is cut where the approval ends meanwhile. */
export async function runOn(
  { claim, place }: Cleared,
  { approvals }: Gateway,
  run: () => Promise<Ending>,
): Promise<void> {
  if (claim === undefined) {
    await run()
    return
  }
  const { desk, breakGlass } = approvals
  const cut = (): void => place.exchange.drop()
  const unwatch =
    claim.basis === 'break_glass' ? breakGlass.whileRunning(claim.approval, cut) : desk.whileRunning(claim, cut)
  let ending: Ending = 'failed'
  try {
    ending = await run()
  } finally {
    unwatch()
    if (ending === 'not_sent') desk.giveBack(claim)
    else desk.finish(claim, ending === 'sent' ? 'executed' : 'failed')
  }
}
