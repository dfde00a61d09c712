import type { GenericDialect } from './lexicon.ts'

// Functions that only compute, by the manuals of the dialects. What is on no list is `fn:unknown`.

const AGGREGATES = `avg count sum min max stddev stddev_pop stddev_samp variance var_pop var_samp
  row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value`
const COMMON = `${AGGREGATES} abs acos ascii asin atan atan2 ceil ceiling char coalesce concat concat_ws cos cot degrees exp
  floor greatest iif least left length ln log log10 log2 lower ltrim mod nullif pi pow power radians replace reverse right
  round rtrim sign sin sqrt substr substring tan trim unicode upper cast grouping lpad rpad repeat`

const MYSQL = `${COMMON} adddate addtime aes_decrypt aes_encrypt any_value bin bin_to_uuid bit_and bit_count bit_length bit_or
  bit_xor char_length character_length charset coercibility collation compress connection_id conv convert convert_tz crc32
  curdate current_date current_role current_time current_timestamp current_user curtime database date date_add
  date_format date_sub datediff day dayname dayofmonth dayofweek dayofyear elt export_set extract extractvalue field
  find_in_set format format_bytes format_pico_time found_rows from_base64 from_days from_unixtime get_format group_concat
  grouping hex hour if ifnull in inet6_aton inet6_ntoa inet_aton inet_ntoa insert instr interval is_ipv4 is_ipv4_compat
  is_ipv4_mapped is_ipv6 is_uuid is_free_lock is_used_lock isnull json_array json_array_append json_array_insert
  json_arrayagg json_contains json_contains_path json_depth json_extract json_insert json_keys json_length json_merge
  json_merge_patch json_merge_preserve json_object json_objectagg json_overlaps json_pretty json_quote json_remove
  json_replace json_schema_valid json_schema_validation_report json_search json_set json_storage_free json_storage_size
  json_table json_type json_unquote json_valid json_value last_day last_insert_id lcase localtime localtimestamp locate
  make_set makedate maketime match md5 microsecond mid minute month monthname name_const now oct octet_length ord
  period_add period_diff position quarter quote rand random_bytes regexp_instr regexp_like regexp_replace regexp_substr
  row_count schema sec_to_time second session_user sha sha1 sha2 soundex space statement_digest statement_digest_text std
  str_to_date strcmp subdate substring_index subtime sysdate system_user time time_format time_to_sec timediff timestamp
  timestampadd timestampdiff to_base64 to_days to_seconds truncate ucase uncompress uncompressed_length unhex
  unix_timestamp updatexml user utc_date utc_time utc_timestamp uuid uuid_short uuid_to_bin validate_password_strength
  values version week weekday weekofyear weight_string year yearweek point linestring polygon geometrycollection
  multipoint multilinestring multipolygon`
const MARIADB = `${MYSQL} add_months chr decode_oracle dayname json_compact json_detailed json_equals json_exists json_loose
  json_normalize json_query json_object_to_array json_object_filter_keys json_key_value median percentile_cont
  percentile_disc natural_sort_key nvl nvl2 sformat sys_guid to_char to_number trunc crc32c`

const SQLITE = `${COMMON} acosh asinh atanh bm25 changes char concat cosh date datetime format fts5vocab generate_series glob
  group_concat highlight hex if ifnull instr json json_array json_array_insert json_array_length json_each json_error_position
  json_extract json_group_array json_group_object json_insert json_object json_patch json_pretty json_quote json_remove
  json_replace json_set json_tree json_type json_valid jsonb jsonb_array jsonb_extract jsonb_group_array
  jsonb_group_object jsonb_insert jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set julianday
  last_insert_rowid like likelihood likely matchinfo median octet_length offsets percentile percentile_cont percentile_disc
  pragma_collation_list pragma_compile_options pragma_database_list pragma_foreign_key_list pragma_function_list
  pragma_index_info pragma_index_list pragma_index_xinfo pragma_module_list pragma_table_info pragma_table_list
  pragma_table_xinfo printf quote random randomblob sinh snippet soundex sqlite_compileoption_get sqlite_compileoption_used
  sqlite_source_id sqlite_version string_agg strftime subtype tanh time timediff total total_changes trunc typeof unhex
  unistr unistr_quote unixepoch unlikely zeroblob regexp iif uuid uuid_str sha1 sha3 decimal decimal_add decimal_sub decimal_mul
  decimal_cmp decimal_sum ieee754 vec_distance_cosine vec_distance_l2 st_area rtreecheck`

const TSQL = `${COMMON} app_name approx_count_distinct approx_percentile_cont approx_percentile_disc ascii atn2 base64_decode
  base64_encode binary_checksum bit_count cert_id charindex checksum checksum_agg choose col_length col_name
  columnproperty concat_ws connectionproperty contains containstable convert count_big current_date current_request_id
  current_timestamp current_timezone current_timezone_id current_transaction_id current_user cursor_status
  database_principal_id databasepropertyex datalength date_bucket dateadd datediff datediff_big datefromparts datename
  datepart datetime2fromparts datetimefromparts datetimeoffsetfromparts datetrunc day db_id db_name difference
  edit_distance edit_distance_similarity eomonth error_line error_message error_number error_procedure error_severity
  error_state file_id file_name filegroup_id filegroup_name fileproperty format formatmessage freetext freetexttable
  fulltextcatalogproperty generate_series get_bit getansinull getdate getutcdate grouping_id has_dbaccess
  has_perms_by_name hashbytes host_id host_name ident_current ident_incr ident_seed index_col indexkey_property
  indexproperty is_member is_rolemember is_srvrolemember isdate isjson isnull isnumeric jaro_winkler_distance
  jaro_winkler_similarity json_array json_arrayagg json_contains json_modify json_object json_objectagg json_path_exists
  json_query json_value left_shift len min_active_rowversion month nchar newid newsequentialid object_definition object_id
  object_name object_schema_name objectproperty objectpropertyex openjson openxml original_db_name original_login parse
  parsename patindex percentile_cont percentile_disc permissions quotename rand regexp_count regexp_instr regexp_like
  regexp_matches regexp_replace regexp_split_to_table regexp_substr replicate right_shift rowcount_big schema_id
  schema_name scope_identity serverproperty session_context session_user set_bit smalldatetimefromparts soundex space
  sql_variant_property square stats_date stdev stdevp str string_agg string_escape string_split stuff suser_id suser_name
  suser_sid suser_sname switchoffset sysdatetime sysdatetimeoffset system_user sysutcdatetime textptr textvalid
  timefromparts todatetimeoffset translate trigger_nestlevel try_cast try_convert try_parse type_id type_name
  typeproperty unistr user_id user_name var varp xact_state year`

const BIGQUERY = `${COMMON} any_value approx_count_distinct approx_quantiles approx_top_count approx_top_sum acosh array array_agg
  array_concat array_concat_agg array_filter array_first array_includes array_includes_all array_includes_any array_is_distinct
  array_last array_length array_max array_min array_reverse array_slice array_sum array_avg array_to_string array_transform
  asinh atanh bit_and bit_count bit_or bit_xor bool byte_length cbrt char_length character_length chr code_points_to_bytes
  code_points_to_string collate contains_substr corr cosh cosine_distance euclidean_distance count countif covar_pop covar_samp csc
  csch current_date current_datetime current_time current_timestamp date date_add date_bucket date_diff date_from_unix_date
  date_sub date_trunc datetime datetime_add datetime_bucket datetime_diff datetime_sub datetime_trunc div edit_distance ends_with
  extract farm_fingerprint flatten float64 format format_date format_datetime format_time format_timestamp from_base32
  from_base64 from_hex generate_array generate_date_array generate_range_array generate_timestamp_array generate_uuid
  gap_fill hll_count.extract hll_count.init hll_count.merge hll_count.merge_partial if ifnull ieee_divide initcap instr int64
  is_inf is_nan json_array json_array_append json_array_insert json_extract json_extract_array json_extract_scalar
  json_extract_string_array json_flatten json_keys json_object json_query json_query_array json_remove json_set json_strip_nulls json_type
  json_value json_value_array justify_days justify_hours justify_interval last_day lax_bool lax_float64 lax_int64
  lax_string left log logical_and logical_or make_interval max_by md5 min_by net.host net.ip_from_string net.ip_net_mask
  net.ip_to_string net.ip_trunc net.ipv4_from_int64 net.ipv4_to_int64 net.public_suffix net.reg_domain
  net.safe_ip_from_string normalize normalize_and_casefold nullifzero zeroifnull octet_length parse_bignumeric parse_date parse_datetime
  parse_json parse_numeric parse_time parse_timestamp percentile_cont percentile_disc rand range range_bucket range_contains
  range_end range_intersect range_overlaps range_sessionize range_start regexp_contains regexp_extract regexp_extract_all
  regexp_instr regexp_replace regexp_substr safe_add safe_cast safe_convert_bytes_to_string safe_divide safe_multiply
  safe_negate safe_subtract sec sech session_user sha1 sha256 sha512 sinh soundex split starts_with string string_agg strpos
  tanh time time_add time_diff time_sub time_trunc timestamp timestamp_add timestamp_bucket timestamp_diff timestamp_micros
  timestamp_millis timestamp_seconds timestamp_sub timestamp_trunc to_base32 to_base64 to_code_points to_hex to_json
  to_json_string translate trunc typeof unix_date unix_micros unix_millis unix_seconds unnest bool_value sum_distinct
  week isoweek st_clusterdbscan bag_of_words tf_idf text_analyze search ranking`

const SAFE: Readonly<Record<GenericDialect, ReadonlySet<string>>> = {
  mysql: names(MYSQL),
  mariadb: names(MARIADB),
  sqlite: names(SQLITE),
  tsql: names(TSQL),
  bigquery: names(BIGQUERY),
}

/** Functions of geometry, and type conversions; all of one kind, so a pattern is enough. */
const SAFE_PATTERN: Readonly<Record<GenericDialect, RegExp | undefined>> = {
  mysql: /^(st_[a-z_0-9]+|mbr[a-z]+)$/,
  mariadb: /^(st_[a-z_0-9]+|mbr[a-z]+)$/,
  sqlite: undefined,
  // Views of the server's state, and the methods of XML columns, which a function of the common schema is not.
  tsql: /^sys\.dm_[a-z_]+$|^(?!(.*\.)?dbo\.[^.]+$)[^.]+(\.[^.]+)*\.(value|query|nodes|exist)$/,
  bigquery: /^st_[a-z_0-9]+$/,
}

/** What a call may do beyond computing: the flag that it sets. */
const CLASSES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    'fn:file_read':
      'load_file readfile fsdir lsdir zipfile fn_xe_file_target_read_file fn_get_audit_file fn_trace_gettable fn_dblog fn_dump_dblog dm_os_file_exists dm_os_enumerate_filesystem',
    'fn:file_write': 'writefile edit',
    'fn:dos': 'sleep benchmark',
    'fn:lock':
      'get_lock release_lock release_all_locks master_pos_wait source_pos_wait wait_for_executed_gtid_set wait_until_sql_thread_after_gtids',
    'fn:write': 'nextval setval',
    'fn:network': 'openrowset openquery opendatasource external_query external_object_transform ai_generate_embeddings',
    'fn:code': 'load_extension xp_cmdshell sys_exec sys_eval fts3_tokenizer eval shell',
    'fn:dynamic_sql': 'sp_executesql dm_exec_describe_first_result_set',
    'fn:session': 'set_config',
    'fn:admin': 'sqlite_log',
  }).flatMap(([flag, list]) => list.split(' ').map((name) => [name, flag])),
)

/** Functions whose argument says how much memory they fill. */
export const FILLING = names('randomblob zeroblob repeat replicate space lpad rpad generate_array generate_series')

/** Functions that tell a value of the session, and set it where they have an argument. */
export const SET_BY_ARGUMENT = names('last_insert_id')

function names(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/))
}

/** The flag that a call of this function sets; undefined where it only computes. `name` is in small letters, with its schema. */
export function functionFlag(name: string, dialect: GenericDialect): string | undefined {
  // An error instead of NULL, and nothing else (GoogleSQL, "SAFE. prefix").
  const plain = dialect === 'bigquery' ? name.replace(/^safe\./, '') : name
  const last = plain.slice(plain.lastIndexOf('.') + 1)
  if (CLASSES[last] !== undefined) return CLASSES[last]
  if (SAFE[dialect].has(plain) || SAFE_PATTERN[dialect]?.test(plain) === true) return undefined
  return 'fn:unknown'
}

const FOLDS = names(
  'count count_big countif sum avg min max total stddev stdev stdevp variance var varp approx_count_distinct any_value median',
)
const GATHERS = names(
  'group_concat string_agg array_agg json_arrayagg json_objectagg json_group_array json_group_object',
)

/** Aggregates that make one value of many rows, and those that keep all of them. */
export function foldingOf(name: string): 'folds' | 'gathers' | undefined {
  return FOLDS.has(name) || /^(stddev|var|bit|logical|approx|checksum)_/.test(name)
    ? 'folds'
    : GATHERS.has(name)
      ? 'gathers'
      : undefined
}
