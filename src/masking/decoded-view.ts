/** A place in bytes: from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Bytes with one layer of escapes taken off, that remember which bytes each of them was made from. Pieces between two
 * escapes are copied as they are, so the map has an entry per escape and not per byte.
 */
export class DecodedView {
  readonly bytes: Uint8Array
  readonly #pieces: Pieces

  constructor(bytes: Uint8Array, pieces: Pieces) {
    this.bytes = bytes
    this.#pieces = pieces
  }

  /** Where a span of this view came from. An escape that it only touches belongs to it whole. */
  source({ start, end }: Span): Span {
    return { start: this.#pieces.startOf(start), end: this.#pieces.endOf(end - 1) }
  }
}

/** Takes one layer of JSON escapes off, inside strings or not; undefined where there is none. */
export function withoutJsonEscapes(bytes: Uint8Array): DecodedView | undefined {
  return decode(bytes, (from) => bytes.indexOf(BACKSLASH, from), readJsonEscape)
}

/** Takes one layer of percent-encoding off; undefined where there is none. */
export function withoutPercent(bytes: Uint8Array): DecodedView | undefined {
  return decode(bytes, (from) => bytes.indexOf(PERCENT, from), readPercent)
}

/** Length in bytes of the JSON escape that begins here, or 0 where none does. */
export function jsonEscapeLength(bytes: Uint8Array, at: number): number {
  return readJsonEscape(bytes, at)?.length ?? 0
}

export const BACKSLASH = 0x5c
export const PERCENT = 0x25
const LETTER_U = 0x75

/** What an escape stands for, and how long it is. It is never shorter than what it stands for. */
export interface Escape {
  readonly length: number
  readonly bytes: readonly number[]
}

/** The next place where an escape may begin, from a place on; -1 where there is none. */
export type NextMark = (from: number) => number
export type ReadEscape = (bytes: Uint8Array, at: number) => Escape | undefined

/** Takes every escape off that is read at a mark; undefined where there is none. */
export function decode(bytes: Uint8Array, nextMark: NextMark, read: ReadEscape): DecodedView | undefined {
  // No escape is shorter than what it stands for, so the view never outgrows its source.
  let out: Uint8Array | undefined
  const pieces = new Pieces()
  let written = 0
  let from = 0
  for (let at = nextMark(0); at >= 0;) {
    const found = read(bytes, at)
    if (found !== undefined) {
      out ??= new Uint8Array(bytes.length)
      written = copy(bytes, { from, to: at }, out, written)
      pieces.add({ at: written, from: at, size: found.bytes.length, length: found.length })
      for (const byte of found.bytes) out[written++] = byte
      from = at + found.length
    }
    at = nextMark(at + (found?.length ?? 1))
  }
  if (out === undefined) return undefined
  written = copy(bytes, { from, to: bytes.length }, out, written)
  return new DecodedView(out.subarray(0, written), pieces)
}

/** Below this, a call of `set` costs more than a loop. */
const LOOP_BYTES_MAX = 64

function copy(bytes: Uint8Array, part: { from: number; to: number }, out: Uint8Array, at: number): number {
  const { from, to } = part
  if (to - from > LOOP_BYTES_MAX) out.set(bytes.subarray(from, to), at)
  else for (let i = from; i < to; i++) out[at + i - from] = bytes[i] ?? 0
  return at + to - from
}

/** One entry per escape: where it stands in the view and in the source, and its size in each; copied bytes follow it. */
class Pieces {
  readonly #at: number[] = [0]
  readonly #from: number[] = [0]
  readonly #size: number[] = [0]
  readonly #length: number[] = [0]

  add({ at, from, size, length }: { at: number; from: number; size: number; length: number }): void {
    this.#at.push(at)
    this.#from.push(from)
    this.#size.push(size)
    this.#length.push(length)
  }

  /** Where, in the source, the byte at `position` begins to be written. */
  startOf(position: number): number {
    const i = this.#find(position)
    const past = position - (this.#at[i] ?? 0) - (this.#size[i] ?? 0)
    return (this.#from[i] ?? 0) + (past < 0 ? 0 : (this.#length[i] ?? 0) + past)
  }

  /** Where, in the source, the byte at `position` ends to be written. */
  endOf(position: number): number {
    const i = this.#find(position)
    const past = position - (this.#at[i] ?? 0) - (this.#size[i] ?? 0)
    return (this.#from[i] ?? 0) + (this.#length[i] ?? 0) + (past < 0 ? 0 : past + 1)
  }

  /** The last entry that begins at or before `position`. */
  #find(position: number): number {
    let low = 0
    let high = this.#at.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#at[middle] ?? 0) <= position) low = middle
      else high = middle - 1
    }
    return low
  }
}

/** `%41`. */
export function readPercent(bytes: Uint8Array, at: number): Escape | undefined {
  const value = hexAt(bytes, at + 1, 2)
  return value === undefined ? undefined : { length: 3, bytes: [value] }
}

function readJsonEscape(bytes: Uint8Array, at: number): Escape | undefined {
  if (bytes[at] !== BACKSLASH) return undefined
  const letter = bytes[at + 1]
  if (letter === LETTER_U) return readUnicode(bytes, at)
  const value = letter === undefined ? undefined : SHORT_ESCAPES.get(letter)
  return value === undefined ? undefined : { length: 2, bytes: [value] }
}

/** RFC 8259, section 7: `\b` … `\t`, and those that stand for themselves. */
const SHORT_ESCAPES: ReadonlyMap<number, number> = new Map(
  Object.entries({ b: 8, f: 12, n: 10, r: 13, t: 9, '"': 34, '/': 47, '\\': 92 }).map(([letter, code]) => [
    letter.charCodeAt(0),
    code,
  ]),
)

function readUnicode(bytes: Uint8Array, at: number): Escape | undefined {
  const first = hexAt(bytes, at + 2, 4)
  if (first === undefined) return undefined
  const isHigh = first >= 0xd800 && first < 0xdc00
  if (isHigh && bytes[at + 6] === BACKSLASH && bytes[at + 7] === LETTER_U) {
    const second = hexAt(bytes, at + 8, 4) ?? 0
    if (second >= 0xdc00 && second < 0xe000) {
      return { length: 12, bytes: utf8(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)) }
    }
  }
  const isLone = first >= 0xd800 && first < 0xe000
  return { length: 6, bytes: utf8(isLone ? 0xfffd : first) }
}

export function utf8(code: number): number[] {
  if (code < 0x80) return [code]
  if (code < 0x800) return [0xc0 | (code >> 6), tail(code)]
  if (code < 0x10000) return [0xe0 | (code >> 12), tail(code >> 6), tail(code)]
  return [0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code)]
}

function tail(code: number): number {
  return 0x80 | (code & 0x3f)
}

/** The number that so many hexadecimal digits write; undefined where they are none. */
export function hexAt(bytes: Uint8Array, at: number, digits: number): number | undefined {
  let value = 0
  for (let i = 0; i < digits; i++) {
    const digit = hexDigit(bytes[at + i] ?? 0)
    if (digit < 0) return undefined
    value = value * 16 + digit
  }
  return value
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 0x20
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}
