// Words of a command as strings in which control characters stand for what is only known at run time. A text that has
// control characters of its own never gets here (`badCharacters`), and `$'\x01'` is read as unknown, so a mark cannot be forged.

/** Unknown text, one piece: `"$x"`. */
export const UNKNOWN = '\u0000'
/** Unknown text that a command printed: `"$(cat file)"`. */
export const OUTPUT = '\u0007'
/** Unknown text that may be several words or none: `$x`, `"$@"`. */
export const SPLIT = '\u0004'
/** `*` of a file name pattern. */
export const ANY = '\u0001'
/** One character of a file name pattern: `?`, `[a-z]`. */
export const ONE = '\u0002'
/** A number, a user name, a date: neither an option nor a path, and a single word. `$?`, `$((x + 1))`, `$(whoami)`. */
export const DIGITS = '\u0005'

// oxlint-disable no-control-regex -- the marks are control characters
const DYNAMIC = /[\0\x04\x07]/
const MARK = /[\0-\x07]/
const LEADING = /^(?:-|[\0\x02\x04\x07])/

/** Some of it is known at run time only; a pattern of file names is not meant. */
export function isDynamic(word: string): boolean {
  return DYNAMIC.test(word)
}

/** Exactly this text. */
export function isStatic(word: string): boolean {
  return !MARK.test(word)
}

export function isPattern(word: string): boolean {
  return word.includes(ANY) || word.includes(ONE)
}

/**
 * It may turn out to be an option. A leading `*` is not counted: that needs a file with such a name, and `wc -l *.ts` is
 * what everybody writes.
 */
export function mayBeOption(word: string): boolean {
  return LEADING.test(word) && word !== '-'
}

/** It begins with something unknown, so it may be any path at all. */
export function isAnyPath(word: string): boolean {
  const first = word.charAt(0)
  return first === UNKNOWN || first === SPLIT || first === OUTPUT
}

/** For a person: patterns as they are written; empty where a part is unknown. */
export function shown(word: string): string {
  if (isStatic(word)) return word
  if (DYNAMIC.test(word)) return ''
  return word.replaceAll(ANY, '*').replaceAll(ONE, '?').replaceAll(DIGITS, '0')
}

/** As an argument in the facts: a word with an unknown part is `\u0000` alone. */
export function asArgument(word: string): string {
  return DYNAMIC.test(word) ? UNKNOWN : shown(word)
}

/** Control characters that a quoted escape made are no text that anybody can judge. */
export function withoutForgedMarks(text: string): string {
  return text.replaceAll(/[\0-\x08\x0b-\x1f\x7f]/g, UNKNOWN)
}

/** What is left of a word when its quotes are gone: file name patterns and spaces count again. */
export function unquoted(text: string): string {
  return text
    .replaceAll('*', ANY)
    .replaceAll(/[?[]/g, ONE)
    .replaceAll(/[\0\x07]/g, SPLIT)
}
// oxlint-enable no-control-regex
