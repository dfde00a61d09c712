import { ESCAPE_LETTER, HEX } from '../scan/bytes-tables.ts'

export const QUOTE = 0x22
const BACKSLASH = 0x5c
const LETTER_U = 0x75
const DELETE = 0x7f

/** Bytes that are nothing but content in a string: no quote, no backslash, no control character. */
const PLAIN = new Uint8Array(256).fill(1, 0x20).fill(0, QUOTE, QUOTE + 1).fill(0, BACKSLASH, BACKSLASH + 1)

/** What the letter after a backslash stands for, by letter; u is not among them. */
const MEANINGS = new Uint8Array(128)
for (const [letter, meaning] of Object.entries({ '"': 0x22, '/': 0x2f, b: 0x08, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09 }))
  MEANINGS[letter.charCodeAt(0)] = meaning

/**
 * Reads a JSON text that stands in received bytes as it is (level 0), or inside a string of another one (level 1), or inside
 * a string of that (2) and so on, without unescaping it first.
 *
 * A level down, a quote is written with one backslash, then with three, then with seven: each level doubles the backslashes
 * before it and adds its own. So in a row of `r` backslashes at level k, `r >> k` are backslashes of the text itself, and
 * the k lowest bits of `r` say on which levels the byte after the row is escaped. Some writers spell a quote as `\u0022`;
 * that is read too. A backslash spelled as `\u005c` is not, and the text then counts as no JSON.
 */
export class LevelReader {
  readonly bytes: Uint8Array
  /** The place after the text. */
  readonly to: number
  readonly level: number
  /** The character that was read last, as the text has it; -1 at the end, and where there is none that JSON allows. */
  char = -1
  /** The place after that character. */
  next = 0
  /** Bytes of the quote that ended the string which was read last. */
  closing = 0
  /** Of the last row: backslashes of the text itself, and bytes of what stands after them. */
  #backslashes = 0
  #width = 0

  constructor(bytes: Uint8Array, { to, level }: { to: number; level: number }) {
    this.bytes = bytes
    this.to = to
    this.level = level
  }

  /** The place of the next character that is no blank; it is `char` then. */
  mark(from: number): number {
    let at = from
    while (at < this.to) {
      const byte = this.bytes[at] ?? 0
      if (byte > 0x20 && byte !== BACKSLASH) return this.#take(at, byte, at + 1)
      if (byte === BACKSLASH) {
        if (!this.#row(at) || this.#backslashes > 0) return this.#take(at, -1, at)
        if (!isBlank(this.char)) return at
        at = this.next
      } else if (isBlank(byte)) at += 1
      else return this.#take(at, -1, at)
    }
    return this.#take(at, -1, at)
  }

  #take(at: number, char: number, next: number): number {
    this.char = char
    this.next = next
    return at
  }

  /** Reads a string from the byte after its first quote on. The place after its last quote, or -1. */
  string(from: number): number {
    const { bytes, to } = this
    let at = from
    while (at < to) {
      const byte = bytes[at] ?? 0
      if (PLAIN[byte] === 1) at += 1
      else if (byte === BACKSLASH) {
        if (!this.#row(at)) return -1
        at = this.#content()
        if (at < 0) return -1
        if (this.closing > 0) return at
      } else if (byte === QUOTE && this.level === 0) {
        this.closing = 1
        return at + 1
      } else return -1
    }
    return -1
  }

  /** What a row of backslashes in a string is: content, or its end; then `closing` tells how long the quote is. */
  #content(): number {
    this.closing = 0
    const { char, next } = this
    if ((this.#backslashes & 1) === 1) {
      if (char > DELETE || ESCAPE_LETTER[char] === 0) return -1
      return char === LETTER_U ? this.#afterHex(next) : next
    }
    if (char === QUOTE) this.closing = this.#width
    return char < 0x20 ? -1 : next
  }

  /** Reads a row of backslashes and the character after it. False where that is no escape. */
  #row(from: number): boolean {
    const { bytes, to, level } = this
    let at = from
    while (at < to && bytes[at] === BACKSLASH) at += 1
    const row = at - from
    // In the outermost text two backslashes are one, whatever stands after them.
    const kept = level === 0 && (row & 1) === 0
    if (at >= to && !kept) return false
    this.#backslashes = row >> level
    this.char = bytes[at] ?? -1
    this.next = at + 1
    if (kept) return this.#keepByte(at)
    for (let layer = 0; layer < level; layer += 1) if (((row >> layer) & 1) === 1 && !this.#unescape()) return false
    this.#width = this.next - at + (row & ((1 << level) - 1))
    return true
  }
}
