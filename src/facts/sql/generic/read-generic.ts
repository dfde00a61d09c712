import { COMMANDS_MAX, NO_SQL, SQL_BYTES_MAX, type SqlFacts } from '../../facts.ts'
import type { SqlReader } from '../../reader.ts'
import { badCharacters, overLimit } from '../../text.ts'
import { loadEngine, PARSER } from './engine.ts'
import { Findings } from './findings.ts'
import { lex } from './lexer.ts'
import { LEXICONS, type GenericDialect } from './lexicon.ts'
import { readStatement, type Reading } from './statement.ts'
import { at, type Token } from './token.ts'

/** Loads the parser once; reading is synchronous then. Rejects where the optional package is missing, and says how to install it. */
export async function loadSqlReader(dialect: GenericDialect): Promise<SqlReader> {
  const engine = await loadEngine(dialect)
  return {
    dialect,
    parser: PARSER,
    read: (text) => {
      try {
        return readSql(text, { dialect, engine, found: new Findings() })
      } catch {
        // A tree so deep that the stack ends; the limits of the lexer are there to prevent it.
        return refusal('the text is nested too deep', dialect)
      }
    },
  }
}

function refusal(error: string, dialect: GenericDialect): SqlFacts {
  return { ...NO_SQL, present: true, dialect, parser: PARSER, error }
}

function readSql(text: string, reading: Reading): SqlFacts {
  const { dialect, found } = reading
  const refused = (error: string): SqlFacts => refusal(error, dialect)
  const bad = overLimit(text, SQL_BYTES_MAX) ?? badCharacters(text)
  if (bad !== undefined) return refused(bad)
  const lexed = lex(text, LEXICONS[dialect])
  if (lexed.kind === 'refused') return refused(lexed.reason)
  const statements = split(lexed.tokens, dialect)
  if (statements.length === 0) return refused('no statement in the text')
  if (statements.length > COMMANDS_MAX) return refused(`more than ${COMMANDS_MAX} statements`)
  // A command of the client, which changes where statements end.
  if (statements.some((tokens) => at(tokens, 0).upper === 'DELIMITER')) return refused('a DELIMITER command')
  for (const tokens of statements) {
    readStatement(tokens, reading)
    if (found.refused !== '') return refused(found.refused)
  }
  if (statements.length > 1) found.flags.add('multi_statement')
  return factsOf(reading, statements.length)
}

/** At semicolons, and for T-SQL at lines that say only `GO`, which clients send batch by batch. */
function split(tokens: readonly Token[], dialect: GenericDialect): Token[][] {
  const statements: Token[][] = [[]]
  for (const [index, token] of tokens.entries()) {
    if (token.upper === ';' || (dialect === 'tsql' && isBatchEnd(tokens, index))) statements.push([])
    else statements.at(-1)?.push(token)
  }
  return statements.filter((statement) => statement.length > 0)
}

function isBatchEnd(tokens: readonly Token[], index: number): boolean {
  const { upper, isFirst, isLast } = at(tokens, index)
  const next = at(tokens, index + 1)
  return upper === 'GO' && isFirst && (isLast || (next.kind === 'number' && next.isLast))
}

function factsOf({ dialect, found }: Reading, statements: number): SqlFacts {
  const known = found.limits.filter((limit) => limit !== undefined)
  return {
    ...NO_SQL,
    present: true,
    parsed: true,
    dialect,
    parser: PARSER,
    statements,
    kinds: sorted(found.kinds),
    verbs: sorted(found.verbs),
    tables_read: sorted(found.tablesRead),
    tables_written: sorted(found.tablesWritten),
    columns_read: sorted(found.columnsRead),
    columns_written: sorted(found.columnsWritten),
    functions: sorted(found.functions),
    where: found.where,
    has_limit: known.length > 0 && known.length === found.limits.length,
    limit: Math.max(-1, ...known),
    flags: sorted(found.flags),
  }
}

function sorted<T extends string>(words: ReadonlySet<T>): T[] {
  return [...words].toSorted()
}
