// User and password on a command line: `curl -u user:password`, `--user 'user:password'`. Both are replaced: the user is half
// of a credential, and with an API key it is the whole.
import { decodeLatin1 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { afterBackslashes, afterGap, BACKSLASH, classAt, GAP, isGluedBefore, NAME, QUOTE } from './chars.ts'
import { isPlaceholder } from './random-look.ts'

type Bytes = View['bytes']

const SECRET = entityId('secret')
const SCORE = 0.9
export const CURL_RULE = 'curl-auth-user'
const VALUE_MAX = 256
/** How far before the option the program may stand. */
const COMMAND_MAX = 512

export const CURL_DETECTOR: WordDetector = {
  words: ['-u ', '-u"', "-u'", '-u\\', '--user ', '--user=', '--proxy-user '],
  verify,
}

function verify({ view: { bytes }, start, end }: Hit, sink: Sink): void {
  if (isGluedBefore(bytes, start, NAME) || !sink.may(SECRET, SCORE)) return
  const option = classAt(bytes, end - 1) & QUOTE || bytes[end - 1] === BACKSLASH ? end - 1 : end
  const at = afterGap(bytes, option, 4)
  const quote = afterBackslashes(bytes, at)
  const isQuoted = (classAt(bytes, quote) & QUOTE) !== 0
  const from = isQuoted ? quote + 1 : at
  const to = isQuoted ? quotedEnd(bytes, from, bytes[quote] ?? 0) : bareEnd(bytes, from)
  sink.spend(to - from)
  if (!isUserAndPassword(decodeLatin1(bytes, from, to)) || !isOfCommand(bytes, start)) return
  sink.spend(COMMAND_MAX)
  sink.add({ entity: SECRET, start: from, end: to, score: SCORE, by: 'structure', rule: CURL_RULE })
}

function quotedEnd(bytes: Bytes, from: number, quote: number): number {
  let end = from
  while (end - from < VALUE_MAX && end < bytes.length && bytes[end] !== quote) end++
  while (bytes[end - 1] === BACKSLASH) end--
  return end
}

/** Up to a blank; quotes inside of it may hold blanks: `user:'pass word'`. */
function bareEnd(bytes: Bytes, from: number): number {
  let end = from
  let inside = 0
  for (; end - from < VALUE_MAX && end < bytes.length && bytes[end] !== BACKSLASH; end++) {
    const kind = classAt(bytes, end)
    if (inside === 0 && (kind & GAP) !== 0) break
    if ((kind & QUOTE) === 0) continue
    if (inside === 0 && bytes[end] === 0x22) break
    inside = inside === bytes[end] ? 0 : (bytes[end] ?? 0)
  }
  return end
}

/** Whether a text is both, and no place-holder of either. */
export function isUserAndPassword(text: string): boolean {
  const colon = text.indexOf(':')
  if (colon < 1 || text.startsWith('//', colon + 1)) return false
  const [user, password] = [text.slice(0, colon), text.slice(colon + 1).replaceAll(/['"`]/g, '')]
  if (password === '') return user.length >= 12 && /\d/.test(user) && !isPlaceholder(user)
  return !isPlaceholder(password) && !isPlaceholder(user) && !STAND_INS.test(password)
}

/** What manuals write for a password. */
const STAND_INS = /^(?:pass|pwd|token|secret|api[_-]?key|key|yyy|\[.*|\$.*)$/i

function isOfCommand(bytes: Bytes, at: number): boolean {
  const before = decodeLatin1(bytes, Math.max(0, at - COMMAND_MAX), at)
  return /\b(?:curl|wget)\b/i.test(before)
}
