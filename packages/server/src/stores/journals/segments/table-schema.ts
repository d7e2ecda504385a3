import type { RowRange } from '#stores/journals/clickhouse/set-aside.ts'

/** Kinds of columns after the five fixed ones. */
export type ColumnKind = 'String' | 'UInt8' | 'Array(String)' | 'Array(Float64)'

export interface Column {
  readonly name: string
  readonly kind: ColumnKind
  /** Type and codec in the column store's table. */
  readonly stored: string
}

/**
 * A journal's table. Every row begins with five fixed columns: `grp UInt32, sub UInt32, ts Int64, seq UInt64, ing Int64`
 * (32 bytes), so that segments can be cut, indexed and merged without knowing more. The last column must be a String: mark
 * rows carry their payload in it.
 */
export interface TableSchema {
  readonly name: string
  readonly columns: readonly Column[]
  readonly orderBy: string
  /** Counts up when earlier versions could not use the table any more, so that they refuse it; 1 when left out. */
  readonly form?: number
  /** What the column store's table has besides: columns that it makes of the others, then indexes, as its definition writes them. */
  readonly derived?: readonly string[]
  /** Days of a partition; one when left out. */
  readonly partitionDays?: number
  /** Settings of the table beside those that keep it on the disk. */
  readonly settings?: string
}

const FIXED_STRUCTURE = 'grp UInt32, sub UInt32, ts Int64, seq UInt64, ing Int64'
/** Numbers that repeat or count up are as small in LZ4, which writes them faster. */
const FIXED_STORED =
  'grp UInt32 CODEC(LZ4), sub UInt32 CODEC(LZ4), ts Int64 CODEC(Delta, LZ4), seq UInt64 CODEC(Delta, LZ4), ing Int64 CODEC(Delta, LZ4)'
export const DAY_MILLIS = 86_400_000

/** Whole days are the partitions: old ones are dropped or rewritten without touching the others. Reading one costs, however few rows are wanted. */
export const partitionKey = ({ partitionDays = 1 }: TableSchema): string =>
  `intDiv(ts, ${String(partitionDays * DAY_MILLIS)})`

/** The table's rows of a range of time, both ends inclusive; all of them when it is left out. */
export const rowsOf = (
  { name, partitionDays = 1 }: TableSchema,
  { from = -Infinity, to = Infinity }: { readonly from?: number; readonly to?: number } = {},
): RowRange => {
  const partitionMillis = partitionDays * DAY_MILLIS
  return {
    table: name,
    firstPartition: Math.floor(from / partitionMillis),
    lastPartition: Math.floor(to / partitionMillis),
  }
}

/** The columns of a segment's rows, as the table function `file` wants to know them. */
export const structureOf = ({ columns }: TableSchema): string =>
  [FIXED_STRUCTURE, ...columns.map(({ name, kind }) => `${name} ${kind}`)].join(', ')

/** All column names in the order of a row's bytes. */
export const columnNames = ({ columns }: TableSchema): string =>
  ['grp, sub, ts, seq, ing', ...columns.map(({ name }) => name)].join(', ')

/**
 * Makes the table. Inserts and merges are synced, because a segment is deleted once its rows are in. The index on `seq`
 * makes it cheap to count what of a segment has arrived.
 */
export const createTable = (table: TableSchema): string => `
CREATE TABLE IF NOT EXISTS ${table.name} (
  ${[FIXED_STORED, ...table.columns.map(({ name, stored }) => `${name} ${stored}`), ...(table.derived ?? [])].join(', ')},
  INDEX seq_range seq TYPE minmax GRANULARITY 1
) ENGINE = MergeTree PARTITION BY ${partitionKey(table)} ORDER BY (${table.orderBy})
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_rows_to_fsync_after_merge = 1, min_compressed_bytes_to_fsync_after_merge = 1${table.settings === undefined ? '' : `, ${table.settings}`}`
