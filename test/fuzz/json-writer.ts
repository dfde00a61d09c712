import type { Chance } from '../support/masking/random.ts'

/** A number with all its digits, as no number of JavaScript keeps them. */
export class Digits {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** JSON that is not written yet. Members of an object are pairs, so that keys stay in their order. */
export type Tree = string | boolean | null | Digits | readonly Tree[] | Members

export class Members {
  readonly pairs: readonly (readonly [key: string, value: Tree])[]

  constructor(pairs: readonly (readonly [key: string, value: Tree])[]) {
    this.pairs = pairs
  }
}

export function members(of: Readonly<Record<string, Tree | undefined>>): Members {
  return new Members(Object.entries(of).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
}

/** How a writer of JSON spells a character that needs no escape, and one that needs it. */
type Spelling = (character: string) => string

const plain: Spelling = (character) => JSON.stringify(character).slice(1, -1)
const numbered: Spelling = (character) =>
  Array.from({ length: character.length }, (_, i) => escape(character.charCodeAt(i))).join('')
const slashed: Spelling = (character) => (character === '/' ? '\\/' : plain(character))
const ascii: Spelling = (character) => (character > '~' ? numbered(character) : plain(character))
const html: Spelling = (character) => (/[<>&'@]/.test(character) ? numbered(character) : plain(character))

function escape(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`
}

/** Writes JSON as some library would: with or without blanks, with more or fewer escapes than it needs. */
export function writeJson(tree: Tree, chance: Chance): string {
  const spelling = chance.pick([plain, plain, plain, plain, slashed, ascii, html])
  const blanks = chance.pick([
    NO_BLANKS,
    NO_BLANKS,
    NO_BLANKS,
    [', ', ': ', ''],
    [',\n  ', ': ', '\n'],
    [' ,\t', ' : ', ' '],
  ])
  return new Writer(chance, spelling, blanks).write(tree)
}

const NO_BLANKS = [',', ':', '']
/** One text in so many is all escapes, and one in so many has some. */
const ODD_SPELLING = 24

class Writer {
  readonly #chance: Chance
  readonly #spelling: Spelling
  readonly #blanks: readonly string[]

  constructor(chance: Chance, spelling: Spelling, blanks: readonly string[]) {
    this.#chance = chance
    this.#spelling = spelling
    this.#blanks = blanks
  }

  write(tree: Tree): string {
    const [comma = ',', colon = ':', edge = ''] = this.#blanks
    if (typeof tree === 'string') return this.#text(tree)
    if (tree instanceof Digits) return tree.text
    if (tree instanceof Members) {
      const pairs = tree.pairs.map(([key, value]) => `${this.#text(key)}${colon}${this.write(value)}`)
      return `{${edge}${pairs.join(comma)}${edge}}`
    }
    if (isList(tree)) return `[${edge}${tree.map((one) => this.write(one)).join(comma)}${edge}]`
    return String(tree)
  }

  #text(text: string): string {
    const spellings = [this.#spelling]
    const odd = this.#chance.below(ODD_SPELLING)
    if (odd === 0) spellings.splice(0, 1, numbered)
    if (odd === 1) spellings.push(numbered)
    return `"${Array.from(text, (character) => this.#chance.pick(spellings)(character)).join('')}"`
  }
}

function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree)
}
