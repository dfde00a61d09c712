import { indexOf } from '../../base/bytes.ts'
import { BACKSLASH, type DecodedView, PERCENT, type Span, withoutJsonEscapes } from '../decoded-view.ts'
import { tableOf, WORD } from '../scan/bytes-tables.ts'
import { alignedWords, GRAM_TEXT_BYTES_MIN, Grams } from './grams.ts'
import { TERMINAL_ESCAPE, withFolding, withoutWebEncoding } from './layers.ts'
import { hasEscapeMark, nextUnicodeMark } from './marks.ts'
import { BEYOND_ASCII, IS_SLASH, MUST_BE_ESCAPED } from './searchable.ts'
import { HEAD_BYTES, headsOf, type IndexedText, TEXT_BYTES_MIN, ValueIndex, type Work } from './value-index.ts'

/** Where a value stands, and which of the values it is. */
export interface Place extends Span {
  readonly index: number
  /** What stands there is base64 that holds it. */
  readonly inBase64?: boolean
}

export type OnPlace = (place: Place) => void

/** Where the bytes of a layer stand in the message. */
export type OnLayer = (layer: Uint8Array, toBytes: OnPlace) => void

/** A message, and JSON in JSON in JSON in it. */
const JSON_LAYERS_MAX = 4
/** `%2540` and `&amp;#64;`. */
const WEB_LAYERS_MAX = 2
/** Bytes that are looked at closer, for each byte of the message and of the texts: real messages need 11 or fewer. */
const WORK_PER_BYTE = 24
/** So many bytes of texts count for each byte of the message, and so many at least. */
const TEXTS_PER_BYTE = 4
const TEXTS_MIN = 65_536

/** A search for many texts in one message. */
export class Search {
  /** First bytes of the texts, eight each. */
  readonly heads: Uint8Array
  /** What characters the texts are made of, all together. */
  readonly #spelling: number
  readonly #index: ValueIndex
  readonly #grams: Grams
  /** By byte: in a word of ASCII, begins a short text, is a backslash. */
  readonly #kinds = KINDS.slice()
  readonly #work: Work
  #hasShort = false

  /** One text or more. */
  constructor(texts: readonly IndexedText[], bytes: Uint8Array) {
    let size = 0
    let all = 0
    for (const { text, spelling } of texts) {
      size += text.length
      all |= spelling
    }
    this.#spelling = all
    // Values that overlap are longer together than what they stand in, and buy no time.
    this.#work = { left: (bytes.length + Math.min(size, TEXTS_PER_BYTE * bytes.length + TEXTS_MIN)) * WORK_PER_BYTE }
    this.heads = headsOf(texts)
    this.#index = new ValueIndex(texts, this.heads, this.#work)
    this.#grams = new Grams(texts.length)
    for (let from = 0; from < this.heads.length; from += HEAD_BYTES) {
      if (this.heads[from + GRAM_TEXT_BYTES_MIN - 1] === 0) this.#addShort(this.heads[from] ?? 0)
      else this.#grams.add(this.heads, from)
    }
  }

  #addShort(first: number): void {
    this.#kinds[first] = (this.#kinds[first] ?? 0) | BEGINS_TEXT
    this.#hasShort = true
  }

  /** The message was made to be slow, and was not searched to its end. */
  get isSpent(): boolean {
    return this.#work.left < 0
  }

  /**
   * Places of texts, as they are and in every other spelling, in no order, some more than once. Those of JSON never cut an
   * escape. `onLayer` is told of the message and of each text that it is read as.
   */
  all(bytes: Uint8Array, isJson: boolean, onPlace: OnPlace, onLayer: OnLayer = nobody): void {
    this.plain(bytes, isJson, isJson ? butStrings(bytes, onPlace) : onPlace)
    onLayer(bytes, onPlace)
    this.#disguised(bytes, onPlace, onLayer)
    if (!mayBeEscaped(bytes, this.#spelling)) return
    let inner = bytes
    let toBytes = onPlace
    for (let layer = 0; layer < JSON_LAYERS_MAX; layer++) {
      const view = withoutJsonEscapes(inner)
      if (view === undefined) return
      toBytes = through(view, toBytes)
      inner = this.#layer(view, toBytes, onLayer)
      this.#disguised(inner, toBytes, onLayer)
    }
  }

  #layer(view: DecodedView, toBytes: OnPlace, onLayer: OnLayer): Uint8Array {
    this.plain(view.bytes, false, toBytes)
    onLayer(view.bytes, toBytes)
    return view.bytes
  }

  /** In wide and invisible characters, in percent signs and references of HTML, and in those of those. */
  #disguised(bytes: Uint8Array, onPlace: OnPlace, onLayer: OnLayer): void {
    let inner = bytes
    let toBytes = onPlace
    for (let layer = 0; ; layer++) {
      const folded = mayBeFolded(inner) ? withFolding(inner) : undefined
      if (folded !== undefined) {
        toBytes = through(folded, toBytes)
        inner = this.#layer(folded, toBytes, onLayer)
      }
      const view = layer < WEB_LAYERS_MAX && mayBeWeb(inner) ? withoutWebEncoding(inner) : undefined
      if (view === undefined) return
      toBytes = through(view, toBytes)
      inner = this.#layer(view, toBytes, onLayer)
    }
  }

  /** Places in some bytes, as they are. `raw`: a letter after an odd number of backslashes belongs to an escape. */
  plain(bytes: Uint8Array, raw: boolean, onPlace: OnPlace): void {
    this.#long(bytes, raw, onPlace)
    if (this.#hasShort) this.#short(bytes, raw, onPlace)
  }

  #long(bytes: Uint8Array, raw: boolean, onPlace: OnPlace): void {
    const grams = this.#grams
    const { head, words } = alignedWords(bytes)
    for (let i = grams.next(words, 0); i >= 0 && !this.isSpent; i = grams.next(words, i + 1)) {
      const places = grams.placesOf(words[i] ?? 0)
      const at = head + 4 * i
      for (let before = 3; before >= 0; before--)
        if ((places & (1 << before)) !== 0) this.#lookAt(bytes, at - before, { raw, onPlace })
    }
  }

  /** Few values are as short as that. */
  #short(bytes: Uint8Array, raw: boolean, onPlace: OnPlace): void {
    const kinds = this.#kinds
    for (let at = nextStart(bytes, kinds, 0); at >= 0 && !this.isSpent; at = nextStart(bytes, kinds, at + 1))
      this.#lookAt(bytes, at, { raw, onPlace })
  }

  #lookAt(bytes: Uint8Array, at: number, { raw, onPlace }: { raw: boolean; onPlace: OnPlace }): void {
    if (at < 0 || isInWord(bytes, at) || (raw && isEscapeLetter(bytes, at))) return
    const match = this.#index.longestAt(bytes, at)
    if (match !== undefined) onPlace({ start: at, end: match.end, index: match.index })
  }
}

function nobody(): void {}

/** Bits of the kinds of bytes. */
const IN_WORD = 1
const BEGINS_TEXT = 2
const IS_BACKSLASH = 4
const KINDS = Uint8Array.from(WORD, (value, byte) => (byte >= 0x80 ? 0 : byte === BACKSLASH ? IS_BACKSLASH : value))

/** The next place from `from` on where a short text may begin, by its first byte and outside words; -1 where there is none. */
function nextStart(bytes: Uint8Array, kinds: Uint8Array, from: number): number {
  const last = bytes.length - TEXT_BYTES_MIN
  let before = kinds[bytes[from - 1] ?? 0] ?? 0
  let inWord = from >= 2 && bytes[from - 2] === BACKSLASH ? 0 : before & IN_WORD
  for (let at = from; at <= last; at++) {
    const kind = kinds[bytes[at] ?? 0] ?? 0
    if ((kind & inWord) === 0 && (kind & BEGINS_TEXT) !== 0) return at
    // The letter of an escape is of no word.
    inWord = kind & IN_WORD & ~(before >> 2)
    before = kind
  }
  return -1
}

/** A first look, by ASCII alone: escapes may end where a word seems to go on. */
function isInWord(bytes: Uint8Array, at: number): boolean {
  const isWithin = ((KINDS[bytes[at] ?? 0] ?? 0) & (KINDS[bytes[at - 1] ?? 0] ?? 0) & IN_WORD) !== 0
  return isWithin && bytes[at - 2] !== BACKSLASH && bytes[at - 6] !== BACKSLASH
}

/**
 * The letter of `\n` begins no word; after an even number of backslashes it may: JSON in JSON writes a line break with two,
 * and so does JSON a path such as `C:\name`.
 */
function isEscapeLetter(bytes: Uint8Array, at: number): boolean {
  if (bytes[at - 1] !== BACKSLASH || SHORT_ESCAPES[bytes[at] ?? 0] === 0) return false
  let first = at - 1
  while (bytes[first - 1] === BACKSLASH && at - first < BACKSLASHES_MAX) first--
  return (at - first) % 2 === 1
}

/** Runs of backslashes are looked at so far: five levels of JSON in JSON. */
const BACKSLASHES_MAX = 32
const SHORT_ESCAPES = tableOf('bfnrtu')
const QUOTE = 0x22

/** In JSON as it was received, what has a quote or a backslash in it reaches over a string's end or is another text. */
function butStrings(bytes: Uint8Array, onPlace: OnPlace): OnPlace {
  return (place) => {
    for (let at = place.start; at < place.end; at++) if (bytes[at] === QUOTE || bytes[at] === BACKSLASH) return
    onPlace(place)
  }
}

function through(view: DecodedView, onPlace: OnPlace): OnPlace {
  return (place) => onPlace({ ...place, ...view.source(place) })
}

function mayBeFolded(bytes: Uint8Array): boolean {
  return nextUnicodeMark(bytes, 0) >= 0 || bytes.includes(TERMINAL_ESCAPE)
}

function mayBeWeb(bytes: Uint8Array): boolean {
  return indexOf(bytes, PERCENT_SIGN) >= 0 || indexOf(bytes, AMPERSAND_SIGN) >= 0
}

const PERCENT_SIGN = Uint8Array.of(PERCENT)
const AMPERSAND_SIGN = Uint8Array.of(0x26)

/**
 * Whether escapes could hide one of the texts. Most texts are ASCII without quotes, and then only those of ASCII, of what is
 * read as ASCII and, where one has a slash, `\/` can: a message without these needs no second look, however many quotes it
 * escapes.
 */
function mayBeEscaped(bytes: Uint8Array, spelling: number): boolean {
  if (indexOf(bytes, BACKSLASH_SIGN) < 0) return false
  if ((spelling & MUST_BE_ESCAPED) !== 0) return true
  if ((spelling & IS_SLASH) !== 0 && indexOf(bytes, SLASH_ESCAPE) >= 0) return true
  return indexOf(bytes, UNICODE_ESCAPE) >= 0 && ((spelling & BEYOND_ASCII) !== 0 || hasEscapeMark(bytes))
}

const BACKSLASH_SIGN = Uint8Array.of(BACKSLASH)
const SLASH_ESCAPE = Uint8Array.of(BACKSLASH, 0x2f)
const UNICODE_ESCAPE = Uint8Array.of(BACKSLASH, 0x75)
