import { decodeLatin1, decodeUtf8 } from '../../base/bytes.ts'
import type { Hit, Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { classifyKey, isOtherBehind, type KeyKind } from './dictionary.ts'
import { addJsonTable } from './json-tables.ts'
import { addJsonValue } from './json-values.ts'
import { isFlag, isQuote, leadOf } from './lead.ts'
import type { Look, Span } from './look.ts'
import { Memo } from './memo.ts'
import { afterVerb, readSeparator } from './separator.ts'
import { addPairValue, addSiblingValue, isNameMember, type JsonString } from './siblings.ts'
import { separatorBeside } from './table-lines.ts'
import { addTable } from './tables.ts'
import { addPhraseValue, addTextValue } from './text-values.ts'
import {
  afterBackslashes,
  BACKSLASH,
  backslashesBefore,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  EQUALS,
  GREATER,
  isEscapeLetter,
  isLetter,
  isLower,
  isUpper,
  LESS,
  nameEnd,
  nameStart,
  QUOTE,
  skipBlanks,
  skipSpace,
  SPACE,
} from './text-bytes.ts'
import { BEGINS, GLUES, keyTriggers, SHIFTS, type Triggers } from './triggers.ts'
import { addElement, addNamedAttribute } from './xml.ts'

/** Names that are looked for: enough of each for the scan, and what a whole key says. */
export interface KeyNames {
  readonly triggers: Triggers
  readonly classify: (key: string) => KeyKind | undefined
}

/** Finds values by the name of their key, column or sibling, in JSON at any level and in text. */
export function keyDetector({ triggers, classify }: KeyNames = { triggers: keyTriggers(), classify: classifyKey }): WordDetector {
  const { words, flags } = triggers
  const kinds = new KindCache(classify)
  const memos = new WeakMap<View, Memo>()
  return {
    words,
    verify: (hit, sink) => {
      const start = boundedStart(hit, flags[hit.word] ?? 0)
      if (start < 0) return
      let memo = memos.get(hit.view)
      if (memo === undefined) memos.set(hit.view, (memo = new Memo()))
      verifyName(hit, start, lookOf(hit.view, { sink, memo, kinds }))
    },
  }
}

function lookOf(view: View, { sink, memo, kinds }: { sink: Sink; memo: Memo; kinds: KindCache }): Look {
  const kindOf = (start: number, end: number): KeyKind | undefined => {
    const kind = kinds.of(view.bytes, start, end)
    return kind !== undefined && sink.may(kind.entity, 1) ? kind : undefined
  }
  return { view, sink, memo, kindOf }
}

/** Where the word begins, if it can be a word of a name there and not a part of another; else -1. */
function boundedStart({ view: { bytes }, start, end }: Hit, flags: number): number {
  const at = (flags & SHIFTS) === 0 ? start : start + 1
  const before = bytes[at - 1] ?? 0
  if ((flags & GLUES) === 0 && isLetter(before) && !isEscapeLetter(bytes, at - 1)) {
    const first = bytes[at] ?? 0
    const isHump = isUpper(first) && (isLower(before) || isLower(bytes[at + 1] ?? 0))
    if (!isHump) return -1
  }
  if ((flags & BEGINS) !== 0) return at
  const after = bytes[end] ?? 0
  if (isLower(after) && isLower(bytes[end - 1] ?? 0)) return isPluralEnd(bytes, end) ? at : -1
  return after >= 0x80 && bytes[end] !== 0xef && bytes[end] !== 0xe2 && bytes[end] !== 0xc2 ? -1 : at
}

const LETTER_E = 0x65
const LETTER_S = 0x73

function isPluralEnd(bytes: Uint8Array, end: number): boolean {
  const s = bytes[end] === LETTER_E ? end + 1 : end
  return bytes[s] === LETTER_S && !isLower(bytes[s + 1] ?? 0)
}

function verifyName({ view }: Hit, at: number, look: Look): void {
  const { bytes } = view
  let start = nameStart(bytes, at)
  let end = nameEnd(bytes, at)
  while (end > at && bytes[end - 1] === DOT) end--
  while (start < at && bytes[start] === DOT) start++
  const isSpaced = bytes[end] === SPACE && isLabel(bytes, end)
  if (isSpaced || isQuoteAt(bytes, end)) {
    const string = quotedAround(view, start, end)
    if (string !== undefined && look.memo.isNew(string.open) && verifyString(look, string)) return
  }
  if (!look.memo.isNew(start)) return
  if (verifyText(look, { start, end }) || (isSpaced && verifyText(look, { start, end: labelEnd(bytes, end) }))) return
  if (bytes[end] === SPACE) verifyPhrase(look, { start, end })
}

const DOT = 0x2e

function isQuoteAt(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at]
  return isQuote(byte) || (byte === BACKSLASH && isQuote(bytes[afterBackslashes(bytes, at)]))
}

/** Names with spaces in them are at most so long to either side. */
const LABEL_MAX = 48

/** Whether a label with spaces ends soon: with a quote or a sign that gives it a value. */
function isLabel(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < from + LABEL_MAX; at++) {
    const byte = bytes[at] ?? 0
    if (isQuoteAt(bytes, at) || byte === COLON || byte === EQUALS || byte === 0x7c || byte === COMMA) return true
    if (!isLetter(byte) && byte !== SPACE && !isInLabel(byte)) return false
  }
  return false
}

function isInLabel(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x23 && byte <= 0x2f && byte !== COMMA) || byte === 0x5f
}

/** The string in quotes that the name stands in, if it is not much more than the name. */
function quotedAround({ bytes }: View, start: number, end: number): JsonString | undefined {
  let left = start
  while (start - left < LABEL_MAX && left > 0 && !isQuote(bytes[left - 1])) {
    const byte = bytes[left - 1] ?? 0
    if (!isLetter(byte) && byte !== SPACE && !isInLabel(byte)) return undefined
    left--
  }
  const quote = bytes[left - 1]
  let right = end
  while (right - end < LABEL_MAX && !isQuoteAt(bytes, right)) right++
  const close = afterBackslashes(bytes, right)
  if (!isQuote(quote) || bytes[close] !== quote) return undefined
  const depth = backslashesBefore(bytes, left - 1)
  if (close - right !== depth) return undefined
  return { open: left - 1 - depth, start: left, end: right, after: close + 1, depth }
}

/** Where a label of several words ends: `First Name: Joe`, a cell of a header line. */
function labelEnd(bytes: Uint8Array, from: number): number {
  let end = from
  for (let i = 0; i < LABEL_WORDS && bytes[end] === SPACE && isLetter(bytes[end + 1] ?? 0); i++) end = nameEnd(bytes, end + 1)
  return end
}

const LABEL_WORDS = 3

/** A string of JSON, or of code: a key, a value beside which another stands, or a cell. False where it is none of them. */
function verifyString(look: Look, string: JsonString): boolean {
  const { bytes } = look.view
  const next = skipSpace(bytes, string.after)
  const byte = bytes[next]
  const kind = look.kindOf(string.start, string.end)
  if (kind === undefined) return false
  const isIndex = byte === CLOSE_BRACKET && bytes[skipBlanks(bytes, next + 1)] === EQUALS
  if (byte === COLON || byte === EQUALS || isIndex) return addKeyed(look, kind, { string, sign: isIndex ? next + 1 : next })
  if (addNamedAttribute(look, kind, string)) return true
  const isElement = byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET
  if (isElement && verifyElement(look, kind, string)) return true
  const separator = separatorBeside(bytes, { start: string.open, end: string.after })
  if (separator === 0) return false
  addTable(look, { start: string.open, end: string.after }, separator)
  return true
}

/** A string that is the value of a member, or an element of an array. */
function verifyElement(look: Look, kind: KeyKind, string: JsonString): boolean {
  if (isNameMember(look, string)) {
    if (!addSiblingValue(look, kind, string)) addJsonTable(look, string)
    return true
  }
  return addPairValue(look, kind, string) || addJsonTable(look, string)
}

function addKeyed(look: Look, kind: KeyKind, { string, sign }: { string: JsonString; sign: number }): boolean {
  const { bytes } = look.view
  const separator = readSeparator(bytes, sign)
  if (separator === undefined) return false
  const at = skipSpace(bytes, separator.value)
  const isJson = bytes[string.start - 1] === QUOTE && separator.kind === 'colon'
  if (isJson && addJsonValue(look, kind, { at, depth: string.depth })) return true
  const { kind: where } = leadOf(bytes, string.open)
  const lead = { kind: where === 'line' ? where : 'middle', quote: 0, depth: 0 } as const
  addTextValue(look, { kind, name: { start: string.open, end: string.after }, lead, separator: { ...separator, value: at } })
  return true
}

/** A name in text with a sign behind it that gives it a value; false where there is none. */
function verifyText(look: Look, name: Span): boolean {
  const { bytes } = look.view
  const byte = bytes[name.end]
  const separator = readSeparator(bytes, name.end)
  const isElement = separator === undefined && (byte === GREATER || byte === SPACE) && isTag(bytes, name.start)
  const beside = separator === undefined && !isElement ? separatorBeside(bytes, name) : 0
  if (separator === undefined && !isElement && beside === 0) return false
  const kind = look.kindOf(name.start, name.end)
  if (kind === undefined || isOtherBehind(kind, wordBefore(bytes, name.start))) return false
  if (separator !== undefined) addTextValue(look, { kind, name, lead: leadOf(bytes, name.start), separator })
  else if (isElement) addElement(look, kind, name.end)
  else addTable(look, name, beside)
  return true
}

/** The word before a name in text, as in "IP address". */
function wordBefore(bytes: Uint8Array, start: number): string {
  if (bytes[start - 1] !== SPACE) return ''
  return decodeLatin1(bytes, nameStart(bytes, start - 1), start - 1)
}

/** `<password` and `<ns:password`. */
function isTag(bytes: Uint8Array, start: number): boolean {
  if (bytes[start - 1] === LESS) return true
  return bytes[start - 1] === COLON && bytes[nameStart(bytes, start - 1) - 1] === LESS
}

function verifyPhrase(look: Look, name: Span): void {
  const { bytes } = look.view
  const value = isFlag(bytes, name.start) ? skipBlanks(bytes, name.end) : afterVerb(bytes, name.end)
  if (value < 0) return
  const kind = look.kindOf(name.start, name.end)
  if (kind !== undefined) addPhraseValue(look, kind, { name, value })
}

/** Slots for the keys of a deployment; two that fall on one take turns. */
const CACHE_SLOTS = 1_024

/** What keys are, by their bytes. Compares whole keys: equal hashes must not make one key pass for another. */
class KindCache {
  readonly #keys: (Uint8Array | undefined)[] = Array.from({ length: CACHE_SLOTS })
  readonly #kinds: (KeyKind | undefined)[] = Array.from({ length: CACHE_SLOTS })
  readonly #classify: KeyNames['classify']

  constructor(classify: KeyNames['classify']) {
    this.#classify = classify
  }

  of(bytes: Uint8Array, start: number, end: number): KeyKind | undefined {
    let hash = 0x811c9dc5
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193)
    const slot = (hash ^ (hash >>> 15)) & (CACHE_SLOTS - 1)
    const known = this.#keys[slot]
    if (known !== undefined && isSame(known, bytes, start, end)) return this.#kinds[slot]
    const key = bytes.slice(start, end)
    const kind = this.#classify(decodeUtf8(key))
    this.#keys[slot] = key
    this.#kinds[slot] = kind
    return kind
  }
}

function isSame(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (key.length !== end - start) return false
  for (let i = 0; i < key.length; i++) if (key[i] !== bytes[start + i]) return false
  return true
}
