import type { StatementSync } from 'node:sqlite'
import { type Chunk, ChunkView } from './chunk.ts'
import type { Compiled, Words } from './condition.ts'
import { type Mask, maskOf } from './mask.ts'
import type { WordList, WordLists } from './word-lists.ts'

/** Seqs, both belonging to it. */
export interface Between {
  readonly low: number
  readonly high: number
}

/** A chunk, and which of its records fit. */
export interface Fitting {
  readonly view: ChunkView
  readonly mask: Mask
}

export interface LookedAt {
  readonly words: WordLists
  readonly chunks: readonly Chunk[]
  /** Gives the cells of a key. */
  readonly cell: StatementSync
}

/** Goes through a partition once, newest first. */
export class Look implements Disposable {
  /** Newest first. */
  readonly chunks: readonly Chunk[]
  readonly #place: LookedAt
  readonly #compiled: Compiled
  readonly #between: Between
  readonly #hits = new Map<Words, WordList>()

  constructor(place: LookedAt, compiled: Compiled, between: Between) {
    const { low, high } = between
    this.#place = place
    this.#compiled = compiled
    this.#between = between
    this.chunks = place.chunks.filter((chunk) => chunk.low <= high + 1 && chunk.high >= low + 1).toReversed()
  }

  /** Chunks may be left out, and none may come again. */
  at(chunk: Chunk): Fitting {
    const { low, high } = this.#between
    const { condition } = this.#compiled
    const view = new ChunkView(chunk, this.#place.cell)
    const isWhole = chunk.low > low && chunk.high <= high + 1
    const bounds = { kind: 'range', column: 'rid', low: low + 1, high: high + 1 } as const
    const wanted = isWhole ? condition : ({ kind: 'and', items: [bounds, condition] } as const)
    return { view, mask: maskOf(wanted, view, (words, { low: from }, take) => this.#hitsOf(words).downTo(from, take)) }
  }

  [Symbol.dispose](): void {
    for (const hits of this.#hits.values()) hits[Symbol.dispose]()
  }

  #hitsOf(words: Words): WordList {
    const known = this.#hits.get(words) ?? this.#place.words.open(words.expression, this.#between.high + 1)
    this.#hits.set(words, known)
    return known
  }
}
