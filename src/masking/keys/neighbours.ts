import { decodeLatin1 } from '../../base/bytes.ts'
import type { View } from '../find/view.ts'
import { nextLine } from './table-lines.ts'
import { LINE_MAX } from './text-strings.ts'
import { BACKSLASH, isEscapeLetter, NEWLINE } from './text-bytes.ts'

/** Bytes of the lines above and below that are looked at. */
const NEIGHBOUR_MAX = 96
const ENTRY_LINE = /^[ \t]*(?:- +)?["']?[\w.$ -]{1,40}["']?:(?:[ \t]\S|[ \t]*$)/
const NEWLINES = /\\+r\\+n|\\+[nr]|[\n\r]+/

/** Whether the line above or below the one of `at` is an entry, `name: value`, as in YAML, headers and forms. */
export function hasNeighbour(view: View, at: number): boolean {
  return isEntryAbove(view, at) || isEntryBelow(view, at)
}

function isEntryAbove({ bytes }: View, at: number): boolean {
  const above = decodeLatin1(bytes, Math.max(0, at - NEIGHBOUR_MAX), at).replace(/[ \t-]*$/, '')
  const lines = above.split(NEWLINES)
  const last = lines.at(-2) ?? ''
  // The first of them may have the beginning of the text, or of what is seen of it, before it.
  return ENTRY_LINE.test(lines.length > 2 ? last : last.replace(/^.*"/, ''))
}

function isEntryBelow({ bytes }: View, at: number): boolean {
  const most = Math.min(bytes.length, at + LINE_MAX)
  let end = at
  while (end < most && bytes[end] !== BACKSLASH && bytes[end] !== NEWLINE) end++
  const below = nextLine(bytes, end)
  if (below < 0 || isEscapeLetter(bytes, below)) return false
  const lines = decodeLatin1(bytes, below, Math.min(bytes.length, below + NEIGHBOUR_MAX)).split(NEWLINES)
  return ENTRY_LINE.test(lines[0] ?? '')
}
