import type { SQLInputValue } from 'node:sqlite'
import type { ApprovalFilter } from '../../approval/rows.ts'

/** The condition of a filter, and its values in their order. */
export function conditionsOf(filter: ApprovalFilter): { readonly where: string; readonly values: SQLInputValue[] } {
  const { states, principal, session, connection, fingerprint, visibleTo, decidedBy, notOf, before } = filter
  const parts: string[] = []
  const values: SQLInputValue[] = []
  const add = (part: string, ...more: readonly SQLInputValue[]): void => {
    parts.push(part)
    values.push(...more)
  }
  for (const [column, value] of Object.entries({ principal, session, connection, fingerprint }))
    if (value !== undefined) add(`${column} = ?`, value)
  // Without statistics SQLite takes the index of states, which thousands may share, before that of a session: `+` forbids it.
  const plus = (session ?? principal ?? fingerprint) === undefined ? '' : '+'
  if (states !== undefined) add(`${plus}state IN (${places(states)})`, ...states)
  if (decidedBy !== undefined) add(ofGroups(decidedBy), ...decidedBy)
  if (notOf !== undefined) add('principal <> ?', notOf)
  if (visibleTo !== undefined)
    add(`(principal = ? OR ${ofGroups(visibleTo.groups)})`, visibleTo.principal, ...visibleTo.groups)
  if (before !== undefined) add('(asked_ms, id) < (?, ?)', before.askedMs, before.id)
  return { where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values }
}

function ofGroups(groups: readonly string[]): string {
  return `id IN (SELECT approval FROM approval_line WHERE grp IN (${places(groups)}))`
}

function places(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ')
}
