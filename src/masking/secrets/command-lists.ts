// Command lines that are written as lists: `["mysql", "-pmaple21"]`, `"command": "mysql", "args": ["-pmaple21"]`, and the items
// of YAML, a line for each.
import { decodeLatin1 } from '../../base/bytes.ts'
import type { View } from '../find/view.ts'
import { NEWLINE_PATTERN, SPACE_PATTERN } from '../keys/text-bytes.ts'
import { setOf } from './chars.ts'

/** A list as the command line that it stands for, its arguments parted by one blank. */
export interface CommandList {
  /** Blanks and signs of shells inside of arguments are dots. */
  readonly line: string
  /** The argument that ends at this place of the line, from its place on as it is written; and where that is in the bytes. */
  readonly argumentAt: (at: number) => { readonly value: string; readonly start: number }
}

const LIST_BYTES = 512
const ITEMS_MAX = 24
const REST_MAX = 12
const REST = String.raw`[\w.-]{0,${REST_MAX}}`
const BLANKS = String.raw`[ \t]*`
const ARGS_KEY = String.raw`\\*["']?(?:args|arguments|argv)\\*["']?${SPACE_PATTERN}*:${SPACE_PATTERN}*`
/** From the rest of the program's name to the first argument, in brackets and in lines. */
const BEFORE_STRINGS = new RegExp(
  String.raw`^(${REST})(?:\\*["']${SPACE_PATTERN}*(?:(?:\]${SPACE_PATTERN}*)?,${SPACE_PATTERN}*${ARGS_KEY}|,${SPACE_PATTERN}*)|\\*["']?\]?${NEWLINE_PATTERN}${BLANKS}${ARGS_KEY})(?:[[(]${SPACE_PATTERN}*)?(?=\\*["'])`,
)
const BEFORE_LINES = new RegExp(
  String.raw`^(${REST})\\*["']?(?:${NEWLINE_PATTERN}${BLANKS}args:${BLANKS})?(?=${NEWLINE_PATTERN}${BLANKS}-[ \t])`,
)
/** How items follow each other. Each is in quotes, or is what `other` says. */
interface Layout {
  readonly before: RegExp
  readonly other: RegExp
  readonly after: RegExp
}

/** In YAML, two apostrophes are one of the value. */
const IN_APOSTROPHES = String.raw`'((?:[^'"\\]|''|\\+[^\\])*)'`
const IN_STRINGS: Layout = {
  before: /(?:)/y,
  other: new RegExp(IN_APOSTROPHES, 'y'),
  after: new RegExp(String.raw`${SPACE_PATTERN}*(?:,${SPACE_PATTERN}*|(?=[\])]))`, 'y'),
}
const IN_LINES: Layout = {
  before: new RegExp(String.raw`${NEWLINE_PATTERN}${BLANKS}-[ \t]+`, 'y'),
  other: new RegExp(String.raw`${IN_APOSTROPHES}|([^\s"'\\#][^\s"'\\]*)`, 'y'),
  after: new RegExp(String.raw`${BLANKS}(?=${NEWLINE_PATTERN}|\\*"|$)`, 'y'),
}
const OPENING_QUOTE = /(\\*)"/y

/** Without one, no item of a list needs a look. */
const OPTION = /["' \t]-[\w-]/
/** What may part words, or end a command, where no quotes are. */
const SIGN_OF_SHELL = /[\s"'`\\|;&<>()]/g

/** The list whose first item is the program of which `end` is in the name; undefined where none is. */
export function readCommandList(bytes: View['bytes'], end: number): CommandList | undefined {
  if (!endsItem(bytes, end)) return undefined
  const text = decodeLatin1(bytes, end, Math.min(bytes.length, end + LIST_BYTES))
  const strings = BEFORE_STRINGS.exec(text)
  const before = strings ?? BEFORE_LINES.exec(text)
  if (before === null || !OPTION.test(text)) return undefined
  const items = readItems(text, strings === null ? IN_LINES : IN_STRINGS, before[0].length)
  const rest = before[1] ?? ''
  return {
    line: [rest, ...items.map(({ value }) => value.replaceAll(SIGN_OF_SHELL, '.'))].join(' '),
    argumentAt: (at) => {
      let from = rest.length + 1
      for (const item of items) {
        if (at <= from + item.value.length)
          return { value: item.value.slice(at - from), start: end + item.at + at - from }
        from += item.value.length + 1
      }
      return { value: '', start: end }
    },
  }
}

interface Item {
  readonly value: string
  /** In the text behind the name of the program. */
  readonly at: number
}

function readItems(text: string, { before, other, after }: Layout, from: number): readonly Item[] {
  const items: Item[] = []
  let next = from
  while (items.length < ITEMS_MAX) {
    const start = endOf(before, text, next)
    const item = start < 0 ? undefined : (readInQuotes(text, start) ?? readOther(other, text, start))
    next = item === undefined ? -1 : endOf(after, text, item.end)
    if (item === undefined || next < 0 || next >= LIST_BYTES) break
    items.push(item)
  }
  return items
}

/** Where an expression ends that begins at `at`; -1 where it does not fit. */
function endOf(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at
  return expression.test(text) ? expression.lastIndex : -1
}

function readOther(other: RegExp, text: string, start: number): (Item & { readonly end: number }) | undefined {
  other.lastIndex = start
  const match = other.exec(text)
  const value = match?.[1] ?? match?.[2] ?? ''
  return match === null ? undefined : { value, at: start + match[0].indexOf(value), end: other.lastIndex }
}

/** What stands in quotes, which have as many backslashes before them as JSON has levels there; one of its own has more. */
function readInQuotes(text: string, start: number): (Item & { readonly end: number }) | undefined {
  const at = endOf(OPENING_QUOTE, text, start)
  if (at < 0) return undefined
  const slashes = at - start - 1
  for (let quote = text.indexOf('"', at); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let before = quote
    while (before > at && text.charAt(before - 1) === '\\') before--
    const more = quote - before - slashes
    // The string around ends before.
    if (more < 0) return undefined
    // A backslash of the value is two of its level.
    if (more % (2 * (slashes + 1)) === 0) return { value: text.slice(at, quote - slashes), at, end: quote + 1 }
  }
  return undefined
}

/** The cheap answer for most of them, which stand in sentences: an item ends with a quote or its line. */
function endsItem(bytes: View['bytes'], from: number): boolean {
  let at = from
  while (at - from < REST_MAX && IN_NAME[bytes[at] ?? 0] === 1) at++
  return ENDS[bytes[at] ?? 0] === 1
}

const IN_NAME = setOf('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-')
const ENDS = setOf('"\'\\\r\n')
