import { decodeUtf8 } from '../../base/bytes.ts'
import { isOfKind } from './demands.ts'
import type { KeyKind } from './dictionary.ts'
import { isFlag, isQuote, type Lead } from './lead.ts'
import { addFound, type Look, type Span, textOf } from './look.ts'
import { markedValue, taggedValue } from './markup.ts'
import { hasNeighbour } from './neighbours.ts'
import type { Separator } from './separator.ts'
import {
  afterBackslashes,
  COLON,
  COMMA,
  DASH,
  EQUALS,
  GREATER,
  isDigit,
  isLetter,
  OPEN_BRACE,
  OPEN_BRACKET,
  skipBlanks,
  SPACE,
} from './text-bytes.ts'
import { type Ending, valueEnd } from './text-ends.ts'
import { type Candidate, type Extent, type Form, isQuotedValue, judge } from './text-judge.ts'
import { readTextString, textBefore, textEnd } from './text-strings.ts'
import { addBlock, isBlockMark } from './yaml.ts'

/** A name in text, with what stands before and behind it. */
export interface Assigned {
  readonly kind: KeyKind
  readonly name: Span
  readonly lead: Lead
  readonly separator: Separator
}

/** The entry of memos for what was found in text, whatever its kind. */
const ANY_KIND = -1

/** Reports the value of `name=value`, `name: value` and their like. */
export function addTextValue(look: Look, assigned: Assigned): void {
  const { name, separator } = assigned
  if (look.memo.isCovered(ANY_KIND, name.start) || (separator.isSpaced && isEmpty(look, assigned))) return
  const quoted = readTextString(look, separator.value)
  if (quoted === undefined) return addFromLine(look, assigned)
  addQuoted(look, assigned.kind, quoted)
  addChanged(look, assigned.kind, quoted)
}

/** `"old" -> "new"`, as plans of changes have it. */
function addChanged(look: Look, kind: KeyKind, { end }: Span): void {
  const { bytes } = look.view
  const arrow = skipBlanks(bytes, afterBackslashes(bytes, end) + 1)
  if ((bytes[arrow] !== DASH && bytes[arrow] !== EQUALS) || bytes[arrow + 1] !== GREATER) return
  const changed = readTextString(look, skipBlanks(bytes, arrow + 2))
  if (changed !== undefined) addQuoted(look, kind, changed)
}

/** `?token= ` and `--password= --token=`: what stands behind the blank is not of it. */
function isEmpty({ view: { bytes } }: Look, { name, lead, separator }: Assigned): boolean {
  return lead.kind === 'query' || (isFlag(bytes, name.start) && bytes[separator.value] === DASH)
}

/** Reports a value in quotes. */
export function addQuoted(look: Look, kind: KeyKind, quoted: Span): void {
  const text = textOf(look, quoted)
  if (isQuotedValue(kind, text)) addIfOfKind(look, kind, quoted)
}

function addFromLine(look: Look, assigned: Assigned): void {
  const { kind, name, separator, lead } = assigned
  const isColon = separator.kind === 'colon'
  if (isColon ? addMarkedValue(look, { kind, name, value: separator.value }) : addListed(look, assigned)) return
  const lineEnd = textEnd(look, separator.value, lead)
  const text = decodeUtf8(look.view.bytes, separator.value, lineEnd)
  if (isColon && (addBelow(look, assigned, { text, lineEnd }) || addDeclared(look, assigned, text))) return
  const form = formOf(look, assigned)
  const extent = judge({ kind, ...besideOf(look, name), text, form })
  if (extent !== undefined) addUnquoted(look, assigned, { extent, form })
}

/** `tokens=["a", "b"]`: what stands in brackets and quotes, but keys. False where nothing in quotes does. */
function addListed(look: Look, { kind, separator }: Assigned): boolean {
  const { bytes } = look.view
  if (separator.isSpaced) return false
  const open = bytes[separator.value]
  const first = skipBlanks(bytes, separator.value + 1)
  if ((open !== OPEN_BRACE && open !== OPEN_BRACKET) || !isQuote(bytes[afterBackslashes(bytes, first)])) return false
  let at = first
  for (let i = 0; i < LISTED_MAX; i++) {
    const listed = readTextString(look, at)
    if (listed === undefined) break
    const next = skipBlanks(bytes, afterBackslashes(bytes, listed.end) + 1)
    if (bytes[next] !== COLON) addQuoted(look, kind, listed)
    if (bytes[next] !== COMMA) break
    at = skipBlanks(bytes, next + 1)
  }
  return true
}

const LISTED_MAX = 64

/** Whether nothing but lines below could be of the name, reported if they are. */
function addBelow(look: Look, { kind, name, lead }: Assigned, line: { text: string; lineEnd: number }): boolean {
  const isText = isBlockMark(line.text)
  if (!isText && line.text.trim() !== '') return false
  if (lead.kind === 'line' || lead.kind === 'quote')
    addBlock(look, kind, { name: name.start, lineEnd: line.lineEnd, isText })
  return true
}

/** `name: type = "value"`. */
function addDeclared(look: Look, { kind, separator }: Assigned, text: string): boolean {
  const typed = /^[\w<>[\]|.?*&]+\s+=\s+/.exec(text)?.[0].length ?? 0
  const declared = typed > 0 ? readTextString(look, separator.value + typed) : undefined
  if (declared !== undefined) addQuoted(look, kind, declared)
  return declared !== undefined
}

function addMarkedValue(look: Look, { kind, name, value }: { kind: KeyKind; name: Span; value: number }): boolean {
  const span = markedValue(look, { kind, name }, value)
  return span !== undefined && addIfOfKind(look, kind, span)
}

/** Reports the value behind a name in tags; false where none is one. */
export function addTaggedValue(look: Look, kind: KeyKind, name: Span): boolean {
  if (look.memo.isCovered(ANY_KIND, name.start)) return false
  const span = taggedValue(look, { kind, name })
  return span !== undefined && addIfOfKind(look, kind, span)
}

function besideOf(look: Look, name: Span): Pick<Candidate, 'before' | 'name'> {
  return { before: () => textBefore(look, name), name: () => textOf(look, name) }
}

/** `tokens=55`: a number of them, not one. */
export function isCount(bytes: Uint8Array, at: number): boolean {
  let end = at
  while (isDigit(bytes[end] ?? 0)) end++
  return end > at && !isLetter(bytes[end] ?? 0)
}

function addUnquoted(look: Look, assigned: Assigned, { extent, form }: { extent: Extent; form: Form }): void {
  const { kind, lead, separator } = assigned
  const ending = {
    at: endingAt(look, assigned, extent),
    quote: lead.quote,
    depth: lead.depth,
    raw: look.view.raw,
    isWhole: separator.kind === 'colon' && (form === 'entry' || /auth|cookie/.test(kind.word)),
  }
  const end = typeof extent === 'number' ? separator.value + extent : valueEnd(look.view.bytes, separator.value, ending)
  addIfOfKind(look, kind, { start: separator.value, end })
}

const WHOLE_LINES: ReadonlySet<Lead['kind']> = new Set(['line', 'quote', 'field'])

function endingAt(look: Look, { lead, name }: Assigned, extent: Extent): Ending['at'] {
  if (lead.kind === 'query') return 'query'
  const isOnLine = WHOLE_LINES.has(lead.kind) || isOfSet(look, name)
  return extent === 'line' && isOnLine && !isFlag(look.view.bytes, name.start) ? 'line' : 'word'
}

/** `set NAME=value` of Windows: the value goes on to the end of the line, blanks and all. */
function isOfSet(look: Look, name: Span): boolean {
  return look.view.bytes[name.start - 1] === SPACE && /(?:^|["'`])\s*@?set\s+$/i.test(textBefore(look, name))
}

/** Reports the value behind "password is", or `--password`; false where none is one. */
export function addPhraseValue(look: Look, kind: KeyKind, { name, value }: { name: Span; value: number }): boolean {
  if (look.memo.isCovered(ANY_KIND, name.start)) return false
  const { bytes, raw } = look.view
  // What is passed to something: "to" is "is" in other languages.
  if (kind.word === 'pass' && decodeUtf8(bytes, name.end, value).trim() === 'to') return false
  if (addMarkedValue(look, { kind, name, value })) return true
  const quoted = readTextString(look, value)
  if (quoted !== undefined) {
    const text = textOf(look, quoted)
    return kind.isSecret && isQuotedValue(kind, text) && !/\s/.test(text) && addIfOfKind(look, kind, quoted)
  }
  const plain = { kind: 'middle', quote: 0, depth: 0 } as const
  const text = decodeUtf8(bytes, value, textEnd(look, value, plain))
  const extent = judge({ kind, ...besideOf(look, name), text, form: 'phrase' })
  if (extent === undefined) return false
  const ending = { at: 'word', quote: 0, depth: 0, raw, isWhole: false } as const
  const end = typeof extent === 'number' ? value + extent : valueEnd(bytes, value, ending)
  return addIfOfKind(look, kind, { start: value, end })
}

function addIfOfKind(look: Look, kind: KeyKind, span: Span): boolean {
  const isValue = isOfKind(kind, textOf(look, span), 'string')
  if (isValue) add(look, kind, span)
  return isValue
}

function add(look: Look, kind: KeyKind, span: Span): void {
  addFound(look, kind, span)
  look.memo.cover(ANY_KIND, span.start, span.end)
}

function formOf(look: Look, { lead, separator, name }: Assigned): Form {
  const { bytes } = look.view
  if (lead.kind === 'query') return 'pair'
  if (lead.kind === 'field') return 'entry'
  if (separator.isLong) return 'statement'
  if (separator.kind === 'equals') return separator.isSpaced && !isFlag(bytes, name.start) ? 'assignment' : 'pair'
  if (lead.kind === 'middle' || lead.kind === 'tag') return 'phrase'
  return hasNeighbour(look.view, name.start) ? 'entry' : 'label'
}
