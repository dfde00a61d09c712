import { ESCAPE_LETTER, HEX, IS_LITTLE_ENDIAN, tableOf } from '../scan/bytes-tables.ts'

export const QUOTE = 0x22
const BACKSLASH = 0x5c
const LETTER_U = 0x75
const ASCII_MAX = 0x7f

/** Bytes that are nothing but content in a string: no quote, no backslash, no control character. */
const PLAIN = new Uint8Array(256)
  .fill(1, 0x20)
  .fill(0, QUOTE, QUOTE + 1)
  .fill(0, BACKSLASH, BACKSLASH + 1)
/** What may follow a backslash and is whole then. */
const SIMPLE = tableOf('"\\/bfnrt')
/** What letters after a backslash stand for, u left out: `"/bfnrt`, and nothing elsewhere. */
const MEANINGS = new Uint8Array(ASCII_MAX + 1)
MEANINGS.set([0x22], 0x22)
MEANINGS.set([0x2f], 0x2f)
MEANINGS.set([0x08], 0x62)
MEANINGS.set([0x0c], 0x66)
MEANINGS.set([0x0a], 0x6e)
MEANINGS.set([0x0d], 0x72)
MEANINGS.set([0x09], 0x74)

/**
 * Reads a JSON text that stands in received bytes as it is (level 0), or inside a string of such a text (level 1), or inside
 * a string of that (2) and so on, without taking the escapes off first.
 *
 * A level down, a quote is written with one backslash, then with three, then with seven: each level doubles the backslashes
 * and adds its own. So of a row of `r` backslashes at level k, `r >> k` are backslashes of the text itself, and the k lowest
 * bits of `r` say on which levels the byte after the row is escaped. Some writers spell a quote `\u0022`; that is read too.
 * A backslash spelled `\u005c` is not, and such a text counts as no JSON.
 */
export class LevelReader {
  readonly bytes: Uint8Array
  /** The place after the text. */
  readonly to: number
  readonly level: number
  /** The character that was read last, as the text itself has it; -1 at the end, and where none stands that JSON allows. */
  char = -1
  /** The place after that character. */
  next = 0
  /** Bytes of the quote that ended the string which was read last. */
  closing = 0
  /** Backslashes of the text itself before the last character. */
  #backslashes = 0
  /** Bytes of the last character with its escapes. */
  #width = 0
  /** The same bytes, four in a number, from `#before` bytes before the first on: where numbers may begin. */
  readonly #words: Int32Array
  readonly #before: number
  /** Words before this one are all text. */
  readonly #end: number

  constructor(bytes: Uint8Array, { to, level }: { to: number; level: number }) {
    this.bytes = bytes
    this.to = to
    this.level = level
    this.#before = bytes.byteOffset & 3
    this.#words = IS_LITTLE_ENDIAN
      ? new Int32Array(bytes.buffer, bytes.byteOffset - this.#before, (bytes.length + this.#before) >> 2)
      : new Int32Array(0)
    this.#end = Math.min(this.#words.length, (to + this.#before) >> 2)
  }

  /** The place of the next character that is no blank; it is `char` then. */
  mark(from: number): number {
    let at = from
    while (at < this.to) {
      const byte = this.bytes[at] ?? 0
      if (byte > 0x20 && byte !== BACKSLASH) return this.#at(at, byte)
      if (byte === BACKSLASH) {
        if (this.#isPlainQuote(at)) {
          this.char = QUOTE
          this.next = at + 2
          return at
        }
        if (!this.#row(at) || this.#backslashes > 0) return this.#at(at, -1)
        if (!isBlank(this.char)) return at
        at = this.next
      } else if (isBlank(byte)) at += 1
      else return this.#at(at, -1)
    }
    return this.#at(at, -1)
  }

  #at(at: number, char: number): number {
    this.char = char
    this.next = at + 1
    return at
  }

  /** Reads a string from the byte after its first quote on. The place after its last quote, or -1. */
  string(from: number): number {
    const { bytes, to, level } = this
    for (let at = this.#special(from); at < to; at = this.#special(at)) {
      if (bytes[at] !== BACKSLASH) {
        this.closing = 1
        return bytes[at] === QUOTE && level === 0 ? at + 1 : -1
      }
      if (this.#isPlainQuote(at)) {
        this.closing = 2
        return at + 2
      }
      if (level === 0 && SIMPLE[bytes[at + 1] ?? 0] === 1) at += 2
      else {
        at = this.#row(at) ? this.#content() : -1
        if (at < 0 || this.closing > 0) return at
      }
    }
    return -1
  }

  /** A row of backslashes begins here, and is a quote as almost all writers write it in JSON in a string. */
  #isPlainQuote(at: number): boolean {
    return this.level === 1 && this.bytes[at + 1] === QUOTE && at + 1 < this.to
  }

  /** The first byte from a place on that is not plain content; the end of the text or a place after it where none is. */
  #special(from: number): number {
    const words = this.#words
    const end = this.#end
    const place = from + this.#before
    let word = place >> 2
    // What stands before the place must not borrow from what stands after it: zeros of text take its place.
    const mask = -1 << ((place & 3) << 3)
    let found = word < end ? specials(((words[word] ?? 0) & mask) | (0x30303030 & ~mask)) : 0
    while (found === 0 && word < end) {
      word += 1
      found = specials(words[word] ?? 0)
    }
    if (word < end) return (word << 2) - this.#before + ((31 - Math.clz32(found & -found)) >> 3)
    let at = Math.max(from, (word << 2) - this.#before)
    while (at < this.to && PLAIN[this.bytes[at] ?? 0] === 1) at += 1
    return at
  }

  /** The place after what a row of backslashes and a character are in a string, or -1. `closing` tells if they end it. */
  #content(): number {
    const { char, next } = this
    this.closing = 0
    if ((this.#backslashes & 1) === 1) {
      if (char > ASCII_MAX || ESCAPE_LETTER[char] !== 1) return -1
      if (char !== LETTER_U) return next
      return this.#hex(next) < 0 ? -1 : next + 4
    }
    if (char === QUOTE) this.closing = this.#width
    return char < 0x20 ? -1 : next
  }

  /** Reads a row of backslashes and the character after it. False where that is no escape. */
  #row(from: number): boolean {
    const { bytes, to, level } = this
    let at = from
    while (at < to && bytes[at] === BACKSLASH) at += 1
    if (at === to) return false
    const row = at - from
    const ones = (1 << level) - 1
    this.#backslashes = row >> level
    this.char = bytes[at] ?? 0
    this.next = at + 1
    this.#width = 1 + (row & ones)
    // Almost always a quote as writers write it, or content that is escaped on this level alone.
    if ((row === ones && this.char === QUOTE) || (row & ones) === 0) return true
    for (let layer = 0; layer < level; layer += 1) if (((row >> layer) & 1) === 1 && !this.#unescape()) return false
    this.#width = this.next - at + (row & ones)
    return true
  }

  /** Takes one level's escape off the last character. */
  #unescape(): boolean {
    if (this.char === LETTER_U) {
      this.char = this.#hex(this.next)
      this.next += 4
      return this.char >= 0 && this.char !== BACKSLASH
    }
    this.char = this.char > ASCII_MAX ? 0 : (MEANINGS[this.char] ?? 0)
    return this.char > 0
  }

  /** The number of four hexadecimal digits, or -1. */
  #hex(from: number): number {
    if (from + 4 > this.to) return -1
    let code = 0
    for (let i = from; i < from + 4; i += 1) {
      const byte = this.bytes[i] ?? 0
      if (HEX[byte] === 0) return -1
      code = code * 16 + (byte & 0x0f) + (byte > 0x39 ? 9 : 0)
    }
    return code
  }
}

/**
 * The top bits of those of four bytes that are a quote, a backslash or a control character: a byte borrows from its top bit
 * where what is subtracted is more than it has. Above the first such byte there may be bits too many.
 */
function specials(word: number): number {
  const quote = word ^ 0x22222222
  const backslash = word ^ 0x5c5c5c5c
  const borrowed =
    ((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash) | ((word - 0x20202020) & ~word)
  return borrowed & 0x80808080
}

function isBlank(char: number): boolean {
  return char === 0x20 || char === 0x0a || char === 0x0d || char === 0x09
}
