/** A value or a key of a document: its place in the order in which they begin. */
export type Token = number

export type TokenKind = 'object' | 'array' | 'string' | 'key' | 'number' | 'literal'

export const OBJECT = 0
export const ARRAY = 1
export const STRING = 2
export const KEY = 3
export const NUMBER = 4
export const LITERAL = 5
export const KIND_NAMES: readonly TokenKind[] = ['object', 'array', 'string', 'key', 'number', 'literal']

// Each token is five numbers in a row.
const CELLS = 5
const START = 0
const END = 1
const PARENT = 2
/** How many values stand before it in its array or object. */
const PLACE = 3
/**
 * The kind, in three bits, and above it: of a string or key the bytes of its quotes, five bits each; of an object or array
 * the token after everything in it (while it is open: how many values it has).
 */
const MORE = 4
const KIND_BITS = 3
const KIND_MASK = 7
const QUOTE_BITS = 5
const QUOTE_MASK = 31

const ROOM_FIRST = 64

/** The tokens of one document as numbers, none of them an object: a large message has a hundred thousand. */
export class Tokens {
  #cells: Int32Array
  /** What was asked for last. */
  #asked: Token = -1
  count = 0

  /** `room`: how many tokens there will be, roughly. */
  constructor(room: number) {
    this.#cells = new Int32Array(CELLS * Math.max(ROOM_FIRST, room))
  }

  add(kind: number, start: number, end: number, parent: Token): Token {
    const token = this.count
    const at = token * CELLS
    if (at === this.#cells.length) this.#grow()
    const cells = this.#cells
    cells[at + START] = start
    cells[at + END] = end
    cells[at + PARENT] = parent
    cells[at + MORE] = kind
    if (parent >= 0) {
      const counter = parent * CELLS + MORE
      const more = cells[counter] ?? 0
      cells[at + PLACE] = more >> KIND_BITS
      if (kind !== KEY) cells[counter] = more + (1 << KIND_BITS)
    }
    this.count += 1
    return token
  }

  /** For a string or key: how its quotes are written. */
  quote(token: Token, opening: number, closing: number): void {
    const at = token * CELLS + MORE
    this.#cells[at] = (this.#cells[at] ?? 0) | (opening << KIND_BITS) | (closing << (KIND_BITS + QUOTE_BITS))
  }

  /** For an object or array: that it ends here, and nothing more is in it. */
  close(token: Token, end: number): void {
    const at = token * CELLS
    this.#cells[at + END] = end
    this.#cells[at + MORE] = ((this.#cells[at + MORE] ?? 0) & KIND_MASK) | (this.count << KIND_BITS)
  }

  kind(token: Token): number {
    return this.#cell(token, MORE) & KIND_MASK
  }

  start(token: Token): number {
    return this.#cell(token, START)
  }

  end(token: Token): number {
    return this.#cell(token, END)
  }

  parent(token: Token): Token {
    return this.#cell(token, PARENT)
  }

  place(token: Token): number {
    return this.#cell(token, PLACE)
  }

  opening(token: Token): number {
    return (this.#cell(token, MORE) >> KIND_BITS) & QUOTE_MASK
  }

  closing(token: Token): number {
    return (this.#cell(token, MORE) >> (KIND_BITS + QUOTE_BITS)) & QUOTE_MASK
  }

  /** The token after this one and everything in it. */
  after(token: Token): Token {
    return this.kind(token) <= ARRAY ? this.#cell(token, MORE) >> KIND_BITS : token + 1
  }

  /** The last token that begins at that place or before it, or -1. Who asks goes forward most often, and not far. */
  lastFrom(place: number): Token {
    const asked = this.#asked
    let low = asked >= 0 && this.start(asked) <= place ? asked : 0
    let high = this.count
    for (let step = 1; low > 0 && low + step < high; step *= 4) {
      if (this.start(low + step) <= place) low += step
      else high = low + step
    }
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.start(middle) <= place) low = middle + 1
      else high = middle
    }
    this.#asked = low - 1
    return low - 1
  }

  #cell(token: Token, cell: number): number {
    return this.#cells[token * CELLS + cell] ?? -1
  }

  #grow(): void {
    const larger = new Int32Array(2 * this.#cells.length)
    larger.set(this.#cells)
    this.#cells = larger
  }
}
