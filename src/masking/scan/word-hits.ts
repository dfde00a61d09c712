import { grown, NOTHING, roomKept, type Written } from './rows.ts'
import type { Spans } from './spans.ts'

/** Where words end, in order of place. */
export class WordHits {
  #pairs = NOTHING
  #length = 0

  /** Places where words end, however many words end at each. */
  get length(): number {
    return this.#length
  }

  /** The place after the words; grows from one hit to the next. */
  end(index: number): number {
    return this.#pairs[2 * index] ?? 0
  }

  /** The automaton's state there: `dfa.hits[state - dfa.firstHit]` are the words. */
  state(index: number): number {
    return this.#pairs[2 * index + 1] ?? 0
  }

  /** The first hit that ends at that place or after it; `length` where none does. */
  firstFrom(place: number): number {
    let low = 0
    let high = this.#length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.end(middle) < place) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Forgets the places whose longest word (of `lengths`, by the state less the first that ends a word) lies in one of the spans. */
  drop(spans: Spans, lengths: readonly number[], firstHit: number): void {
    const pairs = this.#pairs
    let kept = 0
    let at = 0
    let spanStart = spans.start(0)
    let spanEnd = spans.end(0)
    for (let i = 0; i < 2 * this.#length; i += 2) {
      const end = pairs[i] ?? 0
      const state = pairs[i + 1] ?? 0
      while (spanEnd < end) {
        at += 1
        spanStart = spans.start(at)
        spanEnd = spans.end(at)
      }
      if (spanStart <= end - (lengths[state - firstHit] ?? 0)) continue
      pairs[kept] = end
      pairs[kept + 1] = state
      kept += 2
    }
    this.#length = kept / 2
  }

  /** For the scan: forgets all hits; the room for new ones stays. */
  clear(): void {
    this.#pairs = roomKept(this.#pairs)
    this.#length = 0
  }

  /** For the scan: so many numbers more will be added. */
  makeRoom(more: number): void {
    this.#pairs = grown(this.#pairs, 2 * this.#length, more)
  }

  /** For the scan: copies what was found in a chunk, pairs of an end and a state, without what ends up to `known`. */
  add({ numbers, at, end }: Written, from: number, known: number): void {
    const pairs = this.#pairs
    let to = 2 * this.#length
    for (let i = at; i < end; i += 2) {
      const wordEnd = (numbers[i] ?? 0) + from
      if (wordEnd <= known) continue
      pairs[to] = wordEnd
      pairs[to + 1] = numbers[i + 1] ?? 0
      to += 2
    }
    this.#length = to / 2
  }
}
