import { encodeUtf8 } from '../../base/bytes.ts'
import { afterNewline, BACKSLASH, COLON, EQUALS, GREATER, PIPE, skipBlanks, SLASH, SPACE, STAR } from './text-bytes.ts'

/** What stands between a name and its value in text. */
export interface Separator {
  readonly kind: 'colon' | 'equals'
  /** Blanks on either side. */
  readonly isSpaced: boolean
  /** A sign of more than one character, which only code has. */
  readonly isLong: boolean
  /** Where the value begins: behind the blanks. */
  readonly value: number
}

const QUESTION = 0x3f
/** The first byte of the full-width colon. */
const FULL_WIDTH = 0xef

/** `:`, `=`, `:=`, `=>`, `?=`, `||=` and the full-width colon behind a name; undefined for comparisons and everything else. */
export function readSeparator(bytes: Uint8Array, nameEnd: number): Separator | undefined {
  const sign = skipBlanks(bytes, skipStars(bytes, nameEnd))
  const end = signEnd(bytes, sign)
  if (end < 0) return undefined
  const kind = bytes[end - 1] === EQUALS || bytes[end - 1] === GREATER ? 'equals' : 'colon'
  const value = skipBlanks(bytes, skipStars(bytes, end))
  return { kind, isSpaced: sign > nameEnd || value > end, isLong: end - sign > 1 && bytes[sign] !== FULL_WIDTH, value }
}

function skipStars(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at] === STAR && at - from < 2) at++
  return at
}

function signEnd(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]
  const next = bytes[at + 1]
  if (byte === EQUALS) return next === EQUALS ? -1 : at + (next === GREATER ? 2 : 1)
  if (byte === COLON) return afterColon(bytes, at)
  if (byte === QUESTION) return next === EQUALS || next === COLON ? at + 2 : -1
  return LONG_SIGNS.some(([first, second, third]) => byte === first && next === second && bytes[at + 2] === third)
    ? at + 3
    : -1
}

/** `||=`, and the full-width colon of Chinese and Japanese. */
const LONG_SIGNS = [
  [PIPE, PIPE, EQUALS],
  [FULL_WIDTH, 0xbc, 0x9a],
] as const

/** `::` and `://` give no value. */
function afterColon(bytes: Uint8Array, at: number): number {
  const next = bytes[at + 1]
  if (next === COLON || (next === SLASH && bytes[at + 2] === SLASH)) return -1
  return at + (next === EQUALS ? 2 : 1)
}

/** Bytes of a verb, at most: as many as one number holds. */
const VERB_MAX = 6

/** The bytes of a short word as one number. */
function packed(bytes: Uint8Array, start: number, end: number): number {
  let number = 0
  for (let at = start; at < end; at++) number = number * 256 + (bytes[at] ?? 0)
  return number
}

/** "is", "was" and their like, by language; what follows a password in prose. */
const VERBS: ReadonlySet<number> = new Set(
  'is was are ist lautet war es era est était é è foi to jest är er var on oli'.split(' ').map((verb) => {
    const bytes = encodeUtf8(verb)
    return packed(bytes, 0, bytes.length)
  }),
)

/** Where the value begins behind `password is`; -1 where no such word follows. */
export function afterVerb(bytes: Uint8Array, nameEnd: number): number {
  const start = nameEnd + 1
  if (bytes[nameEnd] !== SPACE) return -1
  let end = start
  while (end - start <= VERB_MAX && isInVerb(bytes[end] ?? 0)) end++
  if (end - start > VERB_MAX || !VERBS.has(packed(bytes, start, end))) return -1
  const colon = skipBlanks(bytes, end)
  const value = skipBlanks(bytes, bytes[colon] === COLON ? colon + 1 : colon)
  return value > end || afterNewline(bytes, value) >= 0 ? value : -1
}

function isInVerb(byte: number): boolean {
  return byte > SPACE && byte !== COLON && byte !== BACKSLASH
}
