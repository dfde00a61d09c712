import { text, type Node } from './tree.ts'

/** Catalogs and views that hold passwords, connection strings, access rules of the host, or samples of the data itself. */
const SENSITIVE_CATALOGS = new Set([
  'pg_authid',
  'pg_shadow',
  'pg_user_mapping',
  'pg_user_mappings',
  'pg_subscription',
  'pg_hba_file_rules',
  'pg_ident_file_mappings',
  'pg_file_settings',
  'pg_largeobject',
  'pg_stat_ssl',
  'pg_stat_gssapi',
  'pg_stat_wal_receiver',
  'pg_db_role_setting',
  'pg_statistic',
  'pg_statistic_ext_data',
  'pg_dist_authinfo',
])

const SENSITIVE_VIEWS = new Set(['user_mapping_options', '_pg_user_mappings'])

/** Schemas of well-known extensions that keep secrets, and the storage behind the columns of any table. */
const SENSITIVE_SCHEMAS = new Set(['pg_toast', 'vault', 'pgsodium'])

/** Whether a table is one of the system's that hold what a reader must not have. Without a schema, the system's comes first. */
export function isSensitive(range: Node): boolean {
  const [schema, name] = [text(range, 'schemaname'), text(range, 'relname')]
  if (SENSITIVE_SCHEMAS.has(schema)) return true
  if (schema === 'information_schema') return SENSITIVE_VIEWS.has(name)
  return (schema === '' || schema === 'pg_catalog') && SENSITIVE_CATALOGS.has(name)
}

/** Settings that only a superuser may see, since they hold passwords, commands or places on the host. */
const SECRET_SETTINGS = new Set([
  'primary_conninfo',
  'restore_command',
  'archive_command',
  'archive_cleanup_command',
  'recovery_end_command',
  'ssl_passphrase_command',
  'ssl_key_file',
  'krb_server_keyfile',
  'config_file',
  'hba_file',
  'ident_file',
  'data_directory',
  'external_pid_file',
  'dynamic_library_path',
  'local_preload_libraries',
  'session_preload_libraries',
  'shared_preload_libraries',
  'unix_socket_directories',
])

/** A setting of the server's own. Those with a dot belong to extensions and applications, which keep keys in them. */
export function isHarmlessSetting(name: string): boolean {
  const folded = name.toLowerCase()
  return /^[a-z0-9_ ]+$/.test(folded) && !SECRET_SETTINGS.has(folded)
}
