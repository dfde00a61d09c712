import type { Findings } from './findings.ts'
import { FILLING, functionFlag, SET_BY_ARGUMENT } from './functions.ts'
import type { GenericDialect } from './lexicon.ts'
import { at, closing, type Token } from './token.ts'

/** Words that may stand before a bracket without being a function: reserved ones, and types with a length. */
const COMMON = `ALL AND AS BETWEEN BY CASE DISTINCT ELSE EXCEPT EXISTS FROM GROUP HAVING IN INTERSECT INTO IS JOIN LIKE LIMIT NOT ON OR
  ORDER OVER PARTITION SELECT SET THEN UNION USING VALUES WHEN WHERE WITH FILTER OFFSET`
const TYPES = `DECIMAL NUMERIC DEC FLOAT DOUBLE REAL VARCHAR VARBINARY NCHAR CHARACTER INT INTEGER BIGINT SMALLINT TINYINT`
const MYSQL = `${COMMON} ${TYPES} INDEX KEY DIV XOR RLIKE REGEXP INTERVAL UNIQUE BINARY DEFAULT ROW ROWS COLUMNS LATERAL AGAINST WINDOW TABLE UPDATE ANY SOME`
const NO_CALL: Readonly<Record<GenericDialect, ReadonlySet<string>>> = {
  mysql: words(MYSQL),
  mariadb: words(`${MYSQL} RETURNING`),
  sqlite: words(`${COMMON} CONFLICT ESCAPE MATERIALIZED RETURNING TABLE GLOB MATCH REGEXP`),
  tsql: words(`${COMMON} ${TYPES} NVARCHAR DATETIME2 DATETIMEOFFSET TIME BIT ANY SOME APPLY OPTION OUTPUT PERCENT PIVOT UNPIVOT ROLLUP CUBE SETS
    TABLESAMPLE TOP INDEX UPDATE WITHIN DEFAULT`),
  bigquery: words(
    `${COMMON} NUMERIC BIGNUMERIC STRING BYTES ANY SOME ARRAY STRUCT INTERVAL PIVOT UNPIVOT QUALIFY ROLLUP CUBE SETS WINDOW OFFSET ORDINAL
    SAFE_OFFSET SAFE_ORDINAL`,
  ),
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/))
}

/** Words that are keywords only after another one. */
const NO_CALL_AFTER: Readonly<Record<string, RegExp>> = {
  SYSTEM: /^TABLESAMPLE$/,
  PATH: /^(XML|JSON)$/,
  RAW: /^XML$/,
  ROOT: /^,$/,
  JSON: /^FOR$/,
}

/**
 * Notes every call of a text: any name, bare or quoted, right before a bracket. Tokens, not the tree, since a tree has a
 * node of its own for each function it knows and may hide one.
 */
export function addCalls(tokens: readonly Token[], dialect: GenericDialect, found: Findings): void {
  for (const [index, token] of tokens.entries()) {
    if (at(tokens, index + 1).upper !== '(' || !isName(token, dialect) || isNoCall(tokens, index, dialect)) continue
    const name = pathBefore(tokens, index)
    found.functions.add(name)
    const flag = functionFlag(name, dialect) ?? argumentFlag(tokens, index)
    if (flag !== undefined) found.flags.add(flag)
  }
}

/** With ANSI_QUOTES a string in double quotes is a name. */
function isName({ kind }: Token, dialect: GenericDialect): boolean {
  return kind === 'word' || kind === 'name' || (kind === 'text' && (dialect === 'mysql' || dialect === 'mariadb'))
}

function isNoCall(tokens: readonly Token[], index: number, dialect: GenericDialect): boolean {
  const { kind, upper } = at(tokens, index)
  const previous = at(tokens, index - 1).upper
  if (previous === '.') return isTarget(tokens, index)
  if (kind === 'word' && NO_CALL[dialect].has(upper)) return true
  if (kind === 'word' && NO_CALL_AFTER[upper]?.test(previous) === true) return true
  if (kind === 'word' && upper === 'CHAR' && isType(tokens, index)) return true
  return isAlias(tokens, index) || isTarget(tokens, index) || isIndexHint(tokens, index)
}

/** `CAST(x AS CHAR(10))`. */
function isType(tokens: readonly Token[], index: number): boolean {
  return at(tokens, index - 1).upper === 'AS'
}

/** `AS v(id, name)`, `) v(id, name)`, `WITH v(id) AS`, and `AS DATETIME(6)`: the bracket holds names or a number only. */
function isAlias(tokens: readonly Token[], index: number): boolean {
  const end = closing(tokens, index + 1)
  const inside = tokens.slice(index + 2, end)
  const isPlain =
    inside.length > 0 &&
    inside.every(({ kind, upper }) => kind === 'word' || kind === 'name' || kind === 'number' || upper === ',')
  const previous = at(tokens, index - 1)
  if (at(tokens, end + 1).upper === 'AS' && /^(WITH|RECURSIVE|,)$/.test(previous.upper))
    return isPlain && isBeforeQuery(tokens, end + 2)
  return isPlain && (previous.upper === 'AS' || (previous.upper === ')' && previous.depth === at(tokens, index).depth))
}

function isBeforeQuery(tokens: readonly Token[], index: number): boolean {
  return (
    /^(\(|MATERIALIZED|NOT)$/.test(at(tokens, index).upper) &&
    /^(SELECT|WITH|VALUES|\(|MATERIALIZED)$/.test(at(tokens, index + 1).upper)
  )
}

/** `INSERT INTO db.t (a, b)`, T-SQL `INSERT t (a)`. */
function isTarget(tokens: readonly Token[], index: number): boolean {
  let start = index
  while (at(tokens, start - 1).upper === '.') start -= at(tokens, start - 2).upper === '.' ? 1 : 2
  return (
    /^(INTO|INSERT|REPLACE|IGNORE|OVERWRITE|REFERENCES)$/.test(at(tokens, start - 1).upper) &&
    at(tokens, start).depth === 0
  )
}

/** `USE INDEX FOR ORDER BY (a)` and `WITH (INDEX(a))`. */
function isIndexHint(tokens: readonly Token[], index: number): boolean {
  return /^(INDEX|FORCESEEK)$/.test(at(tokens, index).upper) && at(tokens, index - 1).upper === '('
}

function pathBefore(tokens: readonly Token[], index: number): string {
  let name = at(tokens, index).text
  for (let start = index; at(tokens, start - 1).upper === '.'; start -= 2)
    name = `${at(tokens, start - 2).text}.${name}`
  return name.toLowerCase()
}

/** Units (bytes, characters, rows) above which a call is no ordinary use of memory. */
const FILLING_MAX = 1_000_000

/** What a call does by its arguments, though its name only computes. */
function argumentFlag(tokens: readonly Token[], index: number): string | undefined {
  const name = at(tokens, index).text.toLowerCase()
  if (SET_BY_ARGUMENT.has(name) && at(tokens, index + 2).upper !== ')') return 'fn:session'
  if (!FILLING.has(name)) return undefined
  const inside = tokens.slice(index + 2, closing(tokens, index + 1))
  return inside.some(({ kind, text }) => kind === 'number' && !(Number(text) <= FILLING_MAX)) ? 'fn:dos' : undefined
}
