import { decodeUtf8, encodeUtf8, indexOf, toBase64, toBase64Url, toHex } from '../base/bytes.ts'
import { BACKSLASH } from './decoded-view.ts'

/** A text that gives a credential away, wherever it stands. */
export interface Needle {
  readonly bytes: Uint8Array
  /** Base64 shares its first and last character with the bytes around: they hold some bits of the credential too. */
  readonly edge: { readonly before: boolean; readonly after: boolean }
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

/** All plain spellings of the credentials: as they are, in base64 at every alignment, in hexadecimal. */
export function needlesOf(hidden: readonly string[]): Needles {
  const found = new Map<string, Needle>()
  for (const credential of new Set(hidden)) {
    for (const needle of spellings(encodeUtf8(credential))) {
      if (needle.bytes.length > 0) found.set(decodeUtf8(needle.bytes), needle)
    }
  }
  const all = [...found.values()]
  const texts = [...found.keys()]
  const absentFrom = (text: string): boolean =>
    !text.includes('\\') && !text.includes('%') && !texts.some((needle) => text.includes(needle))
  return { all, mayBeEscaped: escapeTest(hidden, all), absentFrom }
}

function spellings(credential: Uint8Array): Needle[] {
  const hex = toHex(credential)
  const plain = [credential, encodeUtf8(hex), encodeUtf8(hex.toUpperCase())]
  return [
    ...plain.map((bytes) => ({ bytes, edge: { before: false, after: false } })),
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
