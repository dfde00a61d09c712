import { GatewayError } from '../base/assert.ts'
import { concat, decodeUtf8, encodeUtf8 } from '../base/bytes.ts'
import { parseJson } from '../base/json.ts'
import { needlesOf, type Needles } from './credential-needles.ts'
import { findCredentials } from './find-credentials.ts'
import { BACKSLASH, type Span } from './decoded-view.ts'
import type { Hide } from './masked.ts'

/** What stands in place of a credential: ASCII, and safe inside a JSON string. The first that is no credential is taken. */
const MARKS: readonly string[] = ['[credential masked]', '[***]', '[#]', '~~~~~']

/**
 * Hides credentials that an upstream sends back: as they are, JSON-escaped in any spelling and up to four layers deep,
 * percent-encoded up to twice, in base64 and base64url at every alignment, and in hexadecimal of either case or both; in
 * values, keys and text that is no JSON. `onHit` is told how many places of one message were hidden. What cannot be hidden without breaking
 * the message (a number, say) throws `masking_blocked`.
 *
 * Not seen:
 * - what no search can: a credential reversed, encrypted, compressed, in pictures, or spelled in words;
 * - one in pieces: over two messages or two values, or with line breaks, blanks or other signs between its characters, as in
 *   `6d:61:64` and in base64 of several lines;
 * - one in an encoding that is not named above: HTML entities, base32, quoted-printable, UTF-16, escapes as in `\x6d`, lists
 *   of numbers, another case of its own letters, base64 in an alphabet that is half the one and half the other;
 * - one in an encoding of an encoding, other than percent-encoding within JSON escapes and either around the others: JSON
 *   escapes hidden in percent-encoding (`%5Cu006d`), base64 or hexadecimal of base64, of percent-encoding or of JSON escapes;
 * - one in more layers than these: five of JSON, three of percent-encoding.
 */
export function credentialHide(hidden: readonly string[], onHit: (places: number) => void = () => {}): Hide {
  const needles = needlesOf(hidden)
  if (needles.all.length === 0) return { bytes: (raw) => raw, text: (raw) => raw }
  const mark = chooseMark(needles)
  return {
    bytes: (raw) => {
      const spans = findCredentials(raw, needles)
      if (spans.length === 0) return raw
      const masked = splice(raw, spans, mark)
      check({ raw, spans, masked, needles })
      onHit(spans.length)
      return masked
    },
    text: (raw) => {
      if (needles.absentFrom(raw)) return raw
      const bytes = encodeUtf8(raw)
      const spans = findCredentials(bytes, needles)
      if (spans.length === 0) return raw
      const masked = splice(bytes, spans, mark)
      if (findCredentials(masked, needles).length > 0) throw blocked('a credential is left after masking')
      onHit(spans.length)
      return decodeUtf8(masked)
    },
  }
}

/** A mark that has a credential in it would let the search find it for ever. */
function chooseMark(needles: Needles): Uint8Array {
  const mark = MARKS.map(encodeUtf8).find((bytes) => findCredentials(bytes, needles).length === 0)
  if (mark === undefined) throw blocked('every text that could stand for a credential is a credential itself')
  return mark
}

interface Change {
  readonly raw: Uint8Array
  readonly spans: readonly Span[]
  readonly masked: Uint8Array
  readonly needles: Needles
}

function check({ raw, spans, masked, needles }: Change): void {
  if (findCredentials(masked, needles).length > 0) throw blocked('a credential is left after masking')
  if (!isJson(raw)) return
  const isTorn = spans.some((span) => hasStringBorder(raw, span))
  if (isTorn || !isJson(masked)) throw blocked('a credential stands where only a text could hide it')
}

/** A quotation mark without a backslash begins or ends a string: what reaches over one takes members away. */
function hasStringBorder(raw: Uint8Array, { start, end }: Span): boolean {
  for (let at = start; at < end; at++) {
    if (raw[at] === BACKSLASH) at++
    else if (raw[at] === QUOTE) return true
  }
  return false
}

const QUOTE = 0x22

function isJson(bytes: Uint8Array): boolean {
  try {
    parseJson(bytes)
    return true
  } catch {
    return false
  }
}

function splice(raw: Uint8Array, spans: readonly Span[], mark: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  let from = 0
  for (const { start, end } of spans) {
    parts.push(raw.subarray(from, start), mark)
    from = end
  }
  parts.push(raw.subarray(from))
  return concat(parts)
}

function blocked(why: string): GatewayError {
  return new GatewayError('masking_blocked', `The message was blocked: ${why}.`)
}
