import type { EntityId } from '../entities.ts'
import type { WordHits } from '../scan/word-hits.ts'
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
export function contextInside(
  { hits, scanner, view }: Words,
  { start, end }: Span,
  entity: EntityId,
): string | undefined {
  for (let i = hits.firstFrom(start + 1); i < hits.length && hits.end(i) <= end; i++)
    for (const word of scanner.dfa.hits[hits.state(i) - scanner.dfa.firstHit] ?? []) {
      const use = scanner.uses[word]
      if (use?.contextOf.includes(entity) === true && hits.end(i) - use.length >= start)
        return textOf(view, hits.end(i), use.length)
    }
  return undefined
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

interface Span {
  readonly start: number
  readonly end: number
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
      if (wordStart < from || wordStart >= to || !isWholeWord(view, wordStart, wordEnd)) continue
      // A word inside the value itself says nothing about it.
      if (wordStart >= start && wordEnd <= end) continue
      return textOf(view, wordEnd, use.length)
    }
  }
  return undefined
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

/** `ssn` is no word of `classname`; an underscore or a digit is no letter. */
function isWholeWord({ bytes, raw }: View, start: number, end: number): boolean {
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
