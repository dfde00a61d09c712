// Where the string of JSON ends that a table stands in, seen by what follows a quote.
import {
  afterBackslashes,
  afterNewline,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  nameEnd,
  QUOTE,
  skipBlanks,
  skipSpace,
} from './text-bytes.ts'

/** Whether a string of JSON that a cell stands in ends before `at`, just after a quote with backslashes. */
export function endsText(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === undefined || closesString(bytes, at)
}

/** Whether what follows a quote says that it closes a string of JSON; what is written in lines closes on the next one. */
export function closesString(bytes: Uint8Array, after: number): boolean {
  return bytes[skipBlanks(bytes, after)] === COMMA || closesBracket(bytes[skipSpace(bytes, after)])
}

function closesBracket(byte: number | undefined): boolean {
  return byte === CLOSE_BRACE || byte === CLOSE_BRACKET
}

/** The same among commas, where cells have quotes too: the last of an object or an array, or the name of the next member follows. */
export function closesMember(bytes: Uint8Array, after: number): boolean {
  const comma = skipBlanks(bytes, after)
  let at = skipSpace(bytes, bytes[comma] === COMMA ? comma + 1 : comma)
  if (bytes[comma] === COMMA) {
    const end = bytes[at] === QUOTE ? nameEnd(bytes, at + 1) : at
    return end > at && bytes[end] === QUOTE && bytes[skipBlanks(bytes, end + 1)] === COLON
  }
  if (!closesBracket(bytes[at])) return false
  while (closesBracket(bytes[at])) at = skipBlanks(bytes, at + 1)
  return bytes[at] === undefined || afterNewline(bytes, at) >= 0
}

/** Whether what begins there is the end of the string of JSON that a table stands in, and no row of it. */
export function endsString(bytes: Uint8Array, from: number): boolean {
  const quote = afterBackslashes(bytes, from)
  return bytes[quote] === QUOTE && (bytes[quote + 1] === COLON || endsText(bytes, quote + 1))
}
