import { type Act, actOver, inNumber, tokenText, valuesIn } from './acts.ts'
import type { Document } from './document.ts'
import type { EntityId } from './entities.ts'
import type { FoundBy } from './find/finding.ts'
import { inOrder } from './in-order.ts'
import { isProtocolWord, isWordOfProtocol } from './protocol-words.ts'
import type { Action } from './replace/actions.ts'
import { isStructural } from './structural.ts'
import { afterEscape } from './structure/escapes.ts'
import { locate, type Located } from './structure/locate.ts'
import { placesTold } from './told-places.ts'
import { findFurther } from './views/propagate.ts'
import type { Place } from './views/search.ts'

/** A value that is known to be one, whatever it looks like. */
export interface Known {
  readonly entity: EntityId
  readonly action: Action
  readonly value: string
  readonly by: FoundBy
  /** Of a value that stands everywhere by chance: the lines that it is meant in. */
  readonly lines?: readonly string[]
}

/** Values that only their place gave away stand elsewhere too: hides them in the whole message, and with them what is known already. */
export function spread(document: Document, acts: readonly Act[], known: readonly Known[]): readonly Act[] | undefined {
  const told = placesTold(document, known).filter(({ start, end }) => actOver(acts, { start, end }) === undefined)
  // What turned back may be all that there is to hide, so that nothing else would be searched again.
  const inBase64 = known.some(({ by }) => by === 'restored')
  return spreadAll(document, { acts: told.length === 0 ? acts : disjoint([...acts, ...told]), known, inBase64 })
}

/** As `spread`, for all values that the acts hide, and also where base64 holds one. */
export function spreadWidely(
  document: Document,
  acts: readonly Act[],
  known: readonly Known[],
): readonly Act[] | undefined {
  return spreadAll(document, { acts, known: [...known, ...knownIn(acts)], inBase64: true })
}

interface Spreading {
  readonly acts: readonly Act[]
  readonly known: readonly Known[]
  readonly inBase64: boolean
}

function spreadAll(document: Document, { acts, known, inBase64 }: Spreading): readonly Act[] | undefined {
  const byPlace = knownIn(acts.filter(({ by }) => BY_PLACE.has(by)))
  const all = [...new Map([...known, ...byPlace].map((one) => [one.value, one])).values()]
  if (all.length === 0) return acts
  const further = findFurther(
    document.bytes,
    all.map(({ value }) => value),
    { isJson: document.structure !== undefined, inBase64 },
  )
  if (further === undefined) return undefined
  const added: Act[] = []
  const overruled = new Set<Act>()
  for (const place of further) {
    const from = all[place.index]
    const over = actOver(acts, place)
    if (from === undefined || (over !== undefined && !isOverruled(over))) continue
    const act = actAt(document, place, from)
    if (act === undefined) continue
    added.push(act)
    if (over !== undefined) overruled.add(over)
  }
  return added.length === 0 ? acts : disjoint([...acts.filter((act) => !overruled.has(act)), ...added])
}

/** A kind that may be shown says nothing of a value that another kind hides. */
function isOverruled({ action, by }: Act): boolean {
  return action === 'allow' && by !== 'path'
}

/** The values that some acts hide. Words such as `true` stand everywhere, and so do short numbers. */
export function knownIn(acts: readonly Act[]): readonly Known[] {
  return acts.flatMap((act): readonly Known[] => {
    const { entity, action, by, kind } = act
    if (action === 'allow' || kind === 'literal' || by === 'below') return []
    return act.holds === undefined ? [act] : valuesIn(act).map((value) => ({ entity, action, by, value }))
  })
}

const BY_PLACE: ReadonlySet<FoundBy> = new Set(['key', 'column', 'sibling', 'path', 'near', 'restored', 'detector'])

function actAt(document: Document, { start, end, inBase64 }: Place, known: Known): Act | undefined {
  const { structure } = document
  const { entity, action, by } = known
  // What holds a value is hidden whole, and is what comes back.
  const what = inBase64 === true ? { value: document.text(start, end), holds: [known.value] } : { value: known.value }
  const act = { start, end, entity, action, ...what, by, rule: 'propagated', score: 1 }
  if (structure === undefined) return inNumber(document, { ...act, kind: 'string', at: undefined })
  const at = locate(structure, start)
  if (at === undefined || isProtocol(document, at, known.value)) return undefined
  const kind = at.structure.kind(at.token)
  if (kind === 'object' || kind === 'array') return undefined
  if (kind === 'string' || kind === 'key') return actInText(document, { ...act, kind, at })
  // A number has none of the separators that a text may have.
  const token = { start: at.structure.start(at.token), end: at.structure.end(at.token) }
  return { ...act, ...token, kind, value: tokenText(document, token), at }
}

function actInText(document: Document, act: Act & { readonly at: Located }): Act | undefined {
  const { structure, token } = act.at
  if (act.start < structure.innerStart(token) || act.end > structure.innerEnd(token)) return undefined
  // The letter of an escape before it may be taken for its first character.
  return inNumber(document, { ...act, start: afterEscape(document.bytes, act.start, structure.level) })
}

function isProtocol(document: Document, at: Located, value: string): boolean {
  return isStructural(document, at) || (isProtocolWord(value) && isWordOfProtocol(document, at))
}

function disjoint(acts: readonly Act[]): Act[] {
  const kept: Act[] = []
  for (const act of inOrder(acts)) if (act.start >= (kept.at(-1)?.end ?? 0)) kept.push(act)
  return kept
}
