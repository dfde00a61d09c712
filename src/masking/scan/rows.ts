import { ROW_NUMBERS } from './machine-layout.ts'

export const NOTHING = new Int32Array(0)

/** What the scan has written, from one index up to another. */
export interface Written {
  readonly numbers: Int32Array
  readonly at: number
  readonly end: number
}

/** Rows of bytes of one kind, in order of place and apart from each other. */
export class Rows {
  #numbers = NOTHING
  #length = 0
  /** Where the last row ends that was looked at, kept or not. */
  #seenTo = 0

  get length(): number {
    return this.#length
  }

  start(index: number): number {
    return this.#numbers[ROW_NUMBERS * index] ?? 0
  }

  end(index: number): number {
    return this.#numbers[ROW_NUMBERS * index + 1] ?? 0
  }

  digits(index: number): number {
    return this.#numbers[ROW_NUMBERS * index + 2] ?? 0
  }

  capitals(index: number): number {
    return this.#numbers[ROW_NUMBERS * index + 3] ?? 0
  }

  /** For the scan: forgets all rows; the room for new ones stays. */
  clear(): void {
    this.#numbers = roomKept(this.#numbers)
    this.#length = 0
    this.#seenTo = 0
  }

  /** For the scan: where the last row ends that was added; 0 where none was. */
  get seenTo(): number {
    return this.#seenTo
  }

  /**
   * For the scan: copies rows of a chunk that begins at `from`. What begins before the last row's end is it, or a part of it;
   * what ends before `known` was seen before, kept or left out.
   */
  add({ numbers, at, end }: Written, from: number, known: number): void {
    let first = at
    while (first < end && isSeen(numbers, first, { seen: this.#seenTo - from, known: known - from }))
      first += ROW_NUMBERS
    if (first === end) return
    let to = ROW_NUMBERS * this.#length
    this.#numbers = grown(this.#numbers, to, end - first)
    const rows = this.#numbers
    for (let i = first; i < end; i += ROW_NUMBERS, to += ROW_NUMBERS) {
      rows[to] = (numbers[i] ?? 0) + from
      rows[to + 1] = (numbers[i + 1] ?? 0) + from
      rows[to + 2] = numbers[i + 2] ?? 0
      rows[to + 3] = numbers[i + 3] ?? 0
    }
    this.#length = to / ROW_NUMBERS
    this.#seenTo = this.end(this.#length - 1)
  }

  /** For the scan: what the last row has more in the next chunk. */
  extendLast({ end, digits, capitals }: { end: number; digits: number; capitals: number }): void {
    const at = ROW_NUMBERS * (this.#length - 1)
    this.#seenTo = end
    this.#numbers[at + 1] = end
    this.#numbers[at + 2] = (this.#numbers[at + 2] ?? 0) + digits
    this.#numbers[at + 3] = (this.#numbers[at + 3] ?? 0) + capitals
  }

  /** For the scan: the last row, which its chunk ended with, goes on no more; without so many digits at least it is none. */
  closeLast(digitsMin: number): void {
    if (this.digits(this.#length - 1) < digitsMin) this.#length -= 1
  }
}

function isSeen(numbers: Int32Array, row: number, { seen, known }: { seen: number; known: number }): boolean {
  return (numbers[row] ?? 0) < seen || (numbers[row + 1] ?? 0) < known
}

/** What a message of 64 KiB needs; after a larger one nothing is kept. */
const NUMBERS_KEPT_MAX = 65_536

export function roomKept(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  return numbers.length > NUMBERS_KEPT_MAX ? NOTHING : numbers
}

/** The same array where there is room for more, else a larger one. */
export function grown(numbers: Int32Array<ArrayBuffer>, length: number, more: number): Int32Array<ArrayBuffer> {
  if (length + more <= numbers.length) return numbers
  const larger = new Int32Array(Math.max(length + more, 2 * numbers.length))
  if (length > 0) larger.set(numbers.subarray(0, length))
  return larger
}
