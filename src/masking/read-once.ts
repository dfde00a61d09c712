import { decodeUtf8 } from '../base/bytes.ts'
import { hashOf, isSameAt } from './byte-hash.ts'

/** Longer texts are rare, and are read each time. */
const LENGTH_MAX = 64
/** A message has a value for about so many bytes, where it has many. */
const BYTES_PER_SLOT = 64
const SLOTS_MIN = 64
const SLOTS_MAX = 16_384

/**
 * Short texts of one message, read once for all places that have the same bytes: a value stands in several, and a call of the
 * platform costs more than to compare them. What is asked about the text later is faster too where it is the same string. Each
 * text has one slot and may be driven out of it by another one, so that no message makes it slow.
 */
export class ReadOnce {
  readonly #bytes: Uint8Array
  readonly #mask: number
  /** By slot: where its text stands first, and how long it is; 0 while it has none. */
  readonly #starts: Int32Array
  readonly #lengths: Int32Array
  readonly #texts: string[] = []

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    const slots = Math.min(SLOTS_MAX, Math.max(SLOTS_MIN, bytes.length / BYTES_PER_SLOT))
    this.#mask = (1 << (32 - Math.clz32(slots - 1))) - 1
    this.#starts = new Int32Array(this.#mask + 1)
    this.#lengths = new Int32Array(this.#mask + 1)
  }

  text(start: number, end: number): string {
    const length = end - start
    if (length <= 0 || length > LENGTH_MAX || start < 0 || end > this.#bytes.length)
      return decodeUtf8(this.#bytes, start, end)
    const slot = hashOf(this.#bytes, start, end) & this.#mask
    const known = this.#lengths[slot] === length ? this.#texts[slot] : undefined
    if (known !== undefined && isSameAt(this.#bytes, this.#starts[slot] ?? 0, this.#bytes, { start, end })) return known
    const text = decodeUtf8(this.#bytes, start, end)
    this.#starts[slot] = start
    this.#lengths[slot] = length
    this.#texts[slot] = text
    return text
  }
}
