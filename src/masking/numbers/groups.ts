import { DIGIT, LOWER, UPPER, union } from '../scan/bytes-tables.ts'

const SPACE = 0x20
const DASH = 0x2d
const ZERO = 0x30
const FIRST_ROOM = 64
/** A plus sign, an opening parenthesis, or 00: a phone number may begin with them. */
export const MARK = 1
const MARKS = new Uint8Array(256)
MARKS[0x2b] = MARK
MARKS[0x28] = MARK
/** Letters and digits of ASCII. */
export const WORD_BYTES = union(DIGIT, UPPER, LOWER)
/** 1 for what may stand alone between two groups: space, dash, dot, slash, plus. */
const SEPARATOR = new Uint8Array(256)
for (const byte of [SPACE, DASH, 0x2e, 0x2f, 0x2b]) SEPARATOR[byte] = 1

/** The groups of digits, or the words, of one run, however many. Kept by one detector, which is its only writer, and used again for each run. */
export class Groups {
  readonly #members: Uint8Array
  count = 0
  #starts = new Int32Array(FIRST_ROOM)
  #ends = new Int32Array(FIRST_ROOM)
  #separators = new Uint8Array(FIRST_ROOM)

  /** `members`: 1 for the bytes of a group. */
  constructor(members: Uint8Array) {
    this.#members = members
  }

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

  /** For bytes that are one group. */
  readOne(start: number, end: number): void {
    this.count = 0
    this.#add(start, end, 0)
  }

  /** Reads the bytes from `start` up to `end`; returns MARK if a phone number may begin among them. */
  read(bytes: Uint8Array, start: number, end: number): number {
    this.count = 0
    const members = this.#members
    let marks = 0
    let last = -1
    let at = start
    while (at < end) {
      const byte = bytes[at] ?? 0
      if (members[byte] === 0) {
        marks |= MARKS[byte] ?? 0
        at += 1
        continue
      }
      const from = at
      while (at < end && members[bytes[at] ?? 0] === 1) at += 1
      if (byte === ZERO && bytes[from + 1] === ZERO) marks |= MARK
      this.#add(from, at, last < 0 ? 0 : separatorOf(bytes, last, from))
      last = at
    }
    return marks
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
