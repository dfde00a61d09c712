import type { Act } from './acts.ts'
import type { Document } from './document.ts'
import type { EntityId } from './entities.ts'
import type { FoundBy } from './find/finding.ts'
import type { Action } from './replace/actions.ts'
import { isStructural } from './structural.ts'
import { locate } from './structure/locate.ts'
import { findFurther } from './views/propagate.ts'

/** A value that is known to be one, whatever it looks like. */
export interface Known {
  readonly entity: EntityId
  readonly action: Action
  readonly value: string
  readonly by: FoundBy
}

/** Values that only their place gave away stand elsewhere too: hides them in the whole message, and with them what is known already. */
export function spread(document: Document, acts: readonly Act[], known: readonly Known[]): readonly Act[] | undefined {
  const byPlace = acts.filter((act) => BY_PLACE.has(act.by) && act.action !== 'allow' && act.kind !== 'literal')
  const all = [...new Map([...known, ...byPlace].map((one) => [one.value, one])).values()]
  if (all.length === 0) return acts
  const further = findFurther(
    document.bytes,
    all.map(({ value }) => value),
    { isJson: document.structure !== undefined },
  )
  if (further === undefined) return undefined
  const added: Act[] = []
  for (const { start, end, index } of further) {
    const from = all[index]
    if (from === undefined || overlapsAny(acts, start, end)) continue
    const act = actAt(document, { start, end }, from)
    if (act !== undefined) added.push(act)
  }
  return added.length === 0 ? acts : disjoint([...acts, ...added])
}

const BY_PLACE: ReadonlySet<FoundBy> = new Set(['key', 'column', 'sibling', 'path', 'near', 'restored', 'detector'])

function actAt({ structure }: Document, { start, end }: { start: number; end: number }, known: Known): Act | undefined {
  const { entity, action, value, by } = known
  const act = { start, end, entity, action, value, by, rule: 'propagated', score: 1 }
  if (structure === undefined) return { ...act, kind: 'string', at: undefined }
  const at = locate(structure, start)
  if (at === undefined || isStructural(at)) return undefined
  const kind = at.structure.kind(at.token)
  if (kind === 'object' || kind === 'array') return undefined
  if (kind === 'string' || kind === 'key') {
    const isInside = start >= at.structure.innerStart(at.token) && end <= at.structure.innerEnd(at.token)
    return isInside ? { ...act, kind, at } : undefined
  }
  return { ...act, kind, start: at.structure.start(at.token), end: at.structure.end(at.token), at }
}

/** Both lists are in order, and so a place can be looked up by halves. */
function overlapsAny(acts: readonly Act[], start: number, end: number): boolean {
  let low = 0
  let high = acts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((acts[middle]?.end ?? 0) <= start) low = middle + 1
    else high = middle
  }
  return (acts[low]?.start ?? Infinity) < end
}

function disjoint(acts: readonly Act[]): Act[] {
  const sorted = acts.toSorted((a, b) => a.start - b.start || b.end - a.end)
  const kept: Act[] = []
  for (const act of sorted) if (act.start >= (kept.at(-1)?.end ?? 0)) kept.push(act)
  return kept
}
