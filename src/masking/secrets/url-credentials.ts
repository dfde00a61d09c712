// Passwords in addresses: `scheme://user:password@host`. The password is replaced; scheme, user and host stay, since they say
// what the address is. A user that is itself a token is replaced too.
import { decodeLatin1 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { isBalanced } from '../keys/brackets.ts'
import { ALNUM, BACKSLASH, classAt, JOINER, QUOTE, setOf } from './chars.ts'
import { entropyOf } from './entropy.ts'
import { isPlaceholder } from './random-look.ts'

type Bytes = View['bytes']

const PASSWORD = entityId('password')
const SECRET = entityId('secret')
const SCORE = 0.9
const WINDOW_BYTES = 2_048
/** Of the rest of the address, for whoever asks where it stood. */
const ADDRESS_MAX = 512
const PASSWORD_MIN = 4
const SCHEME_MAX = 24
/** A user as long as this, with digits and letters at random, is a token: `https://<token>@host`. */
const TOKEN_MIN = 20
const TOKEN_ENTROPY = 3
const COLON = 0x3a
const AT = 0x40
/** `/ ? # < > [ ] { } ( ) | ^`, quotes, backslashes, blanks and control characters end what stands before the host. */
const ENDS = setOf('/?#<>[]{}()|^"\'`\\').fill(1, 0, 0x21)
/** Those of them that people leave unescaped in passwords. */
const UNESCAPED = setOf("()^'")

export const URL_CREDENTIALS_DETECTOR: WordDetector = { words: ['://'], verify }

function verify({ view: { bytes }, start, end }: Hit, sink: Sink): void {
  if ((classAt(bytes, start - 1) & ALNUM) === 0 || !sink.may(PASSWORD, SCORE)) return
  const at = lastAt(bytes, end)
  sink.spend(Math.max(at - end, 0))
  if (at < 0) return
  const colon = bytes.subarray(end, at).indexOf(COLON)
  const parts = { scheme: start, user: end, colon: colon < 0 ? at : end + colon, at }
  if (isToken(bytes, end, parts.colon)) add(sink, bytes, parts, { start: end, end: parts.colon, rule: 'url-token' })
  if (colon < 0 || !isPassword(bytes, parts)) return
  const isBoth = isOfContribsys(bytes, at)
  const rule = isBoth ? 'sidekiq-sensitive-url' : 'url-password'
  add(sink, bytes, parts, { start: isBoth ? end : parts.colon + 1, end: at, rule })
}

interface Parts {
  /** Where the scheme ends. */
  readonly scheme: number
  readonly user: number
  readonly colon: number
  readonly at: number
}

function add(sink: Sink, bytes: Bytes, parts: Parts, value: { start: number; end: number; rule: string }): void {
  const within = { start: schemeStart(bytes, parts.scheme), end: hostEnd(bytes, parts.at + 1) }
  const entity = value.rule === 'url-token' ? SECRET : PASSWORD
  sink.spend(within.end - within.start)
  sink.add({ ...value, entity, score: SCORE, by: 'structure', within })
}

/** The last `@` before path, query or the end of the address: passwords may hold one themselves. */
function lastAt(bytes: Bytes, from: number): number {
  let found = -1
  let beyond = -1
  let sign = -1
  const limit = Math.min(bytes.length, from + WINDOW_BYTES)
  for (let at = from; at < limit; at++) {
    const byte = bytes[at] ?? 0
    if (ENDS[byte] === 1) {
      if (UNESCAPED[byte] !== 1) break
      if (sign < 0) sign = at
    }
    if (byte !== AT) continue
    if (sign < 0) found = at
    else beyond = at
  }
  return beyond >= 0 && isUnescaped(bytes, from, beyond) ? beyond : found
}

/** A user, and a password with signs that should have been escaped: no port, and nothing that follows an address without one. */
const WITH_SIGNS = /^[\w.%+~-]+:(?!\d{1,5}[()^'])[^\s(')]+['()^](?!.*[)'][,;.])/

function isUnescaped(bytes: Bytes, from: number, at: number): boolean {
  const text = decodeLatin1(bytes, from, at)
  const opener = bytes[schemeStart(bytes, from - SIGN_LENGTH) - 1]
  if (!WITH_SIGNS.test(text) || !isBalanced(text) || !HOST.test(decodeLatin1(bytes, at + 1, at + 2))) return false
  return opener !== APOSTROPHE || !text.includes("'")
}

/** `://`. */
const SIGN_LENGTH = 3
const APOSTROPHE = 0x27
const HOST = /^[\w[]/

function isPassword(bytes: Bytes, { user, colon, at }: Parts): boolean {
  const password = decodeLatin1(bytes, colon + 1, at)
  if (password.length < PASSWORD_MIN || isPlaceholder(password) || /\bpassword$/i.test(password.replaceAll('_', ' ')))
    return false
  // `postgres:postgres`, `mysql:mysql` of every tutorial: the user says the same.
  return password !== decodeLatin1(bytes, user, colon)
}

function isToken(bytes: Bytes, start: number, end: number): boolean {
  if (end - start < TOKEN_MIN || entropyOf(bytes, start, end) < TOKEN_ENTROPY) return false
  const text = decodeLatin1(bytes, start, end)
  return /^[\w.~=+-]+$/.test(text) && /\d/.test(text) && /[a-z]/i.test(text) && !isPlaceholder(text)
}

/** Both halves of the credentials of this vendor are secret. */
function isOfContribsys(bytes: Bytes, at: number): boolean {
  return /^(?:gems|enterprise)\.contribsys\.com/.test(decodeLatin1(bytes, at + 1, at + 28))
}

function schemeStart(bytes: Bytes, colon: number): number {
  let start = colon
  while (colon - start < SCHEME_MAX && isOfScheme(bytes, start - 1) && bytes[start - 2] !== BACKSLASH) start--
  return start
}

function isOfScheme(bytes: Bytes, at: number): boolean {
  return (classAt(bytes, at) & (ALNUM | JOINER)) !== 0 || bytes[at] === 0x2b
}

/** The rest of the address, path and query included. */
function hostEnd(bytes: Bytes, from: number): number {
  let end = from
  const limit = Math.min(bytes.length, from + ADDRESS_MAX)
  while (end < limit && (bytes[end] ?? 0) > 0x20 && bytes[end] !== BACKSLASH && (classAt(bytes, end) & QUOTE) === 0)
    end++
  return end
}
