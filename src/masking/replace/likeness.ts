import { mixed } from './bits.ts'

/** Letters. What is longer before the digits is a word, and may be a name. */
const PREFIX_LETTERS_MAX = 4
/** Characters. Longer texts with a pattern are no ids. */
const LIKENESS_CHARS_MAX = 256
/** Where the first digit is free to choose, numbers that begin so belong to nobody more often than others. */
const FIRST_DIGITS = ['1', '0', '9', undefined] as const
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const HEX_LETTERS = 'abcdef'
/** Stays as it is between letters and digits. A quote or a backslash would need an escape. */
const KEPT = /^[ !#-/:-@[\]^_`{-~]$/

export interface Likeness {
  readonly text: string
  /** How many of its characters were chosen. */
  readonly room: number
}

export interface LikenessOptions {
  readonly seed: bigint
  readonly attempt: number
  /** A country or the kind of an id may stay where the letters are nobody's name. */
  readonly keepsPrefix: boolean
}

/**
 * A text that is built like another: digits for digits, small letters for small letters, separators kept. What a pattern of
 * a schema asks for is mostly that. Undefined for texts with anything but printable ASCII.
 */
export function likenessOf(original: string, options: LikenessOptions): Likeness | undefined {
  return built(original, options, (i) =>
    Number(mixed(options.seed, BigInt(options.attempt * LIKENESS_CHARS_MAX + i)) >> 32n),
  )
}

/** The same for all texts of one build: zeros, and the letter x. */
export function blankOf(original: string, attempt: number): string | undefined {
  const blank = built(original, { seed: 0n, attempt, keepsPrefix: false }, () => 0)
  return blank?.text
}

function built(
  original: string,
  { attempt, keepsPrefix }: LikenessOptions,
  draw: (i: number) => number,
): Likeness | undefined {
  if (original.length > LIKENESS_CHARS_MAX) return undefined
  const letters = /^[^g-z]*$/i.test(original) ? HEX_LETTERS : LETTERS
  const kept = keepsPrefix ? (/^[A-Za-z]*/.exec(original)?.[0].length ?? 0) : 0
  const first = original.search(/[0-9]/)
  let text = kept <= PREFIX_LETTERS_MAX ? original.slice(0, kept) : ''
  let room = 0
  for (let i = text.length; i < original.length; i += 1) {
    const put = inPlaceOf(original.charAt(i), letters, draw(i))
    if (put === undefined) return undefined
    text += (i === first ? FIRST_DIGITS[attempt % FIRST_DIGITS.length] : undefined) ?? put
    if (/[A-Za-z0-9]/.test(put)) room += 1
  }
  return { text, room }
}

function inPlaceOf(character: string, letters: string, chance: number): string | undefined {
  if (/[0-9]/.test(character)) return `${chance % 10}`
  // Of a blank it is the letter that says "unknown", where that is a letter that may stand there.
  const letter = chance === 0 && letters === LETTERS ? 'x' : letters.charAt(chance % letters.length)
  if (/[a-z]/.test(character)) return letter
  if (/[A-Z]/.test(character)) return letter.toUpperCase()
  return KEPT.test(character) ? character : undefined
}
