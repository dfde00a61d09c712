import { isAscii } from '../../base/bytes.ts'
import { decode, type DecodedView, type Escape, PERCENT, readPercent } from '../decoded-view.ts'
import { characterReferenceAt } from './character-references.ts'
import { DROPPED, foldOf, lookAlikeOf } from './characters.ts'
import { codeAt, lengthOf } from './utf8.ts'

/**
 * Full-width letters, digits of all scripts, dashes and spaces become ASCII, what has no width goes, and so do the colours of
 * terminals; undefined where none is.
 */
export function withFolding(bytes: Uint8Array): DecodedView | undefined {
  if (isAscii(bytes) && !bytes.includes(TERMINAL_ESCAPE)) return undefined
  return decode(bytes, (from) => nextOf(bytes, FOLD_LEADS, from), readFold)
}

/** Begins what tells a terminal how to write (ECMA-48, 5.4). */
export const TERMINAL_ESCAPE = 0x1b

/** Takes one layer of percent-encoding and of HTML character references off; undefined where there is none. */
export function withoutWebEncoding(bytes: Uint8Array): DecodedView | undefined {
  return decode(bytes, (from) => nextOf(bytes, WEB_MARKS, from), readWeb)
}

/** Cyrillic and Greek letters become the ASCII ones that they look like; undefined where no word mixes the two. */
export function withLookAlikes(bytes: Uint8Array): DecodedView | undefined {
  if (isAscii(bytes) || !hasMixedWord(bytes)) return undefined
  return decode(bytes, (from) => nextOf(bytes, LOOK_ALIKE_LEADS, from), readLookAlike)
}

const AMPERSAND = 0x26
const WEB_MARKS = leads((byte) => byte === PERCENT || byte === AMPERSAND)
/** First bytes of what is folded: what tells a terminal something, two bytes to U+07FF, scripts with digits, punctuation, full width, the planes above. */
const FOLD_LEADS = leads(
  (byte) =>
    [TERMINAL_ESCAPE, 0xc2, 0xcd, 0xd8, 0xd9, 0xdb, 0xdf, 0xe0, 0xe1, 0xe2, 0xe3, 0xea, 0xef].includes(byte) ||
    byte >= 0xf0,
)
const LOOK_ALIKE_LEADS = leads((byte) => byte >= 0xcd && byte <= 0xd4)

function leads(has: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (has(byte) ? 1 : 0))
}

function nextOf(bytes: Uint8Array, marks: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) if (marks[bytes[at] ?? 0] === 1) return at
  return -1
}

function readFold(bytes: Uint8Array, at: number): Escape | undefined {
  if (bytes[at] === TERMINAL_ESCAPE) return readTerminal(bytes, at)
  const fold = foldOf(codeAt(bytes, at))
  if (fold === 0) return undefined
  return { length: lengthOf(bytes[at] ?? 0), bytes: fold === DROPPED ? NOTHING : [fold] }
}

const NOTHING: readonly number[] = []
const OPEN_BRACKET = 0x5b
/** Parameters of a control sequence; a byte of `@` to `~` ends it. */
const PARAMETERS_MAX = 32

function readTerminal(bytes: Uint8Array, at: number): Escape | undefined {
  if (bytes[at + 1] !== OPEN_BRACKET) return undefined
  let end = at + 2
  while (end - at < PARAMETERS_MAX && (bytes[end] ?? 0) >= 0x20 && (bytes[end] ?? 0) < 0x40) end++
  const last = bytes[end] ?? 0
  return last >= 0x40 && last <= 0x7e ? { length: end + 1 - at, bytes: NOTHING } : undefined
}

function readWeb(bytes: Uint8Array, at: number): Escape | undefined {
  return bytes[at] === PERCENT ? readPercent(bytes, at) : characterReferenceAt(bytes, at)
}

function readLookAlike(bytes: Uint8Array, at: number): Escape | undefined {
  const letter = lookAlikeOf(codeAt(bytes, at))
  return letter === 0 ? undefined : { length: 2, bytes: [letter] }
}

/** Whether a letter that looks like ASCII touches one that is. */
function hasMixedWord(bytes: Uint8Array): boolean {
  for (let at = nextOf(bytes, LOOK_ALIKE_LEADS, 0); at >= 0; at = nextOf(bytes, LOOK_ALIKE_LEADS, at + 2)) {
    const touches = isLetter(bytes[at - 1] ?? 0) || isLetter(bytes[at + 2] ?? 0)
    if (touches && lookAlikeOf(codeAt(bytes, at)) !== 0) return true
  }
  return false
}

function isLetter(byte: number): boolean {
  const letter = byte | 0x20
  return byte < 0x80 && letter >= 0x61 && letter <= 0x7a
}
