import type { Document } from '../document.ts'
import { locate } from '../structure/locate.ts'
import { contextInside, hasKeyWith } from './near.ts'
import type { KeyContext } from './scan-view.ts'

/** Any key on the way to a value may say what it is: `{"ssn":{"value":"…"}}`. */
export function keyContext(document: Document): KeyContext {
  return (words, { start, entity }) => {
    if (!document.isJson || !hasKeyWith(words, entity)) return undefined
    let located = document.structure === undefined ? undefined : locate(document.structure, start)
    while (located !== undefined) {
      const { structure } = located
      for (let token = located.token; token >= 0; token = structure.parent(token)) {
        const key = structure.keyOf(token)
        if (key < 0) continue
        const word = contextInside(words, { start: structure.start(key), end: structure.end(key) }, entity)
        if (word !== undefined) return word
      }
      located = structure.outer
    }
    return undefined
  }
}
