import { DAY_MS } from '../base/units.ts'
import type { Approval } from './approval.ts'
import type { ApprovalRows } from './rows.ts'

/** What whoever asks should know of the same before: that it may have run, or else what became of the last one, of a day ago at most. */
export function beforeIt(rows: Pick<ApprovalRows, 'list'>, approval: Approval): Approval | undefined {
  const { hash, id, askedMs } = approval
  const [unknown] = rows.list({ hash, states: ['unknown'], limit: 1 })
  if (unknown !== undefined) return unknown
  const [last] = rows.list({ hash, before: { askedMs, id }, limit: 1 })
  return last?.endedMs !== undefined && last.endedMs > askedMs - DAY_MS ? last : undefined
}
