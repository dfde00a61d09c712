import { DEPTH_MAX } from '../../facts.ts'
import type { Lexicon } from './lexicon.ts'
import type { Token, TokenKind } from './token.ts'

export type Lexed =
  | { readonly kind: 'tokens'; readonly tokens: readonly Token[] }
  | { readonly kind: 'refused'; readonly reason: string }

/** Tokens of one text: the parser behind takes some 20 µs for each, and no statement that a person wrote has as many. */
export const TOKENS_MAX = 8_000
/** Operators in a row, without a comma or bracket: each is a level of the tree, and deep trees overflow the parser's stack. */
const CHAIN_MAX = 200

const SYMBOL = /<=>|->>|->|\|\||&&|<=|>=|<>|!=|!<|!>|==|<<|>>|:=|::|=>|[-+*/%&|^]=|[-+*/%=<>(),.;~&|^!]|[[\]]/y
const NUMBER = /0[xX][0-9A-Fa-f]+|(\d[\d_]*(\.\d*)?|\.\d+)([eE][-+]?\d+)?/y
const SPACE = /[ \t\r\n]+/y
const WORD_CHARACTER = /[\w$\u0080-\u{10ffff}]/u
const FOREIGN_SPACE = /[^\S \t\r\n]/u

/** Cuts a text as the server of the dialect does. What the server might cut in another way is refused. */
export function lex(text: string, lexicon: Lexicon): Lexed {
  const scanner = new Scanner(text, lexicon)
  scanner.scan()
  return scanner.reason === ''
    ? { kind: 'tokens', tokens: scanner.tokens }
    : { kind: 'refused', reason: scanner.reason }
}

class Scanner {
  readonly tokens: Token[] = []
  reason = ''
  readonly #text: string
  readonly #lexicon: Lexicon
  #at = 0
  #gapStart = 0
  #depth = 0
  #chain = 0

  constructor(text: string, lexicon: Lexicon) {
    this.#text = text
    this.#lexicon = lexicon
  }

  scan(): void {
    while (this.reason === '') {
      this.#skipGap()
      if (this.#at >= this.#text.length || this.reason !== '') break
      this.#token()
      if (this.tokens.length > TOKENS_MAX) this.#refuse(`more than ${TOKENS_MAX} words and signs`)
    }
    if (this.#depth !== 0) this.#refuse('a bracket is not closed')
  }

  #refuse(reason: string): void {
    if (this.reason === '') this.reason = reason
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    return pattern.exec(this.#text)?.[0]
  }

  #startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.#at)
  }

  #skipGap(): void {
    this.#gapStart = this.#at
    for (;;) {
      const before = this.#at
      this.#at += this.#match(SPACE)?.length ?? 0
      this.#skipComment()
      if (this.#at === before || this.reason !== '') return
    }
  }

  #skipComment(): void {
    const { hashComments, dashNeedsSpace } = this.#lexicon
    const isDashes = this.#startsWith('--') && (!dashNeedsSpace || /^\s?$/.test(this.#text.charAt(this.#at + 2)))
    if (isDashes || (hashComments && this.#startsWith('#'))) {
      const end = this.#text.indexOf('\n', this.#at)
      this.#at = end === -1 ? this.#text.length : end
    } else if (this.#startsWith('/*')) this.#skipBlock()
  }

  #skipBlock(): void {
    // The server runs what stands in these, and every generic parser throws it away: the hole of all holes (guardrails.md, 3.4).
    if (this.#lexicon.runComments && /^\/\*(M?!|\+)/i.test(this.#text.slice(this.#at, this.#at + 4))) {
      return this.#startsWith('/*+') ? this.#skipHint() : this.#refuse('a comment that the server would run')
    }
    let open = 0
    do {
      const next = this.#text.slice(this.#at, this.#at + 2)
      if (this.#at >= this.#text.length) return this.#refuse('a comment is not closed')
      if (next === '/*' && (open === 0 || this.#lexicon.nestedComments)) {
        open += 1
        this.#at += 2
      } else if (next === '*/') {
        open -= 1
        this.#at += 2
      } else this.#at += 1
    } while (open > 0)
  }

  /** Optimizer hints; one of them sets variables (MySQL manual, "Optimizer Hints"). */
  #skipHint(): void {
    const end = this.#text.indexOf('*/', this.#at + 3)
    if (end === -1) return this.#refuse('a comment is not closed')
    if (/SET_VAR|RESOURCE_GROUP/i.test(this.#text.slice(this.#at, end)))
      return this.#refuse('a hint that sets a variable')
    this.#at = end + 2
  }

  #token(): void {
    const { strings, names, word, variable } = this.#lexicon
    const first = this.#text.charAt(this.#at)
    if (strings.includes(first)) return this.#quoted('text', first, first)
    const close = names[first]
    if (close !== undefined) return this.#quoted('name', first, close)
    const number = this.#match(NUMBER)
    if (number !== undefined) return this.#number(number)
    const name = this.#match(variable)
    if (name !== undefined) return this.#variable(name)
    const bare = this.#match(word)
    if (bare !== undefined) return this.#word(bare)
    const symbol = this.#match(SYMBOL)
    if (symbol === undefined || (/[[\]]/.test(symbol) && !this.#lexicon.arrays))
      return this.#refuse('a sign that the dialect does not have')
    this.#symbol(symbol)
  }

  #word(bare: string): void {
    if (FOREIGN_SPACE.test(bare)) return this.#refuse('white space of another script')
    this.#push('word', bare, bare.length)
  }

  #number(number: string): void {
    this.#push('number', number, number.length)
    // `1DROP` is one name, two tokens or an error, as the server likes.
    if (WORD_CHARACTER.test(this.#text.charAt(this.#at))) this.#refuse('a number runs into a name')
  }

  #variable(name: string): void {
    this.#push('variable', name, name.length)
    // SQLite takes a bracket right after a variable into its name, whatever stands in it.
    if (name !== '?' && /^[(:'"`]/.test(this.#text.slice(this.#at))) this.#refuse('a variable runs into what follows')
  }

  #symbol(symbol: string): void {
    const isClosing = symbol === ')' || symbol === ']'
    if (isClosing) this.#depth -= 1
    if (this.#depth < 0 || (symbol === ';' && this.#depth > 0)) return this.#refuse('brackets do not match')
    this.#chain = /[(),;[\]]/.test(symbol) ? 0 : this.#chain + 1
    if (this.#chain > CHAIN_MAX) return this.#refuse(`more than ${CHAIN_MAX} operators in a row`)
    this.#push('symbol', symbol, symbol.length)
    if (symbol === '(' || symbol === '[') this.#depth += 1
    if (this.#depth > DEPTH_MAX) this.#refuse(`brackets are nested more than ${DEPTH_MAX} deep`)
  }

  #quoted(kind: TokenKind, open: string, close: string): void {
    const triple = open.repeat(3)
    const fence = kind === 'text' && this.#lexicon.tripleQuotes && this.#startsWith(triple) ? triple : close
    const start = this.#at + fence.length
    const end = this.#endOfQuote({ kind, open, fence, start })
    if (end === undefined) return this.#refuse('a quote is not closed')
    const inner = this.#text.slice(start, end)
    // With ANSI_QUOTES this is a name, in which a backslash is nothing special, and it ends elsewhere.
    const isAmbiguous = open === '"' && this.#lexicon.runComments && inner.includes('\\"')
    if (isAmbiguous) return this.#refuse('a quote inside of double quotes')
    this.#push(kind, inner, end + fence.length - this.#at)
  }

  #endOfQuote({
    kind,
    open,
    fence,
    start,
  }: {
    kind: TokenKind
    open: string
    fence: string
    start: number
  }): number | undefined {
    const hasEscapes = this.#hasEscapes(kind)
    for (let end = start; end < this.#text.length; end += 1) {
      if (hasEscapes && this.#text.charAt(end) === '\\') end += 1
      else if (this.#text.startsWith(fence, end)) {
        if (!this.#isDoubled(open, fence, end)) return end
        end += 1
      }
    }
    return undefined
  }

  #hasEscapes(kind: TokenKind): boolean {
    return this.#lexicon.backslashEscapes && (kind === 'text' || this.#lexicon.tripleQuotes)
  }

  #isDoubled(open: string, fence: string, end: number): boolean {
    const canDouble = !this.#lexicon.tripleQuotes && !(open === '[' && this.#lexicon.names['`'] !== undefined)
    return canDouble && this.#text.startsWith(fence + fence, end)
  }

  #push(kind: TokenKind, text: string, length: number): void {
    const gap = this.#text.slice(this.#gapStart, this.#at)
    const isFirst = this.tokens.length === 0 || gap.includes('\n')
    this.#at += length
    this.tokens.push({
      kind,
      text,
      upper: kind === 'word' ? text.toUpperCase() : kind === 'symbol' ? text : '',
      isGlued: gap === '' && this.tokens.length > 0,
      isFirst,
      isLast: /^[ \t]*(\r?\n|$|--)/.test(this.#text.slice(this.#at, this.#at + 200)),
      depth: this.#depth,
    })
  }
}
