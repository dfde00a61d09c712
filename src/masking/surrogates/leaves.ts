import { coversPath, matchesPath, type PathPattern } from '../structure/paths.ts'
import type { Structure } from '../structure/structure.ts'

/** A string, key or number of a message. */
export interface Leaf {
  readonly kind: 'string' | 'key' | 'number'
  /** Bytes between the quotes of a string or key; a number whole. */
  readonly start: number
  readonly end: number
  /** 0: in the message itself; k: in a text, k texts deep. */
  readonly level: number
  /** Without its escapes. */
  readonly text: string
  /** Whether a path leads right there. */
  readonly isAt: (path: PathPattern) => boolean
  /** Whether a path leads there, or to something that it is in. */
  readonly isUnder: (path: PathPattern) => boolean
}

/** The leaves between two places of a message, those of JSON inside a text instead of the text. */
export function* leavesOf(structure: Structure, span: { start: number; end: number }): Generator<Leaf> {
  for (let token = 0; token < structure.after(0); token += 1) {
    const kind = structure.kind(token)
    if (kind === 'object' || kind === 'array' || kind === 'literal') continue
    if (structure.start(token) < span.start || structure.end(token) > span.end) continue
    const inner = structure.inner(token)
    if (inner !== undefined) yield* leavesOf(inner, span)
    else
      yield {
        kind,
        start: structure.innerStart(token),
        end: structure.innerEnd(token),
        level: structure.level,
        text: structure.text(token),
        isAt: (path) => matchesPath(path, structure, token),
        isUnder: (path) => coversPath(path, structure, token),
      }
  }
}
