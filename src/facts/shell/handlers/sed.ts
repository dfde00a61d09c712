import type { Handler, Judge } from '../judge.ts'
import { DIGITS, isAnyPath, isStatic } from '../marks.ts'
import { has, optionTable, scan, type Scan } from '../options.ts'

const OPTIONS = optionTable(
  '-nrEsuzla -e: -l: -f: -i -I --quiet --silent --regexp-extended --separate --unbuffered --null-data --posix --debug --sandbox --expression: --line-length: --file: --in-place:?',
)

/** `sed`: a script that prints and replaces is a read; in-place editing, and the commands `w`, `e` and `r`, are not. */
export const sed: Handler = (call, judge) => {
  const { found } = judge
  found.verb('read')
  const words = isInPlace(call.words) ? call.words.map((word) => (/^-[a-zA-Z]*i/.test(word) ? '-i' : word)) : call.words
  const result = scan(words, OPTIONS)
  if (result.strange.length > 0 || result.injectable) found.unknown('unknown_option:sed')
  if (has(result, '-f', '--file')) found.verb('code')
  const scripts = result.options
    .filter(({ name }) => name === '-e' || name === '--expression')
    .map(({ value }) => value)
  const hasScript = scripts.length > 0 || has(result, '-f', '--file')
  if (!hasScript) scripts.push(result.operands[0] ?? '')
  judgeScript(scripts.join('\n'), judge)
  judgeFiles(result, hasScript ? 0 : 1, judge)
}

function isInPlace(words: readonly string[]): boolean {
  return words.some((word) => /^-[nrEsuz]*[iI]/.test(word) || word.startsWith('--in-place'))
}

function judgeFiles(result: Scan, from: number, { found }: Judge): void {
  const isEdited = has(result, '-i', '-I', '--in-place')
  if (isEdited) found.verb('write')
  for (const path of result.operands.slice(from)) {
    if (isEdited) found.write(path)
    else if (isAnyPath(path)) found.unknown()
    found.read(path)
  }
}

function judgeScript(text: string, judge: Judge): void {
  // A number or a name in it is no command.
  const plain = text.replaceAll(DIGITS, '1')
  if (!isStatic(plain)) return judge.found.unknown('dynamic_code')
  const script = new SedScript(plain, judge)
  if (!script.read()) judge.found.unknown()
}

/** Commands without arguments. */
const PLAIN = new Set('pPdDnNhHgGxzF='.split(''))

/** What belongs to a command that only takes text, a label or a number. */
const REST: ReadonlyMap<string, RegExp> = new Map([
  // Text up to the end of the line, which a backslash continues.
  ...['a', 'i', 'c'].map((name): [string, RegExp] => [name, /(?:\\\n|\\[^]|[^\n\\])*/y]),
  [':', /[^\n;]*/y],
  ...['b', 't', 'T'].map((name): [string, RegExp] => [name, /[ \t]*[^\n;}]*/y]),
  ...['q', 'Q', 'l', 'L'].map((name): [string, RegExp] => [name, /\s*\d*/y]),
])

/** Reads a script command by command; what it does not understand, it does not let through. */
class SedScript {
  readonly #text: string
  readonly #judge: Judge
  #at = 0

  constructor(text: string, judge: Judge) {
    this.#text = text
    this.#judge = judge
  }

  read(): boolean {
    while (this.#at < this.#text.length) {
      this.#skip(/[\s;}]*/y)
      if (this.#at >= this.#text.length) return true
      if (this.#text[this.#at] === '#') this.#skip(/[^\n]*/y)
      else if (!this.#address() || !this.#command()) return false
    }
    return true
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const text = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += text.length
    return text
  }

  #address(): boolean {
    for (let i = 0; i < 2; i += 1) {
      if (!this.#oneAddress(i > 0)) return false
      this.#skip(/\s*/y)
      if (i > 0 || this.#text[this.#at] !== ',') break
      this.#skip(/,\s*/y)
    }
    this.#skip(/[\s!]*/y)
    return true
  }

  #oneAddress(isSecond: boolean): boolean {
    const first = this.#text[this.#at]
    if (first === '/') return this.#delimited('/') && this.#past() && this.#flags()
    if (first === '\\') {
      const delimiter = this.#text[this.#at + 1] ?? ''
      this.#at += 1
      return delimiter !== '' && delimiter !== '\n' && this.#delimited(delimiter) && this.#past() && this.#flags()
    }
    this.#skip(isSecond ? /[+~]?\d+|\$/y : /\d+(?:~\d+)?|\$/y)
    return true
  }

  #flags(): boolean {
    this.#skip(/[IM]*/y)
    return true
  }

  /** From one delimiter to the next; a bracket expression may hold one. */
  #delimited(delimiter: string): boolean {
    let i = this.#at + 1
    for (; i < this.#text.length && this.#text[i] !== delimiter; i += 1) {
      if (this.#text[i] === '\\') i += 1
      // Versions of sed disagree about a delimiter in brackets.
      else if (this.#text[i] === '[' && this.#bracketHolds(i, delimiter)) return false
    }
    this.#at = i
    return this.#text[i] === delimiter
  }

  #bracketHolds(from: number, delimiter: string): boolean {
    const end = this.#text.indexOf(']', from + 2)
    if (end < 0) return false
    return this.#text.slice(from, end).replaceAll(/\\[^]/g, '').includes(delimiter)
  }

  #command(): boolean {
    const name = this.#text[this.#at] ?? ''
    this.#at += 1
    if (PLAIN.has(name)) return this.#end()
    if (name === '{') return true
    if (name === 's') return this.#substitute()
    if (name === 'y') return this.#twoParts() && this.#end()
    const rest = REST.get(name)
    if (rest === undefined) return this.#otherCommand(name)
    this.#skip(rest)
    return /[qQlL]/.test(name) ? this.#end() : true
  }

  #otherCommand(name: string): boolean {
    const path = this.#skip(/[^\n]*/y).trim()
    if (name === 'w' || name === 'W') this.#judge.found.write(path)
    else if (name === 'r' || name === 'R') {
      this.#judge.found.unknown()
      this.#judge.found.read(path)
    } else if (name === 'e') {
      this.#judge.found.verb('code')
      this.#judge.script(path, { via: 'sed e' })
    } else return false
    return true
  }

  #end(): boolean {
    this.#skip(/[ \t]*/y)
    const next = this.#text[this.#at]
    return next === undefined || next === ';' || next === '\n' || next === '}' || next === '#'
  }

  #twoParts(): boolean {
    const delimiter = this.#text[this.#at] ?? ''
    if (delimiter === '' || delimiter === '\n' || delimiter === '\\') return false
    return this.#delimited(delimiter) && this.#delimited(delimiter) && this.#past()
  }

  #past(): boolean {
    this.#at += 1
    return true
  }

  #substitute(): boolean {
    if (!this.#twoParts()) return false
    const flags = this.#skip(/[gpiImM\d]*/y)
    const next = this.#text[this.#at]
    if (next === 'e') {
      this.#judge.found.verb('code')
      this.#judge.found.unknown('dynamic_code')
      this.#at += 1
      return this.#end()
    }
    if (next === 'w') {
      this.#at += 1
      this.#judge.found.write(this.#skip(/[^\n]*/y).trim())
      return true
    }
    return flags.length <= 8 && this.#end()
  }
}
