import type { KeyKind } from './dictionary.ts'
import { addJsonValue } from './json-values.ts'
import { isHttpHeader, SECRET_HEADERS } from './http-headers.ts'
import { quotedStart, readMember, readScalar, type Scalar } from './json-walk.ts'
import { isOfKind } from './demands.ts'
import { addFound, type Look, type Span, textOf } from './look.ts'
import { splitKey } from './split-key.ts'
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACKET,
  QUOTE,
  skipSpace,
  skipSpaceBack,
  SLASH,
} from './text-bytes.ts'
import { openedBefore, skipValue } from './walk.ts'

/** A string of JSON with its quotes: where it opens (backslashes included) and the place behind it. */
export interface JsonString extends Span {
  readonly open: number
  readonly after: number
  readonly depth: number
}

const NAME_KEYS: ReadonlySet<string> = new Set(
  'name key field header label parameter param property attribute variable var env column parameterkey outputkey'.split(
    ' ',
  ),
)
/** They name so much else that only a member called `value` is what they name. */
const WIDE_NAME_KEYS: ReadonlySet<string> = new Set(['title', 'system'])
const VALUE = 'value'
const VALUE_KEYS: ReadonlySet<string> = new Set(
  'value val content data values current stringvalue string_value text parametervalue outputvalue'.split(' '),
)
/** Members of one object that are looked at, and bytes of it, before and after the name. */
const MEMBERS_MAX = 16
const OBJECT_MAX = 65_536
/** The same of a header in a list of headers. */
const HEADER_MAX = 4_096

/** The key of the member whose value begins at `at`, in lower case; undefined where there is none. */
export function keyOfValue(look: Look, at: number, depth: number): { text: string; open: number } | undefined {
  const { bytes } = look.view
  const colon = skipSpaceBack(bytes, at)
  if (bytes[colon - 1] !== COLON) return undefined
  const after = skipSpaceBack(bytes, colon - 1)
  if (bytes[after - 1] !== QUOTE) return undefined
  const open = quotedStart(bytes, after, depth, 128)
  if (open < 0) return undefined
  return { text: textOf(look, { start: open + depth + 1, end: after - depth - 1 }).toLowerCase(), open }
}

/** Whether the string is what an object calls itself by: `"name": "DB_PASSWORD"`. */
export function isNameMember(look: Look, string: JsonString): boolean {
  const key = keyOfValue(look, string.open, string.depth)
  return key !== undefined && (NAME_KEYS.has(key.text) || WIDE_NAME_KEYS.has(key.text))
}

/** Reports the value beside a name that is a path: `"Name": "/prod/db/password"`. False where it is none. */
export function addOfPath(look: Look, string: JsonString): boolean {
  const { bytes } = look.view
  if (bytes[string.start] !== SLASH || !isNameMember(look, string)) return false
  const kind = look.kindOf(string.start + 1 + bytes.subarray(string.start, string.end).lastIndexOf(SLASH), string.end)
  return kind !== undefined && addSiblingValue(look, kind, string)
}

/** Reports the value that stands beside the name in its object, in either order. */
export function addSiblingValue(look: Look, kind: KeyKind, string: JsonString): boolean {
  if (!endsInKind(textOf(look, string), kind)) return false
  const key = keyOfValue(look, string.open, string.depth)
  const isValue = key !== undefined && WIDE_NAME_KEYS.has(key.text) ? isCalledValue : isValueKey
  const at = valueAfter(look, string, isValue) ?? valueBefore(look, string, isValue)
  if (at === undefined) return false
  if (!isNameToo(look, at, string.depth)) addJsonValue(look, kind, { at, depth: string.depth, by: 'sibling' })
  return true
}

/** Names with spaces may be titles: "Secret Garden" is none of a secret. */
function endsInKind(name: string, kind: KeyKind): boolean {
  if (!name.includes(' ')) return true
  const words = splitKey(name).join('_')
  return words.endsWith(kind.word) || words.replace(/e?s$/, '').endsWith(kind.word)
}

/** Options of a form have their name for a value: `{"label": "Password", "value": "password"}`. */
function isNameToo(look: Look, at: number, depth: number): boolean {
  const scalar = readScalar(look.view.bytes, at, depth)
  if (scalar?.kind !== 'string') return false
  return (
    scalar.end - scalar.start <= 40 &&
    /^[A-Za-z_ -]+$/.test(textOf(look, scalar)) &&
    look.kindOf(scalar.start, scalar.end) !== undefined
  )
}

type IsValue = (key: string) => boolean

const isValueKey: IsValue = (key) => VALUE_KEYS.has(key)
const isCalledValue: IsValue = (key) => key === VALUE

function valueAfter(look: Look, { after, depth }: JsonString, isValue: IsValue): number | undefined {
  const { bytes } = look.view
  let at = skipSpace(bytes, after)
  for (let i = 0; i < MEMBERS_MAX && at - after < OBJECT_MAX && bytes[at] === COMMA; i++) {
    const member = readMember(bytes, at + 1, depth)
    if (member?.key === undefined) return undefined
    if (isValue(textOf(look, member.key).toLowerCase())) return member.value
    const next = skipValue(look, member.value, depth)
    if (next < 0) return undefined
    at = skipSpace(bytes, next)
  }
  return undefined
}

function valueBefore(look: Look, { open, depth }: JsonString, isValue: IsValue): number | undefined {
  const { bytes } = look.view
  let key = keyOfValue(look, open, depth)
  for (let i = 0; i < MEMBERS_MAX && key !== undefined && open - key.open < OBJECT_MAX; i++) {
    const comma = skipSpaceBack(bytes, key.open)
    if (bytes[comma - 1] !== COMMA) return undefined
    const value = valueStart(look, skipSpaceBack(bytes, comma - 1), depth)
    if (value < 0) return undefined
    key = keyOfValue(look, value, depth)
    if (key !== undefined && isValue(key.text)) return value
  }
  return undefined
}

/** Where the value begins that ends just before `after`. */
function valueStart(look: Look, after: number, depth: number): number {
  const { bytes } = look.view
  const last = bytes[after - 1]
  if (last === QUOTE) return quotedStart(bytes, after, depth, OBJECT_MAX)
  if (last === CLOSE_BRACE || last === CLOSE_BRACKET) return openedBefore(look, { at: after - 1, depth }, OBJECT_MAX)
  let at = after
  while (at > 0 && bytes[at - 1] !== COLON && after - at < 64) at--
  return bytes[at - 1] === COLON ? skipSpace(bytes, at) : -1
}

/** Reports the value of `["authorization", "..."]`, of `["--password", "..."]`, and of flat lists of headers. */
export function addPairValue(look: Look, kind: KeyKind, string: JsonString): boolean {
  const { bytes } = look.view
  const comma = skipSpace(bytes, string.after)
  if (bytes[comma] !== COMMA) return false
  const scalar = readScalar(bytes, skipSpace(bytes, comma + 1), string.depth)
  if (scalar?.kind !== 'string' || scalar.end === scalar.start) return false
  const text = textOf(look, scalar)
  const isOption = textOf(look, string).startsWith('-') && !text.startsWith('-')
  const isHeader = SECRET_HEADERS.has(kind.word) && isHeaderValue(look, string, scalar)
  if (!isOption && !isHeader && !isPair(look, string, { after: scalar.after, text })) return false
  if (look.kindOf(scalar.start, scalar.end) !== undefined || !isOfKind(kind, text, 'string')) return false
  addFound(look, kind, scalar, 'sibling')
  return true
}

/** By itself, or among names and values one after the other, as Node has the headers of a request; not among names alone. */
function isHeaderValue(look: Look, name: JsonString, value: Scalar): boolean {
  const { bytes } = look.view
  const { depth } = name
  const text = textOf(look, value)
  if (/^(?:bearer|basic|digest|negotiate|token)\s+\S|=/i.test(text)) return true
  if (!/\d/.test(text) || isHttpHeader(text)) return false
  const comma = skipSpace(bytes, value.after)
  const next = bytes[comma] === COMMA ? readScalar(bytes, skipSpace(bytes, comma + 1), depth) : undefined
  if (next !== undefined && isHttpHeader(textOf(look, next))) return true
  const before = stringBefore(look, name.open, depth)
  const first = before === undefined ? undefined : stringBefore(look, before.open, depth)
  return first !== undefined && isHttpHeader(textOf(look, first))
}

/** The string that stands before a comma before a place. */
function stringBefore(look: Look, at: number, depth: number): (Span & { readonly open: number }) | undefined {
  const { bytes } = look.view
  const comma = skipSpaceBack(bytes, at) - 1
  const after = skipSpaceBack(bytes, comma)
  if (bytes[comma] !== COMMA || bytes[after - 1] !== QUOTE) return undefined
  const open = quotedStart(bytes, after, depth, HEADER_MAX)
  return open < 0 ? undefined : { open, start: open + depth + 1, end: after - depth - 1 }
}

/** Two strings of an array; a list of two words that has a key of its own, such as tags, is no pair. */
function isPair({ view: { bytes } }: Look, { open }: JsonString, value: { after: number; text: string }): boolean {
  const before = skipSpaceBack(bytes, open)
  if (bytes[before - 1] !== OPEN_BRACKET || bytes[skipSpace(bytes, value.after)] !== CLOSE_BRACKET) return false
  return bytes[skipSpaceBack(bytes, before - 1) - 1] !== COLON || !/^[\p{L}_ -]+$/u.test(value.text)
}
