import { decodeUtf8, encodeUtf8, indexOf, toBase64, toBase64Url, toHex } from '../base/bytes.ts'
import { BACKSLASH } from './decoded-view.ts'

/** A text that gives a credential away, wherever it stands. */
export interface Needle {
  readonly bytes: Uint8Array
  /** Base64 shares its first and last character with the bytes around: they hold some bits of the credential too. */
  readonly edge: { readonly before: boolean; readonly after: boolean }
  /** `bytes` are only a piece of it: the whole in lower case, and where the piece stands in that. Case does not count. */
  readonly within?: { readonly whole: Uint8Array; readonly at: number }
}

export interface Needles {
  readonly all: readonly Needle[]
  /** Whether an escape in a message could hide a needle at all; most messages need no second look. */
  readonly mayBeEscaped: (bytes: Uint8Array) => boolean
  /** True only if the text can hold no credential in any spelling: none as it is, and nothing that could spell one. */
  readonly absentFrom: (text: string) => boolean
}

/** Fewer characters of base64 than these occur by chance in any long text. */
const BASE64_CHARS_MIN = 5

/** All plain spellings of the credentials: as they are, in base64 at every alignment, in hexadecimal of either case or both. */
export function needlesOf(hidden: readonly string[]): Needles {
  const credentials = [...new Set(hidden)].filter((text) => text !== '').map(encodeUtf8)
  const whole = new Map(credentials.flatMap(spellings).map((needle) => [decodeUtf8(needle.bytes), needle]))
  const hexadecimal = credentials.flatMap(inHexadecimal)
  const all = [...whole.values(), ...hexadecimal]
  const texts = [...new Set(all.map(({ bytes }) => decodeUtf8(bytes)))]
  const absentFrom = (text: string): boolean =>
    !text.includes('\\') && !text.includes('%') && !texts.some((needle) => text.includes(needle))
  return { all, mayBeEscaped: escapeTest(hidden, all), absentFrom }
}

function spellings(credential: Uint8Array): Needle[] {
  return [
    { bytes: credential, edge: { before: false, after: false } },
    ...[0, 1, 2].flatMap((before) => [toBase64, toBase64Url].flatMap((write) => inBase64(credential, before, write))),
  ]
}

/** The characters that depend on the credential alone when `before` other bytes share its first group of three. */
function inBase64(credential: Uint8Array, before: number, write: (bytes: Uint8Array) => string): Needle[] {
  const padded = new Uint8Array(before + credential.length)
  padded.set(credential, before)
  const first = Math.ceil((before * 8) / 6)
  const last = Math.floor((padded.length * 8) / 6)
  const text = write(padded).slice(first, last)
  if (text.length < BASE64_CHARS_MIN) return []
  return [{ bytes: encodeUtf8(text), edge: { before: before > 0, after: padded.length % 3 !== 0 } }]
}

/** Pieces of hexadecimal that are searched for, in characters. A long one is rarely met by chance. */
const PIECE_CHARS = [8, 6, 4, 2]
/** More would cost more than they save: each is a pass over the message. */
const PIECE_SPELLINGS_MAX = 4

/**
 * Digits have no case, so a piece that is mostly digits has few spellings. Those are searched for, and around each place
 * where one stands the rest is compared without case: somebody may write `6D6b` as well as `6d6b`.
 */
function inHexadecimal(credential: Uint8Array): Needle[] {
  const text = toHex(credential)
  const { piece, at } = pieceOf(text)
  const within = { whole: encodeUtf8(text), at }
  return inEitherCase(piece).map((spelling) => ({
    bytes: encodeUtf8(spelling),
    edge: { before: false, after: false },
    within,
  }))
}

/** The longest piece that has few enough spellings; among equals, the one with the fewest. Two characters always fit. */
function pieceOf(text: string): { piece: string; at: number } {
  const pieces = PIECE_CHARS.flatMap((length) =>
    Array.from({ length: Math.max(0, text.length - length + 1) }, (_, at) => ({
      piece: text.slice(at, at + length),
      at,
    })),
  )
  const fitting = pieces.filter(({ piece }) => 2 ** lettersIn(piece) <= PIECE_SPELLINGS_MAX)
  return fitting.reduce((best, one) =>
    one.piece.length === best.piece.length && lettersIn(one.piece) < lettersIn(best.piece) ? one : best,
  )
}

function lettersIn(text: string): number {
  return text.replaceAll(/\d/g, '').length
}

function inEitherCase(text: string): string[] {
  return text
    .split('')
    .reduce<string[]>(
      (begun, digit) => [...new Set([digit, digit.toUpperCase()])].flatMap((one) => begun.map((start) => start + one)),
      [''],
    )
}

/**
 * At whatever depth of JSON in JSON, a printable ASCII character can only be written as `\u002X` to `\u007X`; `\/` matters
 * where a needle has a slash; and any escape does where a credential has characters that JSON must escape, or others
 * than ASCII.
 */
function escapeTest(hidden: readonly string[], all: readonly Needle[]): (bytes: Uint8Array) => boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what JSON must escape
  if (hidden.some((text) => /["\\\u0000-\u001f\u007f]|[^\u0000-\u007f]/.test(text))) {
    return (bytes) => bytes.includes(BACKSLASH)
  }
  const hasSlash = all.some(({ bytes }) => bytes.includes(SLASH))
  const low = encodeUtf8('\\u00')
  const ascii = ['2', '3', '4', '5', '6', '7'].map((digit) => encodeUtf8(`\\u00${digit}`))
  const slash = encodeUtf8('\\/')
  return (bytes) =>
    (indexOf(bytes, low) >= 0 && ascii.some((mark) => indexOf(bytes, mark) >= 0)) ||
    (hasSlash && indexOf(bytes, slash) >= 0)
}

const SLASH = 0x2f
