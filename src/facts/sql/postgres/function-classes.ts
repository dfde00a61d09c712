import { FOLDING_AGGREGATES, SAFE_FUNCTIONS, SAFE_OPERATORS } from './safe-functions.ts'

/** What a function that is no mere computation does. `fn:dynamic_sql` runs SQL that it is handed as text. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ...all('fn:file_read', 'pg_read_file pg_read_file_old pg_read_binary_file pg_stat_file pg_current_logfile lo_import'),
  ...all('fn:file_write', 'lo_export pg_write_server_files'),
  ...all(
    'fn:dynamic_sql',
    'ts_stat ts_rewrite crosstab crosstab2 crosstab3 crosstab4 crosstabn connectby xpath_table query_to_json',
  ),
  ...all(
    'fn:admin',
    `pg_terminate_backend pg_cancel_backend pg_reload_conf pg_rotate_logfile pg_switch_wal pg_switch_xlog pg_promote
    pg_create_restore_point pg_export_snapshot pg_import_system_collations pg_sync_replication_slots
    pg_log_backend_memory_contexts pg_log_standby_snapshot pg_stat_clear_snapshot pg_stat_force_next_flush
    brin_summarize_new_values brin_summarize_range brin_desummarize_range gin_clean_pending_list
    pg_create_logical_replication_slot pg_create_physical_replication_slot pg_nextoid`,
  ),
  ...all('fn:session', 'set_config setseed'),
  ...all(
    'fn:write',
    `setval nextval lo_creat lo_create lo_from_bytea lo_open lo_put lo_truncate lo_truncate64 lo_unlink lowrite
    pg_notify pg_logical_emit_message`,
  ),
  ...all('fn:dos', 'pg_sleep pg_sleep_for pg_sleep_until'),
])

/** Families: what a later version or an extension adds to them is of the same kind. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^pg_(read|ls)_/, 'fn:file_read'],
  [/^(pg_file_|lo_export)/, 'fn:file_write'],
  [/^(dblink|http(_|$)|curl_)/, 'fn:network'],
  [/_to_xml(schema|_and_xmlschema)?$/, 'fn:dynamic_sql'],
  [/^pg_(stat_(statements_)?reset|drop_|copy_|backup_|start_backup|stop_backup|clear_|restore_|control_)/, 'fn:admin'],
  [/^(pg_wal_replay_|pg_xlog_|pg_replication_|pg_logical_slot_|binary_upgrade_)/, 'fn:admin'],
  [/^pg_(try_)?advisory_/, 'fn:lock'],
]

/** Sampling methods: the two of the server, and the two that it ships as extensions. */
const SAMPLING = new Set(['bernoulli', 'system', 'system_rows', 'system_time'])

/** The class flag of a function; undefined for one that computes only. `name` is as `functionName` makes it. */
export function classOf(name: string): string | undefined {
  const known = CLASSES.get(name)
  if (known !== undefined) return known
  if (SAFE_FUNCTIONS.has(name)) return undefined
  const family = FAMILIES.find(([names]) => names.test(name))
  return family?.[1] ?? 'fn:unknown'
}

/** A leading `pg_catalog.` says nothing; any other schema stays, and makes the function unknown. */
export function functionName(parts: readonly string[]): string {
  return (parts.length === 2 && parts[0] === 'pg_catalog' ? parts.slice(1) : parts).join('.')
}

export function isSafeOperator(parts: readonly string[]): boolean {
  const name = functionName(parts)
  // NOT BETWEEN, BETWEEN SYMMETRIC and the like are spelt out where an operator's name stands.
  return SAFE_OPERATORS.has(name) || /^(NOT )?BETWEEN( SYMMETRIC)?$/.test(name)
}

export function isSafeSampling(parts: readonly string[]): boolean {
  return SAMPLING.has(functionName(parts))
}

export function isFolding(parts: readonly string[]): boolean {
  return FOLDING_AGGREGATES.has(functionName(parts))
}

/** Takes SQL as text: what is written out there is looked at as well. */
export function runsSql(name: string): boolean {
  return classOf(name) === 'fn:dynamic_sql' || name.startsWith('dblink')
}

function all(flag: string, names: string): [string, string][] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => [name, flag])
}
