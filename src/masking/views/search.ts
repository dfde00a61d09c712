import { decodeLatin1, indexOf } from '../../base/bytes.ts'
import { BACKSLASH, type DecodedView, hexAt, PERCENT, type Span, withoutJsonEscapes } from '../decoded-view.ts'
import { tableOf } from '../scan/bytes-tables.ts'
import { withoutWebEncoding } from './layers.ts'
import {
  BEGINS_TEXT,
  HAS_SLASH,
  HAS_SPECIAL,
  IN_WORD,
  type IndexedText,
  IS_BACKSLASH,
  IS_WIDE,
  TEXT_BYTES_MIN,
  ValueIndex,
  type Work,
} from './value-index.ts'

/** Where a value stands, and which of the values it is. */
export interface Place extends Span {
  readonly index: number
}

export type OnPlace = (place: Place) => void

/** JSON in JSON in JSON. */
const JSON_LAYERS_MAX = 3
/** `%2540` and `&amp;#64;`. */
const WEB_LAYERS_MAX = 2
/** Bytes that are looked at closer, for each byte of the message and of the texts. More is made to be slow. */
const WORK_PER_BYTE = 64

/** A search for many texts in one message. */
export class Search {
  readonly #index: ValueIndex
  readonly #work: Work

  /** One text or more. */
  constructor(texts: readonly IndexedText[], bytes: Uint8Array) {
    const size = texts.reduce((sum, { text }) => sum + text.length, bytes.length)
    this.#work = { left: size * WORK_PER_BYTE }
    this.#index = new ValueIndex(texts, this.#work)
  }

  /** The message was made to be slow, and was not searched to its end. */
  get isSpent(): boolean {
    return this.#work.left < 0
  }

  /** Places of texts, as they are and in escapes, in no order. Those of JSON never cut an escape. */
  all(bytes: Uint8Array, isJson: boolean, onPlace: OnPlace): void {
    this.plain(bytes, isJson, isJson ? butStrings(bytes, onPlace) : onPlace)
    this.#inWeb(bytes, onPlace)
    if (!mayBeEscaped(bytes, this.#index)) return
    let inner = bytes
    let toBytes = onPlace
    for (let layer = 0; layer < JSON_LAYERS_MAX; layer++) {
      const view = withoutJsonEscapes(inner)
      if (view === undefined) return
      toBytes = through(view, toBytes)
      inner = view.bytes
      this.plain(inner, false, toBytes)
      this.#inWeb(inner, toBytes)
    }
  }

  /** Places in some bytes, as they are. `raw`: a letter after an odd number of backslashes belongs to an escape. */
  plain(bytes: Uint8Array, raw: boolean, onPlace: OnPlace): void {
    const { kinds } = this.#index
    for (let at = nextStart(bytes, kinds, 0); at >= 0 && !this.isSpent;) {
      const kind = kinds[bytes[at] ?? 0] ?? 0
      let end = (kind & BEGINS_TEXT) === 0 ? at : this.#textAt(bytes, at, onPlace)
      if (end === at && (kind & IS_BACKSLASH) !== 0) end = this.#afterEscape(bytes, at, { raw, onPlace })
      at = end > at ? nextStart(bytes, kinds, end) : nextStart(bytes, kinds, at + 1, kind & IN_WORD)
    }
  }

  #inWeb(bytes: Uint8Array, onPlace: OnPlace): void {
    let inner = bytes
    let toBytes = onPlace
    for (let layer = 0; layer < WEB_LAYERS_MAX && mayBeWeb(inner); layer++) {
      const view = withoutWebEncoding(inner)
      if (view === undefined) return
      toBytes = through(view, toBytes)
      inner = view.bytes
      this.plain(inner, false, toBytes)
    }
  }

  /** The end of the text that stands there, or `at`. */
  #textAt(bytes: Uint8Array, at: number, onPlace: OnPlace): number {
    if (!this.#index.mayBegin(bytes, at)) return at
    const match = this.#index.longestAt(bytes, at)
    if (match === undefined) return at
    onPlace({ start: at, end: match.end, index: match.index })
    return match.end
  }

  /**
   * Where the search goes on after some backslashes. The letter of `\n` begins no word; after an even number of them it may:
   * JSON in JSON writes a line break with two, and so does JSON a path such as `C:\name`.
   */
  #afterEscape(bytes: Uint8Array, at: number, { raw, onPlace }: { raw: boolean; onPlace: OnPlace }): number {
    let letter = at + 1
    while (bytes[letter] === BACKSLASH) letter++
    if (SHORT_ESCAPES[bytes[letter] ?? 0] === 0) return letter
    const isEscape = raw && (letter - at) % 2 === 1
    const end = isEscape ? letter : this.#textAt(bytes, letter, onPlace)
    if (end > letter) return end
    return bytes[letter] === LETTER_U && hexAt(bytes, letter + 1, 4) !== undefined ? letter + 5 : letter + 1
  }
}

/**
 * The next place from `from` on where a text may begin, by its first byte and outside words, or where a backslash stands; -1
 * where there is none. `before`: IN_WORD where the byte before is of a word.
 */
function nextStart(bytes: Uint8Array, kinds: Uint8Array, from: number, before = 0): number {
  const last = bytes.length - TEXT_BYTES_MIN
  let inWord = before
  for (let at = from; at <= last; at++) {
    const kind = kinds[bytes[at] ?? 0] ?? 0
    if ((kind & inWord) === 0 && kind >= BEGINS_TEXT) return at
    inWord = kind & IN_WORD
  }
  return -1
}

const SHORT_ESCAPES = tableOf('bfnrtu')
const LETTER_U = 0x75
const QUOTE = 0x22

/** In JSON as it was received, what has a quote or a backslash in it reaches over a string's end or is another text. */
function butStrings(bytes: Uint8Array, onPlace: OnPlace): OnPlace {
  return (place) => {
    for (let at = place.start; at < place.end; at++) if (bytes[at] === QUOTE || bytes[at] === BACKSLASH) return
    onPlace(place)
  }
}

function through(view: DecodedView, onPlace: OnPlace): OnPlace {
  return ({ start, end, index }) => onPlace({ ...view.source({ start, end }), index })
}

function mayBeWeb(bytes: Uint8Array): boolean {
  return indexOf(bytes, PERCENT_SIGN) >= 0 || indexOf(bytes, AMPERSAND_SIGN) >= 0
}

const PERCENT_SIGN = Uint8Array.of(PERCENT)
const AMPERSAND_SIGN = Uint8Array.of(0x26)

/**
 * Whether escapes could hide one of the texts. Most texts are ASCII without quotes, and then only `\u00XX` and, where one has
 * a slash, `\/` can: a message without these needs no second look, however many quotes it escapes.
 */
function mayBeEscaped(bytes: Uint8Array, { traits }: ValueIndex): boolean {
  if (indexOf(bytes, BACKSLASH_SIGN) < 0) return false
  if ((traits & HAS_SPECIAL) !== 0) return true
  if ((traits & HAS_SLASH) !== 0 && indexOf(bytes, SLASH_ESCAPE) >= 0) return true
  return (traits & IS_WIDE) !== 0 ? indexOf(bytes, UNICODE_ESCAPE) >= 0 : hasAsciiEscape(bytes)
}

const BACKSLASH_SIGN = Uint8Array.of(BACKSLASH)
const SLASH_ESCAPE = Uint8Array.of(BACKSLASH, 0x2f)
const UNICODE_ESCAPE = Uint8Array.of(BACKSLASH, LETTER_U)
const ASCII_ESCAPE = Uint8Array.of(BACKSLASH, LETTER_U, 0x30, 0x30)

function hasAsciiEscape(bytes: Uint8Array): boolean {
  for (let at = indexOf(bytes, ASCII_ESCAPE); at >= 0; at = indexOf(bytes, ASCII_ESCAPE, at + 4))
    if (/[0-7]/.test(decodeLatin1(bytes, at + 4, at + 5))) return true
  return false
}
