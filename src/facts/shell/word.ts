// What a word of the script is when the shell has expanded it: words with marks for all that is only known at run time.
import type { DoubleQuotedChild, ParameterExpansionPart, Word, WordPart } from 'unbash'
import { combine, expandBraces } from './braces.ts'
import { COMMON_VALUES, NUMBERS } from './environment.ts'
import { ANY, DIGITS, isDynamic, ONE, OUTPUT, SPLIT, UNKNOWN, unquoted, withoutForgedMarks } from './marks.ts'
import type { Scope, Value } from './scope.ts'
import { shapeOf } from './shape.ts'

/** The words that one word becomes: none for an empty unquoted variable, several for braces and lists. */
export function fieldsOf(word: Word, scope: Scope): string[] {
  const { parts } = word
  if (parts === undefined) return [withoutForgedMarks(word.value)]
  const list = listOf(parts, scope)
  if (list !== undefined) return [...list]
  let words = ['']
  let isQuoted = false
  for (const part of parts) {
    words = combine(words, piecesOf(part, scope))
    isQuoted ||= part.type.includes('Quoted')
  }
  const split = words.flatMap(splitAtSpaces)
  return isQuoted ? split : split.filter((field) => field !== '')
}

/** The word where nothing is split: the value of an assignment, the text of a here-string. */
export function textOf(word: Word, scope: Scope): string {
  if (word.parts === undefined) return withoutForgedMarks(word.value)
  return partsText(word.parts, scope)
}

/** The text of a here-document, or of anything else that stands between double quotes. */
export function partsText(parts: readonly WordPart[], scope: Scope): string {
  let text = ''
  for (const part of parts) text += quotedText(part, scope)
  return text
}

/** The name of a program as it is written; undefined where any part of it is expanded (guardrails.md, 4.3). */
export function literalOf(word: Word): string | undefined {
  if (word.parts === undefined) return word.value
  let text = ''
  for (const part of word.parts) {
    if (part.type === 'Literal' || part.type === 'SingleQuoted' || part.type === 'AnsiCQuoted') text += part.value
    else if (part.type === 'DoubleQuoted' && part.parts.every(({ type }) => type === 'Literal')) {
      for (const child of part.parts) text += child.type === 'Literal' ? child.value : ''
    } else return undefined
  }
  return text
}

/** A space that quotes do not protect ends a word; only values of variables bring one. */
const SPACE = '\u0006'

function splitAtSpaces(word: string): string[] {
  return word.includes(SPACE) ? word.split(SPACE) : [word]
}

function piecesOf(part: WordPart, scope: Scope): readonly string[] {
  if (part.type === 'Glob') return [part.kind === 'star' ? ANY : ONE]
  if (part.type === 'ExtendedGlob') return [ANY]
  if (part.type === 'BraceExpansion') return expandBraces(part.text)
  const text = quotedText(part, scope)
  if (part.type === 'SimpleExpansion' || part.type === 'ParameterExpansion') return [afterSplitting(text)]
  return [part.type === 'CommandExpansion' ? unquoted(text) : text]
}

function afterSplitting(value: string): string {
  return unquoted(value)
    .trim()
    .replaceAll(/[ \t\n]+/g, SPACE)
}

function quotedText(part: WordPart | DoubleQuotedChild, scope: Scope): string {
  if ('value' in part) return withoutForgedMarks(part.value)
  if (part.type === 'DoubleQuoted') return partsText(part.parts, scope)
  if (part.type === 'SimpleExpansion') return asText(valueOfName(part.text.slice(1).replaceAll('\\\n', ''), scope))
  if (part.type === 'ParameterExpansion') return parameterText(part, scope)
  if (part.type === 'CommandExpansion') return (scope.hasFunctions ? undefined : shapeOf(part.script)) ?? OUTPUT
  if (part.type === 'ArithmeticExpansion') return DIGITS
  if (part.type === 'ProcessSubstitution') return '/dev/fd/63'
  // A translation may be any text; braces and patterns are none inside of quotes.
  return part.type === 'LocaleString' ? UNKNOWN : part.text
}

/** `"${list[@]}"` and `${list[*]}` where they stand alone. */
function listOf(parts: readonly WordPart[], scope: Scope): readonly string[] | undefined {
  const part = onlyPart(parts)
  if (part?.type === 'SimpleExpansion' && /^\$[@*]$/.test(part.text)) return [SPLIT]
  if (part?.type !== 'ParameterExpansion' || !/^[@*]$/.test(part.index?.text ?? '')) return undefined
  if (part.operation !== undefined || part.prefix !== undefined) return undefined
  const value = scope.get(part.parameter)
  return typeof value === 'object' ? value : [SPLIT]
}

function onlyPart(parts: readonly WordPart[]): WordPart | DoubleQuotedChild | undefined {
  const [only] = parts
  if (parts.length !== 1) return undefined
  return only?.type === 'DoubleQuoted' && only.parts.length === 1 ? only.parts[0] : only
}

function valueOfName(name: string, scope: Scope): Value {
  if (name === '@' || name === '*') return SPLIT
  const value = scope.get(name)
  if (value !== undefined) return value
  if (NUMBERS.has(name)) return DIGITS
  return COMMON_VALUES.get(name) ?? UNKNOWN
}

function asText(value: Value): string {
  return typeof value === 'string' ? value : (value[0] ?? '')
}

function parameterText(part: ParameterExpansionPart, scope: Scope): string {
  const { operation, prefix, parameter } = part
  if (prefix === '#') return DIGITS
  if (prefix === '!' || part.index !== undefined) return UNKNOWN
  const value = asText(valueOfName(parameter, scope))
  if (operation === undefined) return value
  if (operation.type === 'Default') return defaultText(value, scope.get(parameter) !== undefined, operation.operator)
  if (operation.type === 'Remove') return removed(value, operation.operator, operation.operand.text)
  return operation.type === 'CaseModification' && !isDynamic(value) ? value : UNKNOWN
}

/** `${x:-y}` where x has a value for certain. */
function defaultText(value: string, isSet: boolean, operator: string): string {
  const keepsValue = !operator.includes('+')
  return keepsValue && isSet && value !== '' && !isDynamic(value) ? value : UNKNOWN
}

/** The parts of file names that loops take: `${f%.txt}`, `${f%.*}`, `${f##*\/}`; anything else is unknown. */
function removed(value: string, operator: string, pattern: string): string {
  if (isDynamic(value)) return UNKNOWN
  const isEnd = operator.startsWith('%')
  if (/^[\w./-]*$/.test(pattern)) return isEnd ? withoutEnd(value, pattern) : withoutStart(value, pattern)
  const mark = isEnd ? /^([./_-])\*$/.exec(pattern)?.[1] : /^\*([./_-])$/.exec(pattern)?.[1]
  if (mark === undefined) return UNKNOWN
  const at = isEnd === (operator.length === 2) ? value.indexOf(mark) : value.lastIndexOf(mark)
  if (at < 0) return value
  return isEnd ? value.slice(0, at) : value.slice(at + 1)
}

function withoutEnd(value: string, end: string): string {
  return value.endsWith(end) ? value.slice(0, value.length - end.length) : value
}

function withoutStart(value: string, start: string): string {
  return value.startsWith(start) ? value.slice(start.length) : value
}
