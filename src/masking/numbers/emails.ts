import { entityId } from '../entities.ts'
import type { Sink } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import type { AtSign } from '../scan/ats.ts'
import { ALNUM, DIGIT, LOWER, UPPER, tableOf } from '../scan/bytes-tables.ts'

const EMAIL = entityId('email')
/** A domain with a dot, or the machine itself. */
const SCORE_DOMAIN = 0.9
/** `joe@mailserver`: versions of packages, shells and units are written so too, and a word near it must say that it is an address. */
const SCORE_HOST = 0.35
const AT_SIGN = 0x40
const DOT = 0x2e
const DASH = 0x2d
const COLON = 0x3a
const LESS = 0x3c
const LETTER_E = 0x45
const SLASH = 0x2f
const UNDERSCORE = 0x5f
const USERINFO_BYTES_MAX = 128
/** RFC 5322 allows them before the at sign, but they end what is before it far more often, as in `to=joe@example.com`. */
const CUTS = tableOf('=&?{}|`#$^*!~"')

/**
 * An address around an at sign, in the bytes from `start` to `end`, which are as much as may be one. The domain need not be public:
 * `joe@localhost` and `joe@corp.internal` count; `react@18.2.0` and `git@host:path` do not.
 */
export function findEmail({ bytes }: View, { start, at, end }: AtSign, sink: Sink): void {
  if (!sink.may(EMAIL, SCORE_DOMAIN)) return
  const from = localStart(bytes, start, at)
  const to = endBeforePod(bytes, domainEnd(bytes, at + 1, end))
  if (from >= at || to <= at + 1) return
  const score = scoreOf(bytes, at + 1, to)
  if (score === 0 || !sink.may(EMAIL, score) || isOther(bytes, { from, at, to })) return
  sink.add({ entity: EMAIL, start: from, end: to, score, by: 'shape', rule: 'email' })
}

function localStart(bytes: Uint8Array, start: number, at: number): number {
  let from = start
  for (let i = start; i < at; i += 1) {
    const byte = bytes[i] ?? 0
    if (CUTS[byte] === 1) from = i + 1
    // Chinese, Japanese or Korean text goes on without a space: 联系joe@example.com.
    else if (byte >= 0xe0 && (bytes[i + 3] ?? 0) < 0x80) from = i + 3
  }
  while (from < at && ALNUM[bytes[from] ?? 0] === 0 && bytes[from] !== UNDERSCORE) from += 1
  return from
}

/** `E<lt>joe@cpan.orgE<gt>`: the letter belongs to what follows it (perlpod). */
function endBeforePod(bytes: Uint8Array, to: number): number {
  const isEscape = bytes[to - 1] === LETTER_E && bytes[to] === LESS && isText(bytes, to + 1, to + 3, 'gt')
  return isEscape ? to - 1 : to
}

/** Ends before an empty label, and before letters beyond ASCII that follow a top level domain at once. */
function domainEnd(bytes: Uint8Array, from: number, end: number): number {
  let to = from
  let label = from
  // The first byte beyond ASCII of the label.
  let beyond = -1
  for (; to < end; to += 1) {
    const byte = bytes[to] ?? 0
    if (byte === DOT) {
      if (bytes[to + 1] === DOT || to === from) break
      label = to + 1
      beyond = -1
    } else if (byte >= 0x80 && beyond < 0) beyond = to
  }
  if (beyond > label) to = beyond
  while (to > from && ALNUM[bytes[to - 1] ?? 0] === 0) to -= 1
  return to
}

/** 0 where it is no domain at all. */
function scoreOf(bytes: Uint8Array, from: number, to: number): number {
  const last = lastLabel(bytes, from, to)
  const first = bytes[last] ?? 0
  if (!isLetter(first) || bytes[from] === DASH) return 0
  if (last === from) return isText(bytes, from, to, 'localhost') ? SCORE_DOMAIN : hostScore(bytes, to)
  if (to - last < 2 || isVersionOrImage(bytes, from, to)) return 0
  return ENDS_OF_NAMES.some((name) => isText(bytes, last, to, name)) ? SCORE_HOST : SCORE_DOMAIN
}

/** What names of units (`getty@tty1.service`) and of files (`ks_in@devanagari.utf8`) end with, and domains of few. */
const ENDS_OF_NAMES = ['service', 'timer', 'socket', 'mount', 'target', 'slice', 'po', 'utf8', 'tar', 'header'] as const

/** A dot or at sign after a lone name: the rest of an address is missing there. */
function hostScore(bytes: Uint8Array, to: number): number {
  return bytes[to] === DOT || bytes[to] === AT_SIGN ? 0 : SCORE_HOST
}

/** `next@1.2.x`, `logo@2x.png`. */
function isVersionOrImage(bytes: Uint8Array, from: number, to: number): boolean {
  if (DIGIT[bytes[from] ?? 0] === 0) return false
  const dot = bytes.indexOf(DOT, from)
  if (dot - from === 2 && ((bytes[from + 1] ?? 0) | 0x20) === 0x78) return true
  let at = from
  while (at < to && DIGIT[bytes[at] ?? 0] === 1) at += 1
  return at === dot && DIGIT[bytes[dot + 1] ?? 0] === 1
}

/** What looks like an address in the address of something else. */
function isOther(bytes: Uint8Array, { from, at, to }: { from: number; at: number; to: number }): boolean {
  const next = bytes[to]
  if (isText(bytes, from, at, 'git') && (next === COLON || next === SLASH)) return true
  return bytes[from - 1] === COLON && isPassword(bytes, from - 1)
}

/** `scheme://user:password@host`: a password is no part of an address. */
function isPassword(bytes: Uint8Array, colon: number): boolean {
  for (let i = colon - 1; i > 1 && colon - i < USERINFO_BYTES_MAX; i -= 1) {
    const byte = bytes[i] ?? 0
    if (byte === SLASH) return bytes[i - 1] === SLASH
    if (byte <= 0x22) return false
  }
  return false
}

function lastLabel(bytes: Uint8Array, from: number, to: number): number {
  let at = to
  while (at > from && bytes[at - 1] !== DOT) at -= 1
  return at
}

function isText(bytes: Uint8Array, from: number, to: number, text: string): boolean {
  if (to - from !== text.length) return false
  for (let i = 0; i < text.length; i += 1) if (((bytes[from + i] ?? 0) | 0x20) !== text.charCodeAt(i)) return false
  return true
}

function isLetter(byte: number): boolean {
  return byte >= 0x80 || UPPER[byte] === 1 || LOWER[byte] === 1
}
