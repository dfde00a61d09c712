// Finding one's way in a JSON text that was scanned, and changing a part of it without touching the rest: numbers
// keep their digits and keys their order (protocol.md, 7.1).
import { concat, decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { parseJson } from '../base/json.ts'
import { type JsonMember } from '../base/json-scan.ts'

/** A value by place: its first byte, and the byte after it. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface Edit extends Span {
  readonly text: string
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** Members of the object that begins at `start`; none where there is no object. */
export function membersAt(bytes: Uint8Array, start: number): readonly JsonMember[] {
  const members: JsonMember[] = []
  if (bytes[start] !== 0x7b) return members
  for (let at = skipMarks(bytes, start + 1); bytes[at] === QUOTE; at = skipMarks(bytes, at)) {
    const keyEnd = skipString(bytes, at)
    const value = skipMarks(bytes, keyEnd)
    const end = skipValue(bytes, value)
    members.push({ key: textAt(bytes, at, keyEnd), start: value, end, members: undefined })
    at = end
  }
  return members
}

/** Items of the array that begins at `start`; none where there is no array. */
export function itemsAt(bytes: Uint8Array, start: number): readonly Span[] {
  const items: Span[] = []
  if (bytes[start] !== 0x5b) return items
  for (let at = skipMarks(bytes, start + 1); at < bytes.length && bytes[at] !== 0x5d; at = skipMarks(bytes, at)) {
    const end = skipValue(bytes, at)
    items.push({ start: at, end })
    at = end
  }
  return items
}

/** First byte of the text's value. */
export function valueAt(bytes: Uint8Array): number {
  return skipMarks(bytes, 0)
}

/** The text with spans replaced. Edits come in order and do not overlap. */
export function splice(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const parts: Uint8Array[] = []
  let at = 0
  for (const edit of edits) {
    parts.push(bytes.subarray(at, edit.start), encodeUtf8(edit.text))
    at = edit.end
  }
  return concat([...parts, bytes.subarray(at)])
}

function textAt(bytes: Uint8Array, start: number, end: number): string {
  const text = parseJson(decodeUtf8(bytes, start, end))
  return typeof text === 'string' ? text : ''
}

/** White space, commas and colons: the text was scanned, so they stand where they may. */
function skipMarks(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && isMark(bytes[at] ?? 0)) at += 1
  return at
}

function isMark(c: number): boolean {
  return c <= 0x20 || c === 0x2c || c === 0x3a
}

function skipValue(bytes: Uint8Array, from: number): number {
  const first = bytes[from]
  if (first === QUOTE) return skipString(bytes, from)
  return first === 0x7b || first === 0x5b ? skipContainer(bytes, from) : skipWord(bytes, from)
}

function skipContainer(bytes: Uint8Array, from: number): number {
  let depth = 0
  let at = from
  while (at < bytes.length) {
    const c = bytes[at] ?? 0
    if (c === QUOTE) {
      at = skipString(bytes, at)
      continue
    }
    at += 1
    if (c === 0x7b || c === 0x5b) depth += 1
    else if (c === 0x7d || c === 0x5d) depth -= 1
    if (depth === 0) return at
  }
  return at
}

function skipString(bytes: Uint8Array, from: number): number {
  let at = from + 1
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return Math.min(at + 1, bytes.length)
}

/** A number or a literal ends at the first mark or bracket. At least one byte is read, whatever it is. */
function skipWord(bytes: Uint8Array, from: number): number {
  let at = from + 1
  while (at < bytes.length) {
    const c = bytes[at] ?? 0
    if (isMark(c) || c === 0x7d || c === 0x5d) break
    at += 1
  }
  return at
}
