import { decodeLatin1 } from '../../base/bytes.ts'
import { isSameAt } from '../byte-hash.ts'
import type { Span } from '../decoded-view.ts'
import { deniedInside, type Words } from './near.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const NO_BYTES: Uint8Array = new Uint8Array(0)
/** Longer keys are left to whoever reads the message as JSON. */
const KEY_BYTES_MAX = 48
/** Before a number of JSON, where no key does. */
const BEFORE_NUMBER = new Set(Array.from('[, \t\r\n', (sign) => sign.charCodeAt(0)))

/**
 * A first look at the bytes before a value: whether the key of just this value may speak against it. To read the message as
 * JSON costs far more, and rows have the same few keys, which are asked about once.
 */
export class KeyDenials {
  readonly #known = new Map<string, boolean>()
  /** The key that was asked about last, and what was said: that of the next row is mostly the same, and needs no text. */
  #last = { bytes: NO_BYTES, start: 0, end: 0, isDenial: false }

  /** False where no key denies the value: it is no whole value of JSON, or its key says nothing. True where that is not sure. */
  mayDeny(words: Words, { start }: Span): boolean {
    const { bytes } = words.view
    const first = bytes[start - 1]
    if (first !== QUOTE && first !== COLON) return first !== undefined && BEFORE_NUMBER.has(first)
    const colon = first === COLON ? start - 1 : beforeSpace(bytes, beforeEscape(bytes, start - 1) + 1)
    if (bytes[colon] !== COLON) return true
    const quote = beforeSpace(bytes, colon)
    return bytes[quote] !== QUOTE || this.#isDenial(words, beforeEscape(bytes, quote) + 1)
  }

  /** `end`: of the key, before its quote. */
  #isDenial(words: Words, end: number): boolean {
    const { bytes } = words.view
    let start = end
    while (end - start < KEY_BYTES_MAX && bytes[start - 1] !== QUOTE && bytes[start - 1] !== BACKSLASH) start--
    if (start === 0 || bytes[start - 1] !== QUOTE) return true
    const last = this.#last
    const mayBeLast = last.bytes === bytes && last.end - last.start === end - start
    if (!mayBeLast || !isSameAt(bytes, last.start, bytes, { start, end }))
      this.#last = { bytes, start, end, isDenial: this.#isKnown(words, { start, end }) }
    return this.#last.isDenial
  }

  #isKnown(words: Words, { start, end }: Span): boolean {
    const { bytes } = words.view
    const key = decodeLatin1(bytes, start, end)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const isDenial = deniedInside(words, { start, end }) !== undefined
    this.#known.set(key, isDenial)
    return isDenial
  }
}

/** The last byte before a place that is no white space. */
function beforeSpace(bytes: Uint8Array, place: number): number {
  let at = place - 1
  while (at >= 0 && (bytes[at] ?? 0) <= 0x20) at--
  return at
}

/** The last byte before a quote that is none of the backslashes which escape it. */
function beforeEscape(bytes: Uint8Array, quote: number): number {
  let at = quote - 1
  while (bytes[at] === BACKSLASH) at--
  return at
}
