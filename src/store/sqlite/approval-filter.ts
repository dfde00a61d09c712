import type { SQLInputValue } from 'node:sqlite'
import { APPROVAL_STATES, type ApprovalState } from '../../approval/approval.ts'
import type { ApprovalFilter } from '../../approval/rows.ts'

/** The condition of a filter, and its values in their order. */
export function conditionsOf(filter: ApprovalFilter): { readonly where: string; readonly values: SQLInputValue[] } {
  const {
    states = APPROVAL_STATES,
    principal,
    session,
    connection,
    fingerprint,
    hash,
    visibleTo,
    decidedBy,
    notOf,
    before,
  } = filter
  // Without statistics SQLite takes the index of states, which thousands may share, before that of a session: `+` forbids it.
  const parts: string[] = []
  const values: SQLInputValue[] = []
  const add = (part: string, ...more: readonly SQLInputValue[]): void => {
    parts.push(part)
    values.push(...more)
  }
  for (const [column, value] of Object.entries({ principal, session, connection, fingerprint, hash }))
    if (value !== undefined) add(`${column} = ?`, value)
  if (!isAll(states)) add(`${parts.length === 0 ? '' : '+'}state IN (${places(states)})`, ...states)
  if (decidedBy !== undefined) add(ofGroups(decidedBy), ...decidedBy)
  if (notOf !== undefined) add('principal <> ?', notOf)
  if (visibleTo !== undefined)
    add(`(+principal = ? OR ${ofGroups(visibleTo.groups)})`, visibleTo.principal, ...visibleTo.groups)
  if (before !== undefined) add('(asked_ms, id) < (?, ?)', before.askedMs, before.id)
  return { where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values }
}

/** That is no condition: the list is read in its order then. */
function isAll(states: readonly ApprovalState[]): boolean {
  return states.length === APPROVAL_STATES.length
}

/** `+`: thousands of rows are not fetched one by one and sorted, but left out where an index of the list's order is walked. */
function ofGroups(groups: readonly string[]): string {
  return `+id IN (SELECT approval FROM approval_line WHERE grp IN (${places(groups)}))`
}

function places(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ')
}

/** What a filter finds, newest first: ids from an index alone, and then so many rows as are wanted. */
export function listSql(where: string): string {
  const order = 'ORDER BY asked_ms DESC, id DESC'
  return `SELECT * FROM approval WHERE id IN (SELECT id FROM approval ${where} ${order} LIMIT ?) ${order}`
}
