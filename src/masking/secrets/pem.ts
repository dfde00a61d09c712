// Private keys in their armour: `-----BEGIN RSA PRIVATE KEY-----` to its END, with real line ends, escaped ones or none. Read
// byte by byte up to the next five dashes, never by an expression over the whole: that is quadratic on repeated BEGINs.
import { decodeLatin1 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { BACKSLASH, setOf } from './chars.ts'

type Bytes = View['bytes']

const PRIVATE_KEY = entityId('private_key')
const SCORE = 0.9
/** `RSA PRIVATE KEY`, `PGP PRIVATE KEY BLOCK`, `SSH2 ENCRYPTED PRIVATE KEY`. */
const LABEL_MAX = 48
const WINDOW_BYTES = 16_384
/** Characters of base64 in a row that a key has somewhere; `...` and `YOUR KEY HERE` have fewer. */
const RUN_MIN = 20
const BASE64 = setOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=')
const DASH = 0x2d
const QUOTE = 0x22

export const PEM_DETECTOR: WordDetector = { words: ['----begin ', '---- begin '], verify }

function verify({ view, start, end }: Hit, sink: Sink): void {
  if (!sink.may(PRIVATE_KEY, SCORE)) return
  const { bytes } = view
  const bodyAt = afterLabel(bytes, end)
  if (bodyAt < 0) return
  const to = endOfKey(view, bodyAt)
  sink.spend(Math.abs(to) - end)
  if (to < 0) return
  let from = start
  while (bytes[from - 1] === DASH && start - from < 2) from--
  sink.add({ entity: PRIVATE_KEY, start: from, end: to, score: SCORE, by: 'structure', rule: 'private-key' })
}

/** After the dashes that end the label; -1 where it does not say private key. */
function afterLabel(bytes: Bytes, at: number): number {
  let end = at
  while (end - at < LABEL_MAX && bytes[end] !== DASH) end++
  if (bytes[end] !== DASH || !decodeLatin1(bytes, at, end).toUpperCase().includes('PRIVATE KEY')) return -1
  return afterDashes(bytes, end)
}

/** Where the key ends; what was read as a negative number where there is no key. */
function endOfKey(view: View, bodyAt: number): number {
  const { end, isKey, quoteAt, isKeyBeforeQuote } = readBody(view, bodyAt)
  if (!isKey) return -end
  const closed = afterEnd(view.bytes, end)
  if (closed >= 0) return closed
  if (quoteAt < 0) return cutAt(view.bytes, end)
  return isKeyBeforeQuote ? cutAt(view.bytes, quoteAt) : -end
}

interface Body {
  /** At the next dashes, at the end of the text or of the window. */
  readonly end: number
  readonly isKey: boolean
  /** The first quote in it, or -1; lines of source code have some. */
  readonly quoteAt: number
  readonly isKeyBeforeQuote: boolean
}

function readBody({ bytes, raw }: View, bodyAt: number): Body {
  const limit = Math.min(bytes.length, bodyAt + WINDOW_BYTES)
  let run = 0
  let isKey = false
  let quoteAt = -1
  let isKeyBeforeQuote = false
  let end = bodyAt
  for (; end < limit && !isDashes(bytes, end); end++) {
    run = BASE64[bytes[end] ?? 0] === 1 ? run + 1 : 0
    isKey ||= run === RUN_MIN
    if (bytes[end] !== QUOTE) continue
    // A quote of the JSON itself: the text ends here.
    if (raw && bytes[end - 1] !== BACKSLASH) break
    if (quoteAt >= 0) continue
    quoteAt = end
    isKeyBeforeQuote = isKey
  }
  return { end, isKey, quoteAt, isKeyBeforeQuote }
}

/** After `-----END ...-----`; -1 where the dashes begin something else. */
function afterEnd(bytes: Bytes, at: number): number {
  const word = afterDashes(bytes, at)
  if (!/^ ?END /i.test(decodeLatin1(bytes, word, word + 5))) return -1
  let end = word + 4
  while (end - word < LABEL_MAX && bytes[end] !== DASH) end++
  return bytes[end] === DASH ? afterDashes(bytes, end) : -1
}

/** A key that was cut off ends before the backslash of an escape or of a quote. */
function cutAt(bytes: Bytes, at: number): number {
  let end = at
  while (bytes[end - 1] === BACKSLASH) end--
  return end
}

function isDashes(bytes: Bytes, at: number): boolean {
  return bytes[at] === DASH && bytes[at + 1] === DASH && bytes[at + 2] === DASH && bytes[at + 3] === DASH
}

/** At most five: those of the next mark follow at once where there is no body. */
function afterDashes(bytes: Bytes, at: number): number {
  let end = at
  while (bytes[end] === DASH && end - at < 5) end++
  return end
}
