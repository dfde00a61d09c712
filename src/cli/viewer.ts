import type { ViewConfig } from '../config/config.ts'
import type { Principal } from '../identity/principal.ts'
import type { Viewer } from '../search/authorise.ts'
import { principalKey } from '../search/document.ts'

/** What somebody may see of what was recorded; undefined for nothing at all. */
export function viewerOf({ groups, issuer, subject }: Principal, view: ViewConfig): Viewer | undefined {
  const isIn = (list: readonly string[]): boolean => list.some((group) => groups.includes(group))
  if (isIn(view.auditors)) return { sees: 'all' }
  const connections = view.connections.flatMap((one) => (isIn(one.groups) ? one.connections : []))
  if (!view.ownSessions && connections.length === 0) return undefined
  return { sees: 'some', principal: view.ownSessions ? principalKey(issuer, subject) : undefined, connections }
}
