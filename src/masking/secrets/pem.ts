// Private keys in their armour: `-----BEGIN RSA PRIVATE KEY-----` to its END, with real line ends, escaped ones or none. Read
// byte by byte up to the next five dashes, never by an expression over the whole: that is quadratic on repeated BEGINs.
import { decodeLatin1 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { ALNUM, BACKSLASH, classAt } from './chars.ts'

type Bytes = View['bytes']

const PRIVATE_KEY = entityId('private_key')
const SCORE = 0.9
/** `RSA PRIVATE KEY`, `PGP PRIVATE KEY BLOCK`, `SSH2 ENCRYPTED PRIVATE KEY`. */
const LABEL_MAX = 48
const WINDOW_BYTES = 16_384
/** Letters and digits of base64 that a key has at least; `...` and `YOUR KEY HERE` have fewer. */
const BODY_MIN = 32
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
function endOfKey({ bytes, raw }: View, bodyAt: number): number {
  const limit = Math.min(bytes.length, bodyAt + WINDOW_BYTES)
  let letters = 0
  let quoteAt = -1
  let at = bodyAt
  for (; at < limit && !isDashes(bytes, at); at++) {
    if ((classAt(bytes, at) & ALNUM) !== 0) letters++
    else if (bytes[at] === QUOTE) {
      // A quote of the JSON itself: the text ends here. Others may be those of the lines of source code.
      if (raw && bytes[at - 1] !== BACKSLASH) break
      if (quoteAt < 0) quoteAt = at
    }
  }
  if (letters < BODY_MIN) return -at
  const closed = at < limit ? afterEnd(bytes, at) : -1
  return closed >= 0 ? closed : cutAt(bytes, quoteAt >= 0 ? quoteAt : at)
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
