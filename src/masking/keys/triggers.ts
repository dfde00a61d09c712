import { KEY_GROUPS, phrasesOf } from './dictionary.ts'
import { fold } from './split-key.ts'

/** The word may go on to the left: scripts without spaces, and `dbpassword`. */
export const GLUES = 1
/** The word is only the beginning of what is looked for. */
export const BEGINS = 2
/** The first byte is not of the word but stands before it. */
export const SHIFTS = 4

export interface Triggers {
  readonly words: readonly string[]
  /** By the place of the word: what may stand beside it. */
  readonly flags: Uint8Array
}

/** So many letters of the next word tell a phrase from others that begin alike. */
const NEXT_LETTERS = 2
const BETWEEN = ['_', '-', ' ', '.'] as const
/** In capitals, or with capitals: headings and constants. */
const BETWEEN_CAPITALS = ['_', ' '] as const
/** Words that stand in many others (`true`, `testing`, `success`) are looked for with what stands before a key. */
const NOISY: ReadonlySet<string> = new Set(['rue', 'tin', 'cc'])
const BEFORE_KEYS = ['"', "'", '_', ' ', '.', ',', ';', '|', '<', '&', '?', '\n', '\t'] as const
const GLUED: ReadonlySet<string> = new Set('password,passwd,passwort,kennwort,passphrase,wachtwoord,пароль'.split(','))

/** What the scan looks for: enough of each name to be there whenever the name is, in every way that keys join words. */
export function keyTriggers(): Triggers {
  const found = new Map<string, number>()
  const add = (word: string, flags: number) => {
    const lower = word.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
    found.set(lower, (found.get(lower) ?? 0) | flags)
  }
  const phrases = KEY_GROUPS.flatMap(phrasesOf)
  const singles = new Set(phrases.filter((phrase) => !/\P{L}/u.test(phrase)))
  for (const word of singles) addWord(word, add)
  for (const phrase of phrases) if (!singles.has(phrase)) addPhrase(phrase, singles, add)
  return { words: [...found.keys()], flags: Uint8Array.from(found.values()) }
}

type Add = (word: string, flags: number) => void

function addWord(word: string, add: Add): void {
  if (NOISY.has(word)) {
    for (const before of BEFORE_KEYS) add(before + word, SHIFTS)
    return
  }
  const isCased = word.toUpperCase() !== word
  const flags = (isCased ? 0 : GLUES | BEGINS) | (GLUED.has(word) ? GLUES : 0)
  for (const spelling of spellings(word)) add(spelling, flags)
  if (isCasedBeyondAscii(word)) add(word.slice(1), flags | GLUES)
}

/** The scan folds the case of ASCII only, so words with other letters are looked for in both cases. */
function spellings(word: string): string[] {
  return /^[a-z]*$/.test(word) ? [word] : [word, fold(word), word.toUpperCase()]
}

function addPhrase(phrase: string, singles: ReadonlySet<string>, add: Add): void {
  const words = phrase.split(/[^\p{L}\p{M}]+/u)
  const [first = '', second = ''] = words
  const others = words.slice(1).join('')
  for (const spelling of new Set([phrase, fold(phrase)])) {
    if (singles.has(words.join(''))) break
    const parts = spelling.split(/[^\p{L}\p{M}]+/u)
    add(
      (parts[0] ?? '') +
        parts
          .slice(1)
          .join('')
          .slice(0, Math.max(NEXT_LETTERS, Math.min(others.length, 3))),
      BEGINS,
    )
  }
  if (words.some((word) => singles.has(word) && !NOISY.has(word))) return
  const isCapital = isCasedBeyondAscii(first)
  const begin = isCapital ? first.slice(1) : first
  const flags = isCapital ? BEGINS | GLUES : BEGINS
  for (const between of BETWEEN) {
    add(fold(first) + between + fold(second).slice(0, NEXT_LETTERS), BEGINS)
    add(begin + between + second.slice(0, NEXT_LETTERS), flags)
  }
  for (const between of BETWEEN_CAPITALS) {
    add((first + between + second.slice(0, NEXT_LETTERS)).toUpperCase(), BEGINS)
    add(begin + between + capitalised(second).slice(0, NEXT_LETTERS), flags)
  }
}

function capitalised(word: string): string {
  const [first = ''] = word
  return first.toUpperCase() + word.slice(first.length)
}

/** Its first letter may be a capital, which the scan would have to know as another word. */
function isCasedBeyondAscii(word: string): boolean {
  return (word.codePointAt(0) ?? 0) >= 0x80 && word.toUpperCase() !== word
}
