/** Kinds of tree nodes that a query is made of. Anything else, statements above all, is `unknown`. */
export const QUERY_KINDS: ReadonlySet<string> = new Set(
  `null identifier column table star select union intersect except subquery pivot unpivot values alias cast collation case and or add
  sub mul div mod eq neq lt lte gt gte like i_like match bitwise_and bitwise_or bitwise_xor concat adjacent not neg bitwise_not in
  between is_null is_true is_false is_json is exists member_of function aggregate_function window_function from join joined_table where
  group_by having order_by limit offset qualify with cte hint ordered window over within_group data_type array struct tuple interval
  literal boolean parameter placeholder named_argument table_argument null_safe_eq null_safe_neq glob similar_to any all
  bitwise_left_shift bitwise_right_shift subscript dot method_call array_slice paren annotated var lambda fetch group cube rollup
  grouping_sets lateral table_from_rows table_sample table_alias aliases unpivot_columns window_spec pivot_any pivot_alias version
  historical_data with_table_hint index_table_hint operator xor match_against at_time_zone from_time_zone at_index for_in time_unit
  interval_op interval_span having_max introducer byte_string hex_string_expr unicode_string projection_def pseudocolumn braced_wildcard
  stage_reference session_parameter format_phrase extends_left extends_right scope_resolution slice unnest property_e_q into_clause raw_string

  concat_ws substring upper lower length trim l_trim r_trim replace reverse left right repeat lpad rpad split regexp_like
  regexp_replace regexp_extract overlay abs round floor ceil power sqrt cbrt ln log exp sign greatest least current_date current_time
  current_timestamp date_add date_sub date_diff date_trunc extract to_date to_timestamp date time date_from_unix_date unix_date
  unix_seconds unix_millis unix_micros coalesce null_if nullif if_func if_null nvl nvl2 try_cast safe_cast count sum avg min max
  group_concat string_agg list_agg array_agg count_if sum_if stddev stddev_pop stddev_samp variance var_pop var_samp median mode first
  last any_value approx_distinct approx_count_distinct approx_percentile percentile logical_and logical_or skewness bitwise_count
  array_concat_agg row_number rank dense_rank n_tile ntile lead lag first_value last_value nth_value percent_rank cume_dist
  percentile_cont percentile_disc contains starts_with ends_with position initcap ascii chr char_func soundex levenshtein byte_length
  hex lower_hex unicode mod_func random rand trunc_func pi radians degrees sin cos tan asin acos atan atan2 is_nan is_inf int_div decode
  date_format format_date year month day hour minute second day_of_week day_of_month day_of_year week_of_year quarter add_months
  last_day from_unixtime unix_timestamp make_date timestamp_trunc session_user s_h_a s_h_a1_digest array_func array_length array_size
  array_contains array_position array_append array_concat array_sort array_reverse array_distinct array_join array_to_string
  array_filter array_transform array_flatten array_slice sequence generate generate_series struct_func struct_extract named_struct
  json_extract json_extract_scalar json_array json_object json_query json_value json_array_length json_keys json_type parse_json to_json
  json_set json_insert json_remove json_merge_patch json_array_agg json_object_agg convert typeof bitwise_and_agg bitwise_or_agg
  bitwise_xor_agg cosine_distance euclidean_distance approx_top_k approx_quantiles farm_fingerprint float64 translate grouping
  grouping_id anonymous anonymous_agg_func parameterized_agg int64 string_func convert_to_charset convert_timezone string_to_array
  current_datetime localtime localtimestamp current_schema current_user utc_date utc_time utc_timestamp timestamp datetime datetime_add
  datetime_sub datetime_diff datetime_trunc dayname elt timestamp_add timestamp_sub timestamp_diff time_add time_sub time_diff
  time_trunc date_from_parts time_from_parts encode encrypt generate_date_array generate_timestamp_array j_s_o_n format json_table
  j_s_o_n_table j_s_o_n_schema j_s_o_n_column_def j_s_o_n_object j_s_o_n_object_agg j_s_o_n_array j_s_o_n_array_agg j_s_o_n_exists
  j_s_o_n_value j_s_o_n_value_array j_s_o_n_remove j_s_o_n_set j_s_o_n_type j_s_o_n_key_value j_s_o_n_keys j_s_o_n_strip_nulls
  j_s_o_n_extract j_s_o_n_extract_array j_s_o_n_extract_scalar j_s_o_n_extract_quote j_s_o_n_cast j_s_o_n_format j_s_o_n_bool
  j_s_o_n_array_append j_s_o_n_array_contains j_s_o_n_array_insert open_j_s_o_n open_j_s_o_n_column_def parse_j_s_o_n parse_time
  parse_datetime m_d5_digest monthname arg_max arg_min column_def index_constraint_option
  str_position safe_add safe_divide safe_multiply safe_subtract s_h_a2 s_h_a2_digest substring_index normalize normal quantile
  approx_quantile range_n range_bucket regexp_extract_all regexp_i_like regexp_full_match regexp_instr regexp_split regexp_count search
  str_to_date date_str_to_date date_to_date_str str_to_time str_to_unix number_to_str from_base stuff time_to_str time_str_to_time
  ts_or_ds_add ts_or_ds_diff ts_or_ds_to_date ts_or_ds_to_time ts_or_ds_to_datetime ts_or_ds_to_timestamp unhex unix_to_str unix_to_time
  unix_to_time_str uuid timestamp_from_parts timestamp_tz_from_parts corr width_bucket covar_samp covar_pop week day_of_week_iso
  year_of_week year_of_week_iso months_between epoch epoch_ms make_timestamp time_to_unix cardinality array_prepend array_all
  array_any array_sum array_remove array_union array_except array_intersect booland boolor bool_xor_agg approx_top_sum minhash hll pad
  to_char to_number to_double current_timestamp_l_t_z current_schemas systimestamp date_bin make_interval time_slice decode_case decrypt
  to_binary base64_decode_binary base64_decode_string base64_encode gap_fill getbit hex_encode compress decompress_binary
  decompress_string equal_null check_json x_m_l_element x_m_l_table query_option opclass index_parameters rows_from
  st_point st_distance json_extract_path m_d5_number_lower64 next_value_for on_condition j_s_o_n_path j_s_o_n_path_key
  j_s_o_n_path_root j_s_o_n_path_subscript j_s_o_n_path_wildcard generate_timestamp_array overflow_truncate_behavior`.split(
    /\s+/,
  ),
)

/** Kinds that only stand in statements that change rows. */
export const CHANGE_KINDS: ReadonlySet<string> = new Set(
  'insert update delete merge on_conflict returning whens when set_statement set_item default'.split(' '),
)

/** Objects of the tree with one field that are no node: the field says what they hold. */
export const FIELDS: ReadonlySet<string> = new Set(
  `this expression expressions name names ctes columns left right args operands value values query alias keys over spec then rows
  condition result target num_buckets allow_null items fields pairs path precision unit zone entries type kind data_type literal not_
  index Preceding Following`.split(/\s+/),
)
