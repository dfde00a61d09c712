import type { Spans } from './spans.ts'

const LANES = 4
/** Pairs that a lane has room for at first: as many as a message of some kilobytes has. */
const ROOM_FIRST = 64
/** A lane that grew beyond this gives its memory back: one hostile message must not hold it for good. */
const ROOM_KEPT_MAX = 65_536

/** Where words end, in order of place; kept by whoever scans and filled again for the next message. */
export class WordHits {
  readonly #lanes = Array.from({ length: LANES }, () => new Lane())
  #pairs = new Int32Array(2 * ROOM_FIRST)
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
    let kept = 0
    let at = 0
    for (let i = 0; i < this.#length; i += 1) {
      const end = this.end(i)
      const state = this.state(i)
      while (spans.end(at) < end) at += 1
      if (spans.start(at) <= end - (lengths[state - firstHit] ?? 0)) continue
      this.#pairs[2 * kept] = end
      this.#pairs[2 * kept + 1] = state
      kept += 1
    }
    this.#length = kept
  }

  /** For the scan: forgets everything. */
  reset(): void {
    this.#length = 0
    for (const lane of this.#lanes) lane.reset()
    if (this.#pairs.length > 2 * ROOM_KEPT_MAX) this.#pairs = new Int32Array(2 * ROOM_FIRST)
  }

  /** For the scan. Lanes follow one another in the bytes; in one lane ends must grow. */
  lane(index: number): Lane {
    return this.#lanes[index] ?? new Lane()
  }

  /** For the scan, at its end: puts the lanes one after another. */
  join(): void {
    const length = this.#lanes.reduce((sum, lane) => sum + lane.length, 0)
    if (this.#pairs.length < 2 * length) this.#pairs = new Int32Array(2 * length)
    let to = 0
    for (const lane of this.#lanes) {
      lane.copyTo(this.#pairs, 2 * to)
      to += lane.length
    }
    this.#length = length
  }
}

/** Hits of one cursor. */
export class Lane {
  #pairs = new Int32Array(2 * ROOM_FIRST)
  length = 0

  add(end: number, state: number): void {
    const at = 2 * this.length
    if (at === this.#pairs.length) this.#grow()
    this.#pairs[at] = end
    this.#pairs[at + 1] = state
    this.length += 1
  }

  reset(): void {
    this.length = 0
    if (this.#pairs.length > 2 * ROOM_KEPT_MAX) this.#pairs = new Int32Array(2 * ROOM_FIRST)
  }

  copyTo(pairs: Int32Array, at: number): void {
    pairs.set(this.#pairs.subarray(0, 2 * this.length), at)
  }

  #grow(): void {
    const larger = new Int32Array(2 * this.#pairs.length)
    larger.set(this.#pairs)
    this.#pairs = larger
  }
}
