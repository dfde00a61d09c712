import {
  type Approval,
  APPROVAL_STATES,
  type ApprovalState,
  isApprovalId,
  OPEN_STATES,
} from '../../approval/approval.ts'
import type { Desk } from '../../approval/desk.ts'
import type { ApprovalFilter } from '../../approval/rows.ts'
import type { JsonObject } from '../../base/json.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import type { Decider } from './decider.ts'
import { summaryOf } from './view.ts'

const LISTED_MAX = 200
const STATES: Readonly<Record<string, readonly ApprovalState[]>> = {
  open: OPEN_STATES,
  pending: ['pending'],
  all: APPROVAL_STATES,
}
/** Whose: what they asked for, or what they decide about; both without it. */
const OF = ['own', 'decide'] as const
const PARAMETERS: readonly string[] = ['state', 'of', 'limit', 'before']

/** Newest first; `next` is there where there are more, and goes on as `before`. */
export function listOf(filter: ApprovalFilter, decider: Decider, { approvals }: Gateway): JsonObject {
  const { shown, next } = partOf(filter, approvals.desk)
  return { approvals: shown.map((one) => summaryOf(one, decider)), next }
}

/** What a query asks for, as far as this one may see it, or what is wrong with it. */
export function readListQuery(query: string, decider: Decider): ApprovalFilter | string {
  const parameters = new URLSearchParams(query)
  const names = [...parameters.keys()]
  if (names.some((name) => !PARAMETERS.includes(name)) || new Set(names).size < names.length)
    return `There are these parameters, each once: ${PARAMETERS.join(', ')}.`
  const state = parameters.get('state') ?? 'open'
  const states = Object.hasOwn(STATES, state) ? STATES[state] : undefined
  if (states === undefined) return `state is one of: ${Object.keys(STATES).join(', ')}.`
  const whose = whoseOf(parameters.get('of'), decider)
  if (whose === undefined) return `of is one of: ${OF.join(', ')}.`
  const page = readPage(parameters)
  return typeof page === 'string' ? page : { ...whose, ...page, states }
}

function readPage(parameters: URLSearchParams): Pick<ApprovalFilter, 'limit' | 'before'> | string {
  const limit = Number(parameters.get('limit') ?? LISTED_MAX)
  if (!Number.isInteger(limit) || limit < 1 || limit > LISTED_MAX) return `limit is a number from 1 to ${LISTED_MAX}.`
  const text = parameters.get('before')
  const before = text === null ? undefined : readCursor(text)
  if (text !== null && before === undefined) return 'before is what an earlier answer had as next.'
  return { limit, before }
}

type Whose = Pick<ApprovalFilter, 'principal' | 'decidedBy' | 'notOf' | 'visibleTo'>

function whoseOf(of: string | null, { person: { principal }, groups }: Decider): Whose | undefined {
  if (of === null) return { visibleTo: { principal, groups } }
  switch (OF.find((one) => one === of)) {
    case 'own':
      return { principal }
    case 'decide':
      return { decidedBy: groups, notOf: principal }
    case undefined:
      return undefined
  }
}

/** What fits, as far as the filter's limit; `next` names the place where there is more. */
export function partOf(filter: ApprovalFilter, desk: Desk): { shown: readonly Approval[]; next: string | undefined } {
  const found = desk.list({ ...filter, limit: filter.limit + 1 })
  const shown = found.slice(0, filter.limit)
  const last = shown.at(-1)
  return { shown, next: found.length > shown.length && last !== undefined ? `${last.askedMs}.${last.id}` : undefined }
}

export function readCursor(text: string): ApprovalFilter['before'] {
  const [ms = '', id = ''] = text.split('.')
  return /^\d{1,15}$/.test(ms) && isApprovalId(id) ? { askedMs: Number(ms), id } : undefined
}
