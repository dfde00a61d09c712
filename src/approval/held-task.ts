import type { PrincipalId } from '../base/ids.ts'
import type { SealedBox } from '../base/sealed-box.ts'
import type { ApprovalId } from './approval.ts'

/** A call that waits for approval as a task: its client went away with an id, and comes back for what became of it. */
export interface HeldTask {
  /** Unguessable; and yet of use to nobody but its owner. */
  readonly id: string
  readonly owner: TaskOwner
  readonly tool: string
  /** What it waits for; undefined where it is to be asked for again. */
  readonly approval: ApprovalId | undefined
  readonly status: HeldStatus
  /** How often the server asked for input. */
  readonly round: number
  readonly createdMs: number
  readonly updatedMs: number
  /** It is forgotten then. */
  readonly endsMs: number
}

/** Nobody else may ask for the task: not another person, not through another client or connection. */
export interface TaskOwner {
  readonly principal: PrincipalId
  /** The OAuth client; empty where the token names none. */
  readonly client: string
  readonly connection: string
}

/** `sent`: its call went to the server, or was about to. It is never sent again, also where nobody knows what came of it. */
export const HELD_STATUSES = ['working', 'sent', 'input_required', 'completed', 'failed', 'cancelled'] as const
export type HeldStatus = (typeof HELD_STATUSES)[number]

/** What changes of a task. A box that is undefined is kept as it is; null takes it away. */
export interface TaskChange {
  readonly status?: HeldStatus
  readonly approval?: ApprovalId | null
  readonly round?: number
  readonly call?: SealedBox
  readonly answer?: SealedBox | null
  readonly updatedMs: number
  readonly endsMs?: number
}

/** Where tasks are kept. Every change is durable when its function returns. */
export interface TaskRows {
  insert(task: HeldTask, call: SealedBox): void
  get(id: string): HeldTask | undefined
  /** The exact call, and the headers that belong to it. */
  call(id: string): SealedBox | undefined
  /** What it came to, as its client may see it. */
  answer(id: string): SealedBox | undefined
  /** Changes a task that is still in one of these states; false where it is not. */
  change(id: string, from: readonly HeldStatus[], change: TaskChange): boolean
  /** Tasks of somebody that are not forgotten yet. */
  countOf(principal: PrincipalId): number
  /** Whether another task waits for the same approval. */
  isShared(approval: ApprovalId, id: string): boolean
  forget(nowMs: number): void
}
