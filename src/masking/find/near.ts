import type { Span } from '../decoded-view.ts'
import { decodeUtf8 } from '../../base/bytes.ts'
import type { EntityId } from '../entities.ts'
import { isEscapeLetter } from '../scan/bytes-tables.ts'
import type { WordHits } from '../scan/word-hits.ts'
import { areParted } from './borders.ts'
import { isInId, isToldAbout } from './compounds.ts'
import { isNumberOfThing, namesSomebody } from './other-numbers.ts'
import type { Scanner } from './scanner.ts'
import type { View } from './view.ts'

/** How far a word may be from a value, in bytes. */
const NEAR_BYTES = 30
const QUOTE = 0x22
const BACKSLASH = 0x5c

/** The words of one view, for whoever asks what stands near a value. */
export interface Words {
  readonly view: View
  readonly hits: WordHits
  readonly scanner: Scanner
}

/** A word of the kind near `start`..`end` in the same text; undefined where there is none. */
export function contextNear(words: Words, { start, end }: Span, entity: EntityId): string | undefined {
  return wordNear(words, { start, end }, (use) => use.contextOf.includes(entity))
}

/** A word near the place that speaks against a number's being somebody's. */
export function deniedNear(words: Words, span: Span): string | undefined {
  return wordNear(words, span, (use) => use.denies)
}

/** A word of the kind inside a span, such as a key. */
export function contextInside(words: Words, span: Span, entity: EntityId): string | undefined {
  return wordInside(
    words,
    span,
    (use, start, end) => use.contextOf.includes(entity) && isNameIn(words.view, start, end),
  )
}

/** A word in a name that speaks against its number's being somebody's, or the name itself where all of it does. */
export function deniedInside(words: Words, span: Span): string | undefined {
  const { view } = words
  if (span.end - span.start > NAME_BYTES_MAX) return undefined
  const name = decodeUtf8(view.bytes, span.start, span.end)
  if (namesSomebody(name)) return undefined
  const denies = (use: Scanner['uses'][number], start: number, end: number): boolean =>
    use.denies && isWholeWord(view, start, end) && !isToldAbout(view, end)
  return wordInside(words, span, denies) ?? (isNumberOfThing(name) ? name : undefined)
}

/** A name that is longer, in bytes, is a text. */
const NAME_BYTES_MAX = 64

function wordInside(
  { hits, scanner, view }: Words,
  { start, end }: Span,
  fits: (use: Scanner['uses'][number], start: number, end: number) => boolean,
): string | undefined {
  for (let i = hits.firstFrom(start + 1); i < hits.length && hits.end(i) <= end; i++)
    for (const word of scanner.dfa.hits[hits.state(i) - scanner.dfa.firstHit] ?? []) {
      const use = scanner.uses[word]
      if (use === undefined || hits.end(i) - use.length < start) continue
      if (fits(use, hits.end(i) - use.length, hits.end(i))) return textOf(view, hits.end(i), use.length)
    }
  return undefined
}

/** Shorter words stand inside of others: `tin` in `gtin`, `pan` in `span_id`. */
const INSIDE_LETTERS_MIN = 5
const NOWHERE = { start: -1, end: -1 }

function isNameIn(view: View, start: number, end: number): boolean {
  if (isToldAbout(view, end)) return false
  return end - start >= INSIDE_LETTERS_MIN || (isWholeWord(view, start, end) && !isInId(view, start, end, NOWHERE))
}

/** Whether any word of the kind stands in a key at all: most messages have none, and then nobody needs to look for the keys. */
export function hasKeyWith({ hits, scanner, view }: Words, entity: EntityId): boolean {
  for (let i = 0; i < hits.length; i++) {
    const mark = scanner.marksOf[hits.state(i) - scanner.dfa.firstHit]
    if (mark?.contextOf.includes(entity) === true && isInKey(view, hits.end(i))) return true
  }
  return false
}

/** Letters of a key after the word that are walked over. */
const KEY_REST_BYTES = 64
const COLON = 0x3a

function isInKey({ bytes }: View, wordEnd: number): boolean {
  let at = wordEnd
  while (at < wordEnd + KEY_REST_BYTES && bytes[at] !== QUOTE && (bytes[at] ?? 0) >= 0x20) at++
  if (bytes[at] !== QUOTE) return false
  at++
  while ((bytes[at] ?? 0x21) <= 0x20) at++
  return bytes[at] === COLON
}

function wordNear(
  words: Words,
  { start, end }: Span,
  fits: (use: Scanner['uses'][number]) => boolean,
): string | undefined {
  const { view, hits, scanner } = words
  const from = leafEdge(view, start, -1)
  const to = leafEdge(view, end, 1)
  for (let i = hits.firstFrom(from + 1); i < hits.length; i++) {
    const wordEnd = hits.end(i)
    if (wordEnd - scanner.dfa.overlap > to) break
    for (const word of scanner.dfa.hits[hits.state(i) - scanner.dfa.firstHit] ?? []) {
      const use = scanner.uses[word]
      if (use === undefined || !fits(use)) continue
      const wordStart = wordEnd - use.length
      if (wordStart < from || wordStart >= to) continue
      if (saysNothing(view, { start: wordStart, end: wordEnd }, { start, end })) continue
      return textOf(view, wordEnd, use.length)
    }
  }
  return undefined
}

/** A part of another word or of the value itself, a piece of an id, the beginning of another name, or a word of another field. */
function saysNothing(view: View, word: Span, value: Span): boolean {
  if (!isWholeWord(view, word.start, word.end) || (word.start >= value.start && word.end <= value.end)) return true
  return isInId(view, word.start, word.end, value) || isToldAbout(view, word.end) || areParted(view, word, value)
}

/** Where a text that holds a place ends, at most so many bytes away: at a quotation mark that no backslash escapes. */
function leafEdge({ bytes, raw }: View, at: number, step: 1 | -1): number {
  const limit = step < 0 ? Math.max(0, at - NEAR_BYTES) : Math.min(bytes.length, at + NEAR_BYTES)
  if (!raw) return limit
  if (step < 0) {
    for (let i = at - 1; i >= limit; i--) if (bytes[i] === QUOTE && bytes[i - 1] !== BACKSLASH) return i + 1
  } else {
    for (let i = at; i < limit; i++) if (bytes[i] === QUOTE && bytes[i - 1] !== BACKSLASH) return i
  }
  return limit
}

/** Whether a word can say anything of a value: as a word of a text, or as part of a key. In ids and base64 it stands by chance. */
export function mayTell(view: View, start: number, end: number): boolean {
  return isWholeWord(view, start, end) || isInKey(view, end)
}

/** `ssn` is no word of `classname`, nor `tin` one of a tabulator and `in`; an underscore or a digit is no letter. */
function isWholeWord({ bytes, raw }: View, start: number, end: number): boolean {
  if (raw && isEscapeLetter(bytes, start)) return false
  const before = bytes[start - 1] ?? 0
  const startsFresh = !isLetter(before) || (raw && bytes[start - 2] === BACKSLASH) || isCapital(bytes[start] ?? 0)
  return startsFresh && !isSmall(bytes[end] ?? 0)
}

function isLetter(byte: number): boolean {
  return isSmall(byte) || isCapital(byte)
}

function isSmall(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a
}

function isCapital(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a
}

function textOf({ bytes }: View, end: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(end - length, end))
}
