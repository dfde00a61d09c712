// A value that stands alone behind its name, with marks of Markdown, tags of HTML or ends of lines between the two:
// `<b>Password:</b> maple21`, `<td>Password</td><td>maple21</td>`, and "Your password is:" with the value below.
import { decodeLatin1 } from '../../base/bytes.ts'
import type { KeyKind } from './dictionary.ts'
import { type Look, type Span, textOf } from './look.ts'
import { isStrict } from './strict-values.ts'
import { AMPERSAND, BACKSLASH, LESS, NEWLINE, NEWLINE_PATTERN, RETURN, STAR, UNDERSCORE } from './text-bytes.ts'
import { judge } from './text-judge.ts'
import { textBefore } from './text-strings.ts'

/** Bytes behind a name that are looked at. */
const WINDOW = 320
const CLOSED_MAX = 48
/** What a value behind marks begins with: a tag, an end of line, a mark, or the reference of a blank. */
const BEGINS: ReadonlySet<number | undefined> = new Set([LESS, NEWLINE, RETURN, BACKSLASH, STAR, UNDERSCORE, AMPERSAND])

const TAG = String.raw`<\\*\/?(?:a|b|br|code|dd|div|dt|em|font|i|kbd|label|li|mark|p|pre|samp|span|strong|t[dhrt]|u)(?:\s[^<>]{0,80})?\/?>`
const MARK = `(?:[ \\t]{1,64}(?![ \\t])|&nbsp;|\\*\\*|[*_](?=[ \\t])|\`{1,3}(?!\`)(?:\\w{0,12}${NEWLINE_PATTERN})?|${TAG}|${NEWLINE_PATTERN})`
const END = `(?:(?:\\*\\*|\`{1,3})[.,;!?]?)?[ \\t]*(?:${NEWLINE_PATTERN}|<|\\\\*"|$)`
/** Without the signs of marks, and what ends texts. */
const WORD = String.raw`[^\s<>"*\\` + '`]{4,200}'
const MARKED = new RegExp(`^((?:${MARK}){0,16})(${WORD})(?=[ \\t]|${END})`)
const ALONE = new RegExp(`^(?:${MARK}){0,16}${WORD}(?=${END})`)
const LINES = new RegExp(NEWLINE_PATTERN, 'g')
/** A line between the two that is empty, and the one that opens a block of code. */
const LINES_MAX = 3
/** Tags that close around a name, and the sign behind it. */
const CLOSED = /^(?:<\\*\/(?:b|code|d[dt]|div|em|font|i|label|span|strong|t[dh]|u)>){1,3}(?:\s?:)?/
/** What begins a cell or its like. */
const CELL = /<(?:d[dt]|div|span|t[dh])\b/

interface Named {
  readonly kind: KeyKind
  readonly name: Span
}

/** The value behind marks that begin at `from`, where a sign or a verb ends; undefined where there is none. */
export function markedValue(look: Look, named: Named, from: number): Span | undefined {
  return BEGINS.has(look.view.bytes[from]) ? valueBehind(look, named, from)?.value : undefined
}

/** The value behind a name that tags close around: `<b>Password</b>: maple21`, or in the next cell. */
export function taggedValue(look: Look, named: Named): Span | undefined {
  const { bytes } = look.view
  const { end } = named.name
  const [closed] = CLOSED.exec(decodeLatin1(bytes, end, Math.min(bytes.length, end + CLOSED_MAX))) ?? []
  if (closed === undefined) return undefined
  const found = valueBehind(look, named, end + closed.length)
  return found !== undefined && (closed.endsWith(':') || CELL.test(found.marks)) ? found.value : undefined
}

/** The value that is all that stands behind marks which begin at `from`, up to the end of its line. */
export function aloneValue(look: Look, named: Named, from: number): Span | undefined {
  const { bytes } = look.view
  const isAlone = ALONE.test(decodeLatin1(bytes, from, Math.min(bytes.length, from + WINDOW)))
  return isAlone ? valueBehind(look, named, from)?.value : undefined
}

function valueBehind(
  look: Look,
  named: Named,
  from: number,
): { readonly marks: string; readonly value: Span } | undefined {
  const { bytes } = look.view
  if (!named.kind.isSecret || named.kind.plural) return undefined
  const most = Math.min(bytes.length, from + WINDOW)
  const text = decodeLatin1(bytes, from, most)
  look.sink.spend(text.length)
  const [whole = '', marks = '', word = ''] = MARKED.exec(text) ?? []
  // The window may end in the middle of a word.
  const isCut = from + whole.length === most && most < bytes.length
  if (isCut || !isApart(text, marks, word) || !isValue(look, named, word)) return undefined
  const start = from + marks.length
  return { marks, value: { start, end: start + bareOf(word).length } }
}

/** A value below its name stands alone on its line, and one behind two stars has two behind it. */
function isApart(text: string, marks: string, word: string): boolean {
  const lines = marks.match(LINES)?.length ?? 0
  if (lines > LINES_MAX || (lines > 0 && !ALONE.test(text))) return false
  return !marks.endsWith('**') || text.startsWith('**', marks.length + word.length)
}

function bareOf(word: string): string {
  return word.replace(/[.,)\]}]+$/, '')
}

function isValue(look: Look, { kind, name }: Named, word: string): boolean {
  if (/^@|[:;({[]$/.test(word) || !isStrict(bareOf(word), kind.demand)) return false
  const before = (): string => textBefore(look, name)
  return judge({ kind, before, name: () => textOf(look, name), text: word, form: 'label' }) !== undefined
}
