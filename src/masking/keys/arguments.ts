import { decodeLatin1 } from '../../base/bytes.ts'
import { isFlag } from './lead.ts'
import { addFound, type Look, type Span, textOf } from './look.ts'
import { mayBeValue } from './table-cells.ts'
import { nextLine } from './table-lines.ts'
import { afterBackslashes, APOSTROPHE, COLON, COMMA, QUOTE, skipBlanks, skipSpace } from './text-bytes.ts'
import { readTextString, textBefore, textEnd } from './text-strings.ts'

/** What stands before the text of an item, on its line or in its string. */
const ITEM = /(?:^|")( *- +)(?:\\*["'])?$/
/** What may stand behind an item. */
const COMMENT = /[ \t]+(?:#.*)?$/
const PLAIN = { quote: 0, depth: 0 } as const

/**
 * Reports the argument behind an option: of `'--password', 'maple21'` in code, and of `- --password` with `- maple21` on the line
 * below, as lists of arguments are written in YAML.
 */
export function addNextArgument(look: Look, name: Span): boolean {
  const { bytes } = look.view
  if (!isFlag(bytes, name.start)) return false
  const kind = look.kindOf(name.start, name.end)
  if (kind === undefined) return false
  const value = argumentBehind(look, name)
  if (value === undefined || look.kindOf(value.start, value.end) !== undefined) return false
  const text = textOf(look, value)
  if (/^-|\s/.test(text) || !mayBeValue(kind, text, 'entry')) return false
  addFound(look, kind, value, 'sibling')
  return true
}

function argumentBehind(look: Look, name: Span): Span | undefined {
  const { bytes } = look.view
  const quote = bytes[name.start - 1]
  const isQuoted = quote === APOSTROPHE || quote === QUOTE
  const after = isQuoted ? afterBackslashes(bytes, name.end) + 1 : name.end
  if (quote === APOSTROPHE && bytes[after] === COMMA) return stringBehind(look, after + 1)
  const below = nextLine(bytes, skipBlanks(bytes, after))
  return below < 0 ? undefined : itemBelow(look, name, below)
}

/** The next string of a list; where a colon stands behind it, both are of a dictionary. */
function stringBehind(look: Look, from: number): Span | undefined {
  const { bytes } = look.view
  const string = readTextString(look, skipSpace(bytes, from))
  return string !== undefined && bytes[skipSpace(bytes, string.end + 1)] !== COLON ? string : undefined
}

/** The item on the line that begins at `below`, if it is of the same list. */
function itemBelow(look: Look, name: Span, below: number): Span | undefined {
  const { bytes } = look.view
  const dash = ITEM.exec(textBefore(look, name))?.[1]
  if (dash === undefined || decodeLatin1(bytes, below, below + dash.length) !== dash) return undefined
  const at = skipBlanks(bytes, below + dash.length)
  const string = readTextString(look, at)
  if (string !== undefined) return string
  const line = decodeLatin1(bytes, at, textEnd(look, at, PLAIN))
  return { start: at, end: at + line.replace(COMMENT, '').length }
}
