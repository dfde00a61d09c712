// Texts as they are meant, however they are written: without escapes, in ASCII where a character stands for it. Whoever finds
// something in one gets the place in the text as it came, and no escape is ever cut (masking.md, 3.8).
import { withoutJsonEscapes, type DecodedView, type Span } from '../decoded-view.ts'
import type { View } from '../find/view.ts'
import { withFolding, withLookAlikes, withoutWebEncoding } from './layers.ts'
import { withoutQuotedPrintable } from './quoted-printable.ts'
import { isContinuation } from './utf8.ts'
import { windowsOf } from './windows.ts'

/** What is taken off. */
export interface DecodeKinds {
  /** JSON escapes: the text stands in JSON, or is JSON. */
  readonly escapes: boolean
  /** Percent-encoding and character references of HTML. */
  readonly web: boolean
  /** Letters that look like ASCII ones. */
  readonly lookAlikes: boolean
}

export interface DecodedText extends View {
  readonly raw: false
  /** Look-alikes are read as ASCII here, so only prefixes of secrets and keywords count: a name must not be found so. */
  readonly onlySecrets: boolean
  /** The bytes of the text (counted from its beginning) that a place of this view was written in: whole escapes, whole characters. */
  sourceSpan(start: number, end: number): Span
}

const ALL_KINDS: DecodeKinds = { escapes: true, web: true, lookAlikes: true }
/** A message, and JSON in JSON in JSON in it. */
const JSON_LAYERS_MAX = 4
/** `%2540` and `&amp;#64;`. */
const WEB_LAYERS_MAX = 2

/**
 * Views of one text: the content of a JSON string as it was received, of a key, or a text that is no JSON. Only those that
 * could show what the text itself does not; most texts have none.
 */
export function decodedViews(text: Uint8Array, kinds: DecodeKinds = ALL_KINDS): DecodedText[] {
  return windowsOf(text).flatMap((window) => {
    const begun = new Reading(text, {
      window,
      bytes: text.subarray(window.start, window.end),
      layers: [],
      isHidden: false,
    })
    return readingsOf(begun, kinds).flatMap((reading) => viewsOf(reading, kinds))
  })
}

/** The same of a text in quoted-printable, of which nothing but what is around it says that it is. */
export function quotedViews(text: Uint8Array): DecodedText[] {
  const window = { start: 0, end: text.length }
  const reading = new Reading(text, { window, bytes: text, layers: [], isHidden: false }).without(
    withoutQuotedPrintable,
  )
  return reading === undefined ? [] : viewsOf(reading, { ...ALL_KINDS, lookAlikes: false })
}

/** Without escapes once, twice, three times; as it is where there are none. */
function readingsOf(begun: Reading, { escapes }: DecodeKinds): Reading[] {
  let next = escapes ? begun.without(withoutJsonEscapes, hasHidingEscape(begun.bytes)) : undefined
  if (next === undefined) return [begun]
  const readings: Reading[] = []
  while (next !== undefined && readings.length < JSON_LAYERS_MAX) {
    readings.push(next)
    next = next.without(withoutJsonEscapes, hasHidingEscape(next.bytes))
  }
  return readings
}

function viewsOf(reading: Reading, { web, lookAlikes }: DecodeKinds): DecodedText[] {
  const views: DecodedText[] = []
  let next: Reading | undefined = reading
  for (let layer = 0; next !== undefined && layer <= WEB_LAYERS_MAX; layer++) {
    const folded: Reading = next.without(withFolding) ?? next
    if (folded.isHidden) views.push(folded.view(false))
    const alike = lookAlikes ? folded.without(withLookAlikes) : undefined
    if (alike !== undefined) views.push(alike.view(true))
    next = web ? folded.without(withoutWebEncoding) : undefined
  }
  return views
}

/** Escapes of quotes and line ends hide nothing from a look at the raw bytes; these may. */
function hasHidingEscape(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(BACKSLASH); at >= 0; at = bytes.indexOf(BACKSLASH, at + 1)) {
    if (bytes[at + 1] === LETTER_U || bytes[at + 1] === SLASH) return true
  }
  return false
}

const BACKSLASH = 0x5c
const SLASH = 0x2f
const LETTER_U = 0x75

interface Read {
  readonly window: Span
  readonly bytes: Uint8Array
  /** What was taken off, the outermost first. */
  readonly layers: readonly DecodedView[]
  /** Whether anything was that hides a value from a look at the text itself. */
  readonly isHidden: boolean
}

/** One window of a text with some layers taken off. */
class Reading {
  readonly bytes: Uint8Array
  readonly isHidden: boolean
  readonly #text: Uint8Array
  readonly #read: Read

  constructor(text: Uint8Array, read: Read) {
    this.bytes = read.bytes
    this.isHidden = read.isHidden
    this.#text = text
    this.#read = read
  }

  /** With one more layer off; undefined where there is none to take. `hides`: whether the layer may hide a value. */
  without(layer: (bytes: Uint8Array) => DecodedView | undefined, hides = true): Reading | undefined {
    const view = layer(this.bytes)
    if (view === undefined) return undefined
    const { layers, isHidden, window } = this.#read
    return new Reading(this.#text, {
      window,
      bytes: view.bytes,
      layers: [...layers, view],
      isHidden: isHidden || hides,
    })
  }

  view(onlySecrets: boolean): DecodedText {
    return { bytes: this.bytes, raw: false, onlySecrets, sourceSpan: (start, end) => this.#sourceSpan({ start, end }) }
  }

  #sourceSpan(span: Span): Span {
    const { layers, window } = this.#read
    const { start, end } = layers.reduceRight((inner, layer) => layer.source(inner), span)
    return wholeCharacters(this.#text, { start: start + window.start, end: end + window.start })
  }
}

function wholeCharacters(text: Uint8Array, span: Span): Span {
  let { start, end } = span
  while (start > 0 && isContinuation(text[start])) start--
  while (isContinuation(text[end])) end++
  return { start, end }
}
