import { ALL_NAMES, fieldNamed, type FieldName } from './fields.ts'
import { nearest } from './nearest.ts'
import type { Moment, Parsed, Query, QueryMistake, Span } from './query.ts'
import { readRegex } from './read-regex.ts'
import { type Operator, operatorOf, readValue } from './read-value.ts'
import { wordsOf } from './words.ts'

/** Far more than anybody types, and small enough that no text can be made to cost anything (audit.md, 16.1). */
const LENGTH_MAX = 4096
const DEPTH_MAX = 32
const TERMS_MAX = 200
/** Steps of all regular expressions together: what one character of a text may cost at most, whatever the text is. */
const PROGRAM_MAX = 100

/** Reads a query. Every mistake is told at once, with its place; with one there is no query. Never throws. */
export function parseQuery(text: string, moment: Moment): Parsed {
  if (text.length > LENGTH_MAX) {
    const span = { start: LENGTH_MAX, end: text.length }
    return { kind: 'mistakes', mistakes: [{ span, message: `the query is longer than ${LENGTH_MAX} characters` }] }
  }
  const parser = new Parser(text, moment)
  const query = parser.whole()
  return parser.mistakes.length > 0 ? { kind: 'mistakes', mistakes: parser.mistakes } : { kind: 'query', query }
}

const FIELD = /^([\p{L}_]+)(:=|:>=|:<=|:>|:<|:)/u
const WORD = /[^\s()"]+/y

/** Recursive descent, one function for each line of the grammar in docs/search.md. */
class Parser {
  readonly mistakes: QueryMistake[] = []
  readonly #text: string
  readonly #moment: Moment
  #at = 0
  #depth = 0
  /** Nothing that is said after that is of any use. */
  #tooDeep = false
  #terms = 0
  /** Of all regular expressions together. */
  #programSize = 0

  constructor(text: string, moment: Moment) {
    this.#text = text
    this.#moment = moment
  }

  whole(): Query {
    const items: Query[] = []
    while (this.#skipSpace()) {
      if (this.#peek() === ')')
        this.#wrong(this.#at, ++this.#at, 'there is no ( that this ) closes', 'put it in quotes, or leave it out')
      else items.push(this.#or())
    }
    return join('and', items) ?? { kind: 'all', span: { start: 0, end: this.#text.length } }
  }

  #or(): Query {
    const items = [this.#and()]
    while (this.#keyword('or')) items.push(this.#and())
    return join('or', items) ?? nothing(this.#at)
  }

  #and(): Query {
    const items: Query[] = []
    const start = this.#at
    while (this.#skipSpace() && this.#peek() !== ')' && !this.#isKeyword('or')) {
      if (this.#keyword('and') && items.length === 0) this.#wrong(start, this.#at, 'there is nothing before AND')
      else if (!this.#skipSpace() || this.#peek() === ')' || this.#isKeyword('or'))
        this.#wrong(start, this.#at, 'there is nothing after AND')
      else items.push(this.#not())
    }
    if (items.length === 0)
      this.#wrong(start, Math.max(this.#at, start), 'there is nothing to search for here', 'write a word or a field')
    return join('and', items) ?? nothing(start)
  }

  #not(): Query {
    const start = this.#at
    const minus = this.#peek() === '-'
    if (minus) this.#at += 1
    if (!minus && !this.#keyword('not')) return this.#atom()
    if (!this.#skipSpace() || this.#peek() === ')') {
      this.#wrong(start, this.#at, 'there is nothing to leave out here', 'write the word right after it')
      return nothing(start)
    }
    return this.#deeper(start, () => ({ kind: 'not', item: this.#not(), span: this.#since(start) }))
  }

  #atom(): Query {
    const start = this.#at
    if (this.#peek() === '(') return this.#deeper(start, () => this.#group(start))
    this.#terms += 1
    if (this.#terms === TERMS_MAX + 1) this.#wrong(start, this.#text.length, `a query has at most ${TERMS_MAX} terms`)
    if (this.#peek() === '"') return this.#words(this.#quoted(), start)
    if (this.#peek() === '/') return this.#regex(start)
    const word = this.#word()
    const field = FIELD.exec(word)
    if (field === null) return this.#bare(word, start)
    this.#at = start + field[0].length
    return this.#field(field[1] ?? '', operatorOf(field[2]), start)
  }

  #group(start: number): Query {
    this.#at += 1
    const inside = this.#or()
    this.#skipSpace()
    if (this.#peek() === ')') this.#at += 1
    else this.#wrong(start, start + 1, 'this ( is never closed', 'add ) at the end, or put it in quotes')
    return inside
  }

  /** Depth is bounded so that no query can be deeper than the stack of whoever walks it. */
  #deeper(start: number, inside: () => Query): Query {
    if (this.#depth >= DEPTH_MAX) {
      this.#wrong(start, this.#text.length, `more than ${DEPTH_MAX} levels of brackets and NOT`)
      this.#tooDeep = true
      this.#at = this.#text.length
      return nothing(start)
    }
    this.#depth += 1
    const query = inside()
    this.#depth -= 1
    return query
  }

  #field(typed: string, operator: Operator, start: number): Query {
    const field = fieldNamed(typed)
    if (field === undefined) return this.#unknown(typed, start)
    if (this.#peek() !== '(') return this.#value(field, operator, start)
    const open = this.#at
    this.#at += 1
    const items: Query[] = []
    while (this.#skipSpace() && this.#peek() !== ')') {
      if (items.length > 0 && !this.#keyword('or'))
        this.#wrong(this.#at, this.#at + 1, 'values in brackets are alternatives', 'write OR between them')
      this.#skipSpace()
      items.push(this.#value(field, operator, this.#at))
    }
    if (this.#peek() === ')') this.#at += 1
    else this.#wrong(open, open + 1, 'this ( is never closed', 'add ) after the last value')
    if (items.length === 0) this.#wrong(start, this.#at, `${field} has no value`)
    return join('or', items) ?? nothing(start)
  }

  #value(field: FieldName, operator: Operator, start: number): Query {
    const from = this.#at
    const quoted = this.#peek() === '"'
    const value = quoted ? this.#quoted() : this.#word()
    const span = this.#since(start)
    if (!quoted && this.#peek() === '"')
      this.#wrong(from, this.#at + 1, 'a quote within a value', 'put the whole value in quotes')
    if (value === '') {
      if (this.#at === from && this.#peek() === '(') this.#at += 1
      this.#wrong(start, this.#at, `${field} has no value`, `write ${field}:VALUE without a space`)
      return nothing(start)
    }
    if (field === 'text') return quoted ? this.#words(value, start) : this.#bare(value, start)
    const test = readValue({ field, operator, value, quoted }, this.#moment)
    if ('is' in test) return { kind: 'field', field, test, span }
    this.#wrong(from, this.#at, test.message, test.suggestion)
    return nothing(start)
  }

  /** Never searched as text: whoever mistypes a field would take its empty answer for the truth. */
  #unknown(typed: string, start: number): Query {
    if (this.#peek() === '"') this.#quoted()
    else this.#word()
    const near = nearest(typed, ALL_NAMES)
    const whole = this.#text.slice(start, this.#at)
    const suggestion =
      near === undefined ? `to find it in the text, write "${whole.replaceAll('"', '')}" in quotes` : `${near}:`
    this.#wrong(start, start + typed.length, `there is no field "${typed}"`, suggestion)
    return nothing(start)
  }

  #regex(start: number): Query {
    const read = readRegex(this.#text, start)
    this.#at = read.end
    if ('message' in read) {
      this.#wrong(start, this.#at, read.message, read.suggestion)
      return nothing(start)
    }
    this.#programSize += read.compiled.programSize()
    if (this.#programSize > PROGRAM_MAX)
      this.#wrong(start, this.#at, 'this is too large a regular expression', 'write less, or smaller numbers in {}')
    return { kind: 'regex', pattern: read.pattern, compiled: read.compiled, span: this.#since(start) }
  }

  #bare(word: string, start: number): Query {
    if (word === '*') return { kind: 'all', span: this.#since(start) }
    const prefix = word.endsWith('*')
    if (word.slice(0, -1).includes('*')) {
      this.#wrong(
        start,
        this.#at,
        'in the text * stands only at the end of a word',
        word.replaceAll('*', '').concat('*'),
      )
      return nothing(start)
    }
    return this.#words(word, start, prefix)
  }

  #words(text: string, start: number, prefix = false): Query {
    const words = wordsOf(text)
    if (words.length > 0) return { kind: 'words', find: { words, prefix }, span: this.#since(start) }
    this.#wrong(start, this.#at, 'there is no letter and no digit to search for in this')
    return nothing(start)
  }

  #quoted(): string {
    const start = this.#at
    let text = ''
    for (let at = start + 1; at < this.#text.length; at += 1) {
      const unit = this.#text[at] ?? ''
      if (unit === '"') {
        this.#at = at + 1
        return text
      }
      if (unit === '\\' && /["\\]/.test(this.#text[at + 1] ?? '')) at += 1
      text += this.#text[at]
    }
    this.#at = this.#text.length
    this.#wrong(start, this.#text.length, 'this quote is never closed', 'add " where it ends')
    return text
  }

  #word(): string {
    WORD.lastIndex = this.#at
    const word = WORD.exec(this.#text)?.[0] ?? ''
    this.#at += word.length
    return word
  }

  #isKeyword(keyword: string): boolean {
    WORD.lastIndex = this.#at
    const word = WORD.exec(this.#text)?.[0]
    return word?.toLowerCase() === keyword
  }

  #keyword(keyword: string): boolean {
    this.#skipSpace()
    const found = this.#isKeyword(keyword)
    if (found) this.#at += keyword.length
    return found
  }

  /** Whether anything comes. */
  #skipSpace(): boolean {
    while (/\s/.test(this.#peek())) this.#at += 1
    return this.#at < this.#text.length
  }

  #peek(): string {
    return this.#text[this.#at] ?? ''
  }

  #since(start: number): Span {
    return { start, end: this.#at }
  }

  #wrong(start: number, end: number, message: string, suggestion?: string): void {
    if (!this.#tooDeep)
      this.mistakes.push({ span: { start, end }, message, ...(suggestion === undefined ? {} : { suggestion }) })
  }
}

function nothing(at: number): Query {
  return { kind: 'all', span: { start: at, end: at } }
}

/** One item is itself; what is of the same kind is taken up, so that the tree is as flat as its normal form. */
function join(kind: 'and' | 'or', items: readonly Query[]): Query | undefined {
  const [first] = items
  if (first === undefined || items.length === 1) return first
  const flat = items.flatMap((item) => (item.kind === kind ? item.items : [item]))
  return { kind, items: flat, span: { start: first.span.start, end: items.at(-1)?.span.end ?? first.span.end } }
}
