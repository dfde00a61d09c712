import type { PrincipalId, SessionId } from '../base/ids.ts'
import type { SealedBox } from '../base/sealed-box.ts'
import type { Approval, ApprovalId, ApprovalState, NewAsk, ShownCall, Vote } from './approval.ts'
import type { ApprovalEvent } from './event.ts'

/** What else changes with a state. */
export interface Change {
  readonly decidedMs?: number
  readonly usableUntilMs?: number
  readonly endedMs?: number
  readonly why?: string | undefined
}

/** Numbers of events are given in the order in which they happened. */
export interface NumberedEvent {
  readonly n: number
  readonly event: ApprovalEvent
}

export interface ApprovalFilter {
  readonly states?: readonly ApprovalState[] | undefined
  readonly principal?: PrincipalId | undefined
  readonly session?: SessionId | undefined
  readonly connection?: string | undefined
  readonly fingerprint?: string | undefined
  readonly hash?: string | undefined
  /** What they asked for, and what one of these groups decides about. */
  readonly visibleTo?: { readonly principal: PrincipalId; readonly groups: readonly string[] } | undefined
  /** What one of these groups decides about. */
  readonly decidedBy?: readonly string[] | undefined
  /** What they did not ask for. */
  readonly notOf?: PrincipalId | undefined
  /** Asked for before this one, in the order of the list. */
  readonly before?: { readonly askedMs: number; readonly id: ApprovalId } | undefined
  readonly limit: number
}

/**
 * Keeps approvals. Each method is one transaction, whole or not at all, and durable when it returns; those that take an event
 * keep it in the same transaction and return its number, or undefined where nothing was as they expected it. No two
 * approvals are open for the same hash at once, whoever asks.
 */
export interface ApprovalRows {
  get(id: ApprovalId): Approval | undefined
  /** The open one of this hash, or else the last one that was. */
  byHash(hash: string): Approval | undefined
  /** Open ones for the same call, whatever the definition of its tool. */
  openByCall(callHash: string): readonly Approval[]
  /** Newest first. */
  list(filter: ApprovalFilter): readonly Approval[]
  /** Of one person with those that they took back, until they would have run out: who asks and takes back by turns asks too. */
  countPending(principal?: PrincipalId): number
  /** Undefined where one is open for the same hash. */
  insert(id: ApprovalId, ask: NewAsk, event: ApprovalEvent): number | undefined
  /** The reason of whoever asked, where there is none yet and it is still pending. */
  giveReason(id: ApprovalId, reason: string, event: ApprovalEvent): number | undefined
  /** Adds a vote to what is pending. */
  addVote(id: ApprovalId, vote: Vote, event: ApprovalEvent): number | undefined
  /** To the state of the event, if it is in one of `from`. */
  change(from: readonly ApprovalState[], event: ApprovalEvent, change: Change): number | undefined
  /** From `approved` to `executing` if it may still be used at the time of the event: one statement, so that it happens once. */
  claim(event: ApprovalEvent): number | undefined
  /** From `executing`: what became of it stands in the record of the call. */
  finish(id: ApprovalId, to: 'executed' | 'failed', change: Change): boolean
  /** From `executing` back to `approved`: nothing was sent. */
  giveBack(id: ApprovalId): void
  /** An event that changes nothing, such as a vote that does not count. */
  tell(event: ApprovalEvent): number
  /** Adds to how often it was asked for and used. */
  count(id: ApprovalId, more: { readonly asks: number; readonly uses: number }): void
  /** What ran out by `nowMs`: pending ones that nobody decided, approved ones that nobody used or that were good until then. */
  overdue(nowMs: number, limit: number): readonly Approval[]
  /** What is shown of the call; nothing where it is not as it was written. */
  shown(id: ApprovalId): ShownCall
  /** Forgets what ended before then, and all that belongs to it, once it is on record and everybody was told. */
  forget(beforeMs: number, limit: number): void
  /** The exact request, as it was sealed. */
  exact(id: ApprovalId): SealedBox | undefined
  /** Events that may not be on record yet, in order. */
  unrecorded(limit: number): readonly NumberedEvent[]
  recorded(numbers: readonly number[]): void
}
