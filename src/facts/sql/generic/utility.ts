import type { SqlVerb } from '../../facts.ts'
import { at, headOf, type Token } from './token.ts'
import type { Findings } from './findings.ts'
import type { GenericDialect } from './lexicon.ts'
import { castNetBehind } from './net.ts'

interface Utility {
  readonly head: RegExp
  readonly verbs: readonly SqlVerb[]
  readonly flags?: readonly string[]
  readonly only?: readonly GenericDialect[]
}

const MYSQL: readonly GenericDialect[] = ['mysql', 'mariadb']

/** Statements that are known by their first words; the first line that fits counts. What fits none is `unknown`. */
const UTILITIES: readonly Utility[] = [
  // Whole statements: T-SQL needs no semicolon, so whatever stands behind may be another one.
  { head: /^(BEGIN|START) TRAN(SACTION)?( READ ONLY| WITH CONSISTENT SNAPSHOT)?$/, verbs: ['tx'] },
  // Overrides a session that was set to read only.
  { head: /^START TRANSACTION READ WRITE$/, verbs: ['tx', 'session'] },
  { head: /^(COMMIT|ROLLBACK)( WORK| TRAN| TRANSACTION)?$/, verbs: ['tx'] },
  { head: /^BEGIN( DEFERRED)?( TRANSACTION)?$/, verbs: ['tx'], only: ['sqlite'] },
  // Takes the lock of the whole file at once, and keeps others out (sqlite.org/lang_transaction.html, 2.2).
  { head: /^BEGIN (IMMEDIATE|EXCLUSIVE)( TRANSACTION)?$/, verbs: ['tx', 'lock'], only: ['sqlite'] },
  {
    head: /^(BEGIN( WORK)?|(RELEASE )?SAVEPOINT \S+|ROLLBACK( WORK)? TO( SAVEPOINT)? \S+)$/,
    verbs: ['tx'],
    only: MYSQL,
  },
  {
    head: /^(END( TRANSACTION)?|SAVEPOINT \S+|RELEASE( SAVEPOINT)? \S+|ROLLBACK( TRANSACTION)? TO( SAVEPOINT)? \S+)$/,
    verbs: ['tx'],
    only: ['sqlite'],
  },

  { head: /^TRUNCATE\b/, verbs: ['ddl'], flags: ['truncate'] },
  {
    head: /^(CREATE|ALTER|DROP)( OR REPLACE| TEMP| TEMPORARY| DEFINER| AGGREGATE)* (FUNCTION|PROC|PROCEDURE|TRIGGER|EVENT|ASSEMBLY|MODEL)\b/,
    verbs: ['ddl', 'code'],
  },
  {
    head: /^(CREATE|ALTER|DROP)( OR REPLACE)? (USER|ROLE|LOGIN|SERVER|CREDENTIAL|CERTIFICATE|SYMMETRIC|ASYMMETRIC|MASTER|ENDPOINT|APPLICATION|RESERVATION|CAPACITY|ASSIGNMENT|ORGANIZATION|PROJECT|BI_CAPACITY|CONNECTION|INSTANCE|SYSTEM|RESOURCE|LOGFILE|TABLESPACE|AVAILABILITY|ROW ACCESS)\b/,
    verbs: ['ddl', 'admin'],
  },
  { head: /^(ALTER|DROP) (DATABASE|SCHEMA|AUTHORIZATION)\b/, verbs: ['ddl', 'admin'] },
  { head: /^(CREATE|ALTER|DROP|RENAME|UNDROP|COMMENT|REINDEX)\b/, verbs: ['ddl'] },
  { head: /^(VACUUM|ATTACH|DETACH)\b/, verbs: ['admin'], only: ['sqlite'] },
  {
    head: /^(GRANT|REVOKE|DENY|INSTALL|UNINSTALL|KILL|SHUTDOWN|RESTART|FLUSH|RESET|PURGE|CHANGE|BINLOG|CLONE|CACHE|IMPORT|BACKUP|RESTORE|DBCC|RECONFIGURE|CHECKPOINT|ADD|ANALYZE|ANALYSE|OPTIMIZE|REPAIR|CHECK|CHECKSUM|SETUSER|DISABLE|ENABLE|UPDATE STATISTICS|START (SLAVE|REPLICA|GROUP_REPLICATION)|STOP)\b/,
    verbs: ['admin'],
  },
  { head: /^LOAD INDEX\b/, verbs: ['admin'] },
  { head: /^(LOAD (DATA|XML)|BULK INSERT)\b/, verbs: ['write'], flags: ['file_read'] },
  { head: /^EXPORT DATA\b/, verbs: ['write'], flags: ['file_write'] },
  { head: /^(EXECUTE IMMEDIATE|PREPARE)\b/, verbs: ['code'], flags: ['dynamic_sql'] },
  { head: /^EXECUTE\b/, verbs: ['code'], flags: ['execute_prepared'], only: MYSQL },
  { head: /^(CALL|EXEC|EXECUTE)\b/, verbs: ['code'], flags: ['call_procedure'] },
  {
    head: /^(DO|DEALLOCATE|DECLARE|BEGIN|IF|WHILE|LOOP|REPEAT|FOR|CASE|SIGNAL|RESIGNAL|PRINT|RAISERROR|THROW|RAISE|RETURN|GOTO|BREAK|CONTINUE|LEAVE|ITERATE|OPEN|FETCH|CLOSE|REVERT)\b/,
    verbs: ['code'],
  },
  { head: /^(WRITETEXT|UPDATETEXT)\b/, verbs: ['write'] },
  { head: /^WAITFOR\b/, verbs: ['lock'], flags: ['fn:dos'] },
  { head: /^SET (GLOBAL|PERSIST|PERSIST_ONLY|PASSWORD|DEFAULT ROLE)\b/, verbs: ['session', 'admin'] },
  { head: /^(SET|USE)\b/, verbs: ['session'] },
  { head: /^(LOCK|UNLOCK|HANDLER)\b/, verbs: ['lock'] },
]

/** Words looked at; no head above is longer. */
const HEAD_WORDS = 6

/** Notes what a statement without a tree does. */
export function readUtility(tokens: readonly Token[], dialect: GenericDialect, found: Findings): void {
  const words = headOf(tokens, HEAD_WORDS)
  // A pattern that ends in `$` speaks of the whole statement.
  const whole = words.split(' ').length === tokens.length ? words : `${words} …`
  const utility = UTILITIES.find(({ head, only }) => head.test(whole) && (only?.includes(dialect) ?? true))
  const first = at(tokens, 0).text
  found.kinds.add(words === '' ? 'unknown' : words.split(' ').slice(0, 2).join(' ').toLowerCase())
  if (utility === undefined) return addOther(tokens, dialect, found)
  for (const verb of utility.verbs) found.verbs.add(verb)
  for (const flag of utility.flags ?? []) found.flags.add(flag)
  if (first.toUpperCase() === 'SET') found.flags.add(`set:${settingOf(tokens)}`)
  if (/@@(global|persist)/i.test(tokens.map(({ text }) => text).join(' '))) found.verbs.add('admin')
  if (dialect === 'tsql' && /^(SET|USE|DECLARE|PRINT|WAITFOR|CALL|EXEC|EXECUTE)$/.test(at(tokens, 0).upper))
    castNetBehind(tokens, found)
  addTarget(tokens, found)
  addExtras(tokens, found)
}

/** T-SQL runs a procedure whose name comes first in a batch. */
function addOther(tokens: readonly Token[], dialect: GenericDialect, found: Findings): void {
  if (dialect === 'tsql') {
    found.verbs.add('code')
    found.flags.add('call_procedure')
    addExtras(tokens, found)
  }
  found.addUnknown('unknown_statement')
}

function settingOf(tokens: readonly Token[]): string {
  const words = tokens.slice(1).filter(({ upper }) => !/^(GLOBAL|SESSION|LOCAL|PERSIST|PERSIST_ONLY)$/.test(upper))
  return (words[0]?.text ?? '').toLowerCase()
}

function addExtras(tokens: readonly Token[], found: Findings): void {
  const words = new Set(tokens.map(({ text }) => text.toLowerCase()))
  const isExecute = /^EXEC(UTE)?$/.test(at(tokens, 0).upper)
  if (words.has('sp_executesql') || (isExecute && at(tokens, 1).upper === '(')) found.flags.add('dynamic_sql')
  if (words.has('xp_cmdshell') || words.has('sp_oacreate') || words.has('sp_execute_external_script'))
    found.flags.add('exec_program')
  const head = at(tokens, 0).upper
  if (head === 'ATTACH' || (head === 'VACUUM' && words.has('into'))) found.flags.add('file_write')
}

const NOT_A_NAME =
  /^(IF|NOT|EXISTS|OR|REPLACE|TEMP|TEMPORARY|TABLE|TABLES|EXTERNAL|UNIQUE|FULLTEXT|SPATIAL|ONLY|IGNORE|DATA|INFILE|LOCAL|INTO|OVERWRITE|CLUSTERED|NONCLUSTERED)$/

/** `DROP TABLE IF EXISTS db.t, u`: the kind of object, and the names. */
function addTarget(tokens: readonly Token[], found: Findings): void {
  const head = at(tokens, 0).upper
  if (!/^(DROP|TRUNCATE|CREATE|ALTER|RENAME)$/.test(head)) return
  let index = 1
  while (NOT_A_NAME.test(at(tokens, index).upper) && at(tokens, index).upper !== 'TABLE') index += 1
  const object = head === 'TRUNCATE' ? 'table' : at(tokens, index).text.toLowerCase()
  if (head === 'DROP') found.flags.add(`drop:${object}`)
  if (!/^(table|view|tables)$/.test(object)) return
  if (head !== 'TRUNCATE') index += 1
  while (NOT_A_NAME.test(at(tokens, index).upper)) index += 1
  for (;;) {
    const [name, end] = pathAt(tokens, index)
    if (name === '') return
    found.tablesWritten.add(name)
    if (at(tokens, end).upper !== ',') return
    index = end + 1
  }
}

/** A dotted name, and where it ends. */
export function pathAt(tokens: readonly Token[], start: number): [string, number] {
  let end = start
  let name = ''
  while (/^(word|name)$/.test(at(tokens, end).kind)) {
    name += at(tokens, end).text
    if (at(tokens, end + 1).upper !== '.') return [name.toLowerCase(), end + 1]
    name += '.'
    end += 2
  }
  return [name.toLowerCase(), end]
}
