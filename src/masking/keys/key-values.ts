import { decodeLatin1 } from '../../base/bytes.ts'
import type { Sink, WordDetector } from '../find/finding.ts'
import type { View } from '../find/view.ts'
import { classifyKey, isOtherBehind, type KeyKind } from './dictionary.ts'
import { addNextArgument } from './arguments.ts'
import { addHeaded } from './headings.ts'
import { addHtmlTable, isBetweenTags } from './html-tables.ts'
import { addJsonTable } from './json-tables.ts'
import { addJsonValue } from './json-values.ts'
import { KindCache } from './kind-cache.ts'
import { isFlag, leadOf } from './lead.ts'
import type { Look, Span } from './look.ts'
import { Memo } from './memo.ts'
import { boundedStart, endsLabelSoon, isQuoteAt, labelEnd, phraseEnd, quotedAround } from './names.ts'
import { verifyPhrase } from './phrases.ts'
import { isWanted } from './relatives.ts'
import { afterVerb, readSeparator } from './separator.ts'
import { addOfPath, addPairValue, addSiblingValue, isNameMember, type JsonString } from './siblings.ts'
import { addFieldValue, afterMarksOrSpace } from './snapshots.ts'
import { addSqlRows, SQL_ROWS_WORDS } from './sql-rows.ts'
import { alterSqlTable, SQL_ALTER_WORDS } from './sql-alter.ts'
import { readSqlTable, SQL_TABLE_WORDS } from './sql-tables.ts'
import { separatorBeside } from './separator-beside.ts'
import { addTable } from './tables.ts'
import { addTextValue, isCount } from './text-values.ts'
import {
  BACKTICK,
  byteAt,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  EQUALS,
  GREATER,
  isLetter,
  LESS,
  nameEnd,
  nameStart,
  QUOTE,
  skipBlanks,
  skipSpace,
  skipSpaceBack,
  SPACE,
} from './text-bytes.ts'
import { keyTriggers, type Triggers } from './triggers.ts'
import { isVersionOfMany } from './versions.ts'
import { addElement, addNamedAttribute, addNextElement } from './xml.ts'
import { addYamlSibling } from './yaml-siblings.ts'

/** Names that are looked for: enough of each for the scan, and what a whole key says. */
export interface KeyNames {
  readonly triggers: Triggers
  readonly classify: (key: string) => KeyKind | undefined
}

/** Finds values by the name of their key, column or sibling, in JSON at any level and in text. */
export function keyDetector(
  { triggers, classify }: KeyNames = { triggers: keyTriggers(), classify: classifyKey },
): WordDetector {
  const { words, flags } = triggers
  const kinds = new KindCache(classify)
  const looks = new WeakMap<Sink, Look>()
  const lookFor = (view: View, sink: Sink): Look => {
    let look = looks.get(sink)
    if (look?.view !== view) looks.set(sink, (look = lookOf(view, sink, kinds)))
    return look
  }
  return {
    words: [...words, ...SQL_ROWS_WORDS, ...SQL_TABLE_WORDS, ...SQL_ALTER_WORDS],
    verify: (hit, sink) => {
      // By the same look as names, so that what stands in the rows is not read once more.
      if (hit.word >= words.length) {
        readSql(hit.word - words.length)(lookFor(hit.view, sink), hit.end)
        return
      }
      const at = boundedStart(hit, flags[hit.word] ?? 0)
      if (at < 0) return
      const name = nameAround(hit.view.bytes, at)
      // `card.holder@example.com`: most of the words that are found in values are in addresses, and these differ from row to row.
      if (hit.view.bytes[name.end] === AT_SIGN || hit.view.bytes[name.start - 1] === AT_SIGN) return
      if (!mayName(hit.view.bytes, name, kinds)) return
      verifyName(lookFor(hit.view, sink), name)
    },
  }
}

/** What reads a statement, by the place of its words. */
function readSql(word: number): (look: Look, from: number) => void {
  if (word < SQL_ROWS_WORDS.length) return addSqlRows
  return word < SQL_ROWS_WORDS.length + SQL_TABLE_WORDS.length ? readSqlTable : alterSqlTable
}

/** One for each view and whoever takes its findings: what was read for one must be found again for another. */
function lookOf(view: View, sink: Sink, kinds: KindCache): Look {
  const kindOf = (start: number, end: number): KeyKind | undefined => {
    const kind = kinds.of(view.bytes, start, end)
    return kind !== undefined && isWanted(sink, kind.entity) ? kind : undefined
  }
  return { view, sink, memo: new Memo(), kindOf }
}

const DOT = 0x2e
const AT_SIGN = 0x40

function nameAround(bytes: Uint8Array, at: number): Span {
  let start = nameStart(bytes, at)
  let end = nameEnd(bytes, at)
  while (end > at && bytes[end - 1] === DOT) end--
  while (start < at && bytes[start] === DOT) start++
  return { start, end }
}

/** The cheap answer for most names: what has no label or sentence behind it says by itself what it is, and most say nothing. */
function mayName(bytes: Uint8Array, { start, end }: Span, kinds: KindCache): boolean {
  if (kinds.of(bytes, start, end) !== undefined)
    return bytes[end] !== SPACE || !isLetter(byteAt(bytes, end + 1)) || mayGoOn(bytes, start, end)
  return bytes[end] === SPACE && (endsLabelSoon(bytes, end) || phraseEnd(bytes, end) > end)
}

function mayGoOn(bytes: Uint8Array, start: number, end: number): boolean {
  return endsLabelSoon(bytes, end) || isFlag(bytes, start) || afterVerb(bytes, end) >= 0 || phraseEnd(bytes, end) > end
}

/**
 * Reads a name in each way, in this order, until one gives it a value: as a string in quotes, as text before a sign, in a tag or
 * a cell, in a phrase, and as the first word of a longer name.
 */
function verifyName(look: Look, { start, end }: Span): void {
  const { bytes } = look.view
  const isSpaced = bytes[end] === SPACE && endsLabelSoon(bytes, end)
  if (isSpaced || isQuoteAt(bytes, end)) {
    const string = quotedAround(look.view, start, end)
    if (string !== undefined && look.memo.isNew(string.open) && verifyString(look, string)) return
  }
  if (!look.memo.isNew(start)) return
  if (verifyText(look, { start, end })) return
  // Before the label: in "password is x1, and" all of it up to the comma could be a cell.
  if (verifyPhrase(look, { start, end })) return
  if (isSpaced) verifyText(look, { start, end: labelEnd(bytes, end) })
}

/** A string of JSON, or of code: a key, a value beside which another stands, or a cell. False where it is none of them. */
function verifyString(look: Look, string: JsonString): boolean {
  const { bytes } = look.view
  const kind = look.kindOf(string.start, string.end)
  if (kind === undefined) return addOfPath(look, string)
  if (addFieldValue(look, kind, string)) return true
  const next = afterMarksOrSpace(bytes, string.after)
  const byte = bytes[next]
  if (byte === COLON || byte === EQUALS) return addKeyed(look, kind, { string, sign: next })
  if (byte === CLOSE_BRACKET && bytes[skipBlanks(bytes, next + 1)] === EQUALS)
    return addKeyed(look, kind, { string, sign: next + 1 })
  if (addNamedAttribute(look, kind, string)) return true
  const isInJson = byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET
  return isInJson ? verifyElement(look, kind, string) : verifyCell(look, string)
}

/** A string that ends a member of an object or an element of an array, or a cell before a comma. */
function verifyElement(look: Look, kind: KeyKind, string: JsonString): boolean {
  const { bytes } = look.view
  if (bytes[skipSpaceBack(bytes, string.open) - 1] === COLON) return verifyMember(look, kind, string)
  if (addPairValue(look, kind, string) || addNextArgument(look, string)) return true
  return addJsonTable(look, string) || verifyCell(look, string)
}

/** A cell in quotes. */
function verifyCell(look: Look, string: JsonString): boolean {
  const { bytes } = look.view
  const separator = separatorBeside(bytes, { start: string.open, end: string.after })
  if (separator === 0) return false
  addTable(look, { start: string.open, end: string.after }, separator)
  return true
}

/** A string that is the value of a member: the name of what stands beside it, or a text like any other. */
function verifyMember(look: Look, kind: KeyKind, string: JsonString): boolean {
  if (!isNameMember(look, string)) return false
  if (!addSiblingValue(look, kind, string)) addJsonTable(look, string)
  return true
}

function addKeyed(look: Look, kind: KeyKind, { string, sign }: { string: JsonString; sign: number }): boolean {
  const { bytes } = look.view
  const separator = readSeparator(bytes, sign)
  if (separator === undefined) return false
  const at = skipSpace(bytes, separator.value)
  const isJson = bytes[string.start - 1] === QUOTE && separator.kind === 'colon'
  if (isJson && isVersionOfMany(bytes, { start: string.open }, at)) return true
  if (isJson && addJsonValue(look, kind, { at, depth: string.depth })) return true
  const { kind: where } = leadOf(bytes, string.open)
  const lead = { kind: where === 'line' ? where : 'middle', quote: 0, depth: 0 } as const
  addTextValue(look, {
    kind,
    name: { start: string.open, end: string.after },
    lead,
    separator: { ...separator, value: at },
  })
  return true
}

/** A name in text with a sign behind it that gives it a value; false where there is none. */
function verifyText(look: Look, name: Span): boolean {
  const { bytes } = look.view
  if (isBetweenTags(look, name) && addTagged(look, name)) return true
  const separator = readSeparator(bytes, name.end)
  if (separator === undefined) return verifyTagOrCell(look, name)
  if (isRole(bytes, name, separator.value)) return true
  const kind = look.kindOf(name.start, name.end)
  if (kind === undefined || (kind.plural && isCount(bytes, separator.value))) return false
  if (isOtherBehind(kind, wordBefore(bytes, name.start))) return false
  addTextValue(look, { kind, name, lead: leadOf(bytes, name.start), separator })
  return true
}

/** A role of reStructuredText, of which the text is a reference: :token:`name`. */
function isRole(bytes: Uint8Array, { start, end }: Span, value: number): boolean {
  return bytes[start - 1] === COLON && value === end + 1 && bytes[value] === BACKTICK
}

function verifyTagOrCell(look: Look, name: Span): boolean {
  if (addYamlSibling(look, name) || addNextArgument(look, name) || addHeaded(look, name)) return true
  const { bytes } = look.view
  const byte = bytes[name.end]
  const isElement = (byte === GREATER || byte === SPACE) && isTag(bytes, name.start)
  const beside = isElement ? 0 : separatorBeside(bytes, name)
  if (!isElement && beside === 0) return false
  const kind = look.kindOf(name.start, name.end)
  if (kind === undefined) return false
  if (isElement) addElement(look, kind, name.end)
  else addTable(look, name, beside)
  return true
}

/** The text of an element: the name of what stands in the next one, or a cell of a table. */
function addTagged(look: Look, name: Span): boolean {
  const kind = look.kindOf(name.start, name.end)
  return kind !== undefined && (addNextElement(look, kind, name) || addHtmlTable(look, name))
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
