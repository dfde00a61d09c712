import type { Approval } from './approval.ts'
import type { ApprovalRows } from './rows.ts'

/** The last call of the same that ran when the gateway ended: whoever asks for it again, or agrees to it, should know. */
export function mayHaveRun(rows: Pick<ApprovalRows, 'list'>, { hash, fingerprint }: Approval): Approval | undefined {
  return rows.list({ fingerprint, states: ['unknown'], limit: ALIKE_MAX }).find((one) => one.hash === hash)
}

const ALIKE_MAX = 100
