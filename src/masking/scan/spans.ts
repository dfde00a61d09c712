import type { Span } from '../decoded-view.ts'

/** Places in order and apart from each other, to be looked up by halves. */
export class Spans {
  readonly #starts: Int32Array
  readonly #ends: Int32Array

  constructor(starts: Int32Array, ends: Int32Array) {
    this.#starts = starts
    this.#ends = ends
  }

  /** In whatever order; of those that overlap, the first one. */
  static of(spans: readonly Span[]): Spans {
    const kept: Span[] = []
    for (const span of spans.toSorted((a, b) => a.start - b.start))
      if (span.start >= (kept.at(-1)?.end ?? 0)) kept.push(span)
    return new Spans(
      Int32Array.from(kept, ({ start }) => start),
      Int32Array.from(kept, ({ end }) => end),
    )
  }

  get length(): number {
    return this.#ends.length
  }

  start(index: number): number {
    return this.#starts[index] ?? Infinity
  }

  end(index: number): number {
    return this.#ends[index] ?? Infinity
  }

  /** Whether a place lies wholly in one of them. */
  has(start: number, end: number): boolean {
    let low = 0
    let high = this.#ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#ends[middle] ?? 0) < end) low = middle + 1
      else high = middle
    }
    return (this.#starts[low] ?? Infinity) <= start
  }
}
