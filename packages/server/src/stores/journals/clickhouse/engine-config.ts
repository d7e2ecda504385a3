/**
 * The engine's server settings. Its defaults fit a server that owns a machine; here it is one child among brokers, so its
 * caches are bounded. What was deleted or merged leaves the disk after seconds instead of eight minutes, which is safe
 * because every table syncs what its inserts and merges write before the old parts go. However many parts are damaged, the
 * engine starts without them: what it set aside is asked for and refused to readers, and writes go on.
 */
export const ENGINE_CONFIG = `<clickhouse>
  <logger><level>none</level></logger>
  <mark_cache_size>67108864</mark_cache_size>
  <index_mark_cache_size>16777216</index_mark_cache_size>
  <primary_index_cache_size>67108864</primary_index_cache_size>
  <query_condition_cache_size>16777216</query_condition_cache_size>
  <compiled_expression_cache_size>8388608</compiled_expression_cache_size>
  <max_thread_pool_size>256</max_thread_pool_size>
  <max_thread_pool_free_size>16</max_thread_pool_free_size>
  <merge_tree>
    <old_parts_lifetime>5</old_parts_lifetime>
    <cleanup_delay_period>5</cleanup_delay_period>
    <cleanup_delay_period_random_add>1</cleanup_delay_period_random_add>
    <max_cleanup_delay_period>5</max_cleanup_delay_period>
    <max_suspicious_broken_parts>1000000</max_suspicious_broken_parts>
    <max_suspicious_broken_parts_bytes>1000000000000000</max_suspicious_broken_parts_bytes>
  </merge_tree>
</clickhouse>
`
