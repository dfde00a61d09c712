import type { Findings } from './findings.ts'
import type { GenericDialect } from './lexicon.ts'
import { at, closing, type Token } from './token.ts'

/**
 * Words of statements that change something. They are reserved where they matter, so a bare one in a query is the
 * beginning of something that the tree may not show, such as the second statement of `SELECT 1 DROP TABLE t` in T-SQL.
 */
const COMMON = 'INSERT UPDATE DELETE DROP ALTER CREATE TRUNCATE GRANT REVOKE INTO SET MERGE CALL'
const MYSQL = `${COMMON} REPLACE RENAME LOAD LOCK UNLOCK DECLARE KILL PURGE OPTIMIZE PROCEDURE TRIGGER INFILE OUTFILE DUMPFILE
  ITERATE LEAVE LOOP RETURN SIGNAL RESIGNAL WHILE EXPLAIN DESCRIBE SHOW ANALYZE CHANGE RELEASE USE UNDO IF REPEAT`
const NETS: Readonly<Record<GenericDialect, ReadonlySet<string>>> = {
  mysql: words(MYSQL),
  mariadb: words(MYSQL),
  sqlite: words(`${COMMON} TRANSACTION COMMIT`),
  tsql: words(`${COMMON} ADD AUTHORIZATION BACKUP BEGIN BREAK BROWSE BULK CHECKPOINT CLOSE COMMIT CONTINUE DBCC DEALLOCATE
    DECLARE DENY DISK DUMP EXEC EXECUTE EXIT FETCH GOTO IF KILL LOAD OPEN OPENDATASOURCE OPENQUERY OPENROWSET PRINT PROC
    PROCEDURE RAISERROR READTEXT RECONFIGURE REPLICATION RESTORE RETURN REVERT ROLLBACK SAVE SETUSER SHUTDOWN TRAN
    TRANSACTION TRIGGER UPDATETEXT USE WAITFOR WHILE WRITETEXT THROW GO END_CONVERSATION`),
  bigquery: words(`${COMMON} EXPORT IMMEDIATE DECLARE`),
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/))
}

/** Words that may stand behind these in any statement. */
const AFTER: Readonly<Record<string, readonly string[]>> = {
  UPDATE: ['FOR', 'ON', 'KEY'],
  DELETE: ['ON'],
  SET: ['CHARACTER'],
  FETCH: ['ROWS', 'ROW'],
}
/** Words that are something else before these. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  USE: ['INDEX', 'KEY'],
  MERGE: ['JOIN'],
  FETCH: ['NEXT', 'FIRST'],
  // `LOCK IN SHARE MODE`, which sets a flag of its own.
  LOCK: ['IN'],
}
/** Parts of a statement that changes rows: the word, and what must stand before it. */
const PARTS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  INSERT: { UPDATE: ['KEY', 'DO'], SET: ['UPDATE'], REPLACE: ['OR'] },
  REPLACE: {},
  UPDATE: { REPLACE: ['OR'] },
  DELETE: {},
  MERGE: { UPDATE: ['THEN'], DELETE: ['THEN'], INSERT: ['THEN'], SET: ['UPDATE'] },
}
/** Where a statement that changes rows may have its own INTO: `INSERT LOW_PRIORITY IGNORE INTO`, `INSERT OR REPLACE INTO`. */
const INTO_WITHIN = 5

/** Also functions, which have a list of their own. */
const CALLED = /^(REPLACE|TRUNCATE|INSERT|REPEAT|IF|OPENROWSET|OPENQUERY|OPENDATASOURCE)$/

/** What a statement is and where its first word after WITH stands. */
export interface Body {
  readonly tokens: readonly Token[]
  /** `SELECT`, `INSERT`, `UPDATE`, … */
  readonly verb: string
  readonly start: number
}

/** Notes every word that has no place in a statement of this kind, and a second SELECT that nothing joins to the first. */
export function castNet(body: Body, dialect: GenericDialect, found: Findings): void {
  const { tokens, verb } = body
  let hasSet = !mayHaveSet(verb, dialect)
  for (const [index, { upper }] of tokens.entries()) {
    if (!isMisplaced(body, index, dialect)) continue
    if (upper === 'INTO' && verb === 'SELECT') addSelectInto(tokens, index, found)
    else if (upper === 'SET' && !hasSet) hasSet = true
    else found.addUnknown(`unexpected:${upper.toLowerCase()}`)
  }
  addLocks(tokens, dialect, found)
}

function isMisplaced(body: Body, index: number, dialect: GenericDialect): boolean {
  const { upper, kind } = at(body.tokens, index)
  if (kind !== 'word' || index === body.start || at(body.tokens, index - 1).upper === '.') return false
  return upper === 'SELECT' ? isLoose(body, index) : NETS[dialect].has(upper) && !isInPlace(body, index)
}

/** T-SQL: `SET NOCOUNT ON DROP TABLE t`, `USE db EXEC p`: words of another statement behind the first. */
export function castNetBehind(tokens: readonly Token[], found: Findings): void {
  for (const { kind, upper } of tokens.slice(1)) {
    if (kind === 'word' && NETS.tsql.has(upper)) found.addUnknown(`unexpected:${upper.toLowerCase()}`)
  }
}

function mayHaveSet(verb: string, dialect: GenericDialect): boolean {
  return verb === 'UPDATE' || ((verb === 'INSERT' || verb === 'REPLACE') && dialect !== 'tsql')
}

function isInPlace({ tokens, verb, start }: Body, index: number): boolean {
  const { upper, depth } = at(tokens, index)
  const [previous, next] = [at(tokens, index - 1).upper, at(tokens, index + 1).upper]
  if (isAmong(AFTER, upper, previous) || isAmong(BEFORE, upper, next) || isAmong(PARTS[verb], upper, previous))
    return true
  if (upper === 'INTO' && verb !== 'SELECT') return index - start <= INTO_WITHIN && depth === 0
  return next === '(' && CALLED.test(upper) && !(upper === 'INSERT' && previous === ')')
}

function isAmong(
  table: Readonly<Record<string, readonly string[]>> | undefined,
  word: string,
  neighbour: string,
): boolean {
  return table?.[word]?.includes(neighbour) === true
}

/** `FROM t SELECT`: a query that is neither the statement, nor its source, nor an arm of UNION. */
function isLoose({ tokens, verb, start }: Body, index: number): boolean {
  if (at(tokens, index).depth > 0) return false
  const isFirst = !tokens.slice(start, index).some((token) => token.upper === 'SELECT' && token.depth === 0)
  if (isFirst) return verb !== 'INSERT' && verb !== 'REPLACE'
  return !/^(UNION|ALL|DISTINCT|EXCEPT|INTERSECT|MINUS)$/.test(at(tokens, index - 1).upper)
}

function addSelectInto(tokens: readonly Token[], index: number, found: Findings): void {
  const target = at(tokens, index + 1)
  found.flags.add('select_into')
  if (target.upper === 'OUTFILE' || target.upper === 'DUMPFILE') {
    found.verbs.add('write')
    found.flags.add('file_write')
  } else found.verbs.add(target.kind === 'variable' ? 'session' : 'ddl')
}

const LOCKING_HINT = /^(UPDLOCK|XLOCK|TABLOCK|TABLOCKX|HOLDLOCK|PAGLOCK|ROWLOCK|SERIALIZABLE|REPEATABLEREAD)$/

function addLocks(tokens: readonly Token[], dialect: GenericDialect, found: Findings): void {
  for (const [index, token] of tokens.entries()) {
    const next = at(tokens, index + 1).upper
    if (token.upper === 'FOR' && /^(UPDATE|SHARE)$/.test(next)) found.flags.add('row_lock')
    if (token.upper === 'LOCK' && next === 'IN') found.flags.add('row_lock')
    if (dialect === 'tsql' && token.upper === 'WITH' && next === '(') {
      const inside = tokens.slice(index + 2, closing(tokens, index + 1))
      if (inside.some((hint) => LOCKING_HINT.test(hint.upper))) found.flags.add('row_lock')
    }
    // The next value of a sequence is a write, and the number is gone.
    if (token.upper === 'NEXT' && next === 'VALUE') found.flags.add('fn:write')
  }
}
