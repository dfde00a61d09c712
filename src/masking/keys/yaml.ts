import type { View } from '../find/view.ts'
import { isCode } from './code-shapes.ts'
import { isOfKind } from './demands.ts'
import type { KeyKind } from './dictionary.ts'
import { HARMLESS_LAST } from './harmless.ts'
import { isLineStart } from './lead.ts'
import { addFound, type Look, type Span, textOf } from './look.ts'
import { isNoValue, isPlaceholder } from './no-values.ts'
import { splitKey } from './split-key.ts'
import { isStrict } from './strict-values.ts'
import {
  afterBackslashes,
  afterNewline,
  APOSTROPHE,
  BACKSLASH,
  backslashesBefore,
  isEscapeLetter,
  QUOTE,
  skipBlanks,
  SPACE,
} from './text-bytes.ts'

/** A block of YAML that is longer, in lines, is none. */
const BLOCK_LINES_MAX = 2_000
const BLOCK_MARK = /^(?:!\S+\s+)?[|>][+-]?\d?[+-]?\s*(?:#.*)?$/

/** Whether a block begins behind a name: `|` or `>`, and nothing else on the line. */
export function isBlockMark(text: string): boolean {
  return BLOCK_MARK.test(text)
}

/** Reports the lines below that stand further in than the name: the text of a block, or the values of a mapping or list. */
export function addBlock(look: Look, kind: KeyKind, place: { name: number; lineEnd: number; isText: boolean }): void {
  // What is told apart from values of the kind: blocks inside this one are read with it.
  const blocks = -2 - kind.entity
  if (look.memo.isCovered(blocks, place.name)) return
  const { spans, end, last } = linesBelow(look, place)
  look.sink.spend(end - place.lineEnd)
  look.memo.cover(blocks, place.name, end)
  const alone = place.isText || spans.length !== 1 ? undefined : aloneBelow(look, kind, last)
  if (alone !== undefined) return addFound(look, kind, alone)
  const found = spans.filter((span) => isLeaf(look, kind, span, place.isText))
  if (!place.isText) for (const span of found) addFound(look, kind, span)
  else if (found.length > 0) addFound(look, kind, { start: found[0]?.start ?? 0, end: found.at(-1)?.end ?? 0 })
}

/** The one word, or text in quotes, that is all there is below a name. */
function aloneBelow(look: Look, kind: KeyKind, line: Span): Span | undefined {
  if (!kind.isSecret || kind.plural) return undefined
  const { bytes } = look.view
  const depth = afterBackslashes(bytes, line.start) - line.start
  const quote = bytes[line.start + depth]
  const isQuoted = (quote === QUOTE || quote === APOSTROPHE) && bytes[line.end - 1] === quote
  const span = isQuoted ? { start: line.start + depth + 1, end: line.end - depth - 1 } : line
  const text = textOf(look, span)
  if (!isQuoted && (/[\s:]/.test(text) || !isStrict(text, kind.demand) || isCode(text, { isPlain: false })))
    return undefined
  return isNoValue(text) || !isOfKind(kind, text, 'string') ? undefined : span
}

function linesBelow(
  { view }: Look,
  place: { name: number; lineEnd: number; isText: boolean },
): { spans: Span[]; end: number; last: Span } {
  const { bytes } = view
  const indent = indentOf(bytes, place.name)
  const spans: Span[] = []
  let end = place.lineEnd
  let last = { start: end, end }
  for (
    let next = afterNewline(bytes, end);
    next >= 0 && spans.length < BLOCK_LINES_MAX;
    next = afterNewline(bytes, end)
  ) {
    const first = skipBlanks(bytes, next)
    const lineEnd = lineEndOf(view, next, first)
    if (lineEnd > first && first - next <= indent) break
    end = lineEnd
    if (lineEnd === first) continue
    last = { start: first, end }
    spans.push(place.isText ? last : leafOf(bytes, first, end))
  }
  return { spans, end, last }
}

function isLeaf(look: Look, kind: KeyKind, span: Span, isText: boolean): boolean {
  const text = textOf(look, span)
  if (text === '' || isPlaceholder(text)) return false
  if (isText) return true
  return (
    isOfKind(kind, text, 'string') &&
    !/^[&*!{[]|^(?:true|false|null|~)$/.test(text) &&
    !isCode(text, { isPlain: false })
  )
}

/** Keys of schemas in YAML, which say what a value is like. */
const SCHEMA_LINE =
  /^(?:type|description|format|title|pattern|\w*[lL]ength|required|example\w*|nullable|writeOnly|readOnly|enum|in|name|secretKeyRef|secretName|from|optional):/

/** What stands behind `- ` and `key: ` on a line. */
function leafOf(bytes: Uint8Array, start: number, end: number): Span {
  const line = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 512)))
  if (SCHEMA_LINE.test(line.replace(/^- +/, ''))) return { start: end, end }
  const [lead = ''] = /^(?:- +)*(?:["']?[\w .$-]+["']?: +)?/.exec(line) ?? []
  if (lead === '' || /[,;{([]$/.test(line) || isToldKey(lead)) return { start: end, end }
  const value = line.slice(lead.length)
  const quoted = /^\\*(["']).*\1$/.exec(value)
  const cut = quoted === null ? 0 : value.indexOf(quoted[1] ?? '') + 1
  const tail = cut === 0 ? 0 : 1 + backslashesBefore(bytes, end - 1)
  return { start: start + lead.length + cut, end: end - tail }
}

/** `path: ...`, `enabled: ...`: what tells about the value above. */
function isToldKey(lead: string): boolean {
  const last = splitKey(lead).at(-1)
  return last !== undefined && HARMLESS_LAST.has(last)
}

function indentOf(bytes: Uint8Array, name: number): number {
  let first = name
  while (first > 0 && bytes[first - 1] === SPACE) first--
  return isLineStart(bytes, first) ? name - first : 0
}

/** Where the line that begins at `line` ends, not before `from`: at its newline, or with the text. */
export function lineEndOf({ bytes, raw }: View, line: number, from: number): number {
  const depth = stringDepth(bytes, line)
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === QUOTE) {
      const count = backslashesBefore(bytes, at)
      if (count < depth || (raw && count % 2 === 0)) return at - count
    }
    if ((byte < SPACE || byte === BACKSLASH) && afterNewline(bytes, at) >= 0) return at
  }
  return bytes.length
}

/** Backslashes of the newline before a line: a quote with fewer of them closes the string of JSON that both stand in. */
function stringDepth(bytes: Uint8Array, line: number): number {
  return line > 0 && isEscapeLetter(bytes, line - 1) ? backslashesBefore(bytes, line - 1) : 0
}
