// What a text must be before any parser sees it. A parser written in C stops at NUL, terminals and reviewers do not see
// bidi and zero-width characters, and parsers disagree about a lone CR: such a text is refused, never repaired
// (guardrails.md, 2.1 step 4).
import { encodeUtf8 } from '../base/bytes.ts'

const NOT_PLAIN = /[^\t\n\x20-\x7e]/
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)/
/** Explicit directional marks, embeddings, overrides and isolates (Unicode Standard Annex 9, section 2). */
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/
/** Line separators that are not shown as such, annotation marks, and all that is drawn as nothing; but an emoji may ask for colour. */
const INVISIBLE =
  /[\u2028\u2029\ufff9-\ufffb]|(?!(?<=\p{Extended_Pictographic})\ufe0f)\p{Default_Ignorable_Code_Point}/u

/** Why a text may not be parsed, for the person who reads the refusal; undefined where nothing is hidden in it. */
export function badCharacters(text: string): string | undefined {
  if (!NOT_PLAIN.test(text)) return undefined
  if (text.includes('\0')) return 'the text has a NUL character'
  if (CONTROL.test(text)) return 'the text has a control character'
  if (!text.isWellFormed()) return 'the text has half of a surrogate pair'
  if (BIDI.test(text)) return 'the text has a character that changes the direction of writing'
  if (INVISIBLE.test(text)) return 'the text has an invisible character'
  return undefined
}

/** Why a text is too long, counted in bytes of UTF-8; undefined where it is not. */
export function overLimit(text: string, bytesMax: number): string | undefined {
  // A UTF-16 unit is one to three bytes, so most texts need no counting.
  if (text.length * 3 <= bytesMax) return undefined
  if (text.length <= bytesMax && encodeUtf8(text).length <= bytesMax) return undefined
  return `the text is longer than ${bytesMax} bytes`
}
