/** In order and apart from each other. */
export class Spans {
  readonly #starts: Int32Array
  readonly #ends: Int32Array

  constructor(starts: Int32Array, ends: Int32Array) {
    this.#starts = starts
    this.#ends = ends
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
