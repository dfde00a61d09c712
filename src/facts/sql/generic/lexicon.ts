// MySQL, MariaDB, SQLite, T-SQL and BigQuery. Parsers of these dialects are looser than the servers and drop what they do
// not know, so a text passes three nets before its tree is believed: a lexer of our own that cuts a text as the server does,
// the words that have no place in a query, and an allow list of functions. The tree then says which tables, how bounded.
//
// What cannot be seen: views, triggers, functions behind a table, session modes (ANSI_QUOTES, NO_BACKSLASH_ESCAPES,
// QUOTED_IDENTIFIER), rights. The role of the connection is the fence, this is the early word.
import type { Dialect } from '../../facts.ts'

export type GenericDialect = Exclude<Dialect, 'postgresql'>

/** How one dialect cuts text into tokens; from the lexical chapters of the manuals. */
export interface Lexicon {
  /** The opening quotes of strings. */
  readonly strings: string
  /** Quotes of names, opening and closing. A closing one is doubled to stand inside, but for SQLite's `]`. */
  readonly names: Readonly<Record<string, string>>
  readonly backslashEscapes: boolean
  readonly tripleQuotes: boolean
  /** `#` to the end of the line. */
  readonly hashComments: boolean
  /** `--` is a comment only before white space (MySQL manual, "Comments"). */
  readonly dashNeedsSpace: boolean
  readonly nestedComments: boolean
  /** Comments that the server runs: `/*!`, `/*M!`. */
  readonly runComments: boolean
  readonly word: RegExp
  readonly variable: RegExp
  /** `[` and `]` around the elements of arrays. */
  readonly arrays: boolean
}

const WORD = /[A-Za-z_\u0080-\u{10ffff}][\w$\u0080-\u{10ffff}]*/uy

const MYSQL: Lexicon = {
  strings: `'"`,
  names: { '`': '`' },
  backslashEscapes: true,
  tripleQuotes: false,
  hashComments: true,
  dashNeedsSpace: true,
  nestedComments: false,
  runComments: true,
  word: WORD,
  variable: /@@?[\w$.\u0080-\u{10ffff}]+|:[A-Za-z_]\w*|\?/uy,
  arrays: false,
}

export const LEXICONS: Readonly<Record<GenericDialect, Lexicon>> = {
  mysql: MYSQL,
  mariadb: MYSQL,
  sqlite: {
    strings: "'",
    names: { '"': '"', '`': '`', '[': ']' },
    backslashEscapes: false,
    tripleQuotes: false,
    hashComments: false,
    dashNeedsSpace: false,
    nestedComments: false,
    runComments: false,
    word: WORD,
    variable: /\?\d*|[:@$][A-Za-z_]\w*/uy,
    arrays: false,
  },
  tsql: {
    strings: "'",
    names: { '"': '"', '[': ']' },
    backslashEscapes: false,
    tripleQuotes: false,
    hashComments: false,
    dashNeedsSpace: false,
    nestedComments: true,
    runComments: false,
    word: /[A-Za-z_#\u0080-\u{10ffff}][\w$#@\u0080-\u{10ffff}]*|\$[A-Za-z]+/uy,
    variable: /@@?[\w$#@\u0080-\u{10ffff}]+|:[A-Za-z_]\w*|\?/uy,
    arrays: false,
  },
  bigquery: {
    strings: `'"`,
    names: { '`': '`' },
    backslashEscapes: true,
    tripleQuotes: true,
    hashComments: true,
    dashNeedsSpace: false,
    nestedComments: false,
    runComments: false,
    word: WORD,
    variable: /@@?[A-Za-z_][\w.]*|\?/uy,
    arrays: true,
  },
}
