import type { Document } from '../document.ts'
import type { EntityId } from '../entities.ts'
import { locate, type Located } from '../structure/locate.ts'
import type { Finding } from './finding.ts'
import { KeyDenials } from './key-denials.ts'
import { contextInside, deniedInside, hasKeyWith, type Words } from './near.ts'
import type { KeyContext } from './weigh.ts'

/** Any key on the way to a value may say what it is: `{"ssn":{"value":"…"}}`. */
export function keyContext(document: Document): KeyContext {
  const inKeys = new Map<EntityId, boolean>()
  const isInKeys = (words: Words, entity: EntityId): boolean => {
    const known = inKeys.get(entity) ?? hasKeyWith(words, entity)
    inKeys.set(entity, known)
    return known
  }
  const denials = new KeyDenials()
  return (words, finding, about) => {
    const { entity, start } = finding
    if (!document.isJson || (about === 'kind' ? !isInKeys(words, entity) : !denials.mayDeny(words, finding)))
      return undefined
    const at = document.structure === undefined ? undefined : locate(document.structure, start)
    return about === 'kind' ? wordInKeys(words, at, entity) : denialInKey(words, at, finding)
  }
}

/** The same for a text that was decoded: its keys stand in the message, whose words these are. */
export function keyContextAt(words: Words, at: Located | undefined): KeyContext {
  return (_, { entity }, about) =>
    at !== undefined && about === 'kind' && hasKeyWith(words, entity) ? wordInKeys(words, at, entity) : undefined
}

function wordInKeys(words: Words, at: Located | undefined, entity: EntityId): string | undefined {
  for (let located = at; located !== undefined; located = located.structure.outer) {
    const { structure } = located
    for (let token = located.token; token >= 0; token = structure.parent(token)) {
      const key = structure.keyOf(token)
      if (key < 0) continue
      const word = contextInside(words, { start: structure.start(key), end: structure.end(key) }, entity)
      if (word !== undefined) return word
    }
  }
  return undefined
}

/** A word against it in the key of just this value, or of the list of such values. A longer text may speak of many things. */
function denialInKey(words: Words, at: Located | undefined, { start, end }: Finding): string | undefined {
  if (at === undefined) return undefined
  const { structure } = at
  if (structure.innerStart(at.token) !== start || structure.innerEnd(at.token) !== end) return undefined
  let token = at.token
  while (token >= 0 && structure.keyOf(token) < 0) token = structure.parent(token)
  const key = token < 0 ? -1 : structure.keyOf(token)
  return key < 0 ? undefined : deniedInside(words, { start: structure.start(key), end: structure.end(key) })
}
