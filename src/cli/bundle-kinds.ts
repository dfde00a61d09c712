import type { EntryKind } from '../audit/entry.ts'

const TOMBSTONES: ReadonlySet<EntryKind> = new Set(['erased', 'expired', 'shredded', 'dropped', 'pruned'])

/** Records that say that something is gone, and why. */
export function isTombstoneKind(kind: EntryKind): boolean {
  return TOMBSTONES.has(kind)
}
