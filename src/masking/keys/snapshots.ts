// Fields of the snapshots that browsers are driven by: `- textbox "Password" [active] [ref=e3]: x1`, and
// `uid=1_5 textbox "Password" required value="x1"`.
import { decodeLatin1 } from '../../base/bytes.ts'
import type { KeyKind } from './dictionary.ts'
import type { Look, Span } from './look.ts'
import type { JsonString } from './siblings.ts'
import {
  byteAt,
  CLOSE_BRACKET,
  COLON,
  DASH,
  isLower,
  OPEN_BRACKET,
  skipBlanks,
  skipSpace,
  SPACE,
} from './text-bytes.ts'
import { nextLine } from './table-lines.ts'
import { readTextString, textEnd } from './text-strings.ts'
import { addQuoted, addTextValue } from './text-values.ts'

/** Bytes of the role of a field, with the dash of its list. */
const ROLE_MAX = 16
const ROLE = /(?:^|[\s-])(?:textbox|searchbox|spinbutton|combobox) $/
/** Bytes of a mark in brackets, and how many of them a field has. */
const MARK_MAX = 40
const MARKS_MAX = 8
const VALUE = / value=(?=\\*")/
const CHILD = /^(?:\/placeholder: |text: )/
const CHILDREN_MAX = 3
const PLAIN = { quote: 0, depth: 0 } as const

/** Reports what stands in a field that is called by its label; false where the string is no label of one. */
export function addFieldValue(look: Look, kind: KeyKind, string: JsonString): boolean {
  const { bytes } = look.view
  // Asked of every string that is a key.
  if (bytes[string.open - 1] !== SPACE || !isLower(byteAt(bytes, string.open - 2))) return false
  if (!ROLE.test(decodeLatin1(bytes, Math.max(0, string.open - ROLE_MAX), string.open))) return false
  const at = afterMarks(bytes, string.after)
  if (bytes[at] !== COLON) return addAttribute(look, kind, string.after)
  const value = skipBlanks(bytes, at + 1)
  const below = nextLine(bytes, value)
  const child = below < 0 ? value : childOf(look, below)
  if (child >= 0) addLine(look, kind, string, child)
  return true
}

function addLine(look: Look, kind: KeyKind, { open, after }: JsonString, value: number): void {
  addTextValue(look, {
    kind,
    name: { start: open, end: after },
    lead: { kind: 'field', ...PLAIN },
    separator: { kind: 'colon', isSpaced: true, isLong: false, value },
  })
}

/** Where a colon may stand behind a string: behind marks as in `- cell "Password" [ref=e3]: x1`, or behind blanks and newlines. */
export function afterMarksOrSpace(bytes: Uint8Array, from: number): number {
  const marks = afterMarks(bytes, from)
  return bytes[marks] === COLON ? marks : skipSpace(bytes, from)
}

/** Behind ` [active] [ref=e3]`. */
function afterMarks(bytes: Uint8Array, from: number): number {
  let end = from
  for (let i = 0; i < MARKS_MAX && bytes[end] === SPACE && bytes[end + 1] === OPEN_BRACKET; i++) {
    const most = end + MARK_MAX
    while (end < most && bytes[end] !== CLOSE_BRACKET) end++
    end++
  }
  return end
}

/** `- text: x1` on one of the lines below. */
function childOf(look: Look, from: number): number {
  const { bytes } = look.view
  let line = from
  for (let i = 0; i < CHILDREN_MAX; i++) {
    const dash = skipBlanks(bytes, line)
    const [said] = CHILD.exec(decodeLatin1(bytes, dash + 2, dash + ROLE_MAX)) ?? []
    if (dash === line || byteAt(bytes, dash) !== DASH || said === undefined) return -1
    if (said.startsWith('t')) return dash + 2 + said.length
    line = nextLine(bytes, textEnd(look, dash, PLAIN))
    if (line < 0) return -1
  }
  return -1
}

function addAttribute(look: Look, kind: KeyKind, from: number): boolean {
  const text = decodeLatin1(look.view.bytes, from, textEnd(look, from, PLAIN))
  const [before] = VALUE.exec(text) ?? []
  if (before === undefined) return false
  const value: Span | undefined = readTextString(look, from + text.indexOf(before) + before.length)
  if (value !== undefined) addQuoted(look, kind, value)
  return value !== undefined
}
