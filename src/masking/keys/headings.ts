// A name that is a heading, with its value alone on a line below: `# Password`, `**Password**`; and one that a dash of prose
// parts from its value: `Password – maple21`.
import { decodeLatin1 } from '../../base/bytes.ts'
import type { KeyKind } from './dictionary.ts'
import { addFound, type Look, type Span } from './look.ts'
import { aloneValue } from './markup.ts'
import { byteAt, NEWLINE, NEWLINE_PATTERN, RETURN, BACKSLASH, SPACE, STAR } from './text-bytes.ts'
import { textBefore } from './text-strings.ts'

const WORDS = String.raw`(?:[\p{L}\d'’./-]{1,24} ){0,2}`
/** What stands before the name of a heading on its line, and before one with a dash behind it. */
const HEADING = new RegExp(String.raw`(?:^|")[ \t>]*(?:#{1,6} +(?:\*\*)?|(?:[-*+] +)?\*\*)${WORDS}$`, 'u')
const LABEL = new RegExp(String.raw`(?:^|")[ \t>]*(?:[-*+•] +|\d{1,2}[.)] +)?(?:\*\*)?${WORDS}$`, 'u')
/** Before a hyphen, which is a minus in code: no indent, and words in capitals only. */
const LABEL_OF_HYPHEN = /(?:^|")(?:[ \t>]*(?:[-*+•] +|\d{1,2}[.)] +))?(?:\*\*)?(?:\p{Lu}[\p{L}\d'’]{0,24} ){0,2}$/u
const BEHIND_MAX = 96
const END_OF_HEADING = new RegExp(String.raw`^(?:\*\*)?[ \t]*#{0,6}[ \t]*(?=${NEWLINE_PATTERN})`)
/** A line below it makes a heading, too. Rows of a table of one column follow their dashes at once. */
const UNDERLINE = new RegExp(
  String.raw`^[ \t]*${NEWLINE_PATTERN}(?:={3,}|-{3,}(?=[ \t]*${NEWLINE_PATTERN}[ \t]*${NEWLINE_PATTERN}))[ \t]*(?=${NEWLINE_PATTERN})`,
)
/** Of a view of bytes: en dash, em dash, and the escapes of both. */
const DASH_BEHIND = /^(?:\*\*)?[ \t]{1,4}(?:\xe2\x80[\x93\x94]|\\+u201[34])(?:\*\*)?[ \t]{1,4}(?=\S)/
const HYPHEN_BEHIND = /^(?:\*\*)?[ \t]{1,4}-(?:\*\*)?[ \t]{1,4}(?=\S)/

/** What stands behind a name up to its value, and what must stand before it. */
const FORMS = [
  { behind: END_OF_HEADING, before: HEADING },
  { behind: UNDERLINE, before: LABEL },
  { behind: DASH_BEHIND, before: LABEL },
  { behind: HYPHEN_BEHIND, before: LABEL_OF_HYPHEN },
] as const

/** Reports the value of a heading or a label; false where the name is none. */
export function addHeaded(look: Look, name: Span): boolean {
  const { bytes } = look.view
  if (BEHIND[byteAt(bytes, name.end)] === 0) return false
  const kind = look.kindOf(name.start, name.end)
  if (kind === undefined || !isAlone(kind)) return false
  const behind = decodeLatin1(bytes, name.end, Math.min(bytes.length, name.end + BEHIND_MAX))
  const form = FORMS.find((one) => one.behind.test(behind) && one.before.test(textBefore(look, name)))
  if (form === undefined) return false
  const [sign = ''] = form.behind.exec(behind) ?? []
  const value = aloneValue(look, { kind, name }, name.end + sign.length)
  if (value !== undefined) addFound(look, kind, value)
  return value !== undefined
}

/** Tests pass, and lists of them have a dash behind that. */
function isAlone({ isSecret, plural, word }: KeyKind): boolean {
  return isSecret && !plural && word !== 'pass'
}

const BEHIND = Uint8Array.from({ length: 256 }, (_, byte) =>
  [SPACE, STAR, NEWLINE, RETURN, BACKSLASH].includes(byte) ? 1 : 0,
)
