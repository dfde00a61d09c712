// JSON web tokens: three parts (five when encrypted) of base64url, the first of which is an object that names an algorithm.
// Also in base64 once more, as configuration of clusters has them.
import { decodeLatin1, fromBase64Url } from '../../base/bytes.ts'
import { isObject, parseJson } from '../../base/json.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { afterBackslashes, BACKSLASH, setOf } from './chars.ts'

type Bytes = View['bytes']

const JWT = entityId('jwt')
const WINDOW_BYTES = 8_192
/** Header and payload have at least this many characters. */
const PART_MIN = 10
/** The shape is all but proof already: two objects in base64url, joined by a full stop. */
const SCORE_OF_SHAPE = 0.7
const SCORE = 0.95
const DOT = 0x2e
const SLASH = 0x2f
const EQUALS = 0x3d
const ALPHABET = setOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-')
/** `=` and `/` where somebody wrote the parts in the other base64. */
const TAIL = setOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-=+/.')

/** `eyJ` is `{"`; `eyA` and `ew` are `{` before a blank or a line end. */
export const JWT_DETECTOR: WordDetector = { words: ['eyj', 'eya', 'ewog', 'ew0k', '.ey', 'zxlk'], verify }

const DOT_WORD = 4
const TWICE_WORD = 5

function verify(hit: Hit, sink: Sink): void {
  if (!sink.may(JWT, SCORE)) return
  const { bytes } = hit.view
  const start = hit.word === DOT_WORD ? startBefore(bytes, hit.start) : hit.start
  if (start < 0 || isInside(bytes, start)) return
  const header = partEnd(bytes, start)
  sink.spend(header - start)
  if (hit.word !== TWICE_WORD && (bytes[header] !== DOT || header - start < PART_MIN)) return
  const end = endOf(bytes, start)
  sink.spend(end - header)
  const score = hit.word === TWICE_WORD ? scoreOfWrapped(bytes, start, header) : scoreOf(bytes, start, end)
  if (score > 0) sink.add({ entity: JWT, start, end, score, by: 'structure', rule: 'jwt' })
}

/** Where the part begins that ends at the full stop; -1 where that is no header. */
function startBefore(bytes: Bytes, dot: number): number {
  let start = dot
  while (dot - start < WINDOW_BYTES && ALPHABET[bytes[start - 1] ?? 0] === 1 && bytes[start - 2] !== BACKSLASH) start--
  return dot - start >= PART_MIN && bytes[start] === 0x65 && bytes[start + 1] === 0x79 ? start : -1
}

/** The rest of something longer; `=` of an assignment and `/` of a path come before a token. */
function isInside(bytes: Bytes, start: number): boolean {
  const before = bytes[start - 1] ?? 0
  return TAIL[before] === 1 && before !== EQUALS && before !== SLASH && bytes[start - 2] !== BACKSLASH
}

/** Where the characters of the token end. `=` ends a part; `\\/` is a slash in JSON. */
function endOf(bytes: Bytes, start: number): number {
  let end = start
  while (end - start < WINDOW_BYTES) {
    if (TAIL[bytes[end] ?? 0] === 1) {
      if (bytes[end] === EQUALS && ALPHABET[bytes[end + 1] ?? 0] === 1) break
      end++
    } else {
      const slash = bytes[end] === BACKSLASH ? afterBackslashes(bytes, end) : end
      if (slash === end || bytes[slash] !== SLASH) break
      end = slash + 1
    }
  }
  while (bytes[end - 1] === DOT) end--
  return end
}

/** The part up to the next character that is none of base64url. */
function partEnd(bytes: Bytes, start: number): number {
  let end = start
  while (end - start < WINDOW_BYTES && ALPHABET[bytes[end] ?? 0] === 1) end++
  return end
}

function scoreOf(bytes: Bytes, start: number, end: number): number {
  const dot = bytes.indexOf(DOT, start)
  if (dot < 0 || dot >= end || dot - start < PART_MIN) return 0
  if (namesAlgorithm(decodeLatin1(bytes, start, dot))) return bytes.indexOf(DOT, dot + 1) < 0 ? 0 : SCORE
  const isPayload = bytes[dot + 1] === 0x65 && bytes[dot + 2] === 0x79
  const second = bytes.indexOf(DOT, dot + 1)
  return isPayload && second > dot + PART_MIN && second < end ? SCORE_OF_SHAPE : 0
}

/** Base64 of a whole token: its first bytes say so. */
function scoreOfWrapped(bytes: Bytes, start: number, end: number): number {
  const inner = fromBase64Url(decodeLatin1(bytes, start, start + ((end - start) & ~3)))
  if (inner === undefined) return 0
  return scoreOf(inner, 0, inner.length)
}

function namesAlgorithm(part: string): boolean {
  const decoded = fromBase64Url(part)
  if (decoded === undefined) return false
  try {
    const header = parseJson(decoded)
    return isObject(header) && 'alg' in header
  } catch {
    // Not JSON: then it is no header, whatever it looks like.
    return false
  }
}
