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

interface Words {
  readonly corpus: readonly string[]
  readonly words: readonly string[]
}

/** A text cut in three; `piece` is what a change is about. */
interface Cut {
  readonly before: string
  readonly piece: string
  readonly after: string
}

function changed(random: Random, text: string, words: Words): string {
  const at = random.below(text.length + 1)
  const length = 1 + random.below(random.below(4) === 0 ? 64 : 6)
  const cut = { before: text.slice(0, at), piece: text.slice(at, at + length), after: text.slice(at + length) }
  return random.pick(CHANGES)(random, cut, words)
}

const CHANGES: readonly ((random: Random, cut: Cut, words: Words) => string)[] = [
  (_, { before, after }) => before + after,
  (random, { before, piece, after }) => before + piece.repeat(1 + many(random, 400)) + after,
  (random, { before, piece, after }) => before + random.pick(SIGNS) + piece + after,
  (random, { before, piece, after }, { words }) => `${before} ${random.pick(words)} ${piece}${after}`,
  (random, { before, after }, { words }) => before + random.pick(words) + after,
  (random, { before }, { corpus }) => before + tail(random, random.pick(corpus)),
  (_, { before, piece, after }) => after + before + piece,
  (random, { before, piece, after }) => before + wrapped(random, piece) + after,
  (random, { before, after }) => before + String.fromCodePoint(32 + random.below(95)) + after.slice(1),
]

/** A few, and now and then many. */
function many(random: Random, most: number): number {
  return random.below(random.below(8) === 0 ? most : 4)
}

function tail(random: Random, other: string): string {
  return other.slice(random.below(other.length + 1))
}

const PAIRS = [
  ['(', ')'],
  ['{', '}'],
  ['[', ']'],
  ['$(', ')'],
  ['/*', '*/'],
  ['"', '"'],
  ["'", "'"],
  ['CASE WHEN ', ' END'],
] as const

function wrapped(random: Random, piece: string): string {
  const [open, close] = random.pick(PAIRS)
  const depth = 1 + many(random, 200)
  return open.repeat(depth) + piece + close.repeat(depth)
}
