import type { Telemetry } from '#kernel/telemetry.ts'
import type { RowRange } from '#stores/journals/clickhouse/set-aside.ts'
import type { ColumnStore } from '#stores/journals/column-store.ts'
import { partitionsIn } from './sql.ts'
import { columnNames, createTable, partitionKey, rowsOf, type TableSchema } from './table-schema.ts'

/** One thread and small blocks: the column store has other work to do, and its memory is bounded. */
const GENTLY =
  'async_insert = 0, insert_deduplicate = 0, max_threads = 1, max_insert_threads = 1, max_block_size = 8192, ' +
  'min_insert_block_size_rows = 65536, min_insert_block_size_bytes = 33554432, max_partitions_per_insert_block = 0'

export interface MakeTableDeps {
  readonly table: TableSchema
  readonly columns: ColumnStore
  readonly telemetry: Telemetry
  /** Ends a copy between two of its statements; it begins anew the next time. */
  readonly signal: AbortSignal
}

/**
 * Makes the table if it is missing. One that an earlier version partitioned otherwise is copied, a partition at a time, and
 * changes places with its copy in one step; nothing may be written to it meanwhile. What of it is set aside would go with it,
 * so nothing is copied then.
 * @throws ColumnStoreUnavailable, RowsDamaged, ClickHouseError, or the signal's reason; what is there stays as it was then
 */
export async function makeTable(deps: MakeTableDeps): Promise<void> {
  const { table, columns } = deps
  await columns.command(createTable(table))
  if (table.partitionDays === undefined) return
  const copy = { ...table, name: `${table.name}_copy` }
  const keys = new Map(
    await rows<[string, string]>(
      deps,
      `SELECT name, partition_key FROM system.tables WHERE database = currentDatabase() AND name IN ('${table.name}', '${copy.name}')`,
    ),
  )
  // Either half a copy, or what a copy replaced just before the end.
  if (keys.has(copy.name)) await columns.command(`DROP TABLE ${copy.name}`)
  if (keys.get(table.name) !== partitionKey(table)) await replaceByCopy(deps, copy)
}

async function replaceByCopy(deps: MakeTableDeps, copy: TableSchema): Promise<void> {
  const { table, columns, telemetry, signal } = deps
  telemetry.log.info({
    event: 'journal_table_copied',
    table: table.name,
    message:
      'an earlier version stored these events in another way; they are copied, once, and can be read again afterwards',
  })
  const needs = rowsOf(table)
  await columns.command(createTable(copy))
  const sql = `SELECT DISTINCT partition_id FROM system.parts WHERE database = currentDatabase() AND table = '${table.name}' AND active ORDER BY partition_id`
  for (const partition of partitionsIn(await columns.read({ sql, format: 'JSONCompactEachRow', needs, signal }))) {
    signal.throwIfAborted()
    const names = columnNames(table)
    await columns.command(
      `INSERT INTO ${copy.name} (${names}) SELECT ${names} FROM ${table.name} WHERE _partition_id = '${partition}' SETTINGS ${GENTLY}`,
      needs,
    )
  }
  const [[before, after] = []] = await rows<[string, string]>(
    deps,
    `SELECT toString((SELECT count() FROM ${table.name})), toString((SELECT count() FROM ${copy.name}))`,
    needs,
  )
  if (before !== after)
    throw new Error(`${String(after)} of ${String(before)} rows of the table ${table.name} arrived in its copy`)
  await columns.command(`EXCHANGE TABLES ${table.name} AND ${copy.name}`)
  await columns.command(`DROP TABLE ${copy.name}`)
}

async function rows<T>({ columns, signal }: MakeTableDeps, sql: string, needs?: RowRange): Promise<readonly T[]> {
  const answer = await columns.read({
    sql,
    format: 'JSONCompactEachRow',
    signal,
    ...(needs === undefined ? {} : { needs }),
  })
  return answer
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}
