import {
  afterBackslashes,
  afterNewline,
  afterTab,
  AMPERSAND,
  APOSTROPHE,
  BACKSLASH,
  BACKTICK,
  byteAt,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  EQUALS,
  GREATER,
  isLetter,
  LESS,
  nameEnd,
  PIPE,
  QUOTE,
  SEMICOLON,
  skipSpace,
  SPACE,
  TAB,
} from './text-bytes.ts'

/** An unquoted value that is longer than this, in bytes, is cut: keys, cookies and tokens of real systems are shorter. */
const VALUE_MAX = 16_384

/** How an unquoted value ends. */
export interface Ending {
  /** `line`: with the line. `word`: with the first space. `query`: with `&` too, and everything that ends a URL. */
  readonly at: 'line' | 'word' | 'query'
  /** The quote that stands before the name and ends the text, with its backslashes. */
  readonly quote: number
  readonly depth: number
  readonly raw: boolean
  /** Headers go on over `;` and `a=b`. */
  readonly isWhole: boolean
}

const HASH = 0x23
/** Ends an address in a text, besides spaces and quotes. */
const ENDS_QUERY: ReadonlySet<number> = new Set([
  SPACE,
  TAB,
  APOSTROPHE,
  AMPERSAND,
  HASH,
  LESS,
  GREATER,
  SEMICOLON,
  BACKTICK,
  0x29,
  CLOSE_BRACKET,
  CLOSE_BRACE,
  PIPE,
])
/** What may stand behind a value and is not of it. */
const TRAILS: ReadonlySet<number> = new Set(Array.from('.,;:)]}>', (sign) => sign.charCodeAt(0)))

export function valueEnd(bytes: Uint8Array, from: number, ending: Ending): number {
  const most = Math.min(bytes.length, from + VALUE_MAX)
  let at = from
  while (at < most) {
    const next = step(bytes, at, ending)
    if (next < 0) break
    at = next
  }
  return trimmed(bytes, { from, to: Math.min(at, most) }, ending)
}

/** Just after the character at `at`; -1 where the value ends there. */
function step(bytes: Uint8Array, at: number, ending: Ending): number {
  const byte = byteAt(bytes, at)
  if (byte === BACKSLASH) return stepEscape(bytes, at, ending)
  if (afterNewline(bytes, at) >= 0) return -1
  if (byte === QUOTE) return endsAtQuote(bytes, { at, count: 0 }, ending) ? -1 : at + 1
  if (byte === ending.quote && ending.depth === 0) return -1
  const isEnd = ending.at === 'query' ? ENDS_QUERY.has(byte) : endsAtSign(bytes, at, ending)
  return isEnd ? -1 : at + 1
}

function stepEscape(bytes: Uint8Array, at: number, ending: Ending): number {
  if (afterNewline(bytes, at) >= 0) return -1
  const tab = afterTab(bytes, at)
  if (tab >= 0) return ending.at === 'line' && ending.isWhole ? tab : -1
  const end = afterBackslashes(bytes, at)
  if (bytes[end] === QUOTE) return endsAtQuote(bytes, { at: end, count: end - at }, ending) ? -1 : end + 1
  if (ending.at === 'query' && ending.raw && end - at === 1) return -1
  return end < bytes.length ? end + 1 : end
}

interface QuoteAt {
  readonly at: number
  readonly count: number
}

/** A quote ends a value if it ends the text around it: the string of JSON, or what the name stands in. */
function endsAtQuote(bytes: Uint8Array, { at, count }: QuoteAt, ending: Ending): boolean {
  if (ending.quote === QUOTE && count <= ending.depth) return true
  if (ending.raw && count % 2 === 0) return true
  // In a string that begins with the name, a quote with more backslashes is one of the value.
  if (ending.at !== 'line') return ending.at === 'query' || ending.quote !== QUOTE
  return endsMember(bytes, at + 1)
}

/** Whether what follows a quote says that a string of JSON ended with it. */
export function endsMember(bytes: Uint8Array, after: number): boolean {
  const next = bytes[skipSpace(bytes, after)]
  return next === undefined || next === COMMA || next === CLOSE_BRACE || next === CLOSE_BRACKET || next === COLON
}

function endsAtSign(bytes: Uint8Array, at: number, { at: mode, isWhole }: Ending): boolean {
  const byte = byteAt(bytes, at)
  const isBlank = byte === SPACE || byte === TAB
  if (mode === 'word') return isBlank || endsWord(bytes, at)
  if (isWhole) return false
  if (isBlank) return bytes[at + 1] === HASH || startsPair(bytes, at + 1)
  return byte === SEMICOLON && endsPart(bytes, at + 1)
}

function endsWord(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at]
  if (byte === BACKTICK || byte === LESS) return true
  if (byte === COMMA || byte === SEMICOLON) return endsPart(bytes, at + 1)
  return byte === AMPERSAND && startsPair(bytes, at + 1)
}

function endsPart(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at]
  return (
    byte === undefined ||
    byte === SPACE ||
    byte === QUOTE ||
    byte === BACKSLASH ||
    byte < SPACE ||
    startsPair(bytes, at)
  )
}

/** `name=` follows. */
function startsPair(bytes: Uint8Array, at: number): boolean {
  if (!isLetter(byteAt(bytes, at))) return false
  const end = nameEnd(bytes, at)
  return bytes[end] === EQUALS && bytes[end + 1] !== EQUALS
}

function trimmed(bytes: Uint8Array, { from, to }: { from: number; to: number }, { at: mode }: Ending): number {
  let end = to
  while (end > from && (bytes[end - 1] === SPACE || bytes[end - 1] === TAB)) end--
  if (mode === 'line') return end
  while (end > from && TRAILS.has(bytes[end - 1] ?? 0)) end--
  return end
}
