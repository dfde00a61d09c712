import { badCharacters, overLimit } from '../text.ts'
import { SHELL_BYTES_MAX } from '../facts.ts'

export type Split =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'refused'; readonly error: string }

/** What a shell acts upon; who only splits words would pass it on. Servers do either, so neither may matter. */
const METACHARACTERS = ';&|$`<>()\n\r'

/**
 * Splits a command line as POSIX does (Shell Command Language, 2.2), and refuses everything that a shell would do more
 * with than splitting.
 */
export function splitWords(text: string): Split {
  const fault = badCharacters(text) ?? overLimit(text, SHELL_BYTES_MAX)
  if (fault !== undefined) return refused(fault)
  const splitter = new Splitter(text)
  const error = splitter.run()
  return error === undefined ? { kind: 'words', words: splitter.words } : refused(error)
}

function refused(error: string): Split {
  return { kind: 'refused', error }
}

class Splitter {
  readonly words: string[] = []
  readonly #text: string
  #at = 0
  #word: string | undefined
  /** The parts of the word that no quotes protect. */
  #bare = ''

  constructor(text: string) {
    this.#text = text
  }

  /** The reason why not, or undefined. */
  run(): string | undefined {
    while (this.#at < this.#text.length) {
      const error = this.#step(this.#text.charAt(this.#at))
      if (error !== undefined) return error
    }
    return this.#finish()
  }

  #step(char: string): string | undefined {
    this.#at += 1
    if (char === "'") return this.#single()
    if (char === '"') return this.#double()
    if (char === '\\') return this.#escape()
    if (char === ' ' || char === '\t') return this.#finish()
    if (METACHARACTERS.includes(char)) return 'the text has a character that a shell acts upon'
    if (char === '#' && this.#word === undefined) return 'the text has a comment'
    this.#word = (this.#word ?? '') + char
    this.#bare += char
    return undefined
  }

  #single(): string | undefined {
    const end = this.#text.indexOf("'", this.#at)
    if (end < 0) return 'a quote is not closed'
    this.#word = (this.#word ?? '') + this.#text.slice(this.#at, end)
    this.#at = end + 1
    return undefined
  }

  #double(): string | undefined {
    let inside = ''
    for (; this.#at < this.#text.length; this.#at += 1) {
      const char = this.#text.charAt(this.#at)
      if (char === '"') {
        this.#word = (this.#word ?? '') + inside
        this.#at += 1
        return undefined
      }
      if (char === '$' || char === '`') return 'the text has an expansion in quotes'
      const next = this.#text.charAt(this.#at + 1)
      const escapes = char === '\\' && '"\\$`'.includes(next) && next !== ''
      if (escapes) this.#at += 1
      inside += escapes ? next : char
    }
    return 'a quote is not closed'
  }

  #escape(): string | undefined {
    const next = this.#text.charAt(this.#at)
    if (next === '' || next === '\n' || next === '\r') return 'a backslash stands at the end'
    this.#word = (this.#word ?? '') + next
    this.#at += 1
    return undefined
  }

  #finish(): string | undefined {
    if (this.#word === undefined) return undefined
    if (hasBraceExpansion(this.#bare)) return 'the text has braces that a shell expands'
    this.words.push(this.#word)
    this.#word = undefined
    this.#bare = ''
    return undefined
  }
}

/** bash makes several words of `{a,b}` and `{1..3}`. */
function hasBraceExpansion(bare: string): boolean {
  const closed = bare.split('}').slice(0, -1)
  return closed.some((part) => {
    const start = part.lastIndexOf('{')
    return start >= 0 && /,|\.\./.test(part.slice(start))
  })
}
