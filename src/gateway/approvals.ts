import type { Approval, ApprovalId } from '../approval/approval.ts'
import type { Delivery } from '../approval/delivery.ts'
import type { BreakGlass } from '../approval/break-glass.ts'
import type { Desk } from '../approval/desk.ts'
import type { Logins } from '../approval/logins.ts'
import type { SealedBox } from '../base/sealed-box.ts'
import type { HeldTasks } from './held-tasks.ts'
import type { Holds } from './holds.ts'

/** What the data path needs to hold a call until people agree. */
export interface Approvals {
  readonly desk: Desk
  readonly breakGlass: BreakGlass
  readonly holds: Holds
  readonly tasks: HeldTasks
  /** Names the key that seals, and says nothing of it: a chain of gateways tells its states apart by it. */
  readonly keyName: string
  /** Of people who decide: to be told of each by whoever checked who somebody is. */
  readonly logins: Logins
  /** Whom outside was told of an approval, and what came of that. */
  readonly deliveries: (id: ApprovalId) => readonly Delivery[]
  /** Seals the exact request for those who may reveal it; `of` names what it belongs to. */
  readonly seal: (text: Uint8Array, of: readonly string[]) => SealedBox
  readonly unseal: (box: SealedBox, of: readonly string[]) => Uint8Array | undefined
  /** The exact arguments, as they were sealed; undefined where they are gone, or the key is another one. */
  readonly exact: (approval: Approval) => Uint8Array | undefined
  readonly terms: WaitingTerms
}

export interface WaitingTerms {
  /** How long a call is held when nothing tells its client that it lives. */
  readonly holdMs: number
  /** The same where the client is known to wait, and is told. */
  readonly holdToldMs: number
  readonly progressEveryMs: number
  /** What services with an account of their own ask for: by subject, the people that they act for. */
  readonly actsFor: Readonly<Record<string, readonly string[]>>
}
