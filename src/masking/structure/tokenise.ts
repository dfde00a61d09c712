import { DIGIT } from '../scan/bytes-tables.ts'
import { type LevelReader, QUOTE } from './level-reader.ts'
import { ARRAY, KEY, LITERAL, NUMBER, OBJECT, STRING, type Token, Tokens } from './tokens.ts'

/** No message that passes is deeper, whatever is configured; inside a string nobody has looked yet. */
const DEPTH_MAX = 512
/** A document has about this many bytes for each token; more tokens than that cost a copy. */
const BYTES_PER_TOKEN = 24

const COMMA = 0x2c
const COLON = 0x3a
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const MINUS = 0x2d
const PLUS = 0x2b
const POINT = 0x2e
const ZERO = 0x30

/**
 * The tokens of the document that begins at `from` and fills the reader's text, by the grammar of RFC 8259. `too-deep`: it is
 * one as far as it was read, and nests deeper than 512. Undefined where it is none.
 */
export function tokenise(reader: LevelReader, from: number): Tokens | 'too-deep' | undefined {
  const tokens = new Tokens(((reader.to - from) / BYTES_PER_TOKEN) | 0)
  const tokeniser = new Tokeniser(reader, tokens)
  if (tokeniser.read(from)) return tokens
  return tokeniser.isTooDeep ? 'too-deep' : undefined
}

/** Methods take a place and give the place after what they read, or -1. `reader.char` is the character at the place. */
class Tokeniser {
  readonly #reader: LevelReader
  readonly #tokens: Tokens
  /** The object or array that is open, and how many are. */
  #open: Token = -1
  #openIsObject = false
  #depth = 0
  /** Whether a value was finished; if not, one comes next. */
  #whole = false
  isTooDeep = false

  constructor(reader: LevelReader, tokens: Tokens) {
    this.#reader = reader
    this.#tokens = tokens
  }

  read(from: number): boolean {
    let at = this.#value(this.#reader.mark(from))
    // Not recursive: a text may nest deeper than the stack is high.
    while (at >= 0 && this.#open >= 0) at = this.#whole ? this.#next(at) : this.#value(at)
    return at >= 0 && this.#reader.mark(at) === this.#reader.to
  }

  /** A scalar whole, or an object or array up to its first value. */
  #value(at: number): number {
    const { char } = this.#reader
    this.#whole = true
    if (char === QUOTE) return this.#string(at, STRING)
    if (char === OPEN_OBJECT || char === OPEN_ARRAY) return this.#begin(at, char === OPEN_OBJECT)
    if (char === MINUS || DIGIT[char] === 1) return this.#scalar(NUMBER, at, this.#number(at))
    return this.#scalar(LITERAL, at, this.#literal(at, char))
  }

  #scalar(kind: number, at: number, end: number): number {
    if (end >= 0) this.#tokens.add(kind, at, end, this.#open)
    return end
  }

  #string(at: number, kind: number): number {
    const content = this.#reader.next
    const end = this.#reader.string(content)
    if (end < 0) return end
    const token = this.#tokens.add(kind, at, end, this.#open)
    this.#tokens.quote(token, content - at, this.#reader.closing)
    return end
  }

  #begin(at: number, isObject: boolean): number {
    this.isTooDeep = this.#depth === DEPTH_MAX
    if (this.isTooDeep) return -1
    this.#depth += 1
    this.#open = this.#tokens.add(isObject ? OBJECT : ARRAY, at, at, this.#open)
    this.#openIsObject = isObject
    const first = this.#reader.mark(this.#reader.next)
    if (this.#reader.char === (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return this.#end()
    this.#whole = false
    return isObject ? this.#key(first) : first
  }

  #end(): number {
    const end = this.#reader.next
    this.#tokens.close(this.#open, end)
    this.#open = this.#tokens.parent(this.#open)
    this.#openIsObject = this.#open >= 0 && this.#tokens.kind(this.#open) === OBJECT
    this.#depth -= 1
    return end
  }

  /** After a value: a comma and what follows it up to the next value, or the end of what is open. */
  #next(at: number): number {
    const reader = this.#reader
    reader.mark(at)
    if (reader.char === COMMA) {
      this.#whole = false
      const following = reader.mark(reader.next)
      return this.#openIsObject ? this.#key(following) : following
    }
    return reader.char === (this.#openIsObject ? CLOSE_OBJECT : CLOSE_ARRAY) ? this.#end() : -1
  }

  #key(at: number): number {
    const end = this.#reader.char === QUOTE ? this.#string(at, KEY) : -1
    return end < 0 ? -1 : this.#colon(end)
  }

  #colon(at: number): number {
    const reader = this.#reader
    reader.mark(at)
    return reader.char === COLON ? reader.mark(reader.next) : -1
  }

  #number(at: number): number {
    const { bytes, to } = this.#reader
    const first = bytes[at] === MINUS ? at + 1 : at
    let end = this.#digits(first)
    if (end === first || (bytes[first] === ZERO && end > first + 1)) return -1
    if (end < to && bytes[end] === POINT) {
      const fraction = end + 1
      end = this.#digits(fraction)
      if (end === fraction) return -1
    }
    return this.#isExponent(end) ? this.#exponent(end + 1) : end
  }

  #isExponent(at: number): boolean {
    return at < this.#reader.to && ((this.#reader.bytes[at] ?? 0) | 0x20) === 0x65
  }

  #exponent(at: number): number {
    const sign = this.#reader.bytes[at]
    const first = sign === PLUS || sign === MINUS ? at + 1 : at
    const end = this.#digits(first)
    return end === first ? -1 : end
  }

  #digits(at: number): number {
    const { bytes, to } = this.#reader
    let end = at
    while (end < to && DIGIT[bytes[end] ?? 0] === 1) end += 1
    return end
  }

  #literal(at: number, char: number): number {
    if (char === 0x74) return this.#word(at, 'true')
    if (char === 0x66) return this.#word(at, 'false')
    return char === 0x6e ? this.#word(at, 'null') : -1
  }

  #word(at: number, word: string): number {
    const { bytes, to } = this.#reader
    if (at + word.length > to) return -1
    for (let i = 0; i < word.length; i += 1) if (bytes[at + i] !== word.charCodeAt(i)) return -1
    return at + word.length
  }
}
