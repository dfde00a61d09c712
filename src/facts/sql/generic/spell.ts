import type { GenericDialect } from './lexicon.ts'
import { at, closing, type Token } from './token.ts'

/** A statement as the parser is to read it, and what its stand-ins stand for. */
export interface Spelled {
  readonly sql: string
  readonly names: ReadonlyMap<string, string>
}

/** Strings and names that no lexer can read in two ways. */
const PLAIN_TEXT = /^[\w .:%$*,@+/-]{0,200}$/
const PLAIN_NAME = /^[\w $.@#*-]{1,200}$/
/** Noise words of MySQL between the verb and its table; the parser takes them for the table. */
const MODIFIERS = /^(LOW_PRIORITY|HIGH_PRIORITY|DELAYED|QUICK|IGNORE)$/

/**
 * Writes tokens out again for the parser, which so never cuts the text itself: no comments, every string and name that
 * could be read in two ways replaced by a stand-in. What the parser's grammar lacks is written in the words that it has,
 * where they say the same:
 *
 * | text | for the parser |
 * |---|---|
 * | `UPDATE LOW_PRIORITY t`, `INSERT t`, `UPDATE OR IGNORE t` | `UPDATE t`, `INSERT INTO t`, `UPDATE t` |
 * | T-SQL `DELETE TOP (5) FROM t`; `a !< b` | `DELETE FROM t`; `a >= b` |
 * | MySQL `TABLE t`; `VALUES ROW(1)` | `SELECT * FROM t`; `VALUES (1)` |
 * | MySQL `a && b`; `CAST(a AS CHAR CHARACTER SET x)` | `a AND b`; `CAST(a AS CHAR)` |
 * | SQLite `?1` | `?` |
 */
export function spell(tokens: readonly Token[], dialect: GenericDialect): Spelled {
  const speller = new Speller(dialect)
  const statement = withoutNoise(tokens, dialect)
  return {
    sql: statement.map((token, index) => speller.gap(token, index) + speller.write(token)).join(''),
    names: speller.names,
  }
}

const SYNONYMS: Readonly<Record<string, string>> = { '!<': '>=', '!>': '<=', '&&': ' AND ' }

class Speller {
  readonly names = new Map<string, string>()
  readonly #texts = new Map<string, string>()
  readonly #dialect: GenericDialect

  constructor(dialect: GenericDialect) {
    this.#dialect = dialect
  }

  gap(token: Token, index: number): string {
    return token.isGlued || index === 0 ? '' : ' '
  }

  write({ kind, text, upper }: Token): string {
    if (kind === 'text') return `'${PLAIN_TEXT.test(text) ? text : this.#standIn(text)}'`
    if (kind === 'name') return this.#name(text)
    if (kind === 'variable' && this.#dialect === 'sqlite' && text.startsWith('?')) return '?'
    return SYNONYMS[upper] ?? text
  }

  #standIn(text: string): string {
    const known = this.#texts.get(text)
    const standIn = known ?? `text ${this.#texts.size}`
    this.#texts.set(text, standIn)
    return standIn
  }

  #name(text: string): string {
    const isPlain = PLAIN_NAME.test(text)
    const name = isPlain ? text : `name_${this.names.size}_`
    if (!isPlain) this.names.set(name, text)
    if (this.#dialect === 'tsql') return `[${name}]`
    return this.#dialect === 'sqlite' ? `"${name}"` : `\`${name}\``
  }
}

function withoutNoise(tokens: readonly Token[], dialect: GenericDialect): Token[] {
  const out = tokens.filter((_, index) => !isCharacterSet(tokens, index))
  const first = at(tokens, 0).upper
  if (/^(INSERT|REPLACE|UPDATE|DELETE)$/.test(first)) plainChange(out, dialect)
  if ((dialect === 'mysql' || dialect === 'mariadb') && first === 'TABLE') {
    out.splice(0, 1, word('SELECT'), word('*'), word('FROM'))
  }
  const isRow = (index: number): boolean => at(out, index).upper === 'ROW' && at(out, index + 1).upper === '('
  return first === 'VALUES' ? out.filter((_, index) => !isRow(index)) : out
}

/** Any of the three words of `CHARACTER SET utf8mb4`. */
function isCharacterSet(tokens: readonly Token[], index: number): boolean {
  const starts = [index, index - 1, index - 2]
  return starts.some((start) => at(tokens, start).upper === 'CHARACTER' && at(tokens, start + 1).upper === 'SET')
}

function plainChange(out: Token[], dialect: GenericDialect): void {
  const first = at(out, 0).upper
  while (MODIFIERS.test(at(out, 1).upper)) out.splice(1, 1)
  if (dialect === 'sqlite' && first === 'UPDATE' && at(out, 1).upper === 'OR') out.splice(1, 2)
  if (dialect === 'tsql' && at(out, 1).upper === 'TOP') out.splice(1, topLength(out))
  const needsInto = /^(INSERT|REPLACE)$/.test(first) && !/^(INTO|OR)$/.test(at(out, 1).upper)
  if (needsInto) out.splice(1, 0, word('INTO'))
}

/** `TOP 5`, `TOP (5) PERCENT`. */
function topLength(tokens: readonly Token[]): number {
  const end = at(tokens, 2).upper === '(' ? closing(tokens, 2) : 2
  return at(tokens, end + 1).upper === 'PERCENT' ? end + 1 : end
}

function word(text: string): Token {
  return { kind: 'word', text, upper: text, isGlued: false, isFirst: false, isLast: false, depth: 0 }
}
