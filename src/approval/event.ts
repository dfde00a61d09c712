import type { Approval, ApprovalId, ApprovalState, Person, Verdict, Via, Vote } from './approval.ts'

/** Kinds of records that tell of an approval; each is a kind of entry of the log (audit.md, 4.4). */
export const APPROVAL_EVENTS = [
  'approval.requested',
  'approval.vote',
  'approval.granted',
  'approval.denied',
  'approval.expired',
  'approval.cancelled',
  'approval.claimed',
  'approval.lapsed',
  'approval.revoked',
  'approval.unknown',
] as const
export type ApprovalEventKind = (typeof APPROVAL_EVENTS)[number]

/** Something that happened to an approval. */
export interface ApprovalEvent {
  readonly kind: ApprovalEventKind
  readonly approval: ApprovalId
  readonly atMs: number
  /** The state after it. */
  readonly state: ApprovalState
  /** Who did it; undefined for the gateway, and for time. */
  readonly by?: Person | undefined
  /** Readable names of their groups at that moment. */
  readonly groups?: readonly string[] | undefined
  readonly verdict?: Verdict | undefined
  /** What they said. */
  readonly reason?: string | undefined
  readonly via?: Via | undefined
  /** Why it did not count, or what else there is to say. */
  readonly detail?: string | undefined
}

/** What tells of a change to that state. */
export const KIND_OF = {
  approved: 'approval.granted',
  denied: 'approval.denied',
  expired: 'approval.expired',
  cancelled: 'approval.cancelled',
  lapsed: 'approval.lapsed',
  revoked: 'approval.revoked',
  unknown: 'approval.unknown',
} as const

/** Whoever asked says why, afterwards. */
export function reasonEvent(approval: ApprovalId, said: { by: Person; reason: string }, atMs: number): ApprovalEvent {
  return { kind: 'approval.requested', approval, atMs, state: 'pending', ...said, detail: 'reason' }
}

export function voteEvent({ id, state }: Approval, { voter, groups, verdict, reason, via, atMs }: Vote): ApprovalEvent {
  return { kind: 'approval.vote', approval: id, atMs, state, by: voter, groups, verdict, reason, via }
}
