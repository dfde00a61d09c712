import { encodeUtf8 } from '../../base/bytes.ts'
import { DIGIT, endsWord, startsWord, WORD } from '../scan/bytes-tables.ts'

/**
 * Texts that are searched for all at once: a table of the hashes of their beginnings, at 4, 8, 16, 32 … bytes, and of the
 * whole. A place of a message is read on only as long as some text begins like it, and most places only four bytes far,
 * however many texts there are.
 */
export class ValueIndex {
  /** By byte: in a word of ASCII, begins a text, is a backslash. */
  readonly kinds = KINDS.slice()
  /** What the texts are made of, as far as it decides how JSON may write them. */
  readonly traits: number
  readonly #bytes: Uint8Array
  readonly #starts: Int32Array
  /** Of each text, the index that its finder wants. */
  readonly #owners: Int32Array
  readonly #quick: Uint8Array
  readonly #keys: Int32Array
  /** 0: free. -1: a beginning. Else the text of that number, counted from 1. */
  readonly #texts: Int32Array
  readonly #shift: number
  readonly #work: Work

  /**
   * `texts` are one or more, of `TEXT_BYTES_MIN` bytes or longer each; their `index` is what finds are reported by. Whatever is
   * read is taken from `work`: who sees it below zero has met a message, or texts, that were made to be slow.
   */
  constructor(texts: readonly IndexedText[], work: Work) {
    this.#work = work
    const room = texts.reduce((sum, { text }) => sum + text.length * UTF8_BYTES_MAX, 0)
    this.#bytes = new Uint8Array(room)
    this.#starts = new Int32Array(texts.length + 1)
    this.#owners = new Int32Array(texts.length)
    let size = 0
    let slots = 0
    for (let i = 0; i < texts.length; i++) {
      const { text, index } = texts[i] ?? NOTHING
      this.#owners[i] = index
      const from = size
      size = write(text, this.#bytes, from)
      this.#starts[i + 1] = size
      slots += slotsOf(size - from)
    }
    this.traits = traitsOf(this.#bytes, size)
    this.#shift = Math.clz32(slots * SLOTS_PER_ENTRY)
    this.#keys = new Int32Array(2 ** (32 - this.#shift))
    this.#texts = new Int32Array(this.#keys.length)
    this.#quick = new Uint8Array(2 ** QUICK_BITS)
    this.kinds[BACKSLASH] = IS_BACKSLASH
    for (let i = 0; i < texts.length; i++) this.#insert(i)
  }

  /** Whether some text may begin with these four bytes. */
  mayBegin(bytes: Uint8Array, at: number): boolean {
    return this.#quick[quickSlot(bytes, at)] === 1
  }

  /** The longest text that stands at a place as a word of its own, or `undefined`. */
  longestAt(bytes: Uint8Array, at: number): Match | undefined {
    const { kinds } = this
    let hash = 0
    let found: Match | undefined
    let milestone = MILESTONE_FIRST
    let to = at
    let inWord = 0
    while (to < bytes.length) {
      const byte = bytes[to] ?? 0
      const kind = (kinds[byte] ?? 0) & IN_WORD
      const length = to - at
      if ((kind & inWord) === 0 && length >= TEXT_BYTES_MIN) found = this.#matchOf(hash, bytes, at, to) ?? found
      if (length === milestone) {
        if (!this.#hasBeginning(key(hash, length))) break
        milestone *= 2
      }
      hash = step(hash, byte)
      inWord = kind
      to++
    }
    if (to === bytes.length) found = this.#matchOf(hash, bytes, at, to) ?? found
    this.#work.left -= to - at
    return found
  }

  #matchOf(hash: number, bytes: Uint8Array, at: number, end: number): Match | undefined {
    const text = this.#textOf(key(hash, end - at), bytes, at, end)
    return text >= 0 && isAlone(bytes, at, end) ? { end, index: this.#owners[text] ?? 0 } : undefined
  }

  #lengthOf(text: number): number {
    return (this.#starts[text + 1] ?? 0) - (this.#starts[text] ?? 0)
  }

  #insert(text: number): void {
    const bytes = this.#bytes
    const from = this.#starts[text] ?? 0
    const end = this.#starts[text + 1] ?? 0
    const first = bytes[from] ?? 0
    this.kinds[first] = (this.kinds[first] ?? 0) | BEGINS_TEXT
    this.#quick[quickSlot(bytes, from)] = 1
    let hash = 0
    let milestone = from + MILESTONE_FIRST
    for (let at = from; at < end; at++) {
      if (at === milestone) {
        this.#put(key(hash, at - from), BEGINNING)
        milestone = from + 2 * (at - from)
      }
      hash = step(hash, bytes[at] ?? 0)
    }
    const whole = key(hash, end - from)
    if (this.#textOf(whole, bytes, from, end) < 0) this.#put(whole, text + 1)
  }

  #put(wanted: number, what: number): void {
    let slot = this.#slotOf(wanted)
    while (this.#texts[slot] !== 0) {
      if (what === BEGINNING && this.#texts[slot] === BEGINNING && this.#keys[slot] === wanted) return
      slot = this.#after(slot)
    }
    this.#keys[slot] = wanted
    this.#texts[slot] = what
  }

  #hasBeginning(wanted: number): boolean {
    for (let slot = this.#slotOf(wanted); this.#texts[slot] !== 0; slot = this.#after(slot))
      if (this.#keys[slot] === wanted && this.#texts[slot] === BEGINNING) return true
    return false
  }

  /** The text with that key that is the bytes from `at` to `end`, or -1. */
  #textOf(wanted: number, bytes: Uint8Array, at: number, end: number): number {
    for (let slot = this.#slotOf(wanted); this.#texts[slot] !== 0; slot = this.#after(slot)) {
      const text = (this.#texts[slot] ?? 0) - 1
      if (this.#keys[slot] === wanted && text >= 0 && this.#isText(text, bytes, at, end)) return text
    }
    return -1
  }

  #isText(text: number, bytes: Uint8Array, at: number, end: number): boolean {
    if (this.#lengthOf(text) !== end - at) return false
    const shift = (this.#starts[text] ?? 0) - at
    for (let i = at; i < end; i++) if (this.#bytes[i + shift] !== bytes[i]) return false
    return true
  }

  /** Texts with the same hash can be made on purpose. */
  #after(slot: number): number {
    this.#work.left--
    return (slot + 1) & (this.#keys.length - 1)
  }

  #slotOf(wanted: number): number {
    return Math.imul(wanted, GOLDEN) >>> this.#shift
  }
}

export interface IndexedText {
  readonly text: string
  readonly index: number
}

export interface Match {
  readonly end: number
  readonly index: number
}

/** Bytes that may still be read. */
export interface Work {
  left: number
}

/** Bits of `traits`. */
export const HAS_SPECIAL = 1
export const HAS_SLASH = 2
export const IS_WIDE = 4

/** Shorter ones stand everywhere by chance. */
export const TEXT_BYTES_MIN = 4
/** Bits of `kinds`. */
export const IN_WORD = 1
export const BEGINS_TEXT = 2
export const IS_BACKSLASH = 4

const BACKSLASH = 0x5c
const SLASH = 0x2f
const QUOTE = 0x22
/** UTF-8 bytes of one UTF-16 unit. */
const UTF8_BYTES_MAX = 3
const BEGINNING = -1
const MILESTONE_FIRST = 8
/** A table that is a quarter full finds a free slot at once. */
const SLOTS_PER_ENTRY = 4
const QUICK_BITS = 15
/** 2^32 divided by the golden ratio: spreads neighbours widely (Knuth, 6.4). */
const GOLDEN = 0x9e3779b1
/** Prime of FNV-1a. */
const PRIME = 0x01000193

/** Entries of a text: one for itself, one for each of its beginnings. */
function slotsOf(length: number): number {
  return length <= MILESTONE_FIRST ? 1 : 30 - Math.clz32(length - 1)
}

function step(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, PRIME)
}

/** Lengths are part of the key: a beginning and a text of another length rarely meet. */
function key(hash: number, length: number): number {
  return hash ^ Math.imul(length, GOLDEN)
}

function quickSlot(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
  return Math.imul(low | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24), GOLDEN) >>> (32 - QUICK_BITS)
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

const POINT = 0x2e

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

const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 0x80 && WORD[byte] === 1 ? IN_WORD : 0))
const NOTHING: IndexedText = { text: '', index: 0 }

/** JSON escapes quotes, backslashes and control characters always, a slash and what is beyond ASCII perhaps. */
const TRAITS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x80) return IS_WIDE
  if (byte === SLASH) return HAS_SLASH
  return byte < 0x20 || byte === 0x7f || byte === QUOTE || byte === BACKSLASH ? HAS_SPECIAL : 0
})

function traitsOf(bytes: Uint8Array, end: number): number {
  let traits = 0
  for (let at = 0; at < end; at++) traits |= TRAITS[bytes[at] ?? 0] ?? 0
  return traits
}
