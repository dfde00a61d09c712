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
const STRING = new RegExp(
  String.raw`(\\*)(?:"([^"\\]*)\1"|'([^'"\\]*)')${SPACE_PATTERN}*(?:,${SPACE_PATTERN}*|(?=[\])]))`,
  'y',
)
const LINE = new RegExp(
  String.raw`${NEWLINE_PATTERN}${BLANKS}-[ \t]+(?:(\\*)"([^"\\]*)\1"|'([^'"\\]*)'|([^\s"'\\#][^\s"'\\]*))${BLANKS}(?=${NEWLINE_PATTERN}|\\*"|$)`,
  'y',
)

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
  const items = readItems(text, strings === null ? LINE : STRING, before[0].length)
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

function readItems(text: string, item: RegExp, from: number): readonly Item[] {
  const items: Item[] = []
  item.lastIndex = from
  while (items.length < ITEMS_MAX) {
    const match = item.exec(text)
    if (match === null || item.lastIndex >= LIST_BYTES) break
    const value = match[2] ?? match[3] ?? match[4] ?? ''
    items.push({ value, at: match.index + match[0].lastIndexOf(value) })
  }
  return items
}

/** The cheap answer for most of them, which stand in sentences: an item ends with a quote or its line. */
function endsItem(bytes: View['bytes'], from: number): boolean {
  let at = from
  while (at - from < REST_MAX && IN_NAME[bytes[at] ?? 0] === 1) at++
  return ENDS[bytes[at] ?? 0] === 1
}

const IN_NAME = setOf('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-')
const ENDS = setOf('"\'\\\r\n')
