// Whether a value looks made by chance, as keys and tokens are, and not chosen by people: a word, an id of a row, a path, a
// version, a time, a reference in code.
import { decodeLatin1 } from '../../base/bytes.ts'
import type { View } from '../find/view.ts'
import { entropyOf } from './entropy.ts'

/** Bits for each character; what public scanners ask of a value that only its name speaks for (design 5.4). */
const ENTROPY_LEAST = 3.5
export const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** Numbers, amounts, dates and times, versions. */
const NUMERIC = /^v?\d[\d.:+_/-]*(?:T\d[\d.:+-]*Z?)?$/
/** One word of a name: letters with a few digits after or inside of them, or a number: `nexus`, `gpt4`, `base64url`. */
const WORD = /^(?:[A-Za-z]{1,24}\d{0,5}|[a-z]{3,12}\d{1,2}[a-z]{3,12}|\d{1,10})$/
/** Words with capitals, and numbers among them: `Ed25519PrivateKey`, `ModelV4Result`. */
const CAMEL_PIECES = /[A-Z]?[a-z]+|[A-Z]+|\d+/g
/** Bytes of each piece at least; those of random values are shorter. */
const CAMEL_PIECE_MIN = 3
/** One of several words: `v1beta1`, `s3express`. */
const SHORT = /^(?=.{1,10}$)[a-z]{1,8}\d{1,2}[a-z]{1,8}\d{0,2}$/
/** A random value of this shape has more digits between its letters than a name has. */
const CAMEL_NUMBERS_MAX = 2
/** Stand-ins that people write where a secret belongs. */
const PLACEHOLDER = /x{6,}|\.{3}|\*{3}|redacted|placeholder|your[_-]|change[_-]?me|replace[_-]|abcdefghijklm/i
/** `my-password`: one class for all letters and signs, since groups in a repeated group would take years on a long value. */
const WORDS_OF_PASSWORD = /^[a-z][a-z_-]*(?:password|passwort|passwd)$|^(?:password|passwort|passwd)$/i
/** What masking itself leaves behind. */
const MASKED = /^(?:sur_|h_|redacted:)/
const PATH = /^(?:[.~]{0,2}\/|[A-Za-z]:|www\.|https?:)/

/** True for random values of 10 characters or more that have something else than letters in them. */
export function looksRandom(bytes: View['bytes'], start: number, end: number): boolean {
  if (entropyOf(bytes, start, end) < ENTROPY_LEAST) return false
  const text = decodeLatin1(bytes, start, end)
  return /[^A-Za-z_.-]/.test(text) && !isChosen(text)
}

/** Whether it is a place-holder: `xxxx`, `${PASSWORD}`, `<password>`, `your-password`, `***`. */
export function isPlaceholder(text: string): boolean {
  if (PLACEHOLDER.test(text) || MASKED.test(text) || /^[$%{<[(*.]/.test(text) || /\$[({]|\{\{|%\(/.test(text))
    return true
  return new Set(text).size < 2 || WORDS_OF_PASSWORD.test(text)
}

function isChosen(text: string): boolean {
  return NUMERIC.test(text) || PLACEHOLDER.test(text) || MASKED.test(text) || PATH.test(text) || isWords(text)
}

/** Words, whatever stands between them: `nexus-gpt4-key`, `env/cert.p12`, `Ed25519.Blind`. */
export function isWords(text: string): boolean {
  const parts = text.split(/[-_.=+/~\\]+/).filter((part) => part !== '')
  const isShort = (part: string): boolean => parts.length > 1 && SHORT.test(part)
  return parts.every((part) => WORD.test(part) || isCamel(part) || isShort(part))
}

function isCamel(part: string): boolean {
  if (!/[A-Z]/.test(part) || !/[a-z]{3}/.test(part) || /[^A-Za-z0-9]/.test(part)) return false
  const pieces = part.match(CAMEL_PIECES) ?? []
  const numbers = pieces.filter((piece) => /^\d/.test(piece))
  return part.length >= CAMEL_PIECE_MIN * pieces.length && numbers.length <= CAMEL_NUMBERS_MAX
}
