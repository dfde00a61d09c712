/** Words are cut here and nowhere else, for the index, for the scan of what is not indexed and for the query: so they agree. */

/** Longer runs of letters and digits are keys and encoded bytes; nobody types more of one than this. */
const WORD_UNITS_MAX = 64

const WORD = /[\p{L}\p{N}]+/gu
const MARKS = /\p{M}+/gu
// oxlint-disable-next-line no-control-regex -- ASCII, all of it
const ASCII = /^[\u0000-\u007f]*$/

/** Without case, diacritics and compatibility forms: `Müller` and `MULLER` are the same, and so are `ﬁle` and `file`. */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase()
  return text.normalize('NFKD').replaceAll(MARKS, '').toLowerCase()
}

/** The words of a text, in order: letters and digits, folded. */
export function wordsOf(text: string): string[] {
  return (fold(text).match(WORD) ?? []).map(cut)
}

/**
 * The same words as one text, for an index that cuts ASCII at what is neither letter nor digit and takes everything else for
 * letters: what is ASCII already goes there as it is.
 */
export function indexText(text: string): string {
  const folded = fold(text)
  return ASCII.test(folded) && !hasLongWord(folded) ? folded : (folded.match(WORD) ?? []).map(cut).join(' ')
}

/** Whether those words stand one after the other; with `prefix` the last may go on. */
export function hasWords(
  text: readonly string[],
  { words, prefix }: { words: readonly string[]; prefix: boolean },
): boolean {
  const last = words.length - 1
  for (let at = 0; at + last < text.length; at += 1) {
    let i = 0
    while (i < last && text[at + i] === words[i]) i += 1
    if (i < last) continue
    const [here, wanted] = [text[at + last] ?? '', words[last] ?? '']
    if (here === wanted || (prefix && here.startsWith(wanted))) return true
  }
  return false
}

/** Looks only where every word that is too long has a letter, and around those letters: this is done for each record. */
function hasLongWord(ascii: string): boolean {
  for (let at = WORD_UNITS_MAX; at < ascii.length; at += WORD_UNITS_MAX + 1) {
    if (!isWordUnit(ascii, at)) continue
    let [start, end] = [at, at + 1]
    while (isWordUnit(ascii, start - 1)) start -= 1
    while (isWordUnit(ascii, end)) end += 1
    if (end - start > WORD_UNITS_MAX) return true
  }
  return false
}

/** Of text that is folded; outside of it there is none. */
function isWordUnit(ascii: string, at: number): boolean {
  const unit = ascii.charCodeAt(at)
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39)
}

function cut(word: string): string {
  if (word.length <= WORD_UNITS_MAX) return word
  const end = isHighSurrogate(word.charCodeAt(WORD_UNITS_MAX - 1)) ? WORD_UNITS_MAX - 1 : WORD_UNITS_MAX
  return word.slice(0, end)
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
