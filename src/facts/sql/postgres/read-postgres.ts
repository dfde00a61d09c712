// PostgreSQL: the server's own grammar (libpg_query), and a walk over its tree that knows what it knows. The lists of
// statements, parts, functions and operators are allow lists: what is on none of them is `unknown`.
//
// What a tree cannot show: code behind views, triggers, types, operators' own functions and columns that are functions of
// their row; `standard_conforming_strings = off`; rights. The role of the connection is the fence, this is the early word.
import { isObject, type JsonObject } from '../../../base/json.ts'
import { COMMANDS_MAX, NO_SQL, SQL_BYTES_MAX, type SqlFacts } from '../../facts.ts'
import type { SqlReader } from '../../reader.ts'
import { badCharacters, overLimit } from '../../text.ts'
import { isUnbounded, limitOf } from './bounds.ts'
import { loadEngine, PARSER, type Engine } from './engine.ts'
import { Findings, TOP } from './findings.ts'
import { as, list, type Node } from './tree.ts'
import { isAnalyze } from './visit-utility.ts'
import { walkTree } from './walk.ts'

/** A fingerprint parses the text once more; above this it is not worth it. */
const FINGERPRINT_CHARACTERS_MAX = 4 * 1024

/** Loads the parser once (some 70 ms); reading is synchronous then. */
export async function loadPostgresReader(): Promise<SqlReader> {
  const engine = await loadEngine()
  return { dialect: 'postgresql', parser: PARSER, read: (text) => readPostgres(text, engine) }
}

function readPostgres(text: string, engine: Engine): SqlFacts {
  const bad = overLimit(text, SQL_BYTES_MAX) ?? badCharacters(text)
  if (bad !== undefined) return unread(bad)
  const parsed = engine.parse(text)
  if (parsed.kind === 'refused') return unread(parsed.reason)
  const statements = statementsOf(parsed.tree)
  if (statements.length === 0) return unread('no statement in the text')
  if (statements.length > COMMANDS_MAX) return unread(`more than ${COMMANDS_MAX} statements`)
  const found = new Findings()
  walkTree(parsed.tree, TOP, { found, engine })
  if (found.refused !== '') return unread(found.refused)
  if (statements.length > 1) found.flags.add('multi_statement')
  if (statements.some(isUnboundedRead)) found.flags.add('unbounded_read')
  const fingerprint = text.length > FINGERPRINT_CHARACTERS_MAX ? '' : engine.fingerprint(text)
  return { ...factsOf(found), ...limits(statements), fingerprint, statements: statements.length }
}

function unread(error: string): SqlFacts {
  return { ...NO_SQL, present: true, dialect: 'postgresql', parser: PARSER, error }
}

function statementsOf(tree: JsonObject): JsonObject[] {
  return list(tree, 'stmts').flatMap((raw) => (isObject(raw) && isObject(raw['stmt']) ? [raw['stmt']] : []))
}

function factsOf(found: Findings): SqlFacts {
  // `SELECT u FROM users u`, `row_to_json(u)`: the name of a row is all of its columns.
  if ([...found.columnsRead].some((column) => found.rows.has(column))) found.columnsRead.add('*')
  return {
    ...NO_SQL,
    present: true,
    parsed: true,
    dialect: 'postgresql',
    parser: PARSER,
    kinds: sorted(found.kinds),
    verbs: sorted(found.verbs),
    tables_read: sorted(found.tablesRead),
    tables_written: sorted(found.tablesWritten),
    columns_read: sorted(found.columnsRead),
    columns_written: sorted(found.columnsWritten),
    functions: sorted(found.functions),
    where: found.where,
    flags: sorted(found.flags),
  }
}

function sorted<T extends string>(words: ReadonlySet<T>): T[] {
  return [...words].toSorted()
}

/** Statements without rows for the caller say nothing about a limit; a text of only those has none. */
function limits(statements: readonly JsonObject[]): Pick<SqlFacts, 'has_limit' | 'limit'> {
  const found = statements.map(limitOfStatement).filter((limit) => limit !== 'no rows')
  const known = found.filter((limit) => limit !== undefined)
  return { has_limit: found.length > 0 && known.length === found.length, limit: Math.max(-1, ...known) }
}

function limitOfStatement(statement: JsonObject): number | undefined | 'no rows' {
  const select = selectOf(statement)
  if (select !== undefined) return limitOf(select)
  const change = as('InsertStmt', statement) ?? as('UpdateStmt', statement) ?? as('DeleteStmt', statement)
  const returning = (change ?? as('MergeStmt', statement))?.['returningClause']
  const isCopied = as('CopyStmt', statement)?.['is_from'] === undefined && as('CopyStmt', statement) !== undefined
  const isFetched = as('FetchStmt', statement) !== undefined || as('ExecuteStmt', statement) !== undefined
  return returning !== undefined || isCopied || isFetched ? undefined : 'no rows'
}

function isUnboundedRead(statement: JsonObject): boolean {
  const copy = as('CopyStmt', statement)
  if (copy?.['relation'] !== undefined) return copy['is_from'] !== true && copy['whereClause'] === undefined
  const select = selectOf(statement)
  return select !== undefined && isUnbounded(select)
}

/** The query whose rows the caller gets; of EXPLAIN it gets a plan. */
function selectOf(statement: JsonObject): Node | undefined {
  const explain = as('ExplainStmt', statement)
  if (explain !== undefined) return isAnalyze(explain) ? undefined : undefined
  const copy = as('CopyStmt', statement)
  const cursor = as('DeclareCursorStmt', statement)
  return as('SelectStmt', copy?.['query'] ?? cursor?.['query'] ?? statement)
}
