import type { Span } from '../decoded-view.ts'
import { nextMark } from './marks.ts'
import { isContinuation } from './utf8.ts'

/** A text up to this size is decoded whole. */
const WHOLE_BYTES_MAX = 8_192
/** Of a longer one, so much on each side of a mark. */
const SIDE_BYTES = 2_048
/** No escape is longer: half a pair of `\uXXXX`, a reference such as `&NewLine;`. */
const ESCAPE_BYTES_MAX = 12
/** A place between two escapes is looked for so far to the left. */
const CUT_BYTES_MAX = 64

/** Parts of a text that are worth decoding, in order and apart from each other; none where nothing is marked. */
export function windowsOf(text: Uint8Array): readonly Span[] {
  let mark = nextMark(text, 0)
  if (mark < 0) return []
  if (text.length <= WHOLE_BYTES_MAX) return [{ start: 0, end: text.length }]
  const windows: { start: number; end: number }[] = []
  for (; mark >= 0; mark = nextMark(text, mark + 1)) {
    const last = windows.at(-1)
    const end = Math.min(text.length, mark + SIDE_BYTES)
    if (last !== undefined && mark - SIDE_BYTES <= last.end) last.end = end
    else windows.push({ start: Math.max(0, mark - SIDE_BYTES), end })
  }
  return windows.map(({ start, end }) => ({ start: cutAt(text, start), end: cutAt(text, end) }))
}

/** The last place at or before `wanted` that is inside no escape and no character. */
function cutAt(text: Uint8Array, wanted: number): number {
  if (wanted === 0 || wanted === text.length) return wanted
  for (let at = wanted; at > Math.max(0, wanted - CUT_BYTES_MAX); at--) if (isBetween(text, at)) return at
  return wanted
}

function isBetween(text: Uint8Array, at: number): boolean {
  if (isContinuation(text[at])) return false
  if (text[at] === BACKSLASH) return text[at - 1] !== BACKSLASH
  for (let before = at - 1; before >= Math.max(0, at - ESCAPE_BYTES_MAX); before--) {
    const byte = text[before]
    if (byte === BACKSLASH || byte === PERCENT || byte === AMPERSAND) return false
  }
  return true
}

const BACKSLASH = 0x5c
const PERCENT = 0x25
const AMPERSAND = 0x26
