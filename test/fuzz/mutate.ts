import type { Random } from './random.ts'

/** What no text is longer than: the time that a text may take is promised up to here. */
const CHARS_MAX = 4096
/** A text goes through one to this many changes. */
const CHANGES_MAX = 6

const SIGNS = [
  '\0',
  '\n',
  '\t',
  '\r',
  ' ',
  '\u202e',
  '\u200b',
  '\ud800',
  'é',
  '🚲',
  '"',
  "'",
  '`',
  '\\',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '$',
  ';',
  '--',
  '/*',
  '*/',
  '#',
  '0',
  '-1',
  '99999999999999999999',
]

/** A text made of those that are known and of the words of the language. */
export function mutant(random: Random, corpus: readonly string[], words: readonly string[]): string {
  let text = random.pick(corpus)
  const changes = 1 + random.below(CHANGES_MAX)
  for (let i = 0; i < changes; i += 1) text = changed(random, text, { corpus, words }).slice(0, CHARS_MAX)
  return text
}

function changed(
  random: Random,
  text: string,
  { corpus, words }: { corpus: readonly string[]; words: readonly string[] },
): string {
  const at = random.below(text.length + 1)
  const length = 1 + random.below(random.below(4) === 0 ? 64 : 6)
  const [before, piece, after] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)]
  switch (random.below(9)) {
    case 0:
      return before + after
    case 1:
      return before + piece.repeat(1 + random.below(random.below(8) === 0 ? 400 : 4)) + after
    case 2:
      return before + random.pick(SIGNS) + piece + after
    case 3:
      return `${before} ${random.pick(words)} ${piece}${after}`
    case 4:
      return before + random.pick(words) + after
    case 5:
      return before + spliced(random, random.pick(corpus))
    case 6:
      return after + before + piece
    case 7: {
      const [open = '', close = ''] = random.pick([
        ['(', ')'],
        ['{', '}'],
        ['[', ']'],
        ['$(', ')'],
        ['/*', '*/'],
        ['"', '"'],
        ["'", "'"],
        ['CASE WHEN ', ' END'],
      ])
      const depth = 1 + random.below(random.below(8) === 0 ? 200 : 4)
      return before + open.repeat(depth) + piece + close.repeat(depth) + after
    }
    default:
      return before + String.fromCodePoint(32 + random.below(95)) + after.slice(1)
  }
}

function spliced(random: Random, other: string): string {
  return other.slice(random.below(other.length + 1))
}
