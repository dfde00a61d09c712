import { plainUri } from './plain-uri.ts'
import { spelledValue } from './spellings.ts'

/** Characters of a value that may stand inside a longer text, from what a sink says: `A-Za-z0-9@._+-`. */
export function characterTest(characters: string): (value: string) => boolean {
  const codes = codesOf(characters)
  const ranges: [number, number][] = []
  for (let i = 0; i < codes.length; i += 1) {
    const from = codes[i] ?? 0
    const to = codes[i + 2]
    // A dash at either end stands for itself.
    if (codes[i + 1] === DASH && to !== undefined) {
      ranges.push([from, to])
      i += 2
    } else ranges.push([from, from])
  }
  return (value) => codesOf(value).every((code) => ranges.some(([from, to]) => from <= code && code <= to))
}

const DASH = 0x2d

function codesOf(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0)
}

const WORD_END = /[\s"'`<>()[\]{}|,;]/
const GLUE_BEFORE = /[A-Za-z0-9_@%.\\-]/
const GLUE_AFTER = /^(?:[A-Za-z0-9_@%/\\-]|[.:][A-Za-z0-9_/])/
const GLUE_IN_PATH = /[A-Za-z0-9_@%\\]/

/**
 * Whether a value may be put into a text from `start` to `end`. Not where it would be, or be glued to, a host, user, query
 * or fragment of a URL: whoever the URL names would get it (masking.md, 10.5, rule 2). A part of a URL's path may hold it,
 * as long as it stays one part.
 */
export function maySpell(text: string, { start, end }: { start: number; end: number }, value: string): boolean {
  const word = text.slice(wordStart(text, start), start)
  const before = word.at(-1) ?? ''
  const after = text.slice(end, end + 2)
  const scheme = word.indexOf('://')
  if (scheme < 0) return !/\/\/|[?#&]/.test(word) && !GLUE_BEFORE.test(before) && !GLUE_AFTER.test(after)
  const authority = word.slice(scheme + 3)
  const path = authority.search(/[/?#\\]/)
  if (path < 0 || /[?#\\]/.test(authority)) return false
  return !GLUE_IN_PATH.test(before) && !GLUE_IN_PATH.test(after.slice(0, 1)) && isOneSegment(value)
}

/** Path and query of a URI as far as a text goes, behind its scheme and authority. */
const URI_BEFORE = /^(?:[a-z][a-z0-9+.-]*:(?:\/\/[^/?#\\]*(?=[/?]))?)?([^#\\]*)$/i
/** To parsers of URLs, a backslash is a slash. */
const AUTHORITY = /[/\\]{2}/
const OPEN_ESCAPE = /%[0-9a-f]?$/i

/**
 * Whether a value may be put into a URI that only the server itself reads. It knows the value, so the query may hold it; but
 * not what would name somebody to ask, nor what is no part of a name: a fragment.
 */
export function maySpellOwn(text: string, { start, end }: { start: number; end: number }, value: string): boolean {
  const rest = URI_BEFORE.exec(text.slice(0, start))?.[1]
  if (rest === undefined || AUTHORITY.test(plainUri(rest)) || OPEN_ESCAPE.test(rest)) return false
  return text.charAt(end) !== '\\' && isOnePart(spelledValue(value))
}

function wordStart(text: string, at: number): number {
  let start = at
  while (start > 0 && !WORD_END.test(text.charAt(start - 1))) start -= 1
  return start
}

/** As that, of a value that may be spelled in percent signs: what it spells is data wherever they are read. */
function isOnePart(value: string): boolean {
  return !/[/\\?#%\p{Cc}]/u.test(value) && !/^\.+$/.test(value)
}

/** Neither a way up nor a way out of the path. */
function isOneSegment(value: string): boolean {
  return !/[/\\?#%\s]/.test(value) && !/^\.+$/.test(value)
}
