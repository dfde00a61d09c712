import type { ApprovalId } from './approval.ts'
import type { ApprovalEvent, ApprovalEventKind } from './event.ts'

/** What people outside are told of an approval, each once: that somebody waits for them, and what became of it. */
export const STEPS = ['requested', 'granted', 'denied', 'expired', 'cancelled', 'revoked', 'unknown'] as const
export type Step = (typeof STEPS)[number]

/** One receiver that is told of one step. */
export interface NewDelivery {
  readonly approval: ApprovalId
  readonly step: Step
  /** Its name in the configuration, such as `webhook:change-desk`. */
  readonly receiver: string
  /** When it happened. */
  readonly atMs: number
}

export const DELIVERY_STATES = ['waiting', 'sent', 'given_up'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

export interface Delivery extends NewDelivery {
  readonly n: number
  readonly state: DeliveryState
  readonly tries: number
  readonly endedMs: number | undefined
  /** Why the last try failed. */
  readonly why: string | undefined
}

const STEP_OF: Readonly<Partial<Record<ApprovalEventKind, Step>>> = {
  'approval.requested': 'requested',
  'approval.granted': 'granted',
  'approval.denied': 'denied',
  'approval.expired': 'expired',
  'approval.cancelled': 'cancelled',
  'approval.revoked': 'revoked',
  'approval.unknown': 'unknown',
}

/**
 * The step that an event is; undefined where nobody is told of it. Where a reason is required people are told once there is
 * one (approvals.md, 7): nobody could agree before.
 */
export function stepOf(
  { kind, reason }: ApprovalEvent,
  { reasonRequired }: { reasonRequired: boolean },
): Step | undefined {
  if (kind === 'approval.requested' && reasonRequired && (reason ?? '').trim() === '') return undefined
  return STEP_OF[kind]
}
