import type { Located } from './structure/locate.ts'
import type { Structure } from './structure/structure.ts'
import type { Token } from './structure/tokens.ts'
import type { Edit } from './views/splice.ts'

const NOTHING = new Uint8Array(0)

/** Members that are taken away, each with its key and one of the commas beside it: what is left is JSON, however many go. */
export class Drops {
  readonly #dropped = new Map<Structure, Set<Token>>()
  /** By the object: the last member of it that stays; -1 where none does. */
  readonly #lastKept = new Map<Structure, Map<Token, Token>>()

  /** Notes a member's value. False for what is no member: a list would have one value fewer. */
  add({ structure, token }: Located): boolean {
    if (structure.keyOf(token) < 0) return false
    const dropped = this.#dropped.get(structure) ?? new Set<Token>()
    this.#dropped.set(structure, dropped.add(token))
    return true
  }

  /** When all are noted. They may overlap. */
  edits(): Edit[] {
    return [...this.#dropped].flatMap(([structure, tokens]) => [...tokens].map((token) => this.#edit(structure, token)))
  }

  #edit(structure: Structure, token: Token): Edit {
    const last = this.#lastKeptIn(structure, structure.parent(token))
    // All that a following one leaves before it goes: the comma, and blanks.
    if (token < last)
      return {
        start: structure.start(structure.keyOf(token)),
        end: structure.start(structure.keyOf(structure.nextSibling(token))),
        put: NOTHING,
      }
    const first = structure.firstChild(structure.parent(token))
    const start = last < 0 ? structure.start(structure.keyOf(first)) : structure.end(last)
    return { start, end: structure.end(token), put: NOTHING }
  }

  #lastKeptIn(structure: Structure, object: Token): Token {
    const objects = this.#lastKept.get(structure) ?? new Map<Token, Token>()
    this.#lastKept.set(structure, objects)
    const known = objects.get(object)
    if (known !== undefined) return known
    let last = -1
    for (let at = structure.firstChild(object); at >= 0; at = structure.nextSibling(at))
      if (this.#dropped.get(structure)?.has(at) !== true) last = at
    objects.set(object, last)
    return last
  }
}
