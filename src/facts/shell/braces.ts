import { DIGITS, SPLIT, UNKNOWN } from './marks.ts'

/** A word like `{1..9}{1..9}` doubles and doubles; nobody reads a command with more words than this. */
const WORDS_MAX = 64

/** Braces in braces are cut out again and again. */
const CHARACTERS_MAX = 512

/** The words that `{a,b}` and `{1..3}` stand for; one unknown word where there are too many or a part is unknown. */
export function expandBraces(text: string): string[] {
  // Quotes, escapes and expansions inside of braces nest in ways that are not worth following.
  if (text.length > CHARACTERS_MAX || /[$`'"\\]/.test(text)) return [SPLIT]
  const words = expand(text)
  return words.length > WORDS_MAX ? [SPLIT] : words
}

/** All ways to put a word together from a list of beginnings and a list of ends. */
export function combine(beginnings: readonly string[], ends: readonly string[]): string[] {
  if (beginnings.length * ends.length > WORDS_MAX) return [SPLIT]
  return beginnings.flatMap((beginning) => ends.map((end) => beginning + end))
}

function expand(text: string): string[] {
  const open = text.indexOf('{')
  if (open < 0) return [text]
  const close = closing(text, open)
  if (close < 0) return [text]
  const inner = alternatives(text.slice(open + 1, close))
  if (inner === undefined) return [UNKNOWN]
  return combine(
    inner.map((part) => text.slice(0, open) + part),
    expand(text.slice(close + 1)),
  )
}

function closing(text: string, open: number): number {
  let depth = 0
  for (let i = open; i < text.length; i += 1) {
    if (text[i] === '{') depth += 1
    else if (text[i] === '}') {
      depth -= 1
      if (depth === 0) return i
    }
  }
  return -1
}

function alternatives(inner: string): string[] | undefined {
  const pieces = splitAtCommas(inner)
  if (pieces.length > WORDS_MAX) return undefined
  if (pieces.length > 1) {
    const all = pieces.flatMap(expand)
    return all.length > WORDS_MAX ? undefined : all
  }
  return range(inner)
}

function splitAtCommas(text: string): string[] {
  const pieces: string[] = ['']
  let depth = 0
  for (const character of text) {
    if (character === '{') depth += 1
    if (character === '}') depth -= 1
    if (character === ',' && depth === 0) pieces.push('')
    else pieces[pieces.length - 1] += character
  }
  return pieces
}

function range(inner: string): string[] | undefined {
  const numbers = /^(-?\d{1,9})\.\.(-?\d{1,9})(?:\.\.-?\d{1,9})?$/.exec(inner)
  if (numbers !== null) {
    const [from, to] = [Number(numbers[1]), Number(numbers[2])]
    if (from < 0 || to < 0) return [SPLIT]
    if (Math.abs(to - from) >= WORDS_MAX || inner.split('..').length > 2) return [DIGITS]
    const step = to < from ? -1 : 1
    return Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => String(from + i * step))
  }
  const letters = /^([a-z])\.\.([a-z])$/i.exec(inner)
  return letters === null ? undefined : ['x']
}
