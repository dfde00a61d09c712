import type { Approval, NewAsk } from './approval.ts'
import type { AskOutcome } from './outcome.ts'
import type { DeskLimits } from './desk-parts.ts'
import type { ApprovalRows } from './rows.ts'

interface Against {
  readonly rows: Pick<ApprovalRows, 'countPending'>
  readonly limits: DeskLimits
  readonly nowMs: number
}

/** Why nobody is asked; `known`: what the last one for the same has become. Undefined where somebody may be. */
export function refusalOf(
  { requester }: NewAsk,
  known: Approval | undefined,
  { rows, limits: { deniedMs, pendingMax, pendingPerPersonMax }, nowMs }: Against,
): AskOutcome | undefined {
  if (known?.state === 'denied' && nowMs < (known.decidedMs ?? 0) + deniedMs) return { kind: 'denied', approval: known }
  if (rows.countPending(requester.principal) >= pendingPerPersonMax) return { kind: 'too_many', of: 'person' }
  return rows.countPending() >= pendingMax ? { kind: 'too_many', of: 'everybody' } : undefined
}
