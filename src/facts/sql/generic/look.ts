import type { Findings } from './findings.ts'
import { at, headOf, type Token } from './token.ts'

/** Statements that only show: PRAGMA of SQLite, SHOW and DESCRIBE of MySQL. */

/** Pragmas that only tell, with or without an argument in brackets (sqlite.org/pragma.html). */
const TELLING = new Set(
  `table_info table_xinfo table_list index_info index_list index_xinfo foreign_key_list foreign_key_check integrity_check quick_check
  database_list collation_list function_list module_list pragma_list compile_options`.split(/\s+/),
)
/** Pragmas that tell a setting, and change it with an argument. */
const SETTINGS = new Set(
  `application_id auto_vacuum automatic_index busy_timeout cache_size cache_spill cell_size_check data_version encoding foreign_keys
  freelist_count fullfsync journal_mode journal_size_limit legacy_alter_table locking_mode max_page_count mmap_size page_count page_size
  query_only read_uncommitted recursive_triggers reverse_unordered_selects schema_version secure_delete soft_heap_limit
  hard_heap_limit synchronous temp_store threads trusted_schema user_version wal_autocheckpoint analysis_limit`.split(
    /\s+/,
  ),
)
const ADMIN =
  /^(writable_schema|wal_checkpoint|optimize|shrink_memory|incremental_vacuum|temp_store_directory|data_store_directory|key|rekey|hexkey)$/

export function readPragma(tokens: readonly Token[], found: Findings): void {
  found.kinds.add('pragma')
  const nameAt = at(tokens, 2).upper === '.' ? 3 : 1
  const name = at(tokens, nameAt).text.toLowerCase()
  const rest = tokens.slice(nameAt + 1)
  found.flags.add(`pragma:${name}`)
  const isAsking = rest.length === 0
  const isTelling = isAsking || (rest.length === 3 && at(rest, 0).upper === '(' && at(rest, 2).upper === ')')
  if ((TELLING.has(name) && isTelling) || (SETTINGS.has(name) && isAsking)) found.verbs.add('read')
  else found.verbs.add(ADMIN.test(name) ? 'admin' : 'session')
  if (ADMIN.test(name)) found.verbs.add('admin')
}

const SHOWN =
  /^SHOW (EXTENDED |FULL |GLOBAL |SESSION |LOCAL |STORAGE |ALL )*(TABLES|TABLE STATUS|DATABASES|SCHEMAS|COLUMNS|FIELDS|INDEX|INDEXES|KEYS|CREATE (TABLE|VIEW|DATABASE|SCHEMA|PROCEDURE|FUNCTION|TRIGGER|EVENT|SEQUENCE)|VARIABLES|STATUS|PROCESSLIST|WARNINGS|ERRORS|ENGINES|ENGINE|PLUGINS|PRIVILEGES|CHARACTER SET|CHARSET|COLLATION|TRIGGERS|EVENTS|PROCEDURE STATUS|FUNCTION STATUS|OPEN TABLES|PROFILES|PROFILE|GRANTS|BINARY LOGS|BINARY LOG STATUS|MASTER STATUS|REPLICAS|REPLICA STATUS|SLAVE STATUS|EXPLAIN)\b/

/** Words in a SHOW: `SHOW FULL CREATE TABLE` is the longest head. */
const HEAD_WORDS = 6

/** `SHOW CREATE USER` prints password hashes, and is on no list. */
export function readShow(tokens: readonly Token[], found: Findings): void {
  found.kinds.add('show')
  if (!SHOWN.test(headOf(tokens, HEAD_WORDS))) return found.addUnknown('unknown_statement')
  found.verbs.add('read')
  // A condition may hold a whole query.
  if (tokens.some(({ upper }) => upper === 'SELECT' || upper === 'INTO')) found.addUnknown('unexpected:select')
}
