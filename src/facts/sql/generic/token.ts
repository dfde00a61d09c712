/** `text` is a string, `name` a quoted name; both hold what stands between the quotes. */
export type TokenKind = 'word' | 'name' | 'text' | 'number' | 'variable' | 'symbol'

export interface Token {
  readonly kind: TokenKind
  readonly text: string
  /** In capitals for a bare word, as written for a symbol, empty for anything else: what keywords are compared with. */
  readonly upper: string
  /** Nothing stands between this token and the one before it. */
  readonly isGlued: boolean
  /** First on its line. */
  readonly isFirst: boolean
  /** Last on its line. */
  readonly isLast: boolean
  /** Brackets around it. */
  readonly depth: number
}

const NOTHING: Token = { kind: 'symbol', text: '', upper: '', isGlued: false, isFirst: false, isLast: false, depth: -1 }

/** The token at a place; before and after all of them there is one that equals nothing. */
export function at(tokens: readonly Token[], index: number): Token {
  return tokens[index] ?? NOTHING
}

/** The bracket that closes the one at `open`. */
export function closing(tokens: readonly Token[], open: number): number {
  const { depth } = at(tokens, open)
  let index = open + 1
  while (index < tokens.length && at(tokens, index).depth > depth) index += 1
  return index
}

/** `DROP TABLE IF EXISTS`: the first words, in capitals, for tables of statements. */
export function headOf(tokens: readonly Token[], count: number): string {
  const words: string[] = []
  for (const token of tokens.slice(0, count)) {
    if (token.kind !== 'word') break
    words.push(token.upper)
  }
  return words.join(' ')
}
