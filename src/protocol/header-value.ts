// Values of headers that mirror the body (SEP-2243; protocol.md, 4.2).
import { decodeUtf8, encodeUtf8, fromBase64, isUtf8, toBase64 } from '../base/bytes.ts'

const MARK = '=?base64?'
const END = '?='
// Visible ASCII, spaces inside, none at the ends.
const PLAIN = /^(?:[!-~](?:[ -~]*[!-~])?)?$/

/** The text that a header value carries; undefined where it is marked as base64 and is none. */
export function decodeHeaderValue(value: string): string | undefined {
  const text = trimHeader(value)
  if (!isMarked(text)) return text
  const bytes = fromBase64(text.slice(MARK.length, -END.length))
  return bytes !== undefined && isUtf8(bytes) ? decodeUtf8(bytes) : undefined
}

/** As it is where that is safe and means itself, else as marked base64. */
export function encodeHeaderValue(text: string): string {
  return PLAIN.test(text) && !isMarked(text) ? text : `${MARK}${toBase64(encodeUtf8(text))}${END}`
}

/** Spaces and tabs around a value are not part of it (RFC 9110, 5.5). */
export function trimHeader(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && isBlank(value.charCodeAt(start))) start += 1
  while (end > start && isBlank(value.charCodeAt(end - 1))) end -= 1
  return value.slice(start, end)
}

function isMarked(text: string): boolean {
  return text.length >= MARK.length + END.length && text.startsWith(MARK) && text.endsWith(END)
}

function isBlank(c: number): boolean {
  return c === 0x20 || c === 0x09
}
