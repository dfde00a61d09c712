import { RE2JS } from 're2js'

/** More than anybody types by hand. */
const LENGTH_MAX = 500

/** A regular expression as it was read, up to `end`. */
type Read =
  | { readonly end: number; readonly pattern: string; readonly compiled: RE2JS }
  | { readonly end: number; readonly message: string; readonly suggestion: string }

/** Reads what stands between slashes from `start` on, with `\/` for a slash. */
export function readRegex(text: string, start: number): Read {
  const found = /\/((?:[^/\\]|\\.)*)\/([^\s()"]*)/suy
  found.lastIndex = start
  const [whole = '', raw, rest] = found.exec(text) ?? []
  if (raw === undefined) {
    const suggestion = 'add / where it ends; to find a path as text, put it in quotes'
    return { end: text.length, message: 'this regular expression is never closed', suggestion }
  }
  const end = start + whole.length
  if (rest !== '') {
    const suggestion = `as text, write "${whole.replaceAll('"', '')}" in quotes; in the expression, \\/ for a slash`
    return { end, message: 'something stands right behind this regular expression', suggestion }
  }
  const pattern = raw.replaceAll(/\\(.)/gsu, (pair, sign) => (sign === '/' ? '/' : pair))
  const compiled = compile(pattern)
  return typeof compiled === 'string'
    ? { end, message: compiled, suggestion: hintFor(pattern) }
    : { end, pattern, compiled }
}

/** The engine of RE2, as in policies: it takes time in proportion to the text, whatever the expression (audit.md, 16.1). */
function compile(pattern: string): RE2JS | string {
  if (pattern.trim() === '') return 'there is nothing in this regular expression'
  if (pattern.length > LENGTH_MAX) return `this regular expression is longer than ${LENGTH_MAX} characters`
  try {
    return RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE)
  } catch (error) {
    const message =
      error instanceof Error ? error.message.replace(/^error parsing regexp: /, '').replace('`(?i)', '`') : 'unreadable'
    return `this is no regular expression of RE2: ${message}`
  }
}

/** What to write instead. */
function hintFor(pattern: string): string {
  return /\(\?<?[=!]|\\[1-9]/.test(pattern)
    ? 'RE2 has no look-around and no back-references, so that no text can make it slow'
    : 'see github.com/google/re2/wiki/Syntax; a backslash makes a sign stand for itself'
}
