import type { Run } from '../find/finding.ts'
import { DIGIT } from '../scan/bytes-tables.ts'

const SPACE = 0x20
const DASH = 0x2d
const FIRST_ROOM = 64
/** 1 for what may stand alone between two groups: space, dash, dot, slash, plus. */
const SEPARATOR = new Uint8Array(256)
for (const byte of [SPACE, DASH, 0x2e, 0x2f, 0x2b]) SEPARATOR[byte] = 1

/** The groups of digits of one run, however many. Kept by one detector, which is its only writer, and used again for each run. */
export class Groups {
  count = 0
  #starts = new Int32Array(FIRST_ROOM)
  #ends = new Int32Array(FIRST_ROOM)
  #separators = new Uint8Array(FIRST_ROOM)

  start(index: number): number {
    return this.#starts[index] ?? 0
  }

  end(index: number): number {
    return this.#ends[index] ?? 0
  }

  size(index: number): number {
    return this.end(index) - this.start(index)
  }

  /** The one byte between this group and the one before it; a dash between spaces counts as a dash. 0 for anything else. */
  separator(index: number): number {
    return index < this.count ? (this.#separators[index] ?? 0) : 0
  }

  read({ view: { bytes }, start, end }: Run): void {
    this.count = 0
    let last = -1
    for (let at = start; at < end; at += 1) {
      if (DIGIT[bytes[at] ?? 0] === 0) continue
      const from = at
      while (at < end && DIGIT[bytes[at] ?? 0] === 1) at += 1
      this.#add(from, at, last < 0 ? 0 : separatorOf(bytes, last, from))
      last = at
    }
  }

  #add(start: number, end: number, separator: number): void {
    if (this.count === this.#starts.length) this.#grow()
    this.#starts[this.count] = start
    this.#ends[this.count] = end
    this.#separators[this.count] = separator
    this.count += 1
  }

  #grow(): void {
    const [starts, ends, separators] = [this.#starts, this.#ends, this.#separators]
    this.#starts = new Int32Array(2 * this.count)
    this.#ends = new Int32Array(2 * this.count)
    this.#separators = new Uint8Array(2 * this.count)
    this.#starts.set(starts)
    this.#ends.set(ends)
    this.#separators.set(separators)
  }
}

function separatorOf(bytes: Uint8Array, from: number, to: number): number {
  const first = bytes[from] ?? 0
  if (to - from === 1) return SEPARATOR[first] === 1 ? first : 0
  const isSpacedDash = to - from === 3 && first === SPACE && bytes[from + 1] === DASH && bytes[from + 2] === SPACE
  return isSpacedDash ? DASH : 0
}
