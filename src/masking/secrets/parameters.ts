// Secrets in `name=value` lists: queries of addresses (`?token=`, `&sig=`), connection strings (`Password=...;`,
// `AccountKey=`), settings of database clients (`host=db user=joe password=...`).
import { decodeLatin1 } from '../../base/bytes.ts'
import { type EntityId, entityId } from '../entities.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { nameStart } from './assignment.ts'
import { ALNUM, BACKSLASH, BLANK, classAt, GAP, QUOTE } from './chars.ts'
import { isPlaceholder, looksRandom } from './random-look.ts'
import { judgeName } from './secret-name.ts'

type Bytes = View['bytes']

const SECRET = entityId('secret')
const PASSWORD = entityId('password')
const SCORE = 0.9
const NAME_MAX = 40
const VALUE_MAX = 2_048
/** How far around a `password=` the other settings of a connection may stand. */
const CONNECTION_MAX = 256
const COMMA = 0x2c
const EQUALS = 0x3d
const SIGNATURE_MIN = 16
const SECRET_MIN = 6
const KEY_MIN = 20

const PASSWORD_WORDS = ['password=', 'pwd=', 'passwd=', 'pass='] as const
const KEY_WORDS = ['accountkey=', 'sharedaccesskey=', 'sharedsecretvalue=', 'sharedaccesssignature='] as const
const QUERY_WORDS = ['sig=', 'signature=', 'token=', 'key=', 'secret=', 'credential=', 'auth=', 'code='] as const

export const PARAMETERS_DETECTOR: WordDetector = { words: [...PASSWORD_WORDS, ...KEY_WORDS, ...QUERY_WORDS], verify }

function verify({ view: { bytes }, start, end, word }: Hit, sink: Sink): void {
  const entity = word < PASSWORD_WORDS.length ? PASSWORD : SECRET
  if (!sink.may(entity, SCORE)) return
  const nameAt = nameStart(bytes, start, NAME_MAX)
  const to = isQuery(bytes, nameAt) ? endOfQuery(bytes, nameAt, end) : endOfSetting(bytes, { nameAt, end, word })
  if (to < 0) return
  sink.spend(to - nameAt)
  add(sink, entity, { nameAt, start: end, end: to })
}

function add(sink: Sink, entity: EntityId, at: { nameAt: number; start: number; end: number }): void {
  const rule = entity === PASSWORD ? 'connection-password' : 'secret-parameter'
  const within = { start: at.nameAt, end: at.end }
  sink.add({ entity, start: at.start, end: at.end, score: SCORE, by: 'structure', rule, within })
}

/** After `?` or `&`, or after the `;` of `&amp;`. */
function isQuery(bytes: Bytes, nameAt: number): boolean {
  const before = bytes[nameAt - 1]
  return before === 0x3f || before === 0x26 || (before === 0x3b && bytes[nameAt - 2] === 0x70)
}

function endOfQuery(bytes: Bytes, nameAt: number, from: number): number {
  const to = endBefore(bytes, from, QUERY_ENDS)
  const name = decodeLatin1(bytes, nameAt, from - 1)
  const value = decodeLatin1(bytes, from, to)
  return isQuerySecret(name, value) && (value.length < KEY_MIN || !isPlaceholder(value)) ? to : -1
}

function isQuerySecret(name: string, value: string): boolean {
  if (isPlaceholder(value)) return false
  if (/(?:^|[-_])sig(?:nature)?$/i.test(name)) return value.length >= SIGNATURE_MIN && /\d/.test(value)
  if (/^(?:key|code)$/i.test(name)) return value.length >= KEY_MIN && isMixed(value)
  if (judgeName(name) === 'no') return false
  return value.length >= SECRET_MIN && (/\d/.test(value) || value.length >= SIGNATURE_MIN)
}

/** Made by chance, by the look of it: capitals, small letters and digits. */
function isMixed(value: string): boolean {
  return /\d/.test(value) && /[a-z]/.test(value) && /[A-Z]/.test(value)
}

function endOfSetting(bytes: Bytes, { nameAt, end, word }: { nameAt: number; end: number; word: number }): number {
  const isPassword = word < PASSWORD_WORDS.length
  const isKey = !isPassword && word < PASSWORD_WORDS.length + KEY_WORDS.length
  if (!(isPassword || isKey) || (classAt(bytes, end) & QUOTE) !== 0) return -1
  if (isPassword) return endOfPassword(bytes, nameAt, end)
  const to = endBefore(bytes, end, SETTING_ENDS)
  return to - end >= KEY_MIN && looksRandom(bytes, end, to) ? to : -1
}

function endOfPassword(bytes: Bytes, nameAt: number, from: number): number {
  // `password=password=...` is no list of settings, and long.
  if (bytes[nameAt - 1] === EQUALS) return -1
  const isList = isListOfClient(bytes, nameAt)
  const end = endBefore(bytes, from, isList ? BLANK_ENDS : SETTING_ENDS)
  const to = bytes[end] === EQUALS ? end - nextPassword(bytes, end) : end
  if (to <= from || !isOfConnection(bytes, nameAt, to) || (isList && isCode(bytes, nameAt, to))) return -1
  // Every name on a line without an end has the rest of it for its value.
  const isShort = to - from <= PLACEHOLDER_MAX
  return isShort && isPlaceholder(decodeLatin1(bytes, from, to)) ? -1 : to
}

const PLACEHOLDER_MAX = 128

/** `Server=db;User Id=sa;Password=x;` and `host=db user=joe password=x`: other settings of a connection stand near. */
function isOfConnection(bytes: Bytes, nameAt: number, to: number): boolean {
  const before = decodeLatin1(bytes, Math.max(0, nameAt - CONNECTION_MAX), nameAt)
  const after = decodeLatin1(bytes, to, to + CONNECTION_MAX / 2)
  return CONNECTION.test(before) || (bytes[to] === 0x3b && CONNECTION.test(after))
}

const CONNECTION =
  /(?:server|data source|host|hostname|addr|address|user id|uid|user|username|database|dbname|initial catalog|endpoint)\s*=/i

/** Settings that blanks or line ends divide. */
function isListOfClient(bytes: Bytes, nameAt: number): boolean {
  return (classAt(bytes, nameAt - 1) & GAP) !== 0 && bytes[nameAt - 2] !== 0x3b
}

/** `connect(user=user, password=config.password)`: commas and calls stand between arguments, not between settings. */
function isCode(bytes: Bytes, nameAt: number, to: number): boolean {
  if (bytes[nameAt - 2] === COMMA) return true
  return CODE.test(decodeLatin1(bytes, nameAt, to))
}

/** Ends as an argument does, is a member of something, or the path of a resource. */
const CODE = /[,()[]$|=[A-Za-z_]+(?:\.[A-Za-z_]+)+$|=[\w-]*(?:\/[\w-]+){2,}$/

/** ? & # and what ends an address in text. */
const QUERY_ENDS: readonly number[] = [0x3f, 0x26, 0x23, 0x3c, 0x3e, 0x29, 0x5d, 0x7d, 0x2c, 0x3b, 0x20]
const SETTING_ENDS: readonly number[] = [0x3b, 0x3c, 0x3e]
const BLANK_ENDS: readonly number[] = [...SETTING_ENDS, 0x20]

function endBefore(bytes: Bytes, from: number, ends: readonly number[]): number {
  let end = from
  while (end - from < VALUE_MAX && end < bytes.length && !isEnd(bytes, end, ends)) end++
  return end
}

/** Bytes of the word for a password that ends at a place; 0 where none does. */
function nextPassword(bytes: Bytes, end: number): number {
  return NEXT_PASSWORD.exec(decodeLatin1(bytes, Math.max(0, end - 'password'.length), end))?.[0].length ?? 0
}

const NEXT_PASSWORD = /(?:password|passwd|pwd|pass)$/i

function isEnd(bytes: Bytes, at: number, ends: readonly number[]): boolean {
  const byte = bytes[at] ?? 0
  if (byte === BACKSLASH || byte < 0x20 || ends.includes(byte)) return true
  // Else each of them would have all others behind it for its value.
  if (byte === EQUALS && ends !== QUERY_ENDS && nextPassword(bytes, at) > 0) return true
  // Padding of base64 has no more after it: this is the next setting.
  if (byte === EQUALS && ends === QUERY_ENDS && (classAt(bytes, at + 1) & ALNUM) !== 0) return true
  return (classAt(bytes, at) & QUOTE) !== 0 || (classAt(bytes, at) & GAP & ~BLANK) !== 0
}
