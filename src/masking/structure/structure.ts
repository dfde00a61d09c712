// Where in a message something stands: its tokens, their nesting and their paths, read from the bytes as they were received
// (masking.md, 3.5). Built when somebody asks, in one pass; nothing is copied or unescaped.
import { decodeUtf8 } from '../../base/bytes.ts'
import { parseJson } from '../../base/json.ts'
import { LevelReader } from './level-reader.ts'
import { locate, type Located, pathOf } from './locate.ts'
import { ARRAY, KEY, KIND_NAMES, OBJECT, STRING, type Token, type TokenKind, type Tokens } from './tokens.ts'
import { tokenise } from './tokenise.ts'

/** JSON in a string in a string in a string of the message; deeper it is text. */
const LEVELS_MAX = 3
const OPEN_OBJECT = 0x7b
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c

export interface Span {
  readonly from: number
  readonly to: number
  /** 0: the bytes are JSON as they are. k: they stand in a string, k strings deep. */
  readonly level: number
}

/** One JSON document inside received bytes: the message itself, or one that is the text of a string. */
export class Structure {
  readonly bytes: Uint8Array
  readonly level: number
  /** The string that holds this document, in the document around it; undefined for the message itself. */
  readonly outer: Located | undefined
  readonly #tokens: Tokens
  /** By the string that holds it; null where its text is no document. */
  readonly #inner = new Map<Token, Structure | null>()
  readonly #keys = new Map<Token, string>()

  private constructor(tokens: Tokens, at: { bytes: Uint8Array; level: number; outer: Located | undefined }) {
    this.#tokens = tokens
    this.bytes = at.bytes
    this.level = at.level
    this.outer = at.outer
  }

  /** Undefined where the span is not exactly one document, with blanks around it at most, or nests deeper than 512. */
  static of(bytes: Uint8Array, span: Span = { from: 0, to: bytes.length, level: 0 }): Structure | undefined {
    return whole(Structure.#read(bytes, span, undefined))
  }

  /** The same for a whole message, whose depth is of interest: one that is too deep would be read as a text. */
  static ofMessage(bytes: Uint8Array): Structure | 'too-deep' | undefined {
    return Structure.#read(bytes, { from: 0, to: bytes.length, level: 0 }, undefined)
  }

  static #read(bytes: Uint8Array, span: Span, outer: Located | undefined): Structure | 'too-deep' | undefined {
    const tokens = tokenise(new LevelReader(bytes, span), span.from)
    return typeof tokens === 'object' ? new Structure(tokens, { bytes, level: span.level, outer }) : tokens
  }

  /** Tokens are 0 to `length - 1`, in the order in which they begin; 0 is the whole document. */
  get length(): number {
    return this.#tokens.count
  }

  /** The string, key, number or literal that covers the place, quotes included; undefined between them. */
  tokenAt(place: number): Token | undefined {
    const token = this.#tokens.lastFrom(place)
    if (token < 0 || this.isContainer(token)) return undefined
    return place < this.end(token) ? token : undefined
  }

  /** The first token that begins at a place or after it; `length` after the last. */
  firstFrom(place: number): Token {
    return this.#tokens.lastFrom(place - 1) + 1
  }

  /** As `tokenAt`, in the innermost document that covers the place: where a string is JSON, the token in there. */
  locate(place: number, end = place + 1): Located | undefined {
    return locate(this, place, end)
  }

  kind(token: Token): TokenKind {
    return KIND_NAMES[this.#tokens.kind(token)] ?? 'literal'
  }

  isContainer(token: Token): boolean {
    return this.#tokens.kind(token) <= ARRAY
  }

  /** The first byte, which of a string or key is of its quote. */
  start(token: Token): number {
    return this.#tokens.start(token)
  }

  /** The byte after the last. */
  end(token: Token): number {
    return this.#tokens.end(token)
  }

  /** As `start`, but after the quote. */
  innerStart(token: Token): number {
    return this.start(token) + (this.#isQuoted(token) ? this.#tokens.opening(token) : 0)
  }

  /** As `end`, but before the quote. */
  innerEnd(token: Token): number {
    return this.end(token) - (this.#isQuoted(token) ? this.#tokens.closing(token) : 0)
  }

  #isQuoted(token: Token): boolean {
    const kind = this.#tokens.kind(token)
    return kind === STRING || kind === KEY
  }

  /** The object or array that the token stands in, or -1. */
  parent(token: Token): Token {
    return this.#tokens.parent(token)
  }

  /** The key of a member's value; -1 of anything else. */
  keyOf(value: Token): Token {
    // A key is followed by its value at once, and by nothing else.
    return value > 0 && this.#tokens.kind(value - 1) === KEY ? value - 1 : -1
  }

  /** The value of a key. */
  valueOf(key: Token): Token {
    return key + 1
  }

  /** How many values stand before it in its array or object. */
  indexIn(token: Token): number {
    return this.#tokens.place(token)
  }

  /** The first value in an object or array, or -1. Of an object, `keyOf` has the key. */
  firstChild(container: Token): Token {
    if (!this.isContainer(container) || this.#tokens.after(container) === container + 1) return -1
    return this.#tokens.kind(container) === OBJECT ? container + 2 : container + 1
  }

  /** The next value in the same object or array, or -1. */
  nextSibling(value: Token): Token {
    const parent = this.parent(value)
    const next = this.#tokens.after(value)
    if (parent < 0 || next === this.#tokens.after(parent)) return -1
    return this.#tokens.kind(parent) === OBJECT ? next + 1 : next
  }

  /** The token after this one and everything in it; `length` after the last. */
  after(token: Token): Token {
    return this.#tokens.after(token)
  }

  /** The document that a string's text is, if it begins with { or [; three levels down from the message at most. */
  inner(token: Token): Structure | undefined {
    if (this.level === LEVELS_MAX || this.#tokens.kind(token) !== STRING) return undefined
    // Most strings begin as no document does; to remember each of them would cost more than to look again.
    const first = this.bytes[this.innerStart(token)] ?? 0
    if (first > 0x20 && first !== OPEN_OBJECT && first !== OPEN_ARRAY && first !== BACKSLASH) return undefined
    const known = this.#inner.get(token)
    if (known !== undefined) return known ?? undefined
    const inner = this.#readInner(token)
    this.#inner.set(token, inner ?? null)
    return inner
  }

  #readInner(token: Token): Structure | undefined {
    const span = { from: this.innerStart(token), to: this.innerEnd(token), level: this.level + 1 }
    const reader = new LevelReader(this.bytes, span)
    reader.mark(span.from)
    if (reader.char !== OPEN_OBJECT && reader.char !== OPEN_ARRAY) return undefined
    return whole(Structure.#read(this.bytes, span, { structure: this, token }))
  }

  /** `result.content[0].text#rows[3].card`; `locate.ts` says how it is written. */
  path(token: Token): string {
    return pathOf({ structure: this, token })
  }

  /** The text of a key, escapes taken off. */
  keyText(key: Token): string {
    const known = this.#keys.get(key)
    if (known !== undefined) return known
    const text = this.text(key)
    this.#keys.set(key, text)
    return text
  }

  /** The text of a string or key, escapes of all levels taken off; anything else as it is written. */
  text(token: Token): string {
    const written = decodeUtf8(this.bytes, this.innerStart(token), this.innerEnd(token))
    const levels = written.includes('\\') ? (this.#isQuoted(token) ? this.level + 1 : this.level) : 0
    let text = written
    for (let level = 0; level < levels; level += 1) text = unescaped(text)
    return text
  }
}

function unescaped(content: string): string {
  const text = parseJson(`"${content}"`)
  return typeof text === 'string' ? text : content
}

/** Inside of a string, what nests too deep is a text. */
function whole(read: Structure | 'too-deep' | undefined): Structure | undefined {
  return typeof read === 'object' ? read : undefined
}
