import { decodeLatin1 } from '../../base/bytes.ts'
import { isCode } from './code-shapes.ts'
import { isOfKind } from './demands.ts'
import { addFound, type Look, type Span, textOf } from './look.ts'
import { isPlaceholder } from './no-values.ts'
import { nextLine } from './table-lines.ts'
import { afterBackslashes, APOSTROPHE, QUOTE, skipBlanks, SPACE } from './text-bytes.ts'
import { readTextString } from './text-strings.ts'
import { lineEndOf } from './yaml.ts'

/** What stands before the name on its line, and at the beginning of the line below it. */
const NAME_LEAD = /(?:^|[nr\n\r]) *(?:- +)?(?:name|key): *\\*["']?$/i
const VALUE_LEAD = /^value: */i
const LEAD_BYTES_MAX = 64

/** Reports the value of `- name: DB_PASSWORD` with `value: …` on the line below, as lists of variables are written in YAML. */
export function addYamlSibling(look: Look, name: Span): boolean {
  const { bytes } = look.view
  const below = lineBelow(bytes, name)
  if (below < 0) return false
  const kind = look.kindOf(name.start, name.end)
  if (kind === undefined) return false
  const first = skipBlanks(bytes, below)
  const [lead] = VALUE_LEAD.exec(decodeLatin1(bytes, first, first + LEAD_BYTES_MAX)) ?? []
  if (lead === undefined) return false
  const at = first + lead.length
  const span = readTextString(look, at) ?? { start: at, end: lineEndOf(look.view, below, at) }
  const text = textOf(look, span)
  if (text !== '' && !isPlaceholder(text) && isOfKind(kind, text, 'string') && !isCode(text, { isPlain: false }))
    addFound(look, kind, span, 'sibling')
  return true
}

/** Where the next line begins, if the name is the value of a name; -1 where it is not. */
function lineBelow(bytes: Uint8Array, { start, end }: Span): number {
  const quote = bytes[start - 1] ?? 0
  const isQuoted = quote === QUOTE || quote === APOSTROPHE
  if (quote !== SPACE && !isQuoted) return -1
  const below = nextLine(bytes, skipBlanks(bytes, isQuoted ? afterBackslashes(bytes, end) + 1 : end))
  return below >= 0 && NAME_LEAD.test(decodeLatin1(bytes, Math.max(0, start - LEAD_BYTES_MAX), start)) ? below : -1
}
