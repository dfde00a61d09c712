import { functionFlag } from './functions.ts'
import type { GenericDialect } from './lexicon.ts'

/** Tables that hold password hashes, keys, connection strings, or the texts of other people's statements. */
const MYSQL =
  /^mysql\.|^performance_schema\.(user_variables|events_statements|prepared_statements|keyring|variables_by)|^information_schema\.user_attributes$/
const SENSITIVE: Readonly<Record<GenericDialect, RegExp | undefined>> = {
  mysql: MYSQL,
  mariadb: MYSQL,
  sqlite: undefined,
  tsql: /(^|\.)(sys\.|dbo\.|\.)?(sql_logins|syslogins|sysxlogins|syslnklgns|linked_logins|credentials|database_scoped_credentials|key_encryptions|symmetric_keys|asymmetric_keys|sysoledbusers|sysremotelogins|sysusers)$/,
  bigquery: undefined,
}

/** Eponymous virtual tables: without brackets they are tables, and their hidden columns are the arguments. */
const FILE_TABLES = /(^|\.)(fsdir|zipfile|sqlite_dbpage|lsdir|csv|vsv|sqlite_dbdata)$/

/** What reading a table may do beyond reading rows of this database. */
export function tableFlag(name: string, dialect: GenericDialect): string | undefined {
  if (SENSITIVE[dialect]?.test(name) === true) return 'sensitive_catalog'
  if (dialect === 'sqlite' && FILE_TABLES.test(name)) return 'fn:file_read'
  if (dialect === 'sqlite' && /(^|\.)pragma_/.test(name))
    return functionFlag(name.slice(name.lastIndexOf('.') + 1), dialect)
  // Server, database, schema, table: a linked server, which is asked over the network.
  if (dialect === 'tsql' && name.split('.').length > 3) return 'fn:network'
  return undefined
}
