import { NAMED_CHARACTERS } from './character-references.ts'
import { foldedCodes, lookAlikeCodes, TAG_FIRST, WIDE_ZEROS } from './characters.ts'

/** What stands behind it in a `data:` address is base64, however short (RFC 2397). */
export const BASE64_MARK = ';base64,'

/**
 * Words of the scan that say: a value may be written here in a way that does not show. All are ASCII in lower case, as the
 * scan ignores case; `isMarkBefore` says whether what stands there counts, and `nextUnicodeMark` finds characters beyond
 * ASCII that are written as themselves.
 */
export const DECODE_TRIGGERS: readonly string[] = [
  ...new Set([...jsonTriggers(), ...percentTriggers(), ...htmlTriggers(), BASE64_MARK]),
]

/** `\u` and three digits: what follows is one of sixteen characters of which at least one counts. */
function jsonTriggers(): string[] {
  const ascii = Array.from({ length: 8 }, (_, i) => `\\u00${i}`)
  const latin = ['c', 'd', 'e', 'f'].map((digit) => `\\u00${digit}`)
  const wide = [...WIDE_ZEROS, TAG_FIRST].map((code) => escapeOf(String.fromCodePoint(code).charCodeAt(0)))
  const folded = [...foldedCodes(), ...lookAlikeCodes()].map((code) => escapeOf(code).slice(0, -1))
  return ['\\/', ...ascii, ...latin, ...wide, ...folded]
}

function escapeOf(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`
}

/** ASCII, and the first bytes of wide spaces, full-width and Arabic digits, and zero-width characters. */
function percentTriggers(): string[] {
  return ['%0', '%2', '%3', '%4', '%5', '%6', '%7', '%c2', '%d9', '%db', '%e2', '%ef']
}

function htmlTriggers(): string[] {
  return ['&#', ...Object.keys(NAMED_CHARACTERS).map((name) => `&${name.toLowerCase()};`)]
}
