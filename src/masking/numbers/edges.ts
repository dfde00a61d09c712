// Numbers and ids: what cards, accounts, phone numbers and the ids of persons look like, and the check digits that tell them
// from other numbers. Detectors here judge a value alone; what its key or a word near it says is added by the engine. They
// never throw, and look at a bounded number of bytes around a candidate (masking.md, 3.2 to 3.4 and 5).
import { findEntity } from '../entities.ts'
import type { View } from '../find/view.ts'
import {
  ALNUM,
  DIGIT,
  HEX,
  LOWER,
  UPPER,
  WORD,
  endsWord,
  isEscapeLetter,
  startsWord,
  tableOf,
} from '../scan/bytes-tables.ts'

/** The longest word that is looked at before a number it is glued to: the longest context words are shorter. */
const GLUED_BYTES_MAX = 32
const UUID_BYTES = 36
const UUID_DASHES = Uint8Array.from({ length: UUID_BYTES }, (_, i) => ([8, 13, 18, 23].includes(i) ? 1 : 0))
const UNDERSCORE = 0x5f
const DASH = 0x2d
const DOT = 0x2e
const PLUS = 0x2b
const LETTER_E = 0x65
const EXPONENT_DIGITS_MAX = 3
const AFTER_JSON_NUMBER = tableOf(',]} \n\r\t')
/** Shorter numbers after a plus sign are phone numbers: E.164 has 15 digits at most. */
const AFTER_PLUS_DIGITS_MIN = 16

/** What stands before a number: nothing that belongs to it, a word that it is glued to, or more of a longer number. */
export type Edge = 'free' | 'glued' | 'blocked'

export function edgeBefore(view: View, at: number, digits: number): Edge {
  const { bytes } = view
  const before = bytes[at - 1]
  if (before === undefined) return 'free'
  if (!startsWord(view, at)) return isOnlyUnderscores(bytes, at) ? 'free' : 'glued'
  if (before === DOT) return isDigit(bytes[at - 2]) ? 'blocked' : 'free'
  if (before !== PLUS || digits >= AFTER_PLUS_DIGITS_MIN) return 'free'
  return isWordByte(bytes[at - 2]) && !(view.raw && isEscapeLetter(bytes, at - 2)) ? 'free' : 'blocked'
}

/** Whether a number may end before `at`. An underscore that emphasises it is no part of it, as in Markdown, nor is an exponent. */
export function isEndOfNumber(view: View, at: number): boolean {
  if (endsWord(view, at)) return true
  return view.bytes[at] === UNDERSCORE ? !isWordByte(view.bytes[at + 1]) : isExponent(view.bytes, at)
}

/** `e0`, `E+2`, and then the end of a number of JSON. */
function isExponent(bytes: Uint8Array, at: number): boolean {
  if (((bytes[at] ?? 0) | 0x20) !== LETTER_E) return false
  const first = bytes[at + 1] === PLUS || bytes[at + 1] === DASH ? at + 2 : at + 1
  let end = first
  while (end - first < EXPONENT_DIGITS_MAX && isDigit(bytes[end])) end += 1
  return end > first && AFTER_JSON_NUMBER[bytes[end] ?? 0] === 1
}

/** A decimal point and digits follow: the number is the integer part of a fraction, or a part of a version. */
export function hasFraction(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === DOT && isDigit(bytes[at + 1])
}

/** Letters and underscores right before `at`, in lower case, without underscores at the end; empty where there are none. */
export function gluedWord(view: View, at: number): string {
  const { bytes, raw } = view
  let end = at
  while (end > 0 && bytes[end - 1] === UNDERSCORE) end -= 1
  let start = end
  let word = ''
  while (start > 0 && end - start < GLUED_BYTES_MAX && isLetterOrUnderscore(bytes[start - 1])) {
    if (raw && isEscapeLetter(bytes, start - 1)) break
    start -= 1
    word = String.fromCharCode(bytes[start] ?? 0) + word
  }
  return isDigit(bytes[start - 1]) ? '' : word
}

/** Whether more of a longer id is joined to `at` on its left by the byte before it: digits, or letters of a hexadecimal id. */
export function isJoinedBefore(bytes: Uint8Array, at: number): boolean {
  const end = at - 1
  let start = end
  let digits = 0
  let others = 0
  while (start > 0 && end - start < GLUED_BYTES_MAX && ALNUM[bytes[start - 1] ?? 0] === 1) {
    start -= 1
    if (isDigit(bytes[start])) digits += 1
    else if (HEX[bytes[start] ?? 0] === 0) others += 1
  }
  return isPartOfId({ length: end - start, digits, others })
}

/** The same on its right, where the joining byte stands at `at`. */
export function isJoinedAfter(bytes: Uint8Array, at: number): boolean {
  let end = at + 1
  let digits = 0
  let others = 0
  while (end - at < GLUED_BYTES_MAX && ALNUM[bytes[end] ?? 0] === 1) {
    if (isDigit(bytes[end])) digits += 1
    else if (HEX[bytes[end] ?? 0] === 0) others += 1
    end += 1
  }
  return isPartOfId({ length: end - at - 1, digits, others })
}

/** Whether the bytes belong to a UUID: 8-4-4-4-12 hexadecimal digits. */
export function isInUuid(bytes: Uint8Array, start: number, end: number): boolean {
  let from = start
  while (from > 0 && end - from < UUID_BYTES && isUuidByte(bytes[from - 1])) from -= 1
  let to = end
  while (to - from < UUID_BYTES && isUuidByte(bytes[to])) to += 1
  if (to - from !== UUID_BYTES) return false
  return UUID_DASHES.every((dash, i) => dash === 0 || bytes[from + i] === DASH)
}

/**
 * Whether a run is a piece of a UUID that stands apart from other letters and digits: small letters of it touch the run. None
 * of our numbers and ids is a piece of another id.
 */
export function isPieceOfUuid(bytes: Uint8Array, start: number, end: number): boolean {
  if (!isOf(HEX, bytes[start - 1]) && !isOf(HEX, bytes[end])) return false
  let from = start
  while (end - from < UUID_BYTES && isUuidByte(bytes[from - 1])) from -= 1
  const to = from + UUID_BYTES
  if (end > to || isOf(ALNUM, bytes[from - 1]) || isOf(ALNUM, bytes[to])) return false
  for (let i = 0; i < UUID_BYTES; i += 1) {
    const byte = bytes[from + i]
    if (UUID_DASHES[i] === 1 ? byte !== DASH : !isOf(HEX, byte)) return false
  }
  return true
}

function isOf(table: Uint8Array, byte: number | undefined): boolean {
  return byte !== undefined && table[byte] === 1
}

/** The words of a kind that a number may be glued to, by the kind's id: `card_4111`, `ssn078`. */
export class GluedWords {
  readonly #words: ReadonlyMap<number, ReadonlySet<string>>
  /** The word that was asked for last: all rules of one number ask for the same. */
  #word = ''
  #endings: readonly string[] = []

  constructor(context: Readonly<Partial<Record<string, readonly string[]>>>) {
    this.#words = new Map(
      Object.entries(context).map(
        ([name, words]) => [findEntity(name) ?? -1, new Set((words ?? []).map(gluedForm))] as const,
      ),
    )
  }

  /** `word` is of `gluedWord`: its last part, or its last two or three, is a word of the kind. */
  has(entity: number, word: string): boolean {
    const words = this.#words.get(entity)
    if (words === undefined || word === '') return false
    if (word !== this.#word) {
      this.#word = word
      this.#endings = endingsOf(word)
    }
    return this.#endings.some((ending) => words.has(ending))
  }
}

function endingsOf(word: string): readonly string[] {
  const parts = word
    .replace(/([a-z])(?=[A-Z])/g, '$1_')
    .toLowerCase()
    .split('_')
    .filter((part) => part !== '')
  return [1, 2, 3].map((count) => parts.slice(-count).join(''))
}

function gluedForm(word: string): string {
  return word.replace(/[^\p{L}]/gu, '')
}

function isPartOfId({ length, digits, others }: { length: number; digits: number; others: number }): boolean {
  if (length === 0) return false
  if (digits > 0) return true
  return others === 0 && (length === 4 || length === 8 || length === 12)
}

function isOnlyUnderscores(bytes: Uint8Array, at: number): boolean {
  let start = at
  while (start > 0 && bytes[start - 1] === UNDERSCORE) start -= 1
  return start < at && !isWordByte(bytes[start - 1])
}

function isUuidByte(byte: number | undefined): boolean {
  return byte === DASH || (byte !== undefined && HEX[byte] === 1)
}

function isLetterOrUnderscore(byte: number | undefined): boolean {
  return byte === UNDERSCORE || (byte !== undefined && (UPPER[byte] === 1 || LOWER[byte] === 1))
}

function isWordByte(byte: number | undefined): boolean {
  return byte !== undefined && WORD[byte] === 1
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && DIGIT[byte] === 1
}
