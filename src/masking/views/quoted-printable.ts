// Sources of mails: `=40` is a byte, and a line that ends with `=` goes on in the next (RFC 2045, 6.7).
import { decodeLatin1 } from '../../base/bytes.ts'
import { decode, type DecodedView, type Escape, hexAt } from '../decoded-view.ts'
import { isLineStart } from '../keys/lead.ts'
import { afterNewline, DASH, EQUALS, QUOTE, skipBlanks } from '../keys/text-bytes.ts'

const ENCODING = 'quoted-printable'
/** So far before its end stands its dash: most marks are told from it by that. */
const FROM_DASH = ENCODING.length - ENCODING.indexOf('-')

/** Words of the scan that say that a text may be written so: its header, and ends of lines, in JSON and in JSON in JSON too. */
export const QUOTED_TRIGGERS: readonly string[] = [ENCODING, '=\n', '=\r', '=\\n', '=\\r', '=\\\\']

/** A line has 76 characters at most, and is cut where it would be longer; in JSON some take more bytes. */
const CUT_BYTES = { least: 66, most: 96 }

/** Whether the word of the scan that ends at a place says so. */
export function isQuotedMark(bytes: Uint8Array, end: number): boolean {
  for (let at = end - 1; at >= end - 3; at--) if (bytes[at] === EQUALS) return isSoftBreak(bytes, at)
  if (bytes[end - FROM_DASH] !== DASH) return false
  return decodeLatin1(bytes, Math.max(0, end - ENCODING.length), end).toLowerCase() === ENCODING
}

/** Settings without a value and lines under headings end so as well, but are shorter, or end with more of the same. */
function isSoftBreak(bytes: Uint8Array, at: number): boolean {
  if (bytes[at - 1] === EQUALS || afterNewline(bytes, at + 1) < 0) return false
  for (let start = at; start >= Math.max(0, at - CUT_BYTES.most); start--)
    if (isLineStart(bytes, start) || bytes[start - 1] === QUOTE) return at - start >= CUT_BYTES.least
  return false
}

/** Takes quoted-printable off; undefined where there is none. */
export function withoutQuotedPrintable(bytes: Uint8Array): DecodedView | undefined {
  return decode(bytes, (from) => bytes.indexOf(EQUALS, from), readEscape)
}

const NOTHING: readonly number[] = []
/** Of the two that end a line, each is written as one byte, or as an escape. */
const NEWLINES_MAX = 2

function readEscape(bytes: Uint8Array, at: number): Escape | undefined {
  const value = hexAt(bytes, at + 1, 2)
  if (value !== undefined) return { length: 3, bytes: [value] }
  // Blanks that the way added before the end of a line are taken away again.
  const blanks = skipBlanks(bytes, at + 1)
  let end = blanks
  for (let i = 0; i < NEWLINES_MAX; i++) {
    const next = afterNewline(bytes, end)
    // The second is of this line only where it is another one: else it is an empty line.
    if (next < 0 || (i > 0 && bytes[next - 1] === bytes[end - 1])) break
    end = next
  }
  return end === blanks ? undefined : { length: end - at, bytes: NOTHING }
}
