import { DIGIT, UPPER } from '../scan/bytes-tables.ts'

const SPACE = 0x20
const DASH = 0x2d
const ZERO = 0x30
const FIRST_ROOM = 64
/** A capital. */
export const LETTER = 2
/** A plus sign, an opening parenthesis, or 00: a phone number may begin with them. */
export const MARK = 4
const DIGIT_KIND = 1
const KIND = new Uint8Array(256)
for (let byte = 0; byte < 256; byte += 1) KIND[byte] = (DIGIT[byte] ?? 0) * DIGIT_KIND + (UPPER[byte] ?? 0) * LETTER
KIND[0x2b] = MARK
KIND[0x28] = MARK
/** 1 for what may stand alone between two groups: space, dash, dot, slash, plus. */
const SEPARATOR = new Uint8Array(256)
for (const byte of [SPACE, DASH, 0x2e, 0x2f, 0x2b]) SEPARATOR[byte] = 1

/** The groups of digits of one run, however many. Kept by one detector, which is its only writer, and used again for each run. */
export class Groups {
  count = 0
  /** Digits of the largest group. */
  largest = 0
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

  /** Reads the bytes from `start` up to `end`; returns what else stands among them: LETTER, MARK. */
  read(bytes: Uint8Array, start: number, end: number): number {
    this.count = 0
    this.largest = 0
    let others = 0
    let last = -1
    for (let at = start; at < end; at += 1) {
      const kind = KIND[bytes[at] ?? 0] ?? 0
      if (kind === DIGIT_KIND) {
        const from = at
        while (at + 1 < end && DIGIT[bytes[at + 1] ?? 0] === 1) at += 1
        if (bytes[from] === ZERO && bytes[from + 1] === ZERO) others |= MARK
        this.#add(from, at + 1, last < 0 ? 0 : separatorOf(bytes, last, from))
        last = at + 1
      } else others |= kind
    }
    return others
  }

  #add(start: number, end: number, separator: number): void {
    if (this.count === this.#starts.length) this.#grow()
    this.#starts[this.count] = start
    this.#ends[this.count] = end
    this.#separators[this.count] = separator
    this.count += 1
    if (end - start > this.largest) this.largest = end - start
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
