import type { View } from '../find/view.ts'

/** A stretch of one text around a place, without its escapes, and where each character stands in the bytes. */
export interface Surroundings {
  readonly codes: Int32Array
  /** By the index of a character, and one more: where it begins in the view. */
  readonly starts: Int32Array
  readonly length: number
  /** The index of the character that stands at the place. */
  readonly hit: number
  /** The text itself begins or ends where the stretch does. */
  readonly isStart: boolean
  readonly isEnd: boolean
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LETTER_U = 0x75

/** Reads so many characters before the place and behind it, or to the ends of the text. In raw JSON, a text is what is in quotes. */
export function surroundingsOf(view: View, at: number, reach: { before: number; after: number }): Surroundings {
  const { start, isStart } = goBack(view, at, reach.before)
  const draft = new Draft(at, reach.before + reach.after)
  const { bytes, raw } = view
  let place = start
  let left = reach.after
  while (place < bytes.length && left > 0) {
    if (raw && bytes[place] === QUOTE) break
    if (place >= at) left--
    place = raw ? readEscaped(bytes, place, draft) : readPlain(bytes, place, draft)
  }
  const isEnd = place >= bytes.length || (raw && bytes[place] === QUOTE)
  return draft.done(place, isStart, isEnd)
}

/** The same stretch as a text in that text: without another layer of escapes, between the nearest quotes that have none. */
export function innerOf(around: Surroundings): Surroundings | undefined {
  const { codes, starts, length, hit } = around
  if (!codes.subarray(0, length).includes(BACKSLASH)) return undefined
  const from = openedBefore(codes, hit)
  const draft = new Draft(starts[hit] ?? 0, length)
  let at = from
  while (at < length && codes[at] !== QUOTE) {
    const start = starts[at] ?? 0
    const one = codes[at] === BACKSLASH && at + 1 < length ? unescape(codes, at) : { code: codes[at] ?? 0, length: 1 }
    draft.push(one.code, start)
    at += one.length
  }
  const isStart = from > 0 || around.isStart
  return draft.done(starts[at] ?? 0, isStart, at < length || around.isEnd)
}

/** The place after the nearest quote before `at` that no backslash escapes; 0 where there is none. */
function openedBefore(codes: Int32Array, at: number): number {
  let from = at
  while (from > 0 && !opens(codes, from)) from--
  return from
}

/** Whether a quote stands before a place, with no backslash that escapes it. */
function opens(codes: ArrayLike<number>, at: number): boolean {
  return codes[at - 1] === QUOTE && isBare(codes, at - 1)
}

/** Whether an even number of backslashes stands before a quote. */
function isBare(codes: ArrayLike<number>, at: number): boolean {
  return (at - beforeBackslashes(codes, at)) % 2 === 0
}

function goBack({ bytes, raw }: View, at: number, most: number): { start: number; isStart: boolean } {
  let start = at
  let left = most
  while (start > 0 && left > 0) {
    const byte = bytes[start - 1] ?? 0
    if (raw && opens(bytes, start)) return { start, isStart: true }
    start--
    // Bytes in the middle of a character, and backslashes, are no characters of their own; `\u` and four digits are one.
    if (!raw || byte !== BACKSLASH) left -= (byte & 0xc0) === 0x80 ? 0 : 1
    else if (bytes[start + 1] === LETTER_U) left += 4
  }
  if (!raw) return { start, isStart: start === 0 }
  start = beforeBackslashes(bytes, start)
  return { start, isStart: start === 0 || opens(bytes, start) }
}

function beforeBackslashes(codes: ArrayLike<number>, at: number): number {
  let first = at
  while (first > 0 && codes[first - 1] === BACKSLASH) first--
  return first
}

function readPlain(bytes: Uint8Array, at: number, draft: Draft): number {
  const lead = bytes[at] ?? 0
  const size = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  draft.push(lead < 0x80 ? lead : codeOf(bytes, at, size), at)
  return at + size
}

function codeOf(bytes: Uint8Array, at: number, size: number): number {
  let code = (bytes[at] ?? 0) & (0xff >> (size + 1))
  for (let i = 1; i < size; i++) code = (code << 6) | ((bytes[at + i] ?? 0) & 0x3f)
  return code
}

function readEscaped(bytes: Uint8Array, at: number, draft: Draft): number {
  if (bytes[at] !== BACKSLASH || at + 1 >= bytes.length) return readPlain(bytes, at, draft)
  const { code, length } = unescape(bytes, at)
  draft.push(code, at)
  return at + length
}

const SHORT: ReadonlyMap<number, number> = new Map([
  [0x6e, 0x0a],
  [0x74, 0x09],
  [0x72, 0x0d],
  [0x62, 0x08],
  [0x66, 0x0c],
])

/** What an escape stands for. One that JSON does not know stands for its letter. Two halves of a character are joined. */
function unescape(codes: ArrayLike<number>, at: number): { code: number; length: number } {
  const letter = codes[at + 1] ?? 0
  if (letter !== LETTER_U) return { code: SHORT.get(letter) ?? letter, length: 2 }
  const high = hexAt(codes, at + 2)
  if (high < 0) return { code: letter, length: 2 }
  const low = codes[at + 6] === BACKSLASH && codes[at + 7] === LETTER_U ? hexAt(codes, at + 8) : -1
  if (high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000)
    return { code: 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00), length: 12 }
  return { code: high, length: 6 }
}

function hexAt(codes: ArrayLike<number>, at: number): number {
  let code = 0
  for (let i = at; i < at + 4; i++) {
    const byte = codes[i] ?? 0
    const digit = byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57
    if (digit < 0 || digit > 15 || (byte > 0x39 && digit < 10)) return -1
    code = code * 16 + digit
  }
  return code
}

class Draft {
  readonly #at: number
  #codes: Int32Array
  #starts: Int32Array
  #length = 0
  #hit = 0

  /** `at`: the place whose index is wanted. `room`: how many characters there will be, about. */
  constructor(at: number, room: number) {
    this.#at = at
    this.#codes = new Int32Array(room + 2)
    this.#starts = new Int32Array(room + 2)
  }

  push(code: number, start: number): void {
    if (this.#length + 1 >= this.#codes.length) this.#grow()
    if (start <= this.#at) this.#hit = this.#length
    this.#codes[this.#length] = code
    this.#starts[this.#length] = start
    this.#length++
  }

  done(end: number, isStart: boolean, isEnd: boolean): Surroundings {
    this.#starts[this.#length] = end
    const length = this.#length
    return {
      codes: this.#codes.subarray(0, length),
      starts: this.#starts.subarray(0, length + 1),
      length,
      hit: this.#hit,
      isStart,
      isEnd,
    }
  }

  #grow(): void {
    const codes = new Int32Array(2 * this.#codes.length)
    const starts = new Int32Array(2 * this.#codes.length)
    codes.set(this.#codes)
    starts.set(this.#starts)
    this.#codes = codes
    this.#starts = starts
  }
}
