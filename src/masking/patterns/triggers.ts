import { encodeUtf8 } from '../../base/bytes.ts'
import { ALT, FAIL, following, MATCH, type Program, RUNES } from './program.ts'

/** Bytes that each word needs: shorter ones stand everywhere. */
export const TRIGGER_LEAST = 3
/** Words that one pattern may need. */
const TRIGGERS_MAX = 256
/** Longer words would not be rarer. */
const LENGTHS = [8, 6, 4, TRIGGER_LEAST]
/** A place where more characters than these may stand ends a word. */
const CHOICES_MAX = 8
/** Words that begin at one place, and steps to find them. */
const WORDS_MAX = 64
const STEPS_MAX = 200

/**
 * Words of which every match has at least one, in lower case; undefined where there are no such words. They stand in raw JSON
 * as they are: no quote, backslash or control character is in them.
 */
export function triggersOf(program: Program, order: readonly number[]): readonly string[] | undefined {
  const best = new Map<number, readonly string[] | undefined>()
  for (const at of order.toReversed()) best.set(at, bestAt(program, at, best))
  return best.get(program.start)
}

type Best = ReadonlyMap<number, readonly string[] | undefined>

/** Whatever goes on from an instruction goes on from one that follows it, so theirs are good for it too. */
function bestAt(program: Program, at: number, best: Best): readonly string[] | undefined {
  const op = program.op[at]
  if (op === MATCH) return undefined
  if (op === FAIL) return []
  const after = union(following(program, at).map((next) => best.get(next)))
  return op === RUNES ? better(after, wordsFrom(program, at)) : after
}

function union(sets: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const all = new Set<string>()
  for (const set of sets) {
    if (set === undefined) return undefined
    for (const word of set) all.add(word)
  }
  return all.size > TRIGGERS_MAX ? undefined : needed([...all])
}

/** Where a word stands, the words in it stand too. */
function needed(words: readonly string[]): readonly string[] {
  if (words.length < 2) return words
  return words.filter((word) => !words.some((other) => other !== word && word.includes(other)))
}

/** Longer words are rarer; beyond eight bytes it is their number that counts. */
function better(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
  if (a === undefined || b === undefined) return a ?? b
  const [short, other] = [shortest(a), shortest(b)].map((length) => Math.min(length, 8))
  if (short !== other) return (short ?? 0) > (other ?? 0) ? a : b
  return a.length < b.length ? a : b
}

function shortest(words: readonly string[]): number {
  return Math.min(...words.map((word) => encodeUtf8(word).length))
}

/** Beginnings of everything that can match from here on. */
function wordsFrom(program: Program, at: number): readonly string[] | undefined {
  for (const length of LENGTHS) {
    const words = new Beginnings(program, length).from(at)
    if (words !== undefined) return shortest(words) >= TRIGGER_LEAST ? needed(words) : undefined
  }
  return undefined
}

class Beginnings {
  readonly #program: Program
  readonly #length: number
  readonly #words = new Set<string>()
  readonly #seen = new Set<string>()

  constructor(program: Program, length: number) {
    this.#program = program
    this.#length = length
  }

  /** Undefined where there are too many. */
  from(at: number): readonly string[] | undefined {
    const queue: { at: number; word: string }[] = [{ at, word: '' }]
    for (const one of queue) {
      const key = `${one.at} ${one.word}`
      if (this.#seen.has(key)) continue
      this.#seen.add(key)
      if (this.#seen.size > STEPS_MAX || this.#words.size > WORDS_MAX) return undefined
      queue.push(...this.#goOn(one))
    }
    return [...this.#words]
  }

  #goOn({ at, word }: { at: number; word: string }): { at: number; word: string }[] {
    const op = this.#program.op[at]
    if (op === FAIL) return []
    if (op === MATCH || word.length >= this.#length) {
      this.#words.add(word)
      return []
    }
    const next = following(this.#program, at)
    if (op === ALT || op !== RUNES) return next.map((to) => ({ at: to, word }))
    const choices = choicesOf(this.#program.ranges[at])
    if (choices === undefined) {
      this.#words.add(word)
      return []
    }
    return next.flatMap((to) => choices.map((choice) => ({ at: to, word: word + choice })))
  }
}

/** The characters of an instruction; undefined where they are many, or where JSON writes one of them in another way. */
function choicesOf(ranges: Int32Array = new Int32Array(0)): readonly string[] | undefined {
  const choices = new Set<string>()
  for (let i = 0; i < ranges.length; i += 2) {
    const last = ranges[i + 1] ?? 0
    for (let code = ranges[i] ?? 0; code <= last; code++) {
      if (!isPlain(code)) return undefined
      choices.add(code < 0x80 ? String.fromCodePoint(code).toLowerCase() : String.fromCodePoint(code))
      if (choices.size > CHOICES_MAX) return undefined
    }
  }
  return [...choices]
}

function isPlain(code: number): boolean {
  return code >= 0x20 && code !== 0x22 && code !== 0x5c && (code < 0xd800 || code >= 0xe000)
}
