import type { Document } from '../document.ts'
import type { EntityId } from '../entities.ts'
import { locate, type Located } from '../structure/locate.ts'
import { contextInside, hasKeyWith, type Words } from './near.ts'
import type { KeyContext } from './scan-view.ts'

/** Any key on the way to a value may say what it is: `{"ssn":{"value":"…"}}`. */
export function keyContext(document: Document): KeyContext {
  return (words, { start, entity }) => {
    if (!document.isJson || !hasKeyWith(words, entity)) return undefined
    return wordInKeys(words, document.structure === undefined ? undefined : locate(document.structure, start), entity)
  }
}

/** The same for a text that was decoded: its keys stand in the message, whose words these are. */
export function keyContextAt(words: Words, at: Located | undefined): KeyContext {
  return (_, { entity }) => (at !== undefined && hasKeyWith(words, entity) ? wordInKeys(words, at, entity) : undefined)
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
