import { decodeLatin1, decodeUtf8 } from '../../base/bytes.ts'
import { isOfKind } from './demands.ts'
import type { KeyKind } from './dictionary.ts'
import { quoteDepth, readQuoted } from './json-walk.ts'
import { isFlag, isQuote, type Lead } from './lead.ts'
import { addFound, type Look, type Span, textOf } from './look.ts'
import type { Separator } from './separator.ts'
import { type Extent, type Form, isQuotedValue, judge } from './text-judge.ts'
import {
  afterBackslashes,
  afterNewline,
  APOSTROPHE,
  BACKSLASH,
  BACKTICK,
  isDigit,
  isEscapeLetter,
  isLetter,
  NEWLINE,
  QUOTE,
  RETURN,
  skipBlanks,
} from './text-bytes.ts'
import { valueEnd } from './text-ends.ts'
import { addBlock, isBlockMark } from './yaml.ts'

/** A name in text, with what stands before and behind it. */
export interface Assigned {
  readonly kind: KeyKind
  readonly name: Span
  readonly lead: Lead
  readonly separator: Separator
}

/** Bytes of a line that are looked at before and behind a name. */
const BEFORE_MAX = 64
const LINE_MAX = 160
/** The entry of memos for what was found in text, whatever its kind. */
const ANY_KIND = -1

/** Reports the value of `name=value`, `name: value` and their like. */
export function addTextValue(look: Look, assigned: Assigned): void {
  const { bytes } = look.view
  const { kind, name, separator } = assigned
  const at = separator.value
  if (look.memo.isCovered(ANY_KIND, name.start) || (assigned.lead.kind === 'query' && separator.isSpaced)) return
  const quoted = readTextString(look, at)
  if (quoted !== undefined) {
    const text = textOf(look, quoted)
    if (isQuotedValue(kind, text) && isOfKind(kind, text, 'string')) add(look, kind, quoted)
    return
  }
  const lineEnd = textEnd(look, at, assigned.lead)
  const line = decodeUtf8(bytes, at, lineEnd)
  if (separator.kind === 'colon' && (line.trim() === '' || isBlockMark(line))) {
    if (assigned.lead.kind === 'line' || assigned.lead.kind === 'quote')
      addBlock(look, kind, { name: name.start, lineEnd, isText: line.trim() !== '' })
    return
  }
  const typed = separator.kind === 'colon' ? /^[\w<>[\]|.?*&]+\s+=\s+/.exec(line) : null
  if (typed !== null && readTextString(look, at + typed[0].length) !== undefined) {
    addTextValue(look, {
      ...assigned,
      separator: { kind: 'equals', isSpaced: true, isLong: false, value: at + typed[0].length },
    })
    return
  }
  const form = formOf(look, assigned)
  addUnquoted(look, assigned, { extent: judge({ kind, before: textBefore(look, name), text: line, form }), form })
}

/** `tokens=55`: a number of them, not one. */
export function isCount(bytes: Uint8Array, at: number): boolean {
  let end = at
  while (isDigit(bytes[end] ?? 0)) end++
  return end > at && !isLetter(bytes[end] ?? 0)
}

function addUnquoted(
  look: Look,
  { kind, lead, separator, name }: Assigned,
  judged: { extent: Extent | undefined; form: Form },
): void {
  const { extent, form } = judged
  if (extent === undefined) return
  const { bytes, raw } = look.view
  const isWhole =
    separator.kind === 'colon' && (form === 'entry' || kind.word.includes('auth') || kind.word.includes('cookie'))
  const atLine = (lead.kind === 'line' || lead.kind === 'quote') && !isFlag(bytes, name.start)
  const at = lead.kind === 'query' ? 'query' : extent === 'line' && atLine ? 'line' : 'word'
  const ending = { at, quote: lead.quote, depth: lead.depth, raw, isWhole } as const
  const end = typeof extent === 'number' ? separator.value + extent : valueEnd(bytes, separator.value, ending)
  const span = { start: separator.value, end }
  if (isOfKind(kind, textOf(look, span), 'string')) add(look, kind, span)
}

/** A value behind "password is", or `--password`. */
export function addPhraseValue(look: Look, kind: KeyKind, { name, value }: { name: Span; value: number }): void {
  if (look.memo.isCovered(ANY_KIND, name.start)) return
  const { bytes, raw } = look.view
  const quoted = readTextString(look, value)
  if (quoted !== undefined) {
    const text = textOf(look, quoted)
    if (kind.isSecret && isQuotedValue(kind, text) && !/\s/.test(text) && isOfKind(kind, text, 'string'))
      add(look, kind, quoted)
    return
  }
  const plain = { kind: 'middle', quote: 0, depth: 0 } as const
  const before = textBefore(look, name)
  const text = decodeUtf8(bytes, value, textEnd(look, value, plain))
  const extent = judge({ kind, before, text, form: 'phrase' })
  if (extent === undefined) return
  const ending = { at: 'word', quote: 0, depth: 0, raw, isWhole: false } as const
  const end = typeof extent === 'number' ? value + extent : valueEnd(bytes, value, ending)
  const span = { start: value, end }
  if (isOfKind(kind, textOf(look, span), 'string')) add(look, kind, span)
}

function add(look: Look, kind: KeyKind, span: Span): void {
  addFound(look, kind, span)
  look.memo.cover(ANY_KIND, span.start, span.end)
}

/** The string in quotes of any sort that begins at `at`, with a prefix of a language such as `f"`; undefined where none does. */
function readTextString({ view }: Look, at: number): Span | undefined {
  const { bytes } = view
  const prefix = /^[frbuFRBUL@]{1,2}$/
  let open = at
  while (open < at + 2 && !isQuote(bytes[afterBackslashes(bytes, open)])) open++
  if (open > at && !prefix.test(decodeLatin1(bytes, at, open))) return undefined
  const end = afterBackslashes(bytes, open)
  const quote = bytes[end] ?? 0
  if (quote === QUOTE) {
    const depth = quoteDepth(bytes, open)
    if (view.raw && depth === 0) return undefined
    const string = readQuoted(bytes, open, depth)
    return string.isClosed ? string : undefined
  }
  return quote === APOSTROPHE || quote === BACKTICK ? readSingle(view, end, quote) : undefined
}

/** A string in apostrophes or backticks; escaped ones are of it. One that goes over lines must end one. */
function readSingle({ bytes, raw }: Look['view'], at: number, quote: number): Span | undefined {
  let hasLines = false
  for (let i = at + 1; i < bytes.length && i - at < STRING_MAX; i++) {
    const byte = bytes[i]
    if (byte === QUOTE && raw) return undefined
    if (byte === BACKSLASH || byte === NEWLINE || byte === RETURN) {
      hasLines ||= afterNewline(bytes, i) >= 0
      if (byte === BACKSLASH) i = afterBackslashes(bytes, i)
    } else if (byte === quote) {
      const next = skipBlanks(bytes, i + 1)
      return hasLines && next < bytes.length && afterNewline(bytes, next) < 0 ? undefined : { start: at + 1, end: i }
    }
  }
  return undefined
}

/** Longer strings in apostrophes are prose between two of them. */
const STRING_MAX = 16_384

/** Where the line ends that `from` is on, or the string that the name begins; not further than is looked at. */
function textEnd({ view }: Look, from: number, { quote, depth }: Pick<Lead, 'quote' | 'depth'>): number {
  const { bytes, raw } = view
  const most = Math.min(bytes.length, from + LINE_MAX)
  let at = from
  for (; at < most; at++) {
    const byte = bytes[at] ?? 0
    if (byte === quote && depth === 0) break
    if (byte === QUOTE && raw) break
    if (byte !== BACKSLASH && byte !== NEWLINE && byte !== RETURN) continue
    if (afterNewline(bytes, at) >= 0) break
    const end = afterBackslashes(bytes, at)
    if (bytes[end] === QUOTE && ((raw && (end - at) % 2 === 0) || (quote === QUOTE && end - at <= depth))) break
    at = Math.max(at, end - 1)
  }
  return Math.min(at, most)
}

/** What stands on the line before the name. */
function textBefore({ view: { bytes } }: Look, { start }: Span): string {
  return decodeUtf8(bytes, Math.max(0, start - BEFORE_MAX), start).replace(/^.*(?:[\n\r]|\\[nr])/s, '')
}

function formOf(look: Look, { lead, separator, name }: Assigned): Form {
  const { bytes } = look.view
  if (lead.kind === 'query') return 'pair'
  if (separator.isLong) return 'statement'
  if (separator.kind === 'equals') return separator.isSpaced && !isFlag(bytes, name.start) ? 'assignment' : 'pair'
  if (lead.kind === 'middle' || lead.kind === 'tag') return 'phrase'
  return hasNeighbour(look, name.start) ? 'entry' : 'label'
}

/** Bytes of the lines above and below that are looked at. */
const NEIGHBOUR_MAX = 96
const ENTRY_LINE = /^[ \t]*(?:- +)?["']?[\w.$ -]{1,40}["']?:(?:[ \t]\S|[ \t]*$)/

/** Whether the line above or below is an entry too, as in YAML, headers and forms. */
function hasNeighbour({ view }: Look, at: number): boolean {
  const { bytes } = view
  const above = decodeLatin1(bytes, Math.max(0, at - NEIGHBOUR_MAX), at).replace(/[ \t-]*$/, '')
  const lines = above.split(NEWLINES)
  const last = lines.at(-2)
  if (lines.length > 2 && last !== undefined && ENTRY_LINE.test(last)) return true
  if (lines.length === 2 && ENTRY_LINE.test((lines[0] ?? '').replace(/^.*"/, ''))) return true
  let end = at
  while (end < bytes.length && end - at < LINE_MAX && !(bytes[end] === BACKSLASH || bytes[end] === NEWLINE)) end++
  const below = afterNewline(bytes, end)
  if (below < 0 || isEscapeLetter(bytes, below)) return false
  return ENTRY_LINE.test(
    decodeLatin1(bytes, below, Math.min(bytes.length, below + NEIGHBOUR_MAX)).split(NEWLINES)[0] ?? '',
  )
}

const NEWLINES = /\\+[nr]|[\n\r]+/
