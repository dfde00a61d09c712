import {
  decodeLatin1,
  decodeUtf16,
  decodeUtf8,
  encodeLatin1,
  encodeUtf16,
  encodeUtf8,
  isUtf8,
} from '../../base/bytes.ts'

/** How a text was written: what is masked of it is written back so. */
export type Charset = 'utf-8' | 'latin1' | 'utf-16le' | 'utf-16be'

export interface ReadText {
  /** In UTF-8. */
  readonly text: Uint8Array
  readonly charset: Charset
}

/**
 * The text that some bytes are; undefined where they are none. UTF-16 shows by its mark, or the type says so. What is no UTF-8
 * and has hardly any control characters has one byte for each character, as old exports do: so is a text with broken bytes.
 */
export function readText(bytes: Uint8Array, type: string): ReadText | undefined {
  if (bytes.length === 0) return undefined
  const wide = wideOf(bytes, type)
  if (wide !== undefined) return wideText(bytes, wide)
  if (!isMostlyText(bytes.subarray(0, BYTES_LOOKED_AT))) return undefined
  if (isUtf8(bytes)) return { text: bytes, charset: 'utf-8' }
  // A document of another kind may begin with a page of text.
  return isMostlyText(bytes) ? asBytes(bytes) : undefined
}

/** A character for each byte: written back, what was not hidden is the same, whatever it was. */
export function asBytes(bytes: Uint8Array): ReadText {
  return { text: encodeUtf8(decodeLatin1(bytes)), charset: 'latin1' }
}

/** A text in UTF-8 as it came: what was put into it is ASCII. */
export function writeText(text: Uint8Array, charset: Charset): Uint8Array {
  switch (charset) {
    case 'utf-8':
      return text
    case 'latin1':
      return encodeLatin1(decodeUtf8(text))
    case 'utf-16le':
      return encodeUtf16(decodeUtf8(text), 'le')
    case 'utf-16be':
      return encodeUtf16(decodeUtf8(text), 'be')
  }
}

/** Of what is no text, the beginning shows it. */
const BYTES_LOOKED_AT = 512

/** Whether there are hardly any control characters, which no text has: one that broke may have a few. */
export function isMostlyText(bytes: Uint8Array): boolean {
  let controls = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte >= 0x20 || IN_TEXTS.has(byte)) continue
    if (at < SIGNATURE_BYTES) return false
    controls += 1
  }
  return controls <= 1 + bytes.length / CONTROLS_ONE_IN
}

/** Formats that are no text begin with bytes that no text has, so that everybody sees it. */
const SIGNATURE_BYTES = 16
/** Of bytes by chance one in ten is such a character, and pictures and archives begin with some. */
const CONTROLS_ONE_IN = 25

/** Tabulators, ends of lines and pages, and what colours are told to a terminal with. */
const IN_TEXTS: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b])

export function wideOf(bytes: Uint8Array, type: string): 'utf-16le' | 'utf-16be' | undefined {
  const [first = 0, second = 0] = bytes
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  const said = /charset\s*=\s*"?utf-?16(be|le)?/i.exec(type)
  // In UTF-16 there are bytes of zero, or ones that no UTF-8 has: the type says what the server likes.
  if (said === null || (isUtf8(bytes) && !bytes.includes(0))) return undefined
  return said[1]?.toLowerCase() === 'be' ? 'utf-16be' : 'utf-16le'
}

/** Half a pair has no UTF-8: where something is hidden in such a text, it is written as the character that stands for it. */
function wideText(bytes: Uint8Array, charset: 'utf-16le' | 'utf-16be'): ReadText | undefined {
  const units = decodeUtf16(bytes, charset === 'utf-16le' ? 'le' : 'be')
  const text = encodeUtf8(units)
  return isMostlyText(text) && hasFewHalves(units) ? { text, charset } : undefined
}

/** Of bytes by chance one unit in thirty is half a pair. */
function hasFewHalves(units: string): boolean {
  if (units.isWellFormed()) return true
  const halves = units.match(HALF)?.length ?? 0
  return halves <= 1 + units.length / HALVES_ONE_IN
}

const HALF = /\p{Surrogate}/gu
const HALVES_ONE_IN = 100
