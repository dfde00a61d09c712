import { encodeUtf8 } from '../../base/bytes.ts'
import { FNV_PRIME, GOLDEN } from '../byte-hash.ts'
import { DIGIT, endsWord, startsWord, WORD } from '../scan/bytes-tables.ts'
import { tableBits, wordOf } from './grams.ts'

/**
 * Texts that are searched for all at once: a table of the hashes of their beginnings, at 8, 16, 32 … bytes, and of the whole.
 * A place of a message is read on only as long as some text begins like it, however many texts there are. A text is put into
 * the table when its first four bytes are met, for most are not.
 */
export class ValueIndex {
  readonly #texts: readonly IndexedText[]
  readonly #work: Work
  /** By the hash of four bytes: the first text that begins so, counted from 1, or 0; below zero: those are in the table. */
  readonly #heads: Int32Array
  readonly #headShift: number
  /** The next text with the same hash. */
  readonly #nexts: Int32Array
  /** What of the texts is in the table, as bytes, and where each begins and ends. */
  #bytes = new Uint8Array(FIRST_ROOM)
  #size = 0
  readonly #starts: Int32Array
  readonly #ends: Int32Array
  readonly #keys: Int32Array
  /** 0: free. -1: a beginning. Else a text, counted from 1. */
  readonly #slots: Int32Array
  readonly #shift: number

  /**
   * `heads` are the first bytes of each text, as `headsOf` wrote them. Whatever is read is taken from `work`: who sees it
   * below zero has met a message, or texts, that were made to be slow.
   */
  constructor(texts: readonly IndexedText[], heads: Uint8Array, work: Work) {
    this.#texts = texts
    this.#work = work
    const bits = tableBits(texts.length * SLOTS_PER_HEAD, HEAD_BITS_MAX)
    this.#heads = new Int32Array(2 ** bits)
    this.#headShift = 32 - bits
    this.#nexts = new Int32Array(texts.length)
    this.#starts = new Int32Array(texts.length)
    this.#ends = new Int32Array(texts.length)
    let slots = 1
    for (let i = 0; i < texts.length; i++) {
      const head = headSlot(heads, i * HEAD_BYTES, this.#headShift)
      this.#nexts[i] = this.#heads[head] ?? 0
      this.#heads[head] = i + 1
      slots += slotsOf((texts[i]?.text.length ?? 0) * UTF8_BYTES_MAX)
    }
    this.#shift = Math.clz32(slots * SLOTS_PER_ENTRY)
    this.#keys = new Int32Array(2 ** (32 - this.#shift))
    this.#slots = new Int32Array(this.#keys.length)
  }

  /** The longest text that stands at a place as a word of its own, or `undefined`. */
  longestAt(bytes: Uint8Array, at: number): Match | undefined {
    if (!this.#mayBegin(bytes, at)) return undefined
    let hash = 0
    let found: Match | undefined
    let milestone = MILESTONE_FIRST
    let to = at
    let inWord = 0
    while (to < bytes.length) {
      const byte = bytes[to] ?? 0
      const isWord = ASCII_WORD[byte] ?? 0
      const length = to - at
      if ((isWord & inWord) === 0 && length >= TEXT_BYTES_MIN) found = this.#matchOf(hash, bytes, at, to) ?? found
      if (length === milestone) {
        if (!this.#hasBeginning(key(hash, length))) break
        milestone *= 2
      }
      hash = step(hash, byte)
      inWord = isWord
      to++
    }
    if (to === bytes.length) found = this.#matchOf(hash, bytes, at, to) ?? found
    this.#work.left -= to - at
    return found
  }

  /** Whether some text begins with these four bytes; those that do are in the table then. */
  #mayBegin(bytes: Uint8Array, at: number): boolean {
    const slot = headSlot(bytes, at, this.#headShift)
    const head = this.#heads[slot] ?? 0
    if (head <= 0) return head < 0
    for (let next = head; next !== 0; next = this.#nexts[next - 1] ?? 0) this.#insert(next - 1)
    this.#heads[slot] = -head
    return true
  }

  #insert(text: number): void {
    const from = this.#size
    this.#append(this.#texts[text]?.text ?? '')
    const bytes = this.#bytes
    const end = this.#size
    let hash = 0
    let milestone = from + MILESTONE_FIRST
    for (let at = from; at < end; at++) {
      if (at === milestone) {
        this.#put(key(hash, at - from), BEGINNING)
        milestone = from + 2 * (at - from)
      }
      hash = step(hash, bytes[at] ?? 0)
    }
    this.#starts[text] = from
    this.#ends[text] = end
    const whole = key(hash, end - from)
    if (this.#textOf(whole, bytes, from, end) < 0) this.#put(whole, text + 1)
  }

  #append(text: string): void {
    const needed = this.#size + text.length * UTF8_BYTES_MAX
    if (needed > this.#bytes.length) {
      const more = new Uint8Array(2 * needed)
      more.set(this.#bytes)
      this.#bytes = more
    }
    this.#size = write(text, this.#bytes, this.#size)
  }

  #put(wanted: number, what: number): void {
    let slot = this.#slotOf(wanted)
    while (this.#slots[slot] !== 0) {
      if (what === BEGINNING && this.#slots[slot] === BEGINNING && this.#keys[slot] === wanted) return
      slot = this.#after(slot)
    }
    this.#keys[slot] = wanted
    this.#slots[slot] = what
  }

  #hasBeginning(wanted: number): boolean {
    for (let slot = this.#slotOf(wanted); this.#slots[slot] !== 0; slot = this.#after(slot))
      if (this.#keys[slot] === wanted && this.#slots[slot] === BEGINNING) return true
    return false
  }

  #matchOf(hash: number, bytes: Uint8Array, at: number, end: number): Match | undefined {
    const text = this.#textOf(key(hash, end - at), bytes, at, end)
    return text >= 0 && isAlone(bytes, at, end) ? { end, index: this.#texts[text]?.index ?? 0 } : undefined
  }

  /** The text with that key that is the bytes from `at` to `end`, or -1. */
  #textOf(wanted: number, bytes: Uint8Array, at: number, end: number): number {
    for (let slot = this.#slotOf(wanted); this.#slots[slot] !== 0; slot = this.#after(slot)) {
      const text = (this.#slots[slot] ?? 0) - 1
      if (this.#keys[slot] === wanted && text >= 0 && this.#isText(text, bytes, at, end)) return text
    }
    return -1
  }

  #isText(text: number, bytes: Uint8Array, at: number, end: number): boolean {
    const start = this.#starts[text] ?? 0
    if ((this.#ends[text] ?? 0) - start !== end - at) return false
    for (let i = at; i < end; i++) if (this.#bytes[start + i - at] !== bytes[i]) return false
    return true
  }

  /** Texts with the same hash can be made on purpose. */
  #after(slot: number): number {
    this.#work.left--
    return (slot + 1) & (this.#keys.length - 1)
  }

  #slotOf(wanted: number): number {
    return mix(wanted) >>> this.#shift
  }
}

export interface IndexedText {
  readonly text: string
  /** What finds of the text are reported by. */
  readonly index: number
  /** What characters it is made of (`searchable.ts`). */
  readonly spelling: number
}

export interface Match {
  readonly end: number
  readonly index: number
}

/** Bytes that may still be read. */
export interface Work {
  left: number
}

/** Shorter ones stand everywhere by chance. */
export const TEXT_BYTES_MIN = 4
/** So many bytes of each text are enough for all quick looks. */
export const HEAD_BYTES = 8

/** The first eight bytes of each text, or zeros where it is shorter. */
export function headsOf(texts: readonly IndexedText[]): Uint8Array {
  const heads = new Uint8Array(texts.length * HEAD_BYTES)
  for (let i = 0; i < texts.length; i++) {
    // One unit more, so that no pair is cut before the eighth byte.
    const text = texts[i]?.text ?? ''
    const from = i * HEAD_BYTES
    for (let j = 0; j < Math.min(text.length, HEAD_BYTES); j++) {
      const code = text.charCodeAt(j)
      heads[from + j] = code
      if (code < 0x80) continue
      heads.set(encodeUtf8(text.slice(0, HEAD_BYTES + 1)).subarray(0, HEAD_BYTES), from)
      break
    }
  }
  return heads
}

const FIRST_ROOM = 1_024
/** UTF-8 bytes of one UTF-16 unit. */
const UTF8_BYTES_MAX = 3
const BEGINNING = -1
const MILESTONE_FIRST = 8
/** A table that is half full finds a free slot at once; most texts are ASCII, so that it never is. */
const SLOTS_PER_ENTRY = 2
const HEAD_BITS_MAX = 16
const SLOTS_PER_HEAD = 8
const POINT = 0x2e
const ASCII_WORD = Uint8Array.from(WORD, (value, byte) => (byte < 0x80 ? value : 0))

/** Entries of a text: one for itself, one for each of its beginnings. */
function slotsOf(length: number): number {
  return length <= MILESTONE_FIRST ? 1 : 30 - Math.clz32(length - 1)
}

function step(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, FNV_PRIME)
}

/** Lengths are part of the key: a beginning and a text of another length rarely meet. */
function key(hash: number, length: number): number {
  return hash ^ Math.imul(length, GOLDEN)
}

/** Texts that differ in a digit have hashes at equal distances; this parts them (the end of MurmurHash3). */
function mix(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return twice ^ (twice >>> 16)
}

function headSlot(bytes: Uint8Array, at: number, shift: number): number {
  return Math.imul(wordOf(bytes, at), GOLDEN) >>> shift
}

/** Whether what stands there is no part of a longer word or number. */
function isAlone(bytes: Uint8Array, start: number, end: number): boolean {
  const view = { bytes, raw: true }
  if (WORD[bytes[start] ?? 0] === 1 && !startsWord(view, start)) return false
  if (WORD[bytes[end - 1] ?? 0] === 1 && !endsWord(view, end)) return false
  return !isFraction(bytes, start - 1) && !isFraction(bytes, end)
}

/** Whether a point stands there that has digits on both sides. */
function isFraction(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === POINT && DIGIT[bytes[at - 1] ?? 0] === 1 && DIGIT[bytes[at + 1] ?? 0] === 1
}

/** ASCII is written here: a call of the encoder for each of a thousand short texts costs more than the search. */
function write(text: string, out: Uint8Array, at: number): number {
  let to = at
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0x80) {
      const bytes = encodeUtf8(text)
      out.set(bytes, at)
      return at + bytes.length
    }
    out[to++] = code
  }
  return to
}
