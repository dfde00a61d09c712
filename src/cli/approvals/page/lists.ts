import { APPROVAL_STATES, type Approval, isOpen, OPEN_STATES } from '../../../approval/approval.ts'
import type { Desk } from '../../../approval/desk.ts'
import type { ApprovalFilter } from '../../../approval/rows.ts'
import { type Decider, isOwn } from '../decider.ts'
import { partOf, readCursor } from '../list.ts'

const LISTED_MAX = 50
const LIST_NAMES = ['waiting', 'own', 'lately'] as const
type ListName = (typeof LIST_NAMES)[number]

/** A part of what somebody may see, newest first. */
export interface PageList {
  readonly name: ListName
  readonly approvals: readonly Approval[]
  /** Where older ones follow: the query of their page. */
  readonly older: string | undefined
}

/** The lists that a query of the page asks for: all of them, or one from a place on. Undefined where it is no such query. */
export function listsOf(query: string, decider: Decider, desk: Desk): readonly PageList[] | undefined {
  const parameters = new URLSearchParams(query)
  const wanted = parameters.get('list')
  if (wanted === null) return LIST_NAMES.map((name) => listFrom(name, undefined, { decider, desk }))
  const name = LIST_NAMES.find((one) => one === wanted)
  const before = readCursor(parameters.get('before') ?? '')
  return name === undefined || before === undefined ? undefined : [listFrom(name, before, { decider, desk })]
}

function listFrom(
  name: ListName,
  before: ApprovalFilter['before'],
  { decider, desk }: { decider: Decider; desk: Desk },
): PageList {
  const { shown, next } = partOf({ ...filterOf(name, decider), before, limit: LISTED_MAX }, desk)
  return {
    name,
    // What is theirs and open stands in their own list.
    approvals: name === 'lately' ? shown.filter((one) => !(isOwn(one, decider) && isOpen(one))) : shown,
    older: next === undefined ? undefined : `list=${name}&before=${next}`,
  }
}

function filterOf(name: ListName, { person: { principal }, groups }: Decider): Partial<ApprovalFilter> {
  switch (name) {
    case 'waiting':
      return { states: ['pending'], decidedBy: groups, notOf: principal }
    case 'own':
      return { states: OPEN_STATES, principal }
    case 'lately':
      return { states: APPROVAL_STATES.filter((state) => state !== 'pending'), visibleTo: { principal, groups } }
  }
}
