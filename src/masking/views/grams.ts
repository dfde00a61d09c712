import { GOLDEN } from '../byte-hash.ts'
import { IS_LITTLE_ENDIAN } from '../scan/bytes-tables.ts'

/** A text of so many bytes has a whole aligned word of four bytes in it wherever it stands. */
export const GRAM_TEXT_BYTES_MIN = 7

/**
 * A first look for many texts at once that reads four bytes at a time, at every fourth byte only: any text of seven bytes or
 * more has one of its first four groups of four bytes there.
 */
export class Grams {
  /** By the hash of four bytes: at which of the first four places of a text they stand, as bits. */
  readonly #places: Uint8Array
  readonly #shift: number

  /** `texts`: how many there will be. For a few, a table that is large is slower to make than to search with. */
  constructor(texts: number) {
    const bits = tableBits(texts * PLACES * SLOTS_PER_GRAM, GRAM_BITS_MAX)
    this.#places = new Uint8Array(2 ** bits)
    this.#shift = 32 - bits
  }

  /** `bytes` from `at` on begin with a text of seven bytes or more. */
  add(bytes: Uint8Array, at: number): void {
    for (let place = 0; place < PLACES; place++) {
      const slot = gramSlot(wordOf(bytes, at + place), this.#shift)
      this.#places[slot] = (this.#places[slot] ?? 0) | (1 << place)
    }
  }

  /** The next of the words from `from` on that a text may have at its beginning, or -1. */
  next(words: Int32Array, from: number): number {
    const places = this.#places
    const shift = this.#shift
    for (let i = from; i < words.length; i++) if (places[gramSlot(words[i] ?? 0, shift)] !== 0) return i
    return -1
  }

  /** Where a text may have that word, as bits: bit 0 if at its beginning. */
  placesOf(word: number): number {
    return this.#places[gramSlot(word, this.#shift)] ?? 0
  }
}

/** Whole words of some bytes, where memory has them: the first begins at `head`. */
export function alignedWords(bytes: Uint8Array): { readonly head: number; readonly words: Int32Array } {
  const head = -bytes.byteOffset & 3
  const count = Math.max(0, bytes.length - head) >> 2
  return { head, words: count === 0 ? new Int32Array(0) : new Int32Array(bytes.buffer, bytes.byteOffset + head, count) }
}

/** Four bytes as one number, as memory has them. */
export function wordOf(bytes: Uint8Array, at: number): number {
  const a = bytes[at] ?? 0
  const b = bytes[at + 1] ?? 0
  const c = bytes[at + 2] ?? 0
  const d = bytes[at + 3] ?? 0
  return IS_LITTLE_ENDIAN ? a | (b << 8) | (c << 16) | (d << 24) : d | (c << 8) | (b << 16) | (a << 24)
}

const PLACES = 4
const GRAM_BITS_MAX = 18
/** So many free ones for each that is taken: what hits one by chance is looked at closer. */
const SLOTS_PER_GRAM = 16

function gramSlot(word: number, shift: number): number {
  return Math.imul(word, GOLDEN) >>> shift
}

/** A table of so many entries has a number of this many bits for each of them, within limits. */
export function tableBits(entries: number, most: number): number {
  return Math.min(most, Math.max(BITS_MIN, 32 - Math.clz32(entries)))
}

const BITS_MIN = 8
