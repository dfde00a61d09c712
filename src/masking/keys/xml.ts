import { decodeLatin1, encodeUtf8, indexOf } from '../../base/bytes.ts'
import { isOfKind } from './demands.ts'
import type { KeyKind } from './dictionary.ts'
import { addFound, type Look, type Span, textOf } from './look.ts'
import { isPlaceholder } from './no-values.ts'
import {
  afterBackslashes,
  APOSTROPHE,
  BACKSLASH,
  EQUALS,
  GREATER,
  LESS,
  QUOTE,
  skipSpace,
  skipSpaceBack,
  SLASH,
} from './text-bytes.ts'

/** Bytes of a tag that are looked at for its end. */
const TAG_MAX = 512
/** Bytes of the text of an element. */
const TEXT_MAX = 16_384

/** Reports the text of `<password>text</password>`; `nameEnd` is just behind the name in the opening tag. */
export function addElement(look: Look, kind: KeyKind, nameEnd: number): void {
  const { bytes } = look.view
  const close = endOfTag(bytes, nameEnd)
  if (close >= 0) addElementText(look, kind, close + 1)
}

function addElementText(look: Look, kind: KeyKind, from: number): void {
  const { bytes } = look.view
  let start = skipSpace(bytes, from)
  const isData = textOf(look, { start, end: Math.min(bytes.length, start + CDATA.length) }) === CDATA
  if (isData) start += CDATA.length
  const end = isData ? endOfData(look, start) : endOfText(bytes, start)
  if (end <= start) return
  const span = { start, end: skipSpaceBack(bytes, end) }
  const text = textOf(look, span)
  if (!text.includes('"') && !isPlaceholder(text) && isOfKind(kind, text, 'string')) addFound(look, kind, span)
}

const CDATA = '<![CDATA['
const CDATA_OPEN = encodeUtf8(CDATA)
const CDATA_CLOSE = encodeUtf8(']]>')

/** Before the closing tag; -1 where something else comes first. */
function endOfText(bytes: Uint8Array, start: number): number {
  const end = bytes.subarray(start, start + TEXT_MAX).indexOf(LESS)
  return end >= 0 && bytes[start + end + 1] === SLASH ? start + end : -1
}

/** Before the `]]>` of the section that begins there. What opens another one, or reaches over the end of a string of JSON, is none. */
function endOfData({ view: { bytes, raw } }: Look, start: number): number {
  const text = bytes.subarray(start, start + TEXT_MAX)
  const end = indexOf(text, CDATA_CLOSE)
  if (end < 0 || indexOf(text.subarray(0, end), CDATA_OPEN) >= 0) return -1
  return raw && hasPlainQuote(text, end) ? -1 : start + end
}

function hasPlainQuote(text: Uint8Array, end: number): boolean {
  for (let at = text.indexOf(QUOTE); at >= 0 && at < end; at = text.indexOf(QUOTE, at + 1))
    if (text[at - 1] !== BACKSLASH) return true
  return false
}

function endOfTag(bytes: Uint8Array, from: number): number {
  const most = Math.min(bytes.length, from + TAG_MAX)
  for (let at = from; at < most; at++) {
    if (bytes[at] === LESS) return -1
    if (bytes[at] === GREATER) return bytes[at - 1] === SLASH ? -1 : at
  }
  return -1
}

/** Elements whose text names what stands in the next: `<name>db.password</name><value>x</value>`, and `<key>` of plists. */
const NAMED_NEXT =
  /^<\\*\/(?:[\w-]+:)?(?:name|key|field|property|param-name|string)>(?:\s|\\+[nrt])*<(?:[\w-]+:)?(?:value|string|val|data|content|param-value)(?:\s[^<>]*)?>/i

/** Reports the text of the element behind one whose text is a name; false where there is none. */
export function addNextElement(look: Look, kind: KeyKind, { start, end }: Span): boolean {
  const { bytes } = look.view
  if (bytes[end] !== LESS || bytes[start - 1] !== GREATER) return false
  const next = NAMED_NEXT.exec(decodeLatin1(bytes, end, Math.min(bytes.length, end + TAG_MAX)))
  if (next !== null) addElementText(look, kind, end + next[0].length)
  return next !== null
}

/** Attributes whose value names what stands in another, or in the element. */
const NAMES = /(?:^|[\s"'])(?:name|key|field|property)=\\*["']$/i
const VALUE = /^[^<>]{0,200}?\s(?:value|val|content|data)=(\\*)(["'])/i

/** Reports the value of `<add key="ApiKey" value="...">` and `<entry name="password">...</entry>`. */
export function addNamedAttribute(look: Look, kind: KeyKind, quoted: { start: number; after: number }): boolean {
  const { bytes } = look.view
  const before = String.fromCharCode(...bytes.subarray(Math.max(0, quoted.start - 24), quoted.start))
  if (bytes[quoted.start - 1] !== QUOTE && bytes[quoted.start - 1] !== APOSTROPHE) return false
  if (!before.includes(String.fromCharCode(EQUALS)) || !NAMES.test(before)) return false
  const behind = String.fromCharCode(...bytes.subarray(quoted.after, quoted.after + TAG_MAX))
  const value = VALUE.exec(behind)
  if (value === null) {
    if (/^\s*>/.test(behind)) addElement(look, kind, quoted.after)
    return true
  }
  const start = quoted.after + value[0].length
  const end = attributeEnd(bytes, start, (value[2] ?? '"').charCodeAt(0))
  const span = { start, end }
  const text = textOf(look, span)
  if (end > start && !isPlaceholder(text) && isOfKind(kind, text, 'string')) addFound(look, kind, span)
  return true
}

function attributeEnd(bytes: Uint8Array, start: number, quote: number): number {
  const most = Math.min(bytes.length, start + TEXT_MAX)
  for (let at = start; at < most; at++) {
    if (bytes[afterBackslashes(bytes, at)] === quote) return at
    if (bytes[at] === LESS) return start
  }
  return start
}
