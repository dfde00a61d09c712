// Credentials of HTTP: `Authorization: Basic ...`, `Bearer ...`, or a bare key; in headers, JSON, code and command lines.
import { decodeLatin1 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { valueAfterName } from './assignment.ts'
import { BLANK, classAt, GAP, isGluedBefore, LETTER, QUOTE } from './chars.ts'
import { isUserAndPassword } from './generic.ts'
import { isPlaceholder, isWords } from './random-look.ts'

type Bytes = View['bytes']

const SECRET = entityId('secret')
const SCORE = 0.9
const VALUE_MAX = 4_096
const SCHEME_MAX = 20
const VALUE_MIN = 8
/** Only letters: a word of prose or a name in code, unless it is this long. */
const LETTERS_MIN = 32

export const AUTHORIZATION_DETECTOR: WordDetector = { words: ['authorization', 'bearer ', 'basic '], verify }

const HEADER = 0
const BASIC = 2

function verify({ view: { bytes }, start, end, word }: Hit, sink: Sink): void {
  if (!sink.may(SECRET, SCORE) || isGluedBefore(bytes, start, LETTER)) return
  const from = word === HEADER ? valueOfHeader(bytes, end) : end
  if (from < 0) return
  const to = valueEnd(bytes, from)
  sink.spend(to - from)
  if (to - from < VALUE_MIN || !isCredential(decodeLatin1(bytes, from, to), word)) return
  sink.add({ entity: SECRET, start: from, end: to, score: SCORE, by: 'structure', rule: 'curl-auth-header' })
}

/** After the colon and the scheme, where one stands. */
function valueOfHeader(bytes: Bytes, end: number): number {
  const at = valueAfterName(bytes, end)
  if (at < 0) return -1
  let scheme = at
  while (scheme - at < SCHEME_MAX && ((classAt(bytes, scheme) & LETTER) !== 0 || bytes[scheme] === 0x2d)) scheme++
  if (scheme === at || (classAt(bytes, scheme) & BLANK) === 0) return at
  let value = scheme
  while (value - scheme < SCHEME_MAX && (classAt(bytes, value) & BLANK) !== 0) value++
  return value
}

/** Up to a blank, a quote, a backslash, a bracket or a comma. */
function valueEnd(bytes: Bytes, from: number): number {
  let end = from
  while (end - from < VALUE_MAX && end < bytes.length && !isEnd(bytes, end)) end++
  while (end > from && bytes[end - 1] === 0x2e) end--
  return end
}

function isEnd(bytes: Bytes, at: number): boolean {
  if ((classAt(bytes, at) & (GAP | QUOTE)) !== 0) return true
  const byte = bytes[at] ?? 0
  // Controls; \ < > , ; ) ] }
  return byte < 0x20 || ENDS.includes(byte)
}

const ENDS: readonly number[] = [0x5c, 0x3c, 0x3e, 0x2c, 0x3b, 0x29, 0x5d, 0x7d]

function isCredential(text: string, word: number): boolean {
  // `authorization: options.headers.authorization`, `bearer tokens are ...`
  if (isPlaceholder(text) || isWords(text) || /^https?:/.test(text)) return false
  if (word === BASIC) return isUserAndPassword(text)
  if (word === HEADER && isUserAndPassword(text)) return true
  return /\d/.test(text) ? /^[\w.~+/=:|@!%$*&#?^-]+$/.test(text) : text.length >= LETTERS_MIN && /^\w+$/.test(text)
}
