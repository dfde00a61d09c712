import type { Approval, ApprovalId, ApprovalState } from '../../approval/approval.ts'
import { type Difference, differences } from '../../approval/compare.ts'
import { voteFault } from '../../approval/tally.ts'
import { isObject, type JsonValue, parseJson } from '../../base/json.ts'
import { marked } from '../../facts/marked.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import type { Decider } from './decider.ts'
import { VOTE_FAULTS } from './texts.ts'

/** What became of people's yes. */
const AGREED: readonly ApprovalState[] = ['approved', 'executing', 'executed', 'failed', 'lapsed', 'unknown']
const HISTORY_MAX = 10

/** What a reader does not see, in words. */
export function warningsOf({ reason = '', target }: Approval, args: JsonValue): string[] {
  const pieces = [...textsIn(args), reason, target].flatMap((text) => marked(text))
  const has = (mark: 'hidden' | 'look_alike'): boolean => pieces.some((piece) => piece.mark === mark)
  return [
    ...(has('hidden') ? ['There are characters in it that are not drawn.'] : []),
    ...(has('look_alike') ? ['There are letters in it that look like others.'] : []),
  ]
}

function textsIn(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap((item: JsonValue) => textsIn(item))
  return isObject(value) ? Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]) : []
}

/** Why this person's yes would not count; undefined where it would. */
export function cannotApprove(
  approval: Approval,
  { person, groups }: Decider,
  { now }: Pick<Gateway, 'now'>,
): string | undefined {
  const yes = { verdict: 'approve', via: 'api', reason: undefined, atMs: now.ms() } as const
  const fault = voteFault(approval, { voter: person, groups, ...yes })
  return fault === undefined ? undefined : VOTE_FAULTS[fault]
}

/** What else the same person asked for lately, as far as this one may see it. */
export function historyOf(
  { id, requester }: Approval,
  { person, groups }: Decider,
  { approvals }: Gateway,
): readonly Approval[] {
  const visibleTo = { principal: person.principal, groups }
  const filter = { principal: requester.principal, visibleTo, limit: HISTORY_MAX + 1 }
  const others = approvals.desk.list(filter).filter((one) => one.id !== id)
  return others.slice(0, HISTORY_MAX)
}

/** How a call differs from the last one of the same tool by the same person that people agreed to. */
export interface LastApproved {
  readonly id: ApprovalId
  readonly askedMs: number
  readonly sameCall: boolean
  readonly sameTool: boolean
  readonly changes: readonly Difference[]
  /** Two values that are masked alike are drawn alike, and are not the same. */
  readonly onlyHidden: boolean
}

export function lastApproved(
  approval: Approval,
  { person, groups }: Decider,
  { approvals }: Gateway,
): LastApproved | undefined {
  const visibleTo = { principal: person.principal, groups }
  const before = { askedMs: approval.askedMs, id: approval.id }
  const filter = { fingerprint: approval.fingerprint, states: AGREED, visibleTo, before, limit: 1 }
  const [last] = approvals.desk.list(filter)
  if (last === undefined) return undefined
  const [then, now] = [last.id, approval.id].map((id) => parseJson(approvals.desk.shown(id).shown))
  const changes = differences(then ?? null, now ?? null)
  const sameCall = last.callHash === approval.callHash
  const sameTool = last.definition === approval.definition
  const { id, askedMs } = last
  return { id, askedMs, sameCall, sameTool, changes, onlyHidden: changes.length === 0 && !sameCall }
}
