import type { Span } from '../decoded-view.ts'

/** Places in order and apart from each other, to be looked up by halves. */
export class Spans {
  readonly #starts: Int32Array
  readonly #ends: Int32Array
  /** Which one was asked about last. */
  #last = 0

  constructor(starts: Int32Array, ends: Int32Array) {
    this.#starts = starts
    this.#ends = ends
  }

  /** In whatever order; of those that overlap, the first one. */
  static of(spans: readonly Span[]): Spans {
    const starts = new Int32Array(spans.length)
    const ends = new Int32Array(spans.length)
    let count = 0
    let last = 0
    // What was found by one look is in order.
    const sorted = areInOrder(spans) ? spans : spans.toSorted((a, b) => a.start - b.start)
    for (const { start, end } of sorted) {
      if (start < last) continue
      starts[count] = start
      ends[count++] = end
      last = end
    }
    return new Spans(starts.subarray(0, count), ends.subarray(0, count))
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
    const at = this.#firstTo(end)
    this.#last = at
    return (this.#starts[at] ?? Infinity) <= start
  }

  /** The one that a place lies wholly in. */
  around(start: number, end: number): Span | undefined {
    const at = this.#firstTo(end)
    const [from, to] = [this.start(at), this.end(at)]
    return from <= start ? { start: from, end: to } : undefined
  }

  /** The first one that ends at a place or after it. Whoever asks mostly goes along a message: it is the last one, or near it. */
  #firstTo(end: number): number {
    const ends = this.#ends
    let at = this.#last
    if (at > 0 && (ends[at - 1] ?? 0) >= end) return this.#firstBetween(0, at, end)
    for (let steps = 0; steps < STEPS_MAX; steps++, at++) if (at >= ends.length || (ends[at] ?? 0) >= end) return at
    return this.#firstBetween(at, ends.length, end)
  }

  #firstBetween(from: number, to: number, end: number): number {
    let low = from
    let high = to
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#ends[middle] ?? 0) < end) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** More, and to halve what is left is faster. */
const STEPS_MAX = 4

function areInOrder(spans: readonly Span[]): boolean {
  for (let i = 1; i < spans.length; i++) if ((spans[i]?.start ?? 0) < (spans[i - 1]?.start ?? 0)) return false
  return true
}
