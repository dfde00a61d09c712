import type { PrincipalId } from '../base/ids.ts'
import type { Approval } from './approval.ts'
import type { ApprovalEvent } from './event.ts'
import type { ApprovalRows } from './rows.ts'

export interface DeskParts {
  readonly rows: ApprovalRows
  /** Puts an event on record: resolves once it is durable there, rejects where the log cannot be written. */
  readonly record: (event: ApprovalEvent, approval: Approval) => Promise<unknown>
  readonly nowMs: () => number
  readonly random: (bytes: number) => Uint8Array
  readonly limits: DeskLimits
  /** Something happened that somebody may want to be told of. */
  readonly onEvent?: ((event: ApprovalEvent) => void) | undefined
}

export interface DeskLimits {
  readonly pendingMax: number
  readonly pendingPerPersonMax: number
  /** Longest that anything approved for a session is good for. */
  readonly sessionMs: number
  /** For so long an identical request gets the same no, without asking anybody again. */
  readonly deniedMs: number
  /** What ended longer ago is forgotten; the log keeps what became of it. */
  readonly keptMs: number
}

/** Somebody, or only one of their sessions at the issuer. */
export interface LoggedOut {
  readonly principal: PrincipalId | undefined
  readonly login: string | undefined
}
