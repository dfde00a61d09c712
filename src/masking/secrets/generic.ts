// Secrets by the name of what they are given to: `api_key = ...`, `"clientSecret": "..."`, `--token ...`. The name has to say
// secret and the value has to look random, since names like these stand beside ordinary values too (design 5.4).
import { decodeLatin1, decodeUtf8, fromBase64, isUtf8 } from '../../base/bytes.ts'
import { entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { nameStart, tokenEnd, valueAfter, valueAfterName } from './assignment.ts'
import { ALNUM, BLANK, classAt, isGluedBefore, JOINER, LETTER, NAME, WORD } from './chars.ts'
import { looksRandom, UUID } from './random-look.ts'
import { judgeName, type NameVerdict } from './secret-name.ts'

type Bytes = View['bytes']

const SECRET = entityId('secret')
const SCORE = 0.9
const RULE = 'generic-api-key'
const WORDS = ['secret', 'pass', 'pwd', 'token', 'cred', 'auth', 'key', 'jwt'] as const

const VALUE_MIN = 10
/** The longest that is looked at; values of certain length are found by their key, or by what they are. */
const VALUE_MAX = 2_048
/** A value with `=` inside of it, not at its end, is shorter than this. */
const LIST_MAX = 128
const NAME_BEFORE_MAX = 40
/** Words before the name that belong to it: `api key: ...` */
const WORDS_BEFORE_MAX = 12
const SLASH = 0x2f
const EQUALS = 0x3d
const OPENING: readonly (number | undefined)[] = [0x28, 0x5b, 0x7b, 0x24]

export const GENERIC_DETECTOR: WordDetector = { words: WORDS, verify }

function verify({ view, start, end }: Hit, sink: Sink): void {
  if (!sink.may(SECRET, SCORE)) return
  const { bytes } = view
  const from = valueOf(bytes, start, end)
  if (from < 0) return
  const to = trimmed(bytes, from, valueEnd(bytes, from))
  // `token = getToken(...)`, `key: values[...]`, `pass=$(...)`
  if (to - from < VALUE_MIN || OPENING.includes(bytes[to]) || !mayBeRandom(bytes, from, to)) return
  const nameAt = nameBefore(bytes, start)
  // The name of a file: `"/src/token.ts": "<digest>"`.
  const name = nameText(bytes, nameAt, from)
  const verdict = bytes[nameAt - 1] === SLASH || isValueBefore(bytes, nameAt, name) ? 'no' : judgeName(name)
  if (verdict === 'no') return
  sink.spend(to - nameAt)
  if (!isSecret(bytes, { from, to, verdict })) return
  const within = { start: nameAt, end: to }
  sink.add({ entity: SECRET, start: from, end: to, score: SCORE, by: 'near', rule: RULE, within })
}

function valueOf(bytes: Bytes, start: number, end: number): number {
  const given = valueAfter(bytes, end)
  return given >= 0 ? given : flagValue(bytes, start, end)
}

/** `--api-token VALUE`: nothing but a blank between the two. */
function flagValue(bytes: Bytes, start: number, end: number): number {
  const nameAt = nameStart(bytes, start, NAME_BEFORE_MAX)
  if (bytes[nameAt] !== 0x2d) return -1
  let nameEnd = end
  while (nameEnd - end < NAME_BEFORE_MAX && (classAt(bytes, nameEnd) & NAME) !== 0) nameEnd++
  if ((classAt(bytes, nameEnd) & BLANK) === 0) return -1
  const quoted = valueAfterName(bytes, nameEnd)
  return quoted >= 0 ? quoted : nameEnd + 1
}

/** Without a full stop or dash that ends the sentence. */
function trimmed(bytes: Bytes, from: number, to: number): number {
  let end = to
  while (end > from && (classAt(bytes, end - 1) & JOINER) !== 0) end--
  return end
}

/** Where the value ends; `from` itself where it is a list of assignments, as far as that can be told early. */
function valueEnd(bytes: Bytes, from: number): number {
  const head = tokenEnd(bytes, from, LIST_MAX)
  for (let at = from; at < head; at++)
    if (bytes[at] === EQUALS && (at - from < VALUE_MIN || head - from === LIST_MAX)) {
      if ((classAt(bytes, at + 1) & ALNUM) !== 0) return from
    }
  return head - from < LIST_MAX ? head : tokenEnd(bytes, head, VALUE_MAX)
}

/** Something else than letters, without making a string of it. */
function mayBeRandom(bytes: Bytes, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((classAt(bytes, at) & (LETTER | JOINER)) === 0) return true
  return false
}

function nameBefore(bytes: Bytes, start: number): number {
  const at = nameStart(bytes, start, NAME_BEFORE_MAX)
  if (at !== start || (classAt(bytes, at - 1) & BLANK) === 0) return at
  return isGluedBefore(bytes, at - 1, WORD) ? nameStart(bytes, at - 1, WORDS_BEFORE_MAX) : at
}

/** The name with its type, up to what closes it: what stands between name and value is no part of it. */
function nameText(bytes: Bytes, nameAt: number, from: number): string {
  return decodeLatin1(bytes, nameAt, from).replace(/[^\w.\- ][\s\S]*$/, '')
}

/** The value of a field and the name of the next one: `state=password_reset tracking_number=...`. */
function isValueBefore(bytes: Bytes, nameAt: number, name: string): boolean {
  return bytes[nameAt - 1] === EQUALS && name.trim().includes(' ')
}

function isSecret(bytes: Bytes, value: { from: number; to: number; verdict: NameVerdict }): boolean {
  const text = decodeLatin1(bytes, value.from, value.to)
  if (value.verdict === 'weak' && isUserAndPassword(text)) return true
  if (value.verdict === 'weak' && UUID.test(text)) return false
  return looksRandom(bytes, value.from, value.to)
}

/** Base64 of `user:password`, as in the `auth` of a Docker configuration. */
export function isUserAndPassword(text: string): boolean {
  const decoded = fromBase64(text)
  return decoded !== undefined && isUtf8(decoded) && /^[\x20-\x7e]+:[\x20-\x7e]*$/.test(decodeUtf8(decoded))
}
