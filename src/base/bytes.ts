// Bytes: the one place where Node's Buffer is turned into plain functions, so that the rest of the
// code handles Uint8Array and nobody mixes encodings by accident. Results may share memory with a pool.
import { Buffer, isAscii as nodeIsAscii, isUtf8 as nodeIsUtf8 } from 'node:buffer'
import { timingSafeEqual } from 'node:crypto'

const ASCII_MAX = 0x7f
/** Arrays up to this size need no memory beside the heap. */
const SHORT_MAX = 64
const HEX = /^(?:[0-9a-f]{2})*$/i

/** UTF-8 of a text; lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}

/** As `encodeUtf8`, for a text of some letters: a call of the platform costs more than to write them. */
export function encodeShort(text: string): Uint8Array {
  if (text.length > SHORT_MAX) return encodeUtf8(text)
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > ASCII_MAX) return encodeUtf8(text)
    bytes[i] = code
  }
  return bytes
}

/** Text of UTF-8 bytes; invalid sequences become U+FFFD, so ask `isUtf8` first where that matters. */
export function decodeUtf8(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return view(bytes).toString('utf8', start, end)
}

/** One character per byte, for header lines and for looking at bytes that may not be UTF-8. */
export function decodeLatin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return view(bytes).toString('latin1', start, end)
}

/** One byte per character; none may be above U+00FF. */
export function encodeLatin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

/** An odd byte at the end is left out. */
export function decodeUtf16(bytes: Uint8Array, order: 'le' | 'be'): string {
  return (order === 'le' ? view(bytes) : swapped(bytes)).toString('utf16le')
}

export function encodeUtf16(text: string, order: 'le' | 'be'): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le')
  return order === 'le' ? bytes : bytes.swap16()
}

function swapped(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16()
}

export function isUtf8(bytes: Uint8Array): boolean {
  return nodeIsUtf8(bytes)
}

export function isAscii(bytes: Uint8Array): boolean {
  return nodeIsAscii(bytes)
}

/** Where the needle begins at or after `from`, or -1. An empty needle is nowhere. */
export function indexOf(haystack: Uint8Array, needle: Uint8Array, from = 0): number {
  return needle.length === 0 ? -1 : view(haystack).indexOf(needle, from)
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return view(a).equals(b)
}

/** Takes the same time wherever the two differ; for secrets and their digests. Only the length shows. */
export function equalSecret(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

/** For a few bytes: a call to the system's own copy costs more than copying them does. */
export function copyFew(from: Uint8Array, fromAt: number, to: { bytes: Uint8Array; at: number; length: number }): void {
  const { at, bytes, length } = to
  for (let i = 0; i < length; i++) bytes[at + i] = from[fromAt + i] ?? 0
}

/** Big-endian. */
export function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts)
}

export function toHex(bytes: Uint8Array): string {
  return view(bytes).toString('hex')
}

/** Undefined unless the whole text is pairs of hexadecimal digits. */
export function fromHex(text: string): Uint8Array | undefined {
  return HEX.test(text) ? Buffer.from(text, 'hex') : undefined
}

/** RFC 4648 section 4, padded. */
export function toBase64(bytes: Uint8Array): string {
  return view(bytes).toString('base64')
}

/** Undefined unless the text is exactly what `toBase64` writes: padding, alphabet and unused bits are checked. */
export function fromBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64')
  // What else was in the text is not written again.
  return bytes.toString('base64') === text ? bytes : undefined
}

/** What can be read in a text as base64 of either alphabet (RFC 4648, 4 and 5); everything else in it is passed over. */
export function readBase64(text: string): Uint8Array {
  return Buffer.from(text, 'base64')
}

/** RFC 4648 section 5, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return view(bytes).toString('base64url')
}

/** Undefined unless the text is exactly what `toBase64Url` writes. */
export function fromBase64Url(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
