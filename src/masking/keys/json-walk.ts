import {
  afterBackslashes,
  backslashesBefore,
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipSpace,
  skipSpaceBack,
} from './text-bytes.ts'

// Walks through JSON at any level of JSON in JSON. At level k a quote has 2^k - 1 backslashes before it, so the number of
// them in front of one quote tells how to read all others of the document.

/** A string between its quotes, and the place just behind the closing one. */
export interface Quoted {
  readonly start: number
  readonly end: number
  readonly after: number
  /** Whether the closing quote is there; without it, the string ends where the text does. */
  readonly isClosed: boolean
}

/** A token of JSON that is no container. */
export interface Scalar {
  readonly kind: 'string' | 'number' | 'boolean' | 'null'
  readonly start: number
  readonly end: number
  readonly after: number
}

/** Backslashes before the quote that stands at `at` or behind backslashes there; -1 where none does. */
export function quoteDepth(bytes: Uint8Array, at: number): number {
  const end = afterBackslashes(bytes, at)
  return bytes[end] === QUOTE ? end - at : -1
}

/** The string that opens at `at` with `depth` backslashes and a quote. */
export function readQuoted(bytes: Uint8Array, at: number, depth: number): Quoted {
  const start = at + depth + 1
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === QUOTE) return { start, end: i, after: i + (depth === 0 ? 1 : 0), isClosed: depth === 0 }
    if (byte !== BACKSLASH) continue
    const end = afterBackslashes(bytes, i)
    const count = end - i
    if (bytes[end] === QUOTE) {
      // A literal backslash takes 2 * (depth + 1) of them, so what is left over is the quote's own.
      if (count % (2 * (depth + 1)) === depth) return { start, end: end - depth, after: end + 1, isClosed: true }
      if (count < depth) return { start, end: i, after: i, isClosed: false }
      i = end
    } else if (count % 2 === 1) i = end
    else i = end - 1
  }
  return { start, end: bytes.length, after: bytes.length, isClosed: false }
}

/** Where the string opens whose closing quote stands just before `after`; -1 where that is not seen within `most` bytes. */
export function quotedStart(bytes: Uint8Array, after: number, depth: number, most: number): number {
  const least = Math.max(0, after - 1 - depth - most)
  for (let i = after - 2 - depth; i >= least; i--) {
    if (bytes[i] === QUOTE && backslashesBefore(bytes, i) % (2 * (depth + 1)) === depth) return i - depth
  }
  return -1
}

/** The string, number or word that stands at `at`; undefined for containers and everything else. */
export function readScalar(bytes: Uint8Array, at: number, depth: number): Scalar | undefined {
  if (quoteDepth(bytes, at) === depth) {
    const { start, end, after } = readQuoted(bytes, at, depth)
    return { kind: 'string', start, end, after }
  }
  let end = at
  while (end < bytes.length && IN_WORD[bytes[end] ?? 0] === 1) end++
  if (end === at || !isDelimiter(bytes, end)) return undefined
  const kind = kindOf(bytes, at, end)
  return kind === undefined ? undefined : { kind, start: at, end, after: end }
}

/** Letters, digits, plus, minus, dot. */
const IN_WORD = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[A-Za-z0-9+.-]/.test(String.fromCharCode(byte)) ? 1 : 0,
)
const NUMBER = /^-?\d+(?:\.\d+)?(?:[Ee][+-]?\d+)?$/
/** Longer words are no number that anybody writes. */
const NUMBER_MAX = 400

function kindOf(bytes: Uint8Array, start: number, end: number): Scalar['kind'] | undefined {
  if (end - start > NUMBER_MAX) return undefined
  const text = String.fromCharCode(...bytes.subarray(start, end))
  if (text === 'true' || text === 'false') return 'boolean'
  if (text === 'null') return 'null'
  return NUMBER.test(text) ? 'number' : undefined
}

function isDelimiter(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[skipSpace(bytes, at)]
  return byte === undefined || byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET
}

/** Just after the value at `at`, containers included; where it is not well-formed, `-1 - place` of what is wrong. */
export function afterValue(bytes: Uint8Array, at: number, depth: number): number {
  const byte = bytes[at]
  if (byte !== OPEN_BRACE && byte !== OPEN_BRACKET) return readScalar(bytes, at, depth)?.after ?? -1 - at
  return afterContainer(bytes, at, depth)
}

function afterContainer(bytes: Uint8Array, at: number, depth: number): number {
  let open = 0
  for (let i = at; i < bytes.length;) {
    const byte = bytes[i]
    if (byte === QUOTE || byte === BACKSLASH) {
      const next = afterQuoteOrSpace(bytes, i, depth)
      if (next < 0) return -1 - i
      i = next
      continue
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) open++
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --open === 0) return i + 1
    i++
  }
  return -1 - bytes.length
}

function afterQuoteOrSpace(bytes: Uint8Array, at: number, depth: number): number {
  if (quoteDepth(bytes, at) === depth) {
    const string = readQuoted(bytes, at, depth)
    return string.isClosed ? string.after : -1
  }
  const next = skipSpace(bytes, at)
  return next > at ? next : -1
}

/** A member of an object, or an element of an array, which has no key. */
export interface Member {
  readonly key: { readonly start: number; readonly end: number } | undefined
  /** Where its value begins. */
  readonly value: number
}

/** The member of an object that begins at or after `at`; undefined where none does. */
export function readMember(bytes: Uint8Array, at: number, depth: number): Member | undefined {
  const open = skipSpace(bytes, at)
  if (quoteDepth(bytes, open) !== depth) return undefined
  const key = readQuoted(bytes, open, depth)
  const colon = skipSpace(bytes, key.after)
  if (!key.isClosed || bytes[colon] !== COLON) return undefined
  return { key, value: skipSpace(bytes, colon + 1) }
}

/** Where the object or array opens that holds what begins at `at`; `-1 - place` where the search ended without one. */
export function containerStart(bytes: Uint8Array, at: number, depth: number, least: number): number {
  let closed = 0
  let i = skipSpaceBack(bytes, at)
  while (i > least) {
    const byte = bytes[i - 1]
    if (byte === QUOTE) {
      const isOurs = backslashesBefore(bytes, i - 1) % (2 * (depth + 1)) === depth
      const start = isOurs ? quotedStart(bytes, i, depth, i - least) : -1
      if (start < 0) return -1 - (isOurs ? least : i)
      i = start
      continue
    }
    if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) closed++
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (closed === 0) return i - 1
      closed--
    }
    i--
  }
  return -1 - i
}
