import { createHash } from 'node:crypto'
import {
  type Approval,
  APPROVAL_STATES,
  type ApprovalId,
  type ApprovalState,
  type NewAsk,
  type ShownCall,
} from '../../approval/approval.ts'
import { readAsk, readVote, writeAsk } from './approval-json.ts'
import type { KeptApproval } from './approval-macs.ts'
import { damaged, numberAt, type Row, textAt } from './columns.ts'

/** What the signature of an approval holds of what is shown of its call. */
export function shownHash({ shown, facts }: ShownCall): string {
  return createHash('sha256')
    .update(JSON.stringify([shown, facts]))
    .digest('base64url')
}

/** In the order of the statement. */
export function newRow(id: ApprovalId, ask: NewAsk, askedMs: number) {
  return {
    id,
    hash: ask.hash,
    call_hash: ask.callHash,
    fingerprint: ask.fingerprint,
    principal: ask.requester.principal,
    session: ask.session,
    connection: ask.connection,
    once: ask.scope === 'once' ? 1 : 0,
    ask: writeAsk(ask),
    reason: ask.reason ?? null,
    asked_ms: askedMs,
    expires_ms: ask.expiresMs,
    shown_hash: shownHash(ask),
  }
}

/** Throws GatewayError where something else stands there: what was signed is looked at before. */
export function readKept(id: ApprovalId, { row, votes }: KeptApproval): Approval {
  return {
    ...readAsk(row),
    id,
    state: stateAt(row),
    reason: maybe(row, 'reason', textAt),
    asks: numberAt(row, 'asks'),
    uses: numberAt(row, 'uses'),
    askedMs: numberAt(row, 'asked_ms'),
    expiresMs: numberAt(row, 'expires_ms'),
    decidedMs: maybe(row, 'decided_ms', numberAt),
    usableUntilMs: maybe(row, 'usable_until_ms', numberAt),
    endedMs: maybe(row, 'ended_ms', numberAt),
    why: maybe(row, 'why', textAt),
    votes: votes.map(readVote),
  }
}

function stateAt(row: Row): ApprovalState {
  const text = textAt(row, 'state')
  const state = APPROVAL_STATES.find((known) => known === text)
  if (state === undefined) throw damaged('state')
  return state
}

function maybe<T>(row: Row, column: string, read: (row: Row, column: string) => T): T | undefined {
  return row[column] === null ? undefined : read(row, column)
}
